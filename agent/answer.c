/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "agent/answer.h"
#include "agent/http.h"
#include "agent/identity.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/report.h"

#define PROBLEM_TEXT_MAX 300
#define SITE_CODE_MAX 32
/* Longer is a mistake: the device would be silent until nobody remembers it. */
#define PERIOD_MAX_S (INT64_C(7) * 24 * 60 * 60)
#define SIGNATURE_MAX 128
#define PROFILE_ID_CHARS "abcdefghijklmnopqrstuvwxyz0123456789._-"

static const struct document_limits limits = { .bytes = HTTP_ANSWER_MAX, .depth = 16 };

static char *clean_member(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? text_clean(text, strlen(text), PROBLEM_TEXT_MAX) : xstrdup("");
}

char *answer_problem(const char *text, size_t len)
{
	json_t *json = NULL;
	char *problem;

	if (document_parse(text, len, &limits, &json, NULL) < 0)
		return xstrdup("");
	problem = clean_member(json, "detail");
	if (!problem[0]) {
		free(problem);
		problem = clean_member(json, "title");
	}
	json_decref(json);
	return problem;
}

/* The parser's errors quote what came, and that may be anything. */
static int parse(const char *text, size_t len, json_t **ret_json, struct err *err)
{
	struct err why = { 0 };
	int r = document_parse(text, len, &limits, ret_json, &why);

	if (r < 0) {
		_cleanup_free_ char *clean =
			text_clean(why.text, strlen(why.text), PROBLEM_TEXT_MAX);

		return err_set(err, r, "%s", clean);
	}
	return 0;
}

static int read_enrolled_site(const struct node *root, struct answer_enrolled *enrolled,
			      struct err *err)
{
	struct node site = node_member(root, "site");
	struct node code = node_member(&site, "code"), name = node_member(&site, "name");
	const char *code_text, *name_text;
	int r = node_text(&code, SITE_CODE_MAX, &code_text, err);

	if (r >= 0)
		r = node_text(&name, HTTP_ANSWER_MAX, &name_text, err);
	if (r < 0)
		return r;
	if (!code_text[0] ||
	    strspn(code_text,
		   "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-") !=
		    strlen(code_text))
		return node_error(&code, err, "expected letters, digits, dot, hyphen, underscore");
	enrolled->site_code = xstrdup(code_text);
	enrolled->site_name = text_clean(name_text, strlen(name_text), REPORT_NAME_MAX);
	return 0;
}

/* A collector that names no key cannot be followed when it moves; that is no error. */
static int read_collector_key(const struct node *root, char key[static COLLECTOR_KEY_SIZE],
			      struct err *err)
{
	struct node node = node_member(root, "collector_key");
	const char *text;
	int r;

	if (!node.value || json_is_null(node.value))
		return 0;
	r = node_text(&node, COLLECTOR_KEY_SIZE - 1, &text, err);
	if (r < 0)
		return r;
	if (strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") !=
	    COLLECTOR_KEY_SIZE - 1)
		return node_error(&node, err, "expected a key, 43 characters of base64url");
	memcpy(key, text, COLLECTOR_KEY_SIZE);
	return 0;
}

int answer_enrolled(const char *text, size_t len, struct answer_enrolled *ret_enrolled,
		    struct err *err)
{
	struct answer_enrolled enrolled = { 0 };
	struct node root = { .key = "" };
	json_t *json = NULL;
	int r = parse(text, len, &json, err);

	if (r < 0)
		return r;
	root.value = json;
	r = identity_read_secrets(&root, enrolled.device_id, enrolled.device_key, err);
	if (r >= 0)
		r = read_enrolled_site(&root, &enrolled, err);
	if (r >= 0)
		r = read_collector_key(&root, enrolled.collector_key, err);
	json_decref(json);
	if (r < 0)
		answer_enrolled_done(&enrolled);
	else
		*ret_enrolled = enrolled;
	return r;
}

void answer_enrolled_done(struct answer_enrolled *enrolled)
{
	explicit_bzero(enrolled->device_key, sizeof(enrolled->device_key));
	free(enrolled->site_code);
	free(enrolled->site_name);
	*enrolled = (struct answer_enrolled){ 0 };
}

static int check_text(const struct node *root, const char *key, const char *expected,
		      struct err *err)
{
	struct node node = node_member(root, key);
	const char *text;
	int r = node_text(&node, strlen(expected), &text, err);

