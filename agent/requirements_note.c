/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "agent/requirements_note.h"
#include "agent/time_json.h"
#include "common/base/civil.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

static const struct document_limits limits = { .bytes = (size_t)16 * 1024, .depth = 4 };

void requirements_note_done(struct requirements_note *note)
{
	free(note->trouble);
	*note = (struct requirements_note){ 0 };
}

/* "" or a profile and its version. */
static int read_profile(const struct node *root, const char *key, char *id, char *version,
			struct err *err)
{
	struct node profile = node_member(root, key);
	struct node id_node = node_member(&profile, "id");
	struct node version_node = node_member(&profile, "version");
	const char *id_text, *version_text;
	int r = node_text(&id_node, PROFILE_ID_MAX, &id_text, err);

	if (r >= 0)
		r = node_text(&version_node, HASH_SIZE - 1, &version_text, err);
	if (r < 0)
		return r;
	memcpy(id, id_text, strlen(id_text) + 1);
	memcpy(version, version_text, strlen(version_text) + 1);
	return 0;
}

static int read_day(const struct node *root, const char *key, int32_t *ret_day, struct err *err)
{
	struct node node = node_member(root, key);
	const char *text;
	int r;

	if (json_is_null(node.value)) {
		*ret_day = 0;
		return 0;
	}
	r = node_text(&node, CIVIL_TEXT_SIZE - 1, &text, err);
	return r < 0 ? r : civil_parse(text, ret_day, err);
}

static int read_members(const struct node *root, struct requirements_note *note, struct err *err)
{
	struct node trouble = node_member(root, "trouble");
	const char *text = "";
	int r = read_profile(root, "kept", note->profile_id, note->version, err);

	if (r >= 0)
		r = read_profile(root, "wanted", note->wanted_id, note->wanted_version, err);
	if (r >= 0)
		r = time_json_read(root, "since", &note->since_ms, err);
	if (r >= 0)
		r = time_json_read(root, "trouble_since", &note->trouble_ms, err);
	if (r >= 0)
		r = read_day(root, "judged_for", &note->judged_for, err);
	if (r >= 0)
		r = node_text(&trouble, REQUIREMENTS_TROUBLE_MAX, &text, err);
	if (r >= 0 && text[0])
		note->trouble = xstrdup(text);
	return r;
}

static int read_note(const struct node *root, const char *device_id, struct requirements_note *note,
		     struct err *err)
{
	struct node id = node_member(root, "device_id");
	const char *text;
	int r = node_text(&id, ID_SIZE - 1, &text, err);

	if (r < 0)
		return r;
	if (strcmp(text, device_id) != 0)
		return err_set(err, -ENOENT, "the collector has said nothing to this device");
	return read_members(root, note, err);
}

int requirements_note_read(const struct state *state, const char *device_id,
			   struct requirements_note *ret_note, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	struct requirements_note note = { 0 };
	struct node root = { .key = "" };
	json_t *json = NULL;
	size_t len;
	int r = file_read_at(state->dir_fd, STATE_FILE_REQUIREMENTS, limits.bytes, &text, &len,
			     err);

	if (r < 0)
		return r;
	r = document_parse(text, len, &limits, &json, err);
	root.value = json;
	if (r >= 0)
		r = read_note(&root, device_id, &note, err);
	json_decref(json);
	if (r < 0) {
		requirements_note_done(&note);
		return r == -ENOENT ? r
				    : err_prefix(err, r,
						 "%s/" STATE_FILE_REQUIREMENTS
						 " is damaged (testready-agent report writes it "
						 "again)",
						 state->path);
	}
	*ret_note = note;
	return 0;
}

int requirements_note_write(struct state *state, const char *device_id,
			    const struct requirements_note *note, struct err *err)
{
	const char *said = note->trouble ? note->trouble : "";
	/* It quotes what came, and may be cut in a character. */
	_cleanup_free_ char *trouble = text_clean(said, strlen(said), REQUIREMENTS_TROUBLE_MAX);
	_cleanup_free_ char *text = NULL;
	char day[CIVIL_TEXT_SIZE];
	json_t *json = json_pack("{s:s, s:{s:s, s:s}, s:o, s:{s:s, s:s}, s:o, s:s, s:o}",
				 "device_id", device_id, "kept", "id", note->profile_id, "version",
				 note->version, "since", time_json(note->since_ms), "wanted", "id",
				 note->wanted_id, "version", note->wanted_version, "judged_for",
				 note->judged_for ? json_string(civil_text(note->judged_for, day))
						  : json_null(),
				 "trouble", trouble, "trouble_since", time_json(note->trouble_ms));
	int r;

	text = document_canonical(json);
	r = file_write_at(state->dir_fd, STATE_FILE_REQUIREMENTS, text, strlen(text), 0600, err);
	json_decref(json);
	return r < 0 ? err_prefix(err, r, "cannot write into %s", state->path) : 0;
}

bool requirements_note_same(const struct requirements_note *a, const struct requirements_note *b)
{
	return strcmp(a->profile_id, b->profile_id) == 0 && strcmp(a->version, b->version) == 0 &&
	       strcmp(a->wanted_id, b->wanted_id) == 0 &&
	       strcmp(a->wanted_version, b->wanted_version) == 0 && a->since_ms == b->since_ms &&
	       a->judged_for == b->judged_for && a->trouble_ms == b->trouble_ms &&
	       strcmp(a->trouble ? a->trouble : "", b->trouble ? b->trouble : "") == 0;
}
