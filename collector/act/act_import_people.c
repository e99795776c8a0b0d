/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/act_account.h"
#include "collector/act/act_import_people.h"
#include "common/base/mem.h"

struct importer {
	struct store *store;
	const struct actor *actor;
	const struct people_import *import;
	int64_t now_ms;
	struct people_imported *imported;
	/*
	 * Of grants that may be given, "ROLE SCOPE CODE", the LEA they are in: a file has many
	 * people of few places, and nothing changes in between.
	 */
	json_t *known;
};

static int compare_rows(const void *a, const void *b)
{
	const struct person_row *one = a, *other = b;
	int order = strcmp(one->login, other->login);

	if (order != 0)
		return order;
	return (one->line > other->line) - (one->line < other->line);
}

static void wrong(struct importer *importer, const struct person_row *row, const char *why)
{
	importer->imported->n_wrong++;
	importer->import->wrong(importer->import->arg, row, why);
}

/* What concerns the row alone; all else is the store's. */
static bool is_refusal(int r)
{
	return r == -EPERM || r == -EINVAL || r == -ENOENT || r == -EALREADY || r == -E2BIG;
}

/* Whether the actor may give @grant; fills in where its site is. */
static int check_grant(struct importer *importer, struct grant *grant, struct err *err)
{
	struct grants one = { .grants = { *grant }, .n_grants = 1 };
	_cleanup_free_ char *key = xasprintf("%s %s %s", person_role_words[grant->role],
					     scope_words[grant->scope], grant->code);
	const char *lea_code = json_string_value(json_object_get(importer->known, key));
	int r;

	if (lea_code) {
		snprintf(grant->lea_code, sizeof(grant->lea_code), "%s", lea_code);
		return 0;
	}
	r = act_grants_check(importer->store, importer->actor, &one, err);
	if (r < 0)
		return r;
	*grant = one.grants[0];
	json_object_set_new(importer->known, key, json_string(grant->lea_code));
	return 0;
}

/* All that the rows of one person give; 1: something is wrong with one of them. */
static int gather(struct importer *importer, const struct person_row *rows, size_t n,
		  struct grants *grants, struct err *err)
{
	size_t before = importer->imported->n_wrong;

	for (size_t i = 0; i < n; i++) {
		struct grant grant = rows[i].grant;
		int r = check_grant(importer, &grant, err);

		if (r >= 0)
			r = grants_add(grants, &grant, err);
		if (r < 0 && !is_refusal(r))
			return r;
		if (r < 0)
			wrong(importer, &rows[i], err->text);
	}
	return importer->imported->n_wrong > before;
}

static void note(struct importer *importer, const struct person_row *row, const char *change,
		 json_t *before, const char *invitation)
{
	json_array_append_new(importer->imported->people,
			      json_pack("{s:s, s:s, s:s, s:o, s:s?}", "login", row->login, "name",
					row->name, "change", change, "before",
					before ? before : json_null(), "invitation", invitation));
}

/* The grants of @account as they are written down. */
static json_t *grants_of(const struct account *account)
{
	json_t *json = account_json(account);
	json_t *grants = json_incref(json_object_get(json, "grants"));

	json_decref(json);
	return grants;
}

static int make(struct importer *importer, const struct person_row *row,
		const struct grants *grants, struct err *err)
{
	const struct account_request request = { row->login, row->name, grants };
	struct account_made made;
	int r = act_account_add(importer->store, importer->actor, &request, importer->now_ms, &made,
				err);

	if (r < 0)
		return r;
	importer->imported->n_made++;
	note(importer, row, "made", NULL, made.invitation);
	explicit_bzero(&made, sizeof(made));
	return 0;
}

/*
 * Whether @account is already what the row and @grants make it, all of which the actor may give:
 * most people of a file that is loaded once more. Then nothing has to be asked or written.
 */
static bool is_so(const struct account *account, const struct person_row *row,
		  const struct grants *grants)
{
	return strcmp(account->name, row->name) == 0 &&
	       account->grants.n_grants == grants->n_grants &&
	       grants_are_among(grants, &account->grants);
}

static int change(struct importer *importer, const struct person_row *row,
		  const struct account *account, const struct grants *grants, struct err *err)
{
	const struct account_change what = {
		.id = account->id, .name = row->name, .grants = grants, .is_disabled = -1
	};
	_cleanup_(account_done) struct account after = { 0 };
	char old[ACCOUNT_VERSION_SIZE], new[ACCOUNT_VERSION_SIZE];
	int r;

	if (is_so(account, row, grants)) {
		importer->imported->n_unchanged++;
		note(importer, row, "unchanged", grants_of(account), NULL);
		return 0;
	}
	r = act_account_change(importer->store, importer->actor, &what, importer->now_ms, err);

	if (r == -ENOENT)
		return err_set(err, r,
			       "The login %s is of somebody outside of what your roles cover.",
			       row->login);
	if (r >= 0)
		r = store_account_get(importer->store, account->id, &after, err);
	if (r < 0)
		return r;
	account_version(account, old);
	account_version(&after, new);
	if (strcmp(old, new) == 0)
		importer->imported->n_unchanged++;
	else
		importer->imported->n_changed++;
	note(importer, row, strcmp(old, new) == 0 ? "unchanged" : "changed", grants_of(account),
	     NULL);
	return 0;
}

/* One person, of @n rows. */
static int import_person(struct importer *importer, const struct person_row *rows, size_t n,
			 struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	struct grants grants = { 0 };
	int r = gather(importer, rows, n, &grants, err);

	if (r != 0)
		return r < 0 ? r : 0;
	r = store_account_by_login(importer->store, rows->login, &account, err);
	if (r == -ENOENT)
		r = make(importer, rows, &grants, err);
	else if (r >= 0)
		r = change(importer, rows, &account, &grants, err);
	if (r < 0 && is_refusal(r)) {
		wrong(importer, rows, err->text);
		return 0;
	}
	if (r >= 0 && importer->imported->n_wrong == 0) {
		json_t *last = json_array_get(importer->imported->people,
					      json_array_size(importer->imported->people) - 1);
		const struct account after = {
			.login = rows->login,
			.name = rows->name,
			.grants = grants,
		};

		json_object_set_new(last, "after", grants_of(&after));
	}
	return r;
}

int act_import_people(struct store *store, const struct actor *actor,
		      const struct people_import *import, int64_t now_ms,
		      struct people_imported *ret_imported, struct err *err)
{
	_cleanup_free_ struct person_row *order = xcalloc(import->n_rows + 1, sizeof(*order));
	struct people_imported imported = { .people = json_array() };
	_cleanup_(json_decrefp) json_t *known = json_object();
	struct importer importer = { store, actor, import, now_ms, &imported, known };
	struct err own = { 0 };
	size_t n;
	int r = 0;

	/* Their texts are those of the file. */
	for (size_t i = 0; i < import->n_rows; i++)
		order[i] = import->rows[i];
	qsort(order, import->n_rows, sizeof(*order), compare_rows);
	for (size_t i = 0; i < import->n_rows && r >= 0; i += n) {
		n = 1;
		while (i + n < import->n_rows && strcmp(order[i].login, order[i + n].login) == 0)
			n++;
		r = import_person(&importer, &order[i], n, &own);
	}
	if (r < 0) {
		json_decref(imported.people);
		if (err)
			*err = own;
		return r;
	}
	*ret_imported = imported;
	return 0;
}
