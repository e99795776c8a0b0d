/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "agent/identity.h"
#include "agent/settlement.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define SETTLEMENT_FILE "settlement.json"
#define SENTENCE_MAX 1024
#define URL_MAX 4096

static const struct document_limits limits = { .bytes = 2 * IDENTITY_CA_MAX, .depth = 8 };

/* The texts that may be missing. */
static const struct {
	const char *name;
	size_t offset, max;
} texts[] = {
	{ "why", offsetof(struct settlement, why), SENTENCE_MAX },
	{ "trouble", offsetof(struct settlement, trouble), SENTENCE_MAX },
	{ "moved", offsetof(struct settlement, moved), SENTENCE_MAX },
	{ "url", offsetof(struct settlement, url), URL_MAX },
	{ "moved_from", offsetof(struct settlement, moved_from), URL_MAX },
	{ "ca", offsetof(struct settlement, ca_pem), IDENTITY_CA_MAX },
};

static char **text_at(const struct settlement *settlement, size_t i)
{
	return (char **)((char *)settlement + texts[i].offset);
}

void settlement_done(struct settlement *settlement)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		free(*text_at(settlement, i));
	*settlement = (struct settlement){ 0 };
}

void settlement_set(char **member, const char *text)
{
	char *copy = text ? xstrdup(text) : NULL;

	free(*member);
	*member = copy;
}

/* "" or an id. */
static int read_id(const struct node *root, const char *name, char id[static ID_SIZE],
		   struct err *err)
{
	struct node node = node_member(root, name);
	const char *text;
	int r = node_text(&node, ID_SIZE - 1, &text, err);

	if (r >= 0 && text[0] && !id_is_valid(text))
		r = node_error(&node, err, "expected 32 hexadecimal digits");
	if (r >= 0)
		memcpy(id, text, strlen(text) + 1);
	return r;
}

static int read_texts(const struct node *root, struct settlement *settlement, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(texts); i++) {
		struct node node = node_member(root, texts[i].name);
		const char *text;

		if (!node.value)
			continue;
		r = node_text(&node, texts[i].max, &text, err);
		if (r >= 0)
			settlement_set(text_at(settlement, i), text);
	}
	return r;
}

static int read_members(const struct node *root, struct settlement *settlement, struct err *err)
{
	struct node renewal = node_member(root, "renewal"), role = node_member(root, "role");
	struct node fingerprint = node_member(root, "fingerprint");
	struct node tried = node_member(root, "tried_at");
	const char *text;
	unsigned word;
	int r = read_id(root, "request_id", settlement->request_id, err);

	if (r >= 0)
		r = read_id(root, "previous_device_id", settlement->previous, err);
	if (r >= 0)
		r = node_bool(&renewal, &settlement->is_renewal, err);
	if (r >= 0)
		r = node_word(&role, device_role_words, &word, err);
	if (r >= 0)
		settlement->role = (enum device_role)word;
	if (r >= 0)
		r = fingerprint_read(&fingerprint, &settlement->fingerprint, err);
	if (r >= 0 && tried.value) {
		r = node_text(&tried, CLOCK_TEXT_SIZE, &text, err);
		if (r >= 0)
			r = clock_parse(text, &settlement->tried_ms, err);
	}
	return r < 0 ? r : read_texts(root, settlement, err);
}

int settlement_read(const struct state *state, struct settlement *ret_settlement, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	struct settlement settlement = { 0 };
	struct node root = { .key = "" };
	json_t *json = NULL;
	size_t len;
	int r = file_read_at(state->dir_fd, SETTLEMENT_FILE, limits.bytes, &text, &len, err);

	if (r == -ENOENT) {
		*ret_settlement = settlement;
		return 0;
	}
	if (r >= 0)
		r = document_parse(text, len, &limits, &json, err);
	root.value = json;
	if (r >= 0)
		r = read_members(&root, &settlement, err);
	json_decref(json);
	if (r < 0) {
		settlement_done(&settlement);
		return err_prefix(err, r, "%s/" SETTLEMENT_FILE " is damaged", state->path);
	}
	*ret_settlement = settlement;
	return 0;
}

static int erase(struct state *state, struct err *err)
{
	if (unlinkat(state->dir_fd, SETTLEMENT_FILE, 0) < 0) {
		if (errno == ENOENT)
			return 0;
		return err_errno(err, -errno, "cannot remove %s/" SETTLEMENT_FILE, state->path);
	}
	return fsync(state->dir_fd) < 0 ? err_errno(err, -errno, "%s", state->path) : 0;
}

int settlement_write(struct state *state, const struct settlement *settlement, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	char at[CLOCK_TEXT_SIZE];
	json_t *json;
	int r;

	if (!settlement->request_id[0] && !settlement->moved)
		return erase(state, err);
	json = json_pack("{s:s, s:s, s:b, s:s, s:o}", "request_id", settlement->request_id,
			 "previous_device_id", settlement->previous, "renewal",
			 settlement->is_renewal, "role", device_role_text(settlement->role),
			 "fingerprint", fingerprint_write(&settlement->fingerprint));
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		const char *said = *text_at(settlement, i);
		/* Paths and cut texts are in sentences, so they may be anything but UTF-8. */
		_cleanup_free_ char *clean =
			said && texts[i].max == SENTENCE_MAX
				? text_clean(said, strlen(said), SENTENCE_MAX - 4)
				: NULL;

		if (said)
			json_object_set_new(json, texts[i].name, json_string(clean ? clean : said));
	}
	if (settlement->tried_ms)
		json_object_set_new(json, "tried_at",
				    json_string(clock_text(settlement->tried_ms, at)));
	text = document_canonical(json);
	json_decref(json);
	r = file_write_at(state->dir_fd, SETTLEMENT_FILE, text, strlen(text), 0600, err);
	return r < 0 ? err_prefix(err, r, "cannot write into %s", state->path) : 0;
}

void settlement_find(const struct state *state, struct settlement *ret_settlement)
{
	if (settlement_read(state, ret_settlement, NULL) < 0)
		*ret_settlement = (struct settlement){ 0 };
}

void settlement_note(struct state *state, const struct settlement *settlement)
{
	int r = settlement_write(state, settlement, NULL);

	(void)r;
}
