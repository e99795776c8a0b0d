/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/store_profile.h"
#include "common/base/mem.h"

#define SHOWN 8             /* digits of a version that people see */
#define PREFIX_DIGITS_MIN 8 /* fewer would soon be those of two */

int store_profile_version(struct store *store, const char *id, char ret_version[static HASH_SIZE],
			  struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT version FROM publication WHERE profile_id = $1 "
			 "ORDER BY published_ms DESC LIMIT 1",
			 &rows, err, "t", id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT,
			       "the profile '%.64s' is not published; see testready-collector "
			       "profile publish",
			       id);
	if (r > 0)
		snprintf(ret_version, HASH_SIZE, "%s", db_text(rows, 0));
	return r < 0 ? r : 0;
}

/* Begin to read the row (profile_id, body) of @version; it is there. */
static int open_version(struct store *store, const char *version, struct db_rows **ret_rows,
			struct err *err)
{
	int r = db_query(store->db,
			 "SELECT profile_id, body FROM profile_version WHERE version = $1",
			 ret_rows, err, "t", version);

	if (r >= 0)
		r = db_next(*ret_rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "no profile has the version '%.*s'", SHOWN, version);
	return r < 0 ? r : 0;
}

int store_profile_get(struct store *store, const char *version, struct profile **ret_profile,
		      struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	_cleanup_(profile_freep) struct profile *profile = NULL;
	const char *body;
	int r = open_version(store, version, &rows, err);

	if (r < 0)
		return r;
	body = db_text(rows, 1);
	r = profile_parse(body, strlen(body), db_text(rows, 0), &profile, err);
	/* It was checked before it was stored, so it is no caller's fault. */
	if (r < 0)
		return err_prefix(err, -EUCLEAN, "the stored profile cannot be read");
	/* Whoever asks for a version compares what he gets by it. */
	if (strcmp(profile->version, version) != 0)
		return err_set(err, -EUCLEAN,
			       "the stored profile %s, version %.*s, has the text of %.*s",
			       profile->id, SHOWN, version, SHOWN, profile->version);
	*ret_profile = TAKE_PTR(profile);
	return 0;
}

int store_profile_body(struct store *store, const char *version, char **ret_body, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = open_version(store, version, &rows, err);

	if (r >= 0)
		*ret_body = xstrdup(db_text(rows, 1));
	return r;
}

int store_profile_put(struct store *store, const struct profile_text *text, int64_t now_ms,
		      struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO profile_version (version, profile_id, body, made_ms) "
		       "VALUES ($1, $2, $3, $4) ON CONFLICT (version) DO NOTHING",
		       NULL, err, "ttti", text->version, text->profile_id, text->body, now_ms);
}

int store_composition_get(struct store *store, const char *inputs,
			  char ret_version[static HASH_SIZE], struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT version FROM composition WHERE inputs = $1", &rows, err,
			 "t", inputs);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		snprintf(ret_version, HASH_SIZE, "%s", db_text(rows, 0));
	return r < 0 ? r : r > 0 ? 0 : -ENOENT;
}

int store_composition_put(struct store *store, const char *inputs, const char *version,
			  struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO composition (inputs, version) VALUES ($1, $2) "
		       "ON CONFLICT (inputs) DO NOTHING",
		       NULL, err, "tt", inputs, version);
}

int store_publication_put(struct store *store, const char *profile_id, const char *version,
			  int64_t now_ms, struct err *err)
{
	/* The newest counts, so this one is. */
	return db_exec(store->db,
		       "INSERT INTO publication (profile_id, published_ms, version) "
		       "SELECT $1, CASE WHEN max(published_ms) >= $3 THEN max(published_ms) + 1 "
		       "ELSE $3 END, $2 FROM publication WHERE profile_id = $1",
		       NULL, err, "tti", profile_id, version, now_ms);
}

#define PUBLICATION_ROW                                                                        \
	"SELECT p.profile_id, p.version, p.published_ms, (SELECT count(*) FROM test_window w " \
	"WHERE w.profile_id = p.profile_id) FROM publication p WHERE "

