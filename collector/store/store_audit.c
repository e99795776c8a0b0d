/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/store/store_audit.h"
#include "common/base/mem.h"

#define AUDIT_ROW                                                                     \
	"number, at_ms, who, account_id, network, act, object, lea_code, site_code, " \
	"before_json, after_json, hash"

void audit_entry_done(struct audit_entry *entry)
{
	free(entry->who);
	free(entry->account_id);
	free(entry->network);
	free(entry->act);
	free(entry->object);
	free(entry->lea_code);
	free(entry->site_code);
	free(entry->before);
	free(entry->after);
	*entry = (struct audit_entry){ 0 };
}

void audit_list_done(struct audit_list *list)
{
	for (size_t i = 0; i < list->n_entries; i++)
		audit_entry_done(&list->entries[i]);
	free(list->entries);
	*list = (struct audit_list){ 0 };
}

static struct audit_entry read_row(struct db_rows *rows)
{
	struct audit_entry entry = {
		.number = db_int(rows, 0),
		.at_ms = db_int(rows, 1),
		.who = xstrdup(db_text(rows, 2)),
		.account_id = xstrdup(db_text(rows, 3)),
		.network = xstrdup(db_text(rows, 4)),
		.act = xstrdup(db_text(rows, 5)),
		.object = xstrdup(db_text(rows, 6)),
		.lea_code = xstrdup(db_text(rows, 7)),
		.site_code = xstrdup(db_text(rows, 8)),
		.before = xstrdup(db_text(rows, 9)),
		.after = xstrdup(db_text(rows, 10)),
	};

	/* One of another length is no hash; cut off it could be the one that was there. */
	if (strlen(db_text(rows, 11)) == sizeof(entry.hash) - 1)
		memcpy(entry.hash, db_text(rows, 11), sizeof(entry.hash));
	return entry;
}

int store_audit_last(struct store *store, struct audit_entry *ret_entry, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT " AUDIT_ROW " FROM audit ORDER BY number DESC LIMIT 1",
			 &rows, err, "");

	if (r >= 0)
		r = db_next(rows, err);
	if (r >= 0)
		*ret_entry = r > 0 ? read_row(rows) : (struct audit_entry){ 0 };
	return r < 0 ? r : 0;
}

int store_audit_add(struct store *store, const struct audit_entry *entry, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO audit (" AUDIT_ROW
		       ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
		       NULL, err, "iitttttttttt", entry->number, entry->at_ms, entry->who,
		       entry->account_id, entry->network, entry->act, entry->object,
		       entry->lea_code, entry->site_code, entry->before, entry->after, entry->hash);
}

int store_audit_list(struct store *store, const struct audit_query *query,
		     struct audit_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct audit_list list = { 0 };
	int r;

	/* Codes have no spaces in them, so a code between two of them is a whole one. */
	r = db_query(store->db,
		     "SELECT " AUDIT_ROW " FROM audit WHERE ($1 = 0 OR number < $1) "
		     "AND ($2 IS NULL OR act = $2) AND ($3 IS NULL OR object = $3) "
		     "AND ($4 IS NULL OR account_id = $4) AND ($5 = 0 OR at_ms >= $5) "
		     "AND ($6 = 0 OR at_ms < $6) AND ($7 IS NULL OR "
		     "(lea_code <> '' AND replace($7, ' ' || lea_code || ' ', '') <> $7)) "
		     "ORDER BY number DESC LIMIT $8",
		     &rows, err, "itttiiti", query->before, query->act, query->object,
		     query->account_id, query->from_ms, query->until_ms, query->lea_codes,
		     (int64_t)query->limit);
	if (r < 0)
		return r;
	list.entries = xcalloc(query->limit, sizeof(*list.entries));
	while (list.n_entries < query->limit && (r = db_next(rows, err)) > 0)
		list.entries[list.n_entries++] = read_row(rows);
	if (r < 0)
		audit_list_done(&list);
	else
		*ret_list = list;
	return r < 0 ? r : 0;
}

int store_audit_each(struct store *store, int64_t from,
		     int (*each)(void *arg, const struct audit_entry *entry, struct err *err),
		     void *arg, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT " AUDIT_ROW " FROM audit WHERE number >= $1 ORDER BY number",
			 &rows, err, "i", from);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		struct audit_entry entry = read_row(rows);

		r = each(arg, &entry, err);
		audit_entry_done(&entry);
		if (r != 0)
			return r;
	}
	return r;
}
