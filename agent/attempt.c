/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "agent/attempt.h"
#include "agent/time_json.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define ATTEMPT_FILE "attempt.json"
#define SENTENCE_MAX 4096

static const struct document_limits limits = { .bytes = (size_t)16 * 1024, .depth = 4 };

void attempt_done(struct attempt *attempt)
{
	free(attempt->sentence);
	*attempt = (struct attempt){ 0 };
}

static int read_number(const struct node *root, const char *key, int64_t *ret_value,
		       struct err *err)
{
	struct node node = node_member(root, key);

	return node_int(&node, 0, INT64_MAX, ret_value, err);
}

/* As read_number(), and 0 if it is not there: an older agent has not written it. */
static int read_new_number(const struct node *root, const char *key, int64_t *ret_value,
			   struct err *err)
{
	return json_object_get(root->value, key) ? read_number(root, key, ret_value, err) : 0;
}

static int read_members(const struct node *root, struct attempt *attempt, struct err *err)
{
	struct node sentence = node_member(root, "sentence"), state = node_member(root, "state");
	const char *sentence_text, *state_text;
	int64_t status;
	int r = time_json_read(root, "at", &attempt->at_ms, err);

	if (r >= 0)
		r = read_number(root, "sequence", &attempt->sequence, err);
	if (r >= 0)
		r = read_number(root, "http_status", &status, err);
	if (r >= 0)
		r = time_json_read(root, "retry_at", &attempt->retry_at_ms, err);
	if (r >= 0)
		r = time_json_read(root, "delivered_at", &attempt->delivered_ms, err);
	if (r >= 0)
		r = read_number(root, "delivered", &attempt->delivered, err);
	if (r >= 0)
		r = read_number(root, "discarded", &attempt->discarded, err);
	if (r >= 0)
		r = read_new_number(root, "period_ms", &attempt->period_ms, err);
	if (r >= 0)
		r = read_new_number(root, "spread_ms", &attempt->spread_ms, err);
	if (r >= 0 && json_object_get(root->value, "next_at"))
		r = time_json_read(root, "next_at", &attempt->next_ms, err);
	if (r >= 0)
		r = node_text(&state, ANSWER_STATE_SIZE - 1, &state_text, err);
	if (r >= 0)
		r = node_text(&sentence, SENTENCE_MAX, &sentence_text, err);
	if (r < 0)
		return r;
	attempt->http_status = (long)status;
	memcpy(attempt->state, state_text, strlen(state_text) + 1);
	attempt->sentence = xstrdup(sentence_text);
	return 0;
}

int attempt_read(const struct state *state, struct attempt *ret_attempt, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	struct attempt attempt = { 0 };
	struct node root = { .key = "" };
	json_t *json = NULL;
	size_t len;
	int r = file_read_at(state->dir_fd, ATTEMPT_FILE, limits.bytes, &text, &len, err);

	if (r < 0)
		return r;
	r = document_parse(text, len, &limits, &json, err);
	root.value = json;
	if (r >= 0)
		r = read_members(&root, &attempt, err);
	json_decref(json);
	if (r < 0) {
		attempt_done(&attempt);
		return err_prefix(err, r, "%s/" ATTEMPT_FILE " is damaged", state->path);
	}
	*ret_attempt = attempt;
	return 0;
}

int attempt_write(struct state *state, const struct attempt *attempt, struct err *err)
{
	const char *said = attempt->sentence ? attempt->sentence : "";
	/* Paths and cut texts are in it, so it may be anything but UTF-8. */
	_cleanup_free_ char *sentence = text_clean(said, strlen(said), SENTENCE_MAX);
	json_t *json = json_pack(
		"{s:o, s:I, s:I, s:s, s:o, s:o, s:I, s:s, s:I, s:I, s:I, s:o}", "at",
		time_json(attempt->at_ms), "sequence", (json_int_t)attempt->sequence, "http_status",
		(json_int_t)attempt->http_status, "sentence", sentence, "retry_at",
		time_json(attempt->retry_at_ms), "delivered_at", time_json(attempt->delivered_ms),
		"delivered", (json_int_t)attempt->delivered, "state", attempt->state, "discarded",
		(json_int_t)attempt->discarded, "period_ms", (json_int_t)attempt->period_ms,
		"spread_ms", (json_int_t)attempt->spread_ms, "next_at",
		time_json(attempt->next_ms));
	_cleanup_free_ char *text = document_canonical(json);
	int r = file_write_at(state->dir_fd, ATTEMPT_FILE, text, strlen(text), 0600, err);

	json_decref(json);
	return r < 0 ? err_prefix(err, r, "cannot write into %s", state->path) : 0;
}

int attempt_forget(struct state *state, struct err *err)
{
	if (unlinkat(state->dir_fd, ATTEMPT_FILE, 0) < 0 && errno != ENOENT)
		return err_errno(err, -errno, "cannot remove %s/" ATTEMPT_FILE, state->path);
	return 0;
}
