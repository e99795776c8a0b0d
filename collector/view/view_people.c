/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/login_name.h"
#include "collector/domain/renewal.h"
#include "collector/domain/session_time.h"
#include "collector/store/store_session.h"
#include "collector/view/cursor.h"
#include "collector/view/view_people.h"
#include "common/base/mem.h"

#define LIST "people"
#define CURSOR_TEXTS 2
#define READ_AT_ONCE 200
#define UNUSED_MS (INT64_C(90) * 24 * 60 * 60 * 1000)

const char *const person_state_words[] = {
	[PERSON_ACTIVE] = "active",     [PERSON_INVITED] = "invited", [PERSON_EXPIRED] = "expired",
	[PERSON_DISABLED] = "disabled", [PERSON_STATE_MAX_] = NULL,
};

static enum person_state state_of(const struct view *view, const struct account *account)
{
	if (account->is_disabled)
		return PERSON_DISABLED;
	if (renewal_is_due(account->good_until, renewal_day(view->now_ms)))
		return PERSON_EXPIRED;
	return account->password[0] ? PERSON_ACTIVE : PERSON_INVITED;
}

/* --- one person ---------------------------------------------------------------------- */

static json_t *grant_json(const struct grant *grant)
{
	return json_pack("{s:s, s:s, s:o}", "role", person_role_words[grant->role], "scope",
			 scope_words[grant->scope], "code",
			 grant->code[0] ? view_text(grant->code) : json_null());
}

json_t *view_grants(const struct grants *grants)
{
	json_t *json = json_array();

	for (size_t i = 0; i < grants->n_grants; i++)
		json_array_append_new(json, grant_json(&grants->grants[i]));
	return json;
}

/* Those that @view may tell of. */
static json_t *grants_json(const struct view *view, const struct grants *grants)
{
	json_t *json = json_array();

	for (size_t i = 0; i < grants->n_grants; i++) {
		if (access_sees_grant(view->grants, &grants->grants[i]))
			json_array_append_new(json, grant_json(&grants->grants[i]));
	}
	return json;
}

/* What is the same for whoever it is and for others. */
static json_t *base_json(const struct view *view, const struct account *account)
{
	return json_pack("{s:s, s:o, s:o, s:s, s:o, s:o, s:b}", "id", account->id, "login",
			 view_text(account->login), "name", view_text(account->name), "state",
			 person_state_words[state_of(view, account)], "good_until",
			 view_day(account->good_until), "used_at", view_time(account->used_ms),
			 "has_second_factor", account->totp_secret[0] != '\0');
}

/* Who at the identity provider it is: the subject there is a number that says nothing to people. */
static json_t *sign_on_json(const struct account *account)
{
	const char *subject = account->subject ? account->subject : "";
	_cleanup_free_ char *issuer = xstrndup(subject, strcspn(subject, " "));

	return json_pack("{s:o, s:o}", "awaits",
			 account->awaited_name[0] ? view_text(account->awaited_name) : json_null(),
			 "bound_at", issuer[0] ? view_text(issuer) : json_null());
}

static json_t *person_json(const struct view *view, const struct account *account)
{
	json_t *json = base_json(view, account);
	bool may_change = access_may_manage(view->grants, &account->grants);
	char version[ACCOUNT_VERSION_SIZE];

	account_version(account, version);
	json_object_set_new(json, "grants", grants_json(view, &account->grants));
	json_object_set_new(json, "sign_on", sign_on_json(account));
	json_object_set_new(json, "is_disabled", json_boolean(account->is_disabled));
	json_object_set_new(json, "created_at", view_time(account->created_ms));
	json_object_set_new(json, "created_by", view_text(account->created_by));
	json_object_set_new(json, "may_change", json_boolean(may_change));
	/* It is a hash of all grants, so it would tell whoever guesses which others there are. */
	json_object_set_new(json, "version", may_change ? json_string(version) : json_null());
	return json;
}

int view_person(const struct view *view, const char *id, json_t **ret_json, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	int r = store_account_get(view->store, id, &account, err);

	if (r < 0)
		return r;
	if (!access_sees_person(view->grants, &account.grants))
		return err_set(err, -ENOENT, "There is no account '%.64s'.", id);
	*ret_json = person_json(view, &account);
	return 0;
}

