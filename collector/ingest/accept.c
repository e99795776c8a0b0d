/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/accept.h"
#include "collector/ingest/facts_hash.h"
#include "collector/store/facts_text.h"
#include "common/base/mem.h"
#include "common/model/document.h"
#include "common/model/facts.h"

#define ENROLL_BYTES_MAX ((size_t)16 * 1024)
#define AGENT_VERSION_MAX 64

static const struct document_limits body_limits = { .bytes = REPORT_BYTES_MAX,
						    .depth = REPORT_DEPTH_MAX };

/*
 * An agent that is older than the newest facts keeps reporting: what it does not
 * look at is unknown. It names its facts by what it sent, so that is kept.
 */
static void complete(struct accepted_report *accepted)
{
	json_t *facts = json_object_get(accepted->json, "facts");
	_cleanup_free_ char *sent = json_is_object(facts) ? document_canonical(facts) : NULL;

	if (!sent)
		return;
	facts_hash(sent, strlen(sent), accepted->sent_hash);
	facts_complete_some(facts, "this version of the agent does not look at it",
			    ACCEPT_COMPLETED_MAX);
}

/* Facts that lack something are longer when that is said of them. */
static int check_length(const char *facts_text, struct err *err)
{
	size_t len = strlen(facts_text);

	if (len <= FACTS_STORED_MAX)
		return 0;
	return err_set(err, -E2BIG,
		       "facts: %zu bytes with what this version of the agent does not look at, at "
		       "most %zu; update the agent",
		       len, FACTS_STORED_MAX);
}

int accept_report(const char *body, size_t len, struct accepted_report *ret_accepted,
		  char **ret_pointer, struct err *err)
{
	struct accepted_report accepted = { 0 };
	int r = document_parse(body, len, &body_limits, &accepted.json, err);

	if (r >= 0 && report_read(accepted.json, &accepted.report, NULL, NULL) < 0) {
		complete(&accepted);
		r = report_read(accepted.json, &accepted.report, ret_pointer, err);
	}
	if (r < 0) {
		accepted_report_done(&accepted);
		return r;
	}
	accepted.facts_text = document_canonical(accepted.report.facts);
	r = check_length(accepted.facts_text, err);
	if (r < 0) {
		accepted_report_done(&accepted);
		return r;
	}
	facts_hash(accepted.facts_text, strlen(accepted.facts_text), accepted.facts_hash);
	*ret_accepted = accepted;
	return 0;
}

void accepted_facts_done(struct accepted_facts *facts)
{
	json_decref(facts->json);
	free(facts->text);
	*facts = (struct accepted_facts){ 0 };
}

void accepted_report_done(struct accepted_report *accepted)
{
	json_decref(accepted->json);
	free(accepted->facts_text);
	*accepted = (struct accepted_report){ 0 };
}

int accept_heartbeat(const char *body, size_t len, struct accepted_heartbeat *ret_accepted,
		     char **ret_pointer, struct err *err)
{
	struct accepted_heartbeat accepted = { 0 };
	int r = document_parse(body, len, &body_limits, &accepted.json, err);

	if (r >= 0)
		r = heartbeat_read(accepted.json, &accepted.heartbeat, ret_pointer, err);
	if (r < 0) {
		accepted_heartbeat_done(&accepted);
		return r;
	}
	*ret_accepted = accepted;
	return 0;
}

void accepted_heartbeat_done(struct accepted_heartbeat *accepted)
{
	json_decref(accepted->json);
	*accepted = (struct accepted_heartbeat){ 0 };
}

/* An id that may be left out. */
static int read_id(const struct node *node, const char **ret_id, struct err *err)
{
	const char *text;
	int r = 0;

	if (!node->value)
		return 0;
	r = node_text(node, ID_SIZE - 1, &text, err);
	if (r >= 0 && !id_is_valid(text))
		r = node_error(node, err, "expected 32 hexadecimal digits");
	if (r >= 0)
		*ret_id = text;
	return r;
}

