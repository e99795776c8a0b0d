/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "collector/ingest/accept.h"
#include "common/model/document.h"
#include "common/model/facts.h"

#define ENROLL_BYTES_MAX ((size_t)16 * 1024)
#define AGENT_VERSION_MAX 64

int accept_report(const char *body, size_t len, struct accepted_report *ret_accepted,
		  char **ret_pointer, struct err *err)
{
	static const struct document_limits limits = { .bytes = REPORT_BYTES_MAX,
						       .depth = REPORT_DEPTH_MAX };
	struct accepted_report accepted = { 0 };
	int r = document_parse(body, len, &limits, &accepted.json, err);

	/* An agent that is older than the newest facts keeps reporting. */
	if (r >= 0)
		facts_complete(json_object_get(accepted.json, "facts"),
			       "this version of the agent does not look at it");
	if (r >= 0)
		r = report_read(accepted.json, &accepted.report, ret_pointer, err);
	if (r < 0) {
		accepted_report_done(&accepted);
		return r;
	}
	accepted.facts_text = document_canonical(accepted.report.facts);
	*ret_accepted = accepted;
	return 0;
}

void accepted_report_done(struct accepted_report *accepted)
{
	json_decref(accepted->json);
	free(accepted->facts_text);
	*accepted = (struct accepted_report){ 0 };
}

/* Note the pointer of a node that was refused. */
static int at(const struct node *node, int r, char **ret_pointer)
{
	if (r < 0 && ret_pointer && !*ret_pointer)
		*ret_pointer = node_pointer(node);
	return r;
}

static int read_enroll(const json_t *json, struct enroll_request *request, char **ret_pointer,
		       struct err *err)
{
	static const char *const members[] = { "agent_version", "role", "device", NULL };
	struct node root = { .value = json, .key = "" };
	struct node version = node_member(&root, "agent_version");
	struct node role = node_member(&root, "role");
	struct node device = node_member(&root, "device");
	unsigned word;
	int r;

	r = at(&root, node_object(&root, members, err), ret_pointer);
	if (r >= 0)
		r = at(&version,
		       node_text(&version, AGENT_VERSION_MAX, &request->agent_version, err),
		       ret_pointer);
	if (r >= 0)
		r = at(&role, node_word(&role, device_role_words, &word, err), ret_pointer);
	if (r >= 0)
		r = at(&device, device_names_read(&device, &request->names, err), ret_pointer);
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