/* Of one's own: with in how many days it ends, once that is to be told. */
static json_t *self_json(const struct view *view, const struct account *account)
{
	json_t *json = base_json(view, account);
	int32_t today = renewal_day(view->now_ms);

	json_object_set_new(json, "ends_in_days",
			    renewal_is_near(account->good_until, today)
				    ? json_integer(account->good_until - today)
				    : json_null());
	return json;
}

int view_self(const struct view *view, const char *account_id, const char *session_hash,
	      json_t **ret_json, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	struct session session = { 0 };
	int r = account_id[0] ? store_account_get(view->store, account_id, &account, err) : 0;

	if (r >= 0 && session_hash[0])
		r = store_session_get(view->store, session_hash, &session, err);
	if (r < 0)
		return r;
	*ret_json =
		json_pack("{s:o, s:o}", "account",
			  account_id[0] ? self_json(view, &account) : json_null(), "expires_at",
			  view_time(session_hash[0] ? session_time_end_ms(session.created_ms) : 0));
	return 0;
}

/* --- lists --------------------------------------------------------------------------- */

/* As far as @view may tell. */
static bool has_wide_scope(const struct view *view, const struct grants *grants)
{
	for (size_t i = 0; i < grants->n_grants; i++) {
		if (grants->grants[i].scope != SCOPE_SITE &&
		    access_sees_grant(view->grants, &grants->grants[i]))
			return true;
	}
	return false;
}

enum { WIDE_SCOPE, NEVER_SIGNED_IN, UNUSED, ENDS_SOON, NO_SECOND_FACTOR, REASON_MAX_ };

const char *const person_reason_words[] = {
	[WIDE_SCOPE] = "wide_scope", [NEVER_SIGNED_IN] = "never_signed_in",   [UNUSED] = "unused",
	[ENDS_SOON] = "ends_soon",   [NO_SECOND_FACTOR] = "no_second_factor", [REASON_MAX_] = NULL,
};

/* Why somebody should look at an account. */
static json_t *reasons_json(const struct view *view, const struct account *account)
{
	int32_t today = renewal_day(view->now_ms);
	const bool holds[REASON_MAX_] = {
		[WIDE_SCOPE] = has_wide_scope(view, &account->grants),
		[NEVER_SIGNED_IN] = !account->used_ms,
		[UNUSED] = account->used_ms && view->now_ms - account->used_ms > UNUSED_MS,
		[ENDS_SOON] = renewal_is_due(account->good_until, today) ||
			      renewal_is_near(account->good_until, today),
		/* Who signs in at a provider shows there what that place asks for. */
		[NO_SECOND_FACTOR] = !account->totp_secret[0] && !account->subject,
	};
	json_t *json = json_array();

	for (unsigned i = 0; i < REASON_MAX_; i++) {
		if (holds[i] && !account->is_disabled)
			json_array_append_new(json, json_string(person_reason_words[i]));
	}
	return json;
}

/* Whether @word, or any where that is NULL, is one of @reasons. */
static bool has_reason(const json_t *reasons, const char *word)
{
	const json_t *reason;
	size_t i;

	json_array_foreach (reasons, i, reason) {
		if (!word || strcmp(json_string_value(reason), word) == 0)
			return true;
	}
	return false;
}

/* Add @account to @rows where it is one of those that are asked for. */
static void add(const struct view *view, const struct people_filter *filter,
		const struct account *account, json_t *rows)
{
	json_t *json;
	_cleanup_(json_decrefp) json_t *reasons = NULL;

	if (!access_sees_person(view->grants, &account->grants))
		return;
	if (filter->state &&
	    strcmp(filter->state, person_state_words[state_of(view, account)]) != 0)
		return;
	reasons = reasons_json(view, account);
	if (filter->is_review && !has_reason(reasons, filter->reason))
		return;
	json = person_json(view, account);
	if (filter->is_review || filter->tells_reasons)
		json_object_set(json, "reasons", reasons);
	json_array_append_new(rows, json);
}