/* What newer agents say of who they are. */
static int read_who(const struct node *root, struct enroll_request *request, char **ret_pointer,
		    struct err *err)
{
	struct node fingerprint = node_member(root, "fingerprint");
	struct node previous = node_member(root, "previous_device_id");
	struct node request_id = node_member(root, "request_id");
	int r = 0;

	request->has_fingerprint = fingerprint.value != NULL;
	if (fingerprint.value)
		r = node_at(&fingerprint,
			    fingerprint_read(&fingerprint, &request->fingerprint, err),
			    ret_pointer);
	if (r >= 0)
		r = node_at(&previous, read_id(&previous, &request->previous_id, err), ret_pointer);
	if (r >= 0)
		r = node_at(&request_id, read_id(&request_id, &request->request_id, err),
			    ret_pointer);
	return r;
}

static int read_enroll(const json_t *json, struct enroll_request *request, char **ret_pointer,
		       struct err *err)
{
	static const char *const members[] = {
		"agent_version",      "role",       "device", "fingerprint",
		"previous_device_id", "request_id", NULL
	};
	struct node root = { .value = json, .key = "" };
	struct node version = node_member(&root, "agent_version");
	struct node role = node_member(&root, "role");
	struct node device = node_member(&root, "device");
	unsigned word;
	int r;

	r = node_at(&root, node_object(&root, members, err), ret_pointer);
	if (r >= 0)
		r = node_at(&version,
			    node_text(&version, AGENT_VERSION_MAX, &request->agent_version, err),
			    ret_pointer);
	if (r >= 0)
		r = node_at(&role, node_word(&role, device_role_words, &word, err), ret_pointer);
	if (r >= 0)
		r = node_at(&device, device_names_read(&device, &request->names, err), ret_pointer);
	if (r >= 0)
		r = read_who(&root, request, ret_pointer, err);
	if (r >= 0)
		request->role = (enum device_role)word;
	return r;
}

int accept_enroll(const char *body, size_t len, struct accepted_enroll *ret_accepted,
		  char **ret_pointer, struct err *err)
{
	static const struct document_limits limits = { .bytes = ENROLL_BYTES_MAX,
						       .depth = REPORT_DEPTH_MAX };
	struct accepted_enroll accepted = { 0 };
	char *pointer = NULL;
	int r = document_parse(body, len, &limits, &accepted.json, err);

	if (r >= 0)
		r = read_enroll(accepted.json, &accepted.request, &pointer, err);
	if (r < 0) {
		accepted_enroll_done(&accepted);
		if (ret_pointer)
			*ret_pointer = pointer;
		else
			free(pointer);
		return r;
	}
	*ret_accepted = accepted;
	return 0;
}

void accepted_enroll_done(struct accepted_enroll *accepted)
{
	json_decref(accepted->json);
	*accepted = (struct accepted_enroll){ 0 };
}

/* The first word of the table says that it is open, which is no resolution. */
static int read_resolution(const json_t *json, enum conflict_resolution *ret_resolution,
			   char **ret_pointer, struct err *err)
{
	static const char *const members[] = { "resolution", NULL };
	struct node root = { .value = json, .key = "" };
	struct node word = node_member(&root, "resolution");
	unsigned place;
	int r = node_at(&root, node_object(&root, members, err), ret_pointer);

	if (r >= 0)
		r = node_at(&word, node_word(&word, conflict_resolution_words + 1, &place, err),
			    ret_pointer);
	if (r >= 0)
		*ret_resolution = (enum conflict_resolution)(place + 1);
	return r;
}

int accept_resolution(const char *body, size_t len, enum conflict_resolution *ret_resolution,
		      char **ret_pointer, struct err *err)
{
	json_t *json;
	char *pointer = NULL;
	int r = document_parse(body, len, &body_limits, &json, err);

	if (r < 0)
		return r;
	r = read_resolution(json, ret_resolution, &pointer, err);
	json_decref(json);
	if (r < 0 && ret_pointer)
		*ret_pointer = pointer;
	else
		free(pointer);
	return r;
}
