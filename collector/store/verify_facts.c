/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/store_facts.h"
#include "collector/store/verify.h"
#include "common/base/mem.h"

enum {
	PAGE_DEVICES = 500, /* of one transaction */
};

/* Of the devices after an id that have reported. */
struct page {
	char last_id[ID_SIZE];
	size_t n_devices, n_damaged;
	char damaged[PAGE_DEVICES][ID_SIZE];
};

/* The next device of the page: whether its facts are those that were hashed. */
static int check_row(struct db_rows *rows, struct page *page, struct verify *verify,
		     struct err *err)
{
	_cleanup_free_ char *text = NULL, *what = NULL;
	const char *why = "they are not those that were stored";
	char hash[HASH_SIZE] = "";
	int r;

	snprintf(page->last_id, ID_SIZE, "%s", db_text(rows, 0));
	page->n_devices++;
	r = store_facts_read(rows, 2, page->last_id, &text, err);
	if (r < 0 && r != -EBADMSG)
		return r;
	if (r == -EBADMSG)
		why = "they cannot be unpacked";
	else if (!text)
		why = "there are none, though it has reported";
	else
		hash_hex(text, strlen(text), hash);
	if (strcmp(hash, db_text(rows, 1)) == 0)
		return 0;
	memcpy(page->damaged[page->n_damaged++], page->last_id, ID_SIZE);
	what = xasprintf("device %s: its facts are damaged: %s; ask for them anew with check "
			 "--repair, or restore a backup if there are many",
			 page->last_id, why);
	verify->found(verify->arg, what);
	return 0;
}

static int check_page(struct store *store, const char *after_id, struct page *page,
		      struct verify *verify, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT id, facts_hash, " FACTS_COLUMNS " FROM device "
			 "LEFT JOIN device_facts ON device_id = id "
			 "WHERE id > $1 AND facts_hash <> '' AND facts_hash <> 'damaged' "
			 "ORDER BY id LIMIT $2",
			 &rows, err, "ti", after_id, (int64_t)PAGE_DEVICES);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		r = check_row(rows, page, verify, err);
		if (r < 0)
			break;
	}
	return r;
}

/* Both in one transaction: what was found is what is forgotten. */
static int verify_page(struct store *store, bool is_repair, const char *after_id, struct page *page,
		       struct verify *verify, struct err *err)
{
	int r = store_begin(store, err);

	if (r < 0)
		return r;
	r = check_page(store, after_id, page, verify, err);
	for (size_t i = 0; is_repair && r >= 0 && i < page->n_damaged; i++)
		r = store_facts_forget(store, page->damaged[i], err);
	if (r >= 0 && is_repair && page->n_damaged > 0)
		r = store_commit(store, err);
	store_rollback(store);
	return r;
}

int verify_facts(struct store *store, bool is_repair, struct verify *verify, struct err *err)
{
	_cleanup_free_ struct page *page = xcalloc(1, sizeof(*page));
	char after_id[ID_SIZE] = "";
	int r;

	do {
		*page = (struct page){ 0 };
		r = verify_page(store, is_repair, after_id, page, verify, err);
		memcpy(after_id, page->last_id, ID_SIZE);
	} while (r >= 0 && page->n_devices == PAGE_DEVICES);
	return r;
}
