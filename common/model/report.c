/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/model/facts.h"
#include "common/model/placeholder.h"
#include "common/model/report.h"

#define REPORT_LAYOUT 1
#define AGENT_VERSION_MAX 64
#define TIME_TEXT_MAX 64

const char *const device_role_words[] = {
	[ROLE_STUDENT] = "student", [ROLE_TA] = "ta",   [ROLE_SHARED] = "shared",
	[ROLE_SPARE] = "spare",     [ROLE_MAX_] = NULL,
};

const char *device_role_text(enum device_role role)
{
	assert(role < ROLE_MAX_);
	return device_role_words[role];
}

int device_role_parse(const char *text, enum device_role *ret_role)
{
	for (unsigned i = 0; i < ROLE_MAX_; i++) {
		if (strcmp(device_role_words[i], text) == 0) {
			*ret_role = (enum device_role)i;
			return 0;
		}
	}
	return -EINVAL;
}

int device_names_read(const struct node *node, struct device_names *ret_names, struct err *err)
{
	static const char *const members[] = { "host_name", "serial", "asset_tag", "model", NULL };
	const char *texts[4];
	int r = node_object(node, members, err);

	for (size_t i = 0; r >= 0 && members[i]; i++) {
		struct node member = node_member(node, members[i]);

		r = node_text(&member, REPORT_NAME_MAX, &texts[i], err);
	}
	if (r >= 0)
		*ret_names = (struct device_names){ texts[0], serial_of_one(texts[1]), texts[2],
						    texts[3] };
	return r;
}

json_t *device_names_write(const struct device_names *names)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "host_name", names->host_name, "serial",
			 names->serial, "asset_tag", names->asset_tag, "model", names->model);
}

/* "8c5d…-…": 36 characters of lower-case hexadecimal and hyphens in their places. */
bool report_boot_id_is_valid(const char *text)
{
	if (strlen(text) != REPORT_BOOT_ID_SIZE - 1)
		return false;
	for (size_t i = 0; text[i]; i++) {
		bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (is_hyphen ? text[i] != '-' : !strchr("0123456789abcdef", text[i]))
			return false;
	}
	return true;
}

static int read_uuid(const struct node *node, const char **ret_uuid, struct err *err)
{
	const char *text;
	int r = node_text(node, REPORT_BOOT_ID_SIZE - 1, &text, err);

	if (r < 0)
		return r;
	if (!report_boot_id_is_valid(text))
		return node_error(node, err, "not a UUID in lower case");
	*ret_uuid = text;
	return 0;
}

static int read_id(const struct node *node, const char **ret_id, struct err *err)
{
	const char *text;
	int r = node_text(node, ID_SIZE - 1, &text, err);

	if (r >= 0 && !id_is_valid(text))
		return node_error(node, err, "not a device id: 32 hexadecimal digits");
	if (r >= 0)
		*ret_id = text;
	return r;
}

static int read_time(const struct node *node, int64_t *ret_ms, struct err *err)
{
	struct err why = { 0 };
	const char *text;
	int r = node_text(node, TIME_TEXT_MAX, &text, err);

	if (r >= 0 && clock_parse(text, ret_ms, &why) < 0)
		return node_error(node, err, "%s", why.text);
	return r;
}

/* Read the members that reports and heartbeats share; @kind is that with the layout's number. */
static int read_head(const struct node *root, const char *kind, struct report *report,
		     char **ret_pointer, struct err *err)
{
	struct node layout = node_member(root, kind);
	struct node device_id = node_member(root, "device_id");
	struct node version = node_member(root, "agent_version");
	struct node boot_id = node_member(root, "boot_id");
	struct node sequence = node_member(root, "sequence");
	struct node observed = node_member(root, "observed_at");
	struct node age = node_member(root, "age_ms");
	struct node fingerprint = node_member(root, "fingerprint");
	int64_t number;
	int r;

	r = node_at(&layout, node_int(&layout, REPORT_LAYOUT, REPORT_LAYOUT, &number, err),
		    ret_pointer);
	if (r >= 0)
		r = node_at(&device_id, read_id(&device_id, &report->device_id, err), ret_pointer);
	if (r >= 0)
		r = node_at(&version,
			    node_text(&version, AGENT_VERSION_MAX, &report->agent_version, err),
			    ret_pointer);
	if (r >= 0)
		r = node_at(&boot_id, read_uuid(&boot_id, &report->boot_id, err), ret_pointer);
	if (r >= 0)
		r = node_at(&sequence, node_int(&sequence, 1, INT64_MAX, &report->sequence, err),
			    ret_pointer);
	if (r >= 0)
		r = node_at(&observed, read_time(&observed, &report->observed_ms, err),
			    ret_pointer);
	report->age_ms = -1;
	if (r >= 0 && age.value)
		r = node_at(&age, node_int(&age, 0, INT64_MAX, &report->age_ms, err), ret_pointer);
	report->has_fingerprint = fingerprint.value != NULL;
	if (r >= 0 && fingerprint.value)
		r = node_at(&fingerprint, fingerprint_read(&fingerprint, &report->fingerprint, err),
			    ret_pointer);
	return r;
}