int store_publication_list(struct store *store, const char *profile_id,
			   struct publication_list *ret_list, struct err *err)
{
	static const char *const now = PUBLICATION_ROW
		"p.published_ms = (SELECT max(n.published_ms) FROM publication n WHERE "
		"n.profile_id = p.profile_id) ORDER BY p.profile_id";
	static const char *const ever =
		PUBLICATION_ROW "p.profile_id = $1 ORDER BY p.published_ms DESC";
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct publication_list list = { 0 };
	size_t room = 0;
	int r = db_query(store->db, profile_id ? ever : now, &rows, err, profile_id ? "t" : "",
			 profile_id);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		struct publication *row;

		list.publications = xgrow(list.publications, list.n_publications, &room,
					  sizeof(*list.publications));
		row = &list.publications[list.n_publications++];
		*row = (struct publication){
			.profile_id = xstrdup(db_text(rows, 0)),
			.published_ms = db_int(rows, 2),
			.n_sites = db_int(rows, 3),
		};
		snprintf(row->version, HASH_SIZE, "%s", db_text(rows, 1));
	}
	if (r < 0) {
		publication_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

void publication_list_done(struct publication_list *list)
{
	for (size_t i = 0; i < list->n_publications; i++)
		free(list->publications[i].profile_id);
	free(list->publications);
	*list = (struct publication_list){ 0 };
}

int store_profile_find(struct store *store, const char *profile_id, const char *prefix,
		       char ret_version[static HASH_SIZE], struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	size_t len = strlen(prefix);
	int r;

	if (len < PREFIX_DIGITS_MIN || len >= HASH_SIZE ||
	    strspn(prefix, "0123456789abcdef") != len)
		return err_set(
			err, -ENOENT,
			"'%.64s' is no version: give its first %d hexadecimal digits or more",
			prefix, PREFIX_DIGITS_MIN);
	/* 'g' is behind every digit, so that the primary key finds the range. */
	r = db_query(store->db,
		     "SELECT version FROM profile_version WHERE version >= $1 AND "
		     "version < $1 || 'g' AND ($2 = '' OR profile_id = $2) LIMIT 2",
		     &rows, err, "tt", prefix, profile_id ? profile_id : "");
	if (r >= 0)
		r = db_next(rows, err);
	if (r < 0)
		return r;
	if (r == 0)
		return err_set(err, -ENOENT, "no version%s%.64s begins with %s",
			       profile_id ? " of " : "", profile_id ? profile_id : "", prefix);
	snprintf(ret_version, HASH_SIZE, "%s", db_text(rows, 0));
	r = db_next(rows, err);
	if (r > 0)
		return err_set(err, -EEXIST, "several versions begin with %s; give more digits",
			       prefix);
	return r;
}

int store_window_set_version(struct store *store, const char *site_code, const char *version,
			     struct err *err)
{
	return db_exec(store->db,
		       "UPDATE test_window SET profile_version = $2 WHERE site_code = $1", NULL,
		       err, "tt", site_code, version);
}

int store_profile_is_named(struct store *store, const char *profile_id, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT 1 FROM test_window WHERE profile_id = $1 LIMIT 1",
			 &rows, err, "t", profile_id);

	return r < 0 ? r : db_next(rows, err);
}

int store_site_versions(struct store *store, const char *profile_id, const char *site_code,
			struct site_version_list *ret_list, struct err *err)
{
#define VERSION_ROW                                                                  \
	"SELECT w.site_code, s.lea_code, w.profile_version FROM test_window w JOIN " \
	"site s ON s.code = w.site_code WHERE w.profile_id = $1 "
	static const char *const all = VERSION_ROW "ORDER BY s.lea_code, w.site_code";
	static const char *const one = VERSION_ROW "AND w.site_code = $2";
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct site_version_list list = { 0 };
	size_t room = 0;
	int r = db_query(store->db, site_code ? one : all, &rows, err, site_code ? "tt" : "t",
			 profile_id, site_code);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		struct site_version *row;

		list.sites = xgrow(list.sites, list.n_sites, &room, sizeof(*list.sites));
		row = &list.sites[list.n_sites++];
		row->site_code = xstrdup(db_text(rows, 0));
		row->lea_code = xstrdup(db_text(rows, 1));
		snprintf(row->version, HASH_SIZE, "%s", db_text(rows, 2));
	}
	if (r < 0) {
		site_version_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

void site_version_list_done(struct site_version_list *list)
{
	for (size_t i = 0; i < list->n_sites; i++) {
		free(list->sites[i].site_code);
		free(list->sites[i].lea_code);
	}
	free(list->sites);
	*list = (struct site_version_list){ 0 };
}
