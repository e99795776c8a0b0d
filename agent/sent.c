/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "agent/sent.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/model/document.h"
#include "common/model/facts.h"
#include "common/model/report.h"

#define SENT_FILE "sent.json"

static const struct document_limits limits = { .bytes = REPORT_BYTES_MAX + 1024,
					       .depth = REPORT_DEPTH_MAX + 1 };

void sent_done(struct sent *sent)
{
	json_decref(sent->facts);
	*sent = (struct sent){ 0 };
}

void sent_of(json_t *facts, struct sent *ret_sent)
{
	_cleanup_free_ char *canonical = NULL;

	*ret_sent = (struct sent){ 0 };
	/* An older agent's report may have waited in the spool. */
	if (facts_check(facts, "facts", NULL, NULL) < 0)
		return;
	canonical = document_canonical(facts);
	hash_hex(canonical, strlen(canonical), ret_sent->hash);
	ret_sent->facts = json_incref(facts);
}

void sent_read(const struct state *state, const char *device_id, struct sent *ret_sent)
{
	_cleanup_free_ char *text = NULL;
	json_t *json = NULL, *facts;
	const char *id;
	size_t len;

	*ret_sent = (struct sent){ 0 };
	if (file_read_at(state->dir_fd, SENT_FILE, limits.bytes, &text, &len, NULL) < 0 ||
	    document_parse(text, len, &limits, &json, NULL) < 0)
		return;
	id = json_string_value(json_object_get(json, "device_id"));
	facts = json_object_get(json, "facts");
	if (id && strcmp(id, device_id) == 0 && facts)
		sent_of(facts, ret_sent);
	json_decref(json);
}

int sent_write(struct state *state, const char *device_id, const json_t *facts, struct err *err)
{
	json_t *json = json_pack("{s:s, s:O}", "device_id", device_id, "facts", facts);
	_cleanup_free_ char *text = document_canonical(json);
	int r = file_write_at(state->dir_fd, SENT_FILE, text, strlen(text), 0600, err);

	json_decref(json);
	return r < 0 ? err_prefix(err, r, "cannot write into %s", state->path) : 0;
}