/* Hand @pointer to whoever wants it. */
static int hand_pointer(int r, char *pointer, char **ret_pointer)
{
	if (r < 0 && ret_pointer)
		*ret_pointer = pointer;
	else
		free(pointer);
	return r;
}

int report_read_around(const json_t *json, struct report *ret_report, char **ret_pointer,
		       struct err *err)
{
	static const char *const members[] = { "report",  "device_id", "agent_version",
					       "boot_id", "sequence",  "observed_at",
					       "age_ms",  "device",    "fingerprint",
					       "facts",   NULL };
	struct node root = { .value = json, .key = "" };
	struct node device = node_member(&root, "device");
	struct report report = { 0 };
	char *pointer = NULL;
	int r;

	r = node_at(&root, node_object(&root, members, err), &pointer);
	if (r >= 0)
		r = read_head(&root, "report", &report, &pointer, err);
	if (r >= 0)
		r = node_at(&device, device_names_read(&device, &report.device, err), &pointer);
	if (r >= 0) {
		report.facts = json_object_get(json, "facts");
		*ret_report = report;
	}
	return hand_pointer(r, pointer, ret_pointer);
}

int report_read(const json_t *json, struct report *ret_report, char **ret_pointer, struct err *err)
{
	struct report report;
	int r = report_read_around(json, &report, ret_pointer, err);

	if (r >= 0)
		r = facts_check(report.facts, "facts", ret_pointer, err);
	if (r >= 0)
		*ret_report = report;
	return r;
}

int heartbeat_read(const json_t *json, struct heartbeat *ret_heartbeat, char **ret_pointer,
		   struct err *err)
{
	static const char *const members[] = { "heartbeat", "device_id",   "agent_version",
					       "boot_id",   "sequence",    "observed_at",
					       "age_ms",    "fingerprint", "facts_hash",
					       NULL };
	struct node root = { .value = json, .key = "" };
	struct node hash = node_member(&root, "facts_hash");
	struct heartbeat heartbeat = { 0 };
	char *pointer = NULL;
	int r = node_at(&root, node_object(&root, members, err), &pointer);

	if (r >= 0)
		r = read_head(&root, "heartbeat", &heartbeat.head, &pointer, err);
	if (r >= 0)
		r = node_at(&hash, node_text(&hash, HASH_SIZE - 1, &heartbeat.facts_hash, err),
			    &pointer);
	if (r >= 0 && (strlen(heartbeat.facts_hash) != HASH_SIZE - 1 ||
		       strspn(heartbeat.facts_hash, "0123456789abcdef") != HASH_SIZE - 1))
		r = node_at(&hash, node_error(&hash, err, "not a SHA-256 in hexadecimal"),
			    &pointer);
	if (r >= 0)
		*ret_heartbeat = heartbeat;
	return hand_pointer(r, pointer, ret_pointer);
}

/* The members that reports and heartbeats share; owned by the caller. */
static json_t *write_head(const struct report *report, const char *kind)
{
	char observed[CLOCK_TEXT_SIZE];
	json_t *json =
		json_pack("{s:i, s:s, s:s, s:s, s:I, s:s}", kind, REPORT_LAYOUT, "device_id",
			  report->device_id, "agent_version", report->agent_version, "boot_id",
			  report->boot_id, "sequence", (json_int_t)report->sequence, "observed_at",
			  clock_text(report->observed_ms, observed));

	assert(json);
	if (report->age_ms >= 0)
		json_object_set_new(json, "age_ms", json_integer(report->age_ms));
	if (report->has_fingerprint)
		json_object_set_new(json, "fingerprint", fingerprint_write(&report->fingerprint));
	return json;
}

json_t *report_write(const struct report *report)
{
	json_t *json = write_head(report, "report");

	json_object_set_new(json, "device", device_names_write(&report->device));
	json_object_set(json, "facts", (json_t *)report->facts);
	return json;
}

json_t *heartbeat_write(const struct heartbeat *heartbeat)
{
	json_t *json = write_head(&heartbeat->head, "heartbeat");

	json_object_set_new(json, "facts_hash", json_string(heartbeat->facts_hash));
	return json;
}
