/* SPDX-License-Identifier: Apache-2.0 */
#include <search.h>
#include <string.h>

#include "collector/act/inventory_rows.h"
#include "common/base/mem.h"

#define TEXTS_MIN 65536

struct inventory_kept {
	const char *site_code;
	uint32_t at; /* in texts: asset tag, serial, host name, room, each ended by NUL */
	uint32_t site;
	uint32_t place; /* among all rows */
	uint8_t role;
	bool has_role, has_room;
};

/* In the tree; of one piece of memory. */
struct known_site {
	size_t number;
	char code[];
};

static int compare_codes(const void *a, const void *b)
{
	return strcmp(((const struct known_site *)a)->code, ((const struct known_site *)b)->code);
}

static struct known_site *new_site(const char *code)
{
	size_t size = strlen(code) + 1;
	struct known_site *site = xcalloc(1, sizeof(*site) + size);

	memcpy(site->code, code, size);
	return site;
}

size_t inventory_rows_site(struct inventory_rows *rows, const char *site_code)
{
	struct known_site *site = new_site(site_code), **found;

	site->number = rows->n_sites;
	found = (struct known_site **)tsearch(site, &rows->by_code, compare_codes);
	if (!found)
		abort();
	if (*found != site) {
		free(site);
		return (*found)->number;
	}
	rows->sites = xgrow(rows->sites, rows->n_sites, &rows->room_sites, sizeof(rows->sites[0]));
	rows->sites[rows->n_sites++] = site->code;
	return site->number;
}

int inventory_rows_find_site(const struct inventory_rows *rows, const char *site_code,
			     size_t *ret_site)
{
	_cleanup_free_ struct known_site *site = new_site(site_code);
	struct known_site **found =
		(struct known_site **)tfind(site, &rows->by_code, compare_codes);

	if (!found)
		return 0;
	*ret_site = (*found)->number;
	return 1;
}

static void keep_text(struct inventory_rows *rows, const char *text)
{
	size_t size = strlen(text) + 1;

	while (rows->room - rows->used < size) {
		rows->room = rows->room ? rows->room * 2 : TEXTS_MIN;
		rows->texts = xreallocarray(rows->texts, rows->room, 1);
	}
	memcpy(rows->texts + rows->used, text, size);
	rows->used += size;
}

void inventory_rows_add(struct inventory_rows *rows, size_t site, const struct inventory_row *row)
{
	rows->rows = xgrow(rows->rows, rows->n_rows, &rows->room_rows, sizeof(rows->rows[0]));
	rows->rows[rows->n_rows] = (struct inventory_kept){
		.site_code = rows->sites[site],
		.at = (uint32_t)rows->used,
		.site = (uint32_t)site,
		.place = (uint32_t)rows->n_rows,
		.role = (uint8_t)row->role,
		.has_role = row->has_role,
		.has_room = row->has_room,
	};
	rows->n_rows++;
	keep_text(rows, row->asset_tag);
	keep_text(rows, row->serial);
	keep_text(rows, row->host_name);
	keep_text(rows, row->has_room ? row->room : "");
}

static int compare_rows(const void *a, const void *b)
{
	const struct inventory_kept *left = a, *right = b;
	int order = left->site == right->site ? 0 : strcmp(left->site_code, right->site_code);

	if (order)
		return order;
	return left->place < right->place ? -1 : left->place > right->place;
}

void inventory_rows_sort(struct inventory_rows *rows)
{
	if (rows->n_rows > 0)
		qsort(rows->rows, rows->n_rows, sizeof(rows->rows[0]), compare_rows);
}

size_t inventory_rows_site_of(const struct inventory_rows *rows, size_t index)
{
	return rows->rows[index].site;
}

void inventory_rows_get(const struct inventory_rows *rows, size_t index,
			struct inventory_row *ret_row)
{
	const struct inventory_kept *kept = &rows->rows[index];
	const char *text = rows->texts + kept->at;
	const char **const texts[] = { &ret_row->asset_tag, &ret_row->serial, &ret_row->host_name,
				       &ret_row->room };

	ret_row->site_code = kept->site_code;
	ret_row->has_role = kept->has_role;
	ret_row->role = (enum device_role)kept->role;
	ret_row->has_room = kept->has_room;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		*texts[i] = text;
		text += strlen(text) + 1;
	}
}

void inventory_rows_done(struct inventory_rows *rows)
{
	tdestroy(rows->by_code, free);
	free(rows->sites);
	free(rows->rows);
	free(rows->texts);
	*rows = (struct inventory_rows){ 0 };
}
