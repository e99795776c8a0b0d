/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each table is read once, in its own order, and put together here: SQLite would look up each
 * site in each of them, which takes four times as long.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/sight_sql.h"
#include "collector/store/store_site.h"
#include "common/base/civil.h"
#include "common/base/mem.h"

const char *const site_brief_tables[] = { "site_count", "test_window", "rejudge", NULL };

#define TEXTS_BYTES ((size_t)64 * 1024)

/* Many short texts that go together; a site has two. */
struct texts {
	struct texts *next;
	size_t used, size;
	char bytes[];
};

static const char *keep(struct site_brief_list *list, const char *text)
{
	size_t len = strlen(text) + 1;
	struct texts *texts = list->texts;

	if (!texts || texts->size - texts->used < len) {
		size_t size = len > TEXTS_BYTES ? len : TEXTS_BYTES;

		texts = xcalloc(1, sizeof(*texts) + size);
		texts->size = size;
		texts->next = list->texts;
		list->texts = texts;
	}
	texts->used += len;
	return memcpy(texts->bytes + texts->used - len, text, len);
}

static void list_done(struct site_brief_list *list)
{
	while (list->texts) {
		struct texts *texts = list->texts;

		list->texts = texts->next;
		free(texts);
	}
	free(list->sites);
	*list = (struct site_brief_list){ 0 };
}

static int by_code(const void *a, const void *b)
{
	return strcmp(((const struct site_brief *)a)->code, ((const struct site_brief *)b)->code);
}

/* Sites are only looked up for who does not see all of them. */
#define ALL_COUNTS "SELECT site_code, " SITE_COUNT_COLUMNS " FROM site_count"
#define SEEN_COUNTS \
	ALL_COUNTS " JOIN site ON code = site_code WHERE " SEES("lea_code", "code", "$1", "$2")

static int read_counts(struct store *store, const struct sight *sight, struct site_brief_list *list,
		       struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	bool is_sorted = true;
	size_t room = 0;
	int r = sight && sight->is_all
			? db_query(store->db, ALL_COUNTS, &rows, err, "")
			: db_query(store->db, SEEN_COUNTS, &rows, err, "tt", SIGHT_VALUES(sight));

	if (r < 0)
		return r;
	while ((r = db_next(rows, err)) > 0) {
		struct site_brief *site;

		list->sites = xgrow(list->sites, list->n_sites, &room, sizeof(*list->sites));
		site = &list->sites[list->n_sites++];
		*site = (struct site_brief){ .code = keep(list, db_text(rows, 0)) };
		site_count_read(rows, 1, &site->count);
		if (list->n_sites > 1 && by_code(site - 1, site) > 0)
			is_sorted = false;
	}
	if (r >= 0 && !is_sorted)
		qsort(list->sites, list->n_sites, sizeof(*list->sites), by_code);
	return r;
}

/* The site with @code, at *@hint where tables are in one order; NULL: none. */
static struct site_brief *find(const struct site_brief_list *list, const char *code, size_t *hint)
{
	struct site_brief *site = NULL;

	if (*hint < list->n_sites && strcmp(list->sites[*hint].code, code) == 0)
		site = &list->sites[*hint];
	else if (list->n_sites > 0)
		site = bsearch(&(struct site_brief){ .code = code }, list->sites, list->n_sites,
			       sizeof(*list->sites), by_code);
	if (site)
		*hint = (size_t)(site - list->sites) + 1;
	return site;
}

/* *@same_version: of the site before, since sites of a district are mostly judged by one. */
static int read_window(struct db_rows *rows, struct site_brief_list *list, struct site_brief *site,
		       const char **same_version, struct err *err)
{
	const char *version = db_text(rows, 3);
	int r = civil_parse(db_text(rows, 1), &site->first, err);

	if (r >= 0)
		r = civil_parse(db_text(rows, 2), &site->last, err);
	if (r < 0)
		return err_prefix(err, -EUCLEAN, "window of site %s", site->code);
	site->has_window = true;
	if (strcmp(*same_version, version) != 0)
		*same_version = keep(list, version);
	site->profile_version = *same_version;
	return 0;
}

static int read_windows(struct store *store, struct site_brief_list *list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	const char *same_version = "";
	size_t hint = 0;
	int r = db_query(store->db,
			 "SELECT site_code, first_day, last_day, profile_version FROM test_window",
			 &rows, err, "");

	if (r < 0)
		return r;
	while ((r = db_next(rows, err)) > 0) {
		struct site_brief *site = find(list, db_text(rows, 0), &hint);

		if (site)
			r = read_window(rows, list, site, &same_version, err);
		if (r < 0)
			return r;
	}
	return r;
}

static int read_queued(struct store *store, struct site_brief_list *list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	size_t hint = 0;
	int r = db_query(store->db, "SELECT site_code FROM rejudge", &rows, err, "");

	if (r < 0)
		return r;
	while ((r = db_next(rows, err)) > 0) {
		struct site_brief *site = find(list, db_text(rows, 0), &hint);

		if (site)
			site->is_queued = true;
	}
	return r;
}

static int read_list(struct store *store, const struct sight *sight,
		     struct site_brief_list *ret_list, struct err *err)
{
	struct site_brief_list list = { 0 };
	int r = read_counts(store, sight, &list, err);

	if (r >= 0)
		r = read_windows(store, &list, err);
	if (r >= 0)
		r = read_queued(store, &list, err);
	if (r < 0) {
		list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

/* --- what is kept --------------------------------------------------------------------- */

struct sites_kept {
	int64_t turn; /* of site_turn, that "all" was read at; 0: it was not */
	struct site_brief_list all, some;
};

void sites_kept_free(struct sites_kept *kept)
{
	if (!kept)
		return;
	list_done(&kept->all);
	list_done(&kept->some);
	free(kept);
}

static int read_turn(struct store *store, int64_t *ret_turn, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT n FROM site_turn", &rows, err, "");

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_turn = db_int(rows, 0);
	return r < 0 ? r : 0;
}

int store_site_briefs(struct store *store, const struct sight *sight,
		      const struct site_brief_list **ret_list, struct err *err)
{
	/* Who writes sees what has no number yet. */
	bool is_kept = store->is_read_only && sight && sight->is_all;
	struct site_brief_list *list, now;
	int64_t turn = 0;
	int r = is_kept ? read_turn(store, &turn, err) : 0;

	if (r < 0)
		return r;
	if (!store->sites)
		store->sites = xcalloc(1, sizeof(*store->sites));
	list = is_kept ? &store->sites->all : &store->sites->some;
	if (!is_kept || turn == 0 || turn != store->sites->turn) {
		/* Read after the number: so it is at least as new, in a snapshot or not. */
		r = read_list(store, sight, &now, err);
		if (r < 0)
			return r;
		list_done(list);
		*list = now;
		if (is_kept)
			store->sites->turn = turn;
	}
	*ret_list = list;
	return 0;
}
