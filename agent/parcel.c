/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/parcel.h"
#include "agent/spool.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define REASON_MAX 600

static const struct document_limits limits = { .bytes = SPOOL_REPORT_MAX,
					       .depth = REPORT_DEPTH_MAX + 2 };

int parcel_pack(const struct report *report, int64_t boot_ms, char **ret_text, struct err *err)
{
	struct report aged = *report;
	_cleanup_free_ char *body = NULL;
	json_t *json;

	/* As large as it can become on the way, so that no parcel is packed in vain. */
	aged.age_ms = INT64_MAX;
	json = report_write(&aged);
	body = document_canonical(json);
	if (strlen(body) > REPORT_BYTES_MAX) {
		json_decref(json);
		return err_set(err, -E2BIG, "the report has %zu bytes, at most %zu can be sent",
			       strlen(body), REPORT_BYTES_MAX);
	}
	json_object_del(json, "age_ms");
	json = json_pack("{s:I, s:o}", "boot_ms", (json_int_t)boot_ms, "report", json);
	*ret_text = document_canonical(json);
	json_decref(json);
	return 0;
}

static int read_head(const struct node *report, struct parcel *parcel, struct err *err)
{
	struct node id = node_member(report, "device_id");
	struct node boot = node_member(report, "boot_id");
	struct node sequence = node_member(report, "sequence");
	const char *text;
	int r = node_text(&id, ID_SIZE - 1, &text, err);

	if (r < 0)
		return r;
	memcpy(parcel->device_id, text, strlen(text) + 1);
	r = node_text(&boot, REPORT_BOOT_ID_SIZE - 1, &text, err);
	if (r < 0)
		return r;
	memcpy(parcel->boot_id, text, strlen(text) + 1);
	return node_int(&sequence, 1, INT64_MAX, &parcel->sequence, err);
}

static int unpack(const struct node *root, const struct moment *now, struct parcel *parcel,
		  struct err *err)
{
	struct node report = node_member(root, "report"), boot = node_member(root, "boot_ms");
	json_t *json = (json_t *)report.value;
	int64_t boot_ms;
	int r = node_int(&boot, 0, INT64_MAX, &boot_ms, err);

	if (r >= 0)
		r = read_head(&report, parcel, err);
	if (r < 0)
		return r;
	json_object_del(json, "age_ms");
	/* Another boot: the clock has started again, and how long it was off nobody knows. */
	if (strcmp(parcel->boot_id, now->boot_id) == 0 && now->boot_ms >= boot_ms)
		json_object_set_new(json, "age_ms", json_integer(now->boot_ms - boot_ms));
	parcel->body = document_canonical(json);
	parcel->facts = json_incref(json_object_get(json, "facts"));
	return 0;
}

int parcel_unpack(const char *text, size_t len, const struct moment *now, struct parcel *ret_parcel,
		  struct err *err)
{
	struct parcel parcel = { 0 };
	struct node root = { .key = "" };
	json_t *json = NULL;
	int r = document_parse(text, len, &limits, &json, err);

	if (r < 0)
		return r;
	root.value = json;
	r = unpack(&root, now, &parcel, err);
	json_decref(json);
	if (r >= 0)
		*ret_parcel = parcel;
	return r;
}

void parcel_done(struct parcel *parcel)
{
	free(parcel->body);
	json_decref(parcel->facts);
	*parcel = (struct parcel){ 0 };
}

int parcel_refuse(const char *text, size_t len, const struct refusal *refusal, char **ret_text,
		  struct err *err)
{
	_cleanup_free_ char *reason =
		text_clean(refusal->reason, strlen(refusal->reason), REASON_MAX);
	char at[CLOCK_TEXT_SIZE];
	json_t *json = NULL;
	int r = document_parse(text, len, &limits, &json, err);

	if (r < 0)
		return r;
	if (json_object_set_new(json, "refused",
				json_pack("{s:s, s:I, s:s}", "at", clock_text(refusal->at_ms, at),
					  "http_status", (json_int_t)refusal->http_status, "reason",
					  reason)) < 0)
		r = err_set(err, -EINVAL, "not a report");
	else
		*ret_text = document_canonical(json);
	json_decref(json);
	return r;
}

static int read_refusal(const struct node *root, struct refusal *refusal)
{
	struct node node = node_member(root, "refused");
	struct node at = node_member(&node, "at"), reason = node_member(&node, "reason");
	struct node status = node_member(&node, "http_status");
	const char *at_text, *reason_text;
	int64_t number;

	if (node_text(&at, CLOCK_TEXT_SIZE, &at_text, NULL) < 0 ||
	    clock_parse(at_text, &refusal->at_ms, NULL) < 0 ||
	    node_int(&status, 0, 999, &number, NULL) < 0 ||
	    node_text(&reason, REASON_MAX, &reason_text, NULL) < 0)
		return -EINVAL;
	refusal->http_status = (long)number;
	refusal->reason = xstrdup(reason_text);
	return 0;
}

void parcel_refusal(const char *text, size_t len, struct refusal *ret_refusal)
{
	struct refusal refusal = { 0 };
	struct node root = { .key = "" };
	json_t *json = NULL;

	if (document_parse(text, len, &limits, &json, NULL) >= 0)
		root.value = json;
	if (!json)
		refusal.reason = xstrdup("its file is damaged");
	else if (read_refusal(&root, &refusal) < 0)
		refusal = (struct refusal){ .reason = xstrdup("why could not be stored") };
	json_decref(json);
	*ret_refusal = refusal;
}

void refusal_done(struct refusal *refusal)
{
	free(refusal->reason);
	*refusal = (struct refusal){ 0 };
}