/* ",00,01,": the LEAs in which the viewer sees people; NULL: everywhere. Owned by the caller. */
static char *seen_leas(const struct view *view)
{
	char *leas;

	if (access_allows_everywhere(view->grants, MAY_SEE_PEOPLE))
		return NULL;
	leas = xstrdup(",");
	for (size_t i = 0; i < view->grants->n_grants; i++) {
		const struct grant *grant = &view->grants->grants[i];
		_cleanup_free_ char *before = NULL;

		if (grant->scope != SCOPE_LEA || !access_sees_grant(view->grants, grant))
			continue;
		before = leas;
		leas = xasprintf("%s%s,", before, grant->code);
	}
	return leas;
}

/* Whether @text, where it is one, is among @words (ended by NULL). */
static int check_word(const char *name, const char *text, const char *const *words, struct err *err)
{
	char list[300] = "";
	size_t i = 0, len = 0;

	while (text && words[i] && strcmp(words[i], text) != 0)
		i++;
	if (!text || words[i])
		return 0;
	for (i = 0; words[i] && len < sizeof(list); i++)
		len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
					i == 0         ? ""
					: words[i + 1] ? ", "
						       : " or ",
					words[i]);
	return err_set(err, -EINVAL, "%s is %s, not '%.40s'.", name, list, text);
}

int people_filter_check(const struct people_filter *filter, struct err *err)
{
	int r = check_word("role", filter->role, person_role_words, err);

	if (r >= 0)
		r = check_word("scope", filter->scope, scope_words, err);
	if (r >= 0)
		r = check_word("reason", filter->reason, person_reason_words, err);
	return r < 0 ? r : check_word("state", filter->state, person_state_words, err);
}

static json_t *cursor_after(const char *login)
{
	const char *const texts[CURSOR_TEXTS] = { LIST, login };
	_cleanup_free_ char *cursor = cursor_write(texts, CURSOR_TEXTS);

	return json_string(cursor);
}

/* A part of the list that is being made. */
struct part {
	json_t *rows;
	size_t limit;
	char after[LOGIN_NAME_SIZE]; /* the last that was looked at */
};

/* Add those of @list; false: it is full before all of them were looked at. */
static bool add_all(const struct view *view, const struct people_filter *filter,
		    const struct account_list *list, struct part *part)
{
	for (size_t i = 0; i < list->n_accounts; i++) {
		if (json_array_size(part->rows) == part->limit)
			return false;
		add(view, filter, &list->accounts[i], part->rows);
		snprintf(part->after, sizeof(part->after), "%s", list->accounts[i].login);
	}
	return true;
}

/* Read on until the part is full or there are no more; *@ret_is_end: there are none behind it. */
static int fill(const struct view *view, const struct people_filter *filter, struct part *part,
		bool *ret_is_end, struct err *err)
{
	_cleanup_free_ char *leas = seen_leas(view);
	const struct account_query query = { .after = part->after,
					     .leas = leas,
					     .role = filter->role,
					     .scope = filter->scope,
					     .code = filter->code,
					     .limit = READ_AT_ONCE };
	bool is_whole = true, is_last = false;
	int r = 0;

	while (r >= 0 && is_whole && !is_last) {
		_cleanup_(account_list_done) struct account_list list = { 0 };

		r = store_account_list(view->store, &query, &list, err);
		is_last = list.n_accounts < query.limit;
		is_whole = add_all(view, filter, &list, part);
	}
	*ret_is_end = is_whole;
	return r;
}

int view_people(const struct view *view, const struct people_filter *filter,
		const struct page *page, json_t **ret_json, struct err *err)
{
	const char *texts[CURSOR_TEXTS] = { NULL, "" };
	struct part part = { .limit = page->limit };
	json_t *cursor = NULL;
	bool is_end = true;
	int r = people_filter_check(filter, err);

	if (r >= 0 && page->cursor)
		r = cursor_read(page->cursor, LIST, CURSOR_TEXTS, texts, &cursor, err);
	if (r < 0)
		return r;
	snprintf(part.after, sizeof(part.after), "%s", texts[1]);
	json_decref(cursor);
	part.rows = json_array();
	r = fill(view, filter, &part, &is_end, err);
	if (r < 0) {
		json_decref(part.rows);
		return r;
	}
	*ret_json = json_pack("{s:o, s:o}", "people", part.rows, "next_cursor",
			      is_end ? json_null() : cursor_after(part.after));
	return 0;
}