	if (r >= 0 && strcmp(text, expected) != 0)
		return node_error(&node, err, "is about another report");
	return r;
}

static int read_state(const struct node *root, char *ret_state, struct err *err)
{
	struct node state = node_member(root, "state");
	const char *text;
	int r = node_text(&state, ANSWER_STATE_SIZE - 1, &text, err);

	if (r < 0)
		return r;
	/* Not one of our words: a newer collector may have states that we do not know. */
	if (!text[0] || strspn(text, "abcdefghijklmnopqrstuvwxyz_") != strlen(text))
		return node_error(&state, err, "expected a word");
	memcpy(ret_state, text, strlen(text) + 1);
	return 0;
}

static void read_next(const struct node *root, struct answer_reported *reported)
{
	struct node next = node_member(root, "next");
	struct node period = node_member(&next, "period_s"),
		    spread = node_member(&next, "spread_s");
	int64_t seconds;

	if (node_int(&period, 1, PERIOD_MAX_S, &seconds, NULL) >= 0)
		reported->period_ms = seconds * 1000;
	if (node_int(&spread, 0, PERIOD_MAX_S, &seconds, NULL) >= 0)
		reported->spread_ms = seconds * 1000;
}

static void read_profile(const struct node *root, struct answer_reported *reported)
{
	struct node profile = node_member(root, "profile");
	struct node id = node_member(&profile, "id"), version = node_member(&profile, "version");
	const char *id_text, *version_text;

	reported->has_no_profile = json_is_null(profile.value);
	if (node_text(&id, PROFILE_ID_MAX, &id_text, NULL) < 0 ||
	    node_text(&version, HASH_SIZE - 1, &version_text, NULL) < 0)
		return;
	/* They are shown, and sent back. */
	if (!id_text[0] || strspn(id_text, PROFILE_ID_CHARS) != strlen(id_text) ||
	    strspn(version_text, "0123456789abcdef") != HASH_SIZE - 1)
		return;
	memcpy(reported->profile_id, id_text, strlen(id_text) + 1);
	memcpy(reported->profile_version, version_text, HASH_SIZE);
}

static void read_judged_for(const struct node *root, struct answer_reported *reported)
{
	struct node node = node_member(root, "judged_for");
	const char *text;
	int32_t day;

	if (node_text(&node, CIVIL_TEXT_SIZE - 1, &text, NULL) >= 0 &&
	    civil_parse(text, &day, NULL) >= 0)
		reported->judged_for = day;
}

static void read_moved(const struct node *root, struct answer_reported *reported)
{
	struct node moved = node_member(root, "moved_to");
	struct node url = node_member(&moved, "url"), signature = node_member(&moved, "signature");
	const char *url_text, *signature_text;

	if (node_text(&url, ANSWER_URL_MAX, &url_text, NULL) < 0 ||
	    node_text(&signature, SIGNATURE_MAX, &signature_text, NULL) < 0)
		return;
	reported->moved_url = xstrdup(url_text);
	reported->moved_signature = xstrdup(signature_text);
}

static int read_reported(const struct node *root, const struct answer_about *about,
			 struct answer_reported *reported, struct err *err)
{
	struct node sequence = node_member(root, "sequence");
	struct node wanted = node_member(root, "send_report");
	int64_t number;
	int r = check_text(root, "device_id", about->device_id, err);

	if (r >= 0)
		r = check_text(root, "boot_id", about->boot_id, err);
	if (r >= 0)
		r = node_int(&sequence, about->sequence, about->sequence, &number, err);
	if (r >= 0)
		r = read_state(root, reported->state, err);
	if (r < 0)
		return r;
	reported->is_report_wanted = json_is_true(wanted.value);
	read_next(root, reported);
	read_profile(root, reported);
	read_judged_for(root, reported);
	read_moved(root, reported);
	return 0;
}

int answer_reported(const char *text, size_t len, const struct answer_about *about,
		    struct answer_reported *ret_reported, struct err *err)
{
	struct answer_reported reported = { 0 };
	struct node root = { .key = "" };
	json_t *json = NULL;
	int r = parse(text, len, &json, err);

	if (r < 0)
		return r;
	root.value = json;
	r = read_reported(&root, about, &reported, err);
	json_decref(json);
	if (r >= 0)
		*ret_reported = reported;
	return r;
}

void answer_reported_done(struct answer_reported *reported)
{
	free(reported->moved_url);
	free(reported->moved_signature);
	*reported = (struct answer_reported){ 0 };
}
