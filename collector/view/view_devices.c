/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/view/cursor.h"
#include "collector/view/device_summary.h"
#include "collector/view/view_devices.h"
#include "common/base/id.h"
#include "common/base/mem.h"

/* --- cursors ------------------------------------------------------------------------ */

enum {
	TEXT_LIST,
	TEXT_STATE,
	TEXT_SITE,
	TEXT_ROOM,
	TEXT_HOST,
	TEXT_ID,
	TEXT_SEEN,
	N_TEXTS,
};

#define LIST_DIGITS 16
#define LIST_SIZE (sizeof("devices-") + LIST_DIGITS)

static void print_word(FILE *out, const char *word)
{
	if (word)
		fprintf(out, "%zu:%s,", strlen(word), word);
	else
		fputs("-,", out);
}

/* What tells one list of devices from another: a cursor means a place in the one it is of. */
static void name_list(const struct device_asked *asked, char ret_name[static LIST_SIZE])
{
	const struct device_filter *filter = asked->filter;
	const char *const words[] = { asked->site_code, filter->fix,  filter->requirement,
				      filter->passes,   filter->room, filter->waives,
				      filter->model,    filter->lea,  filter->profile };
	char *text = NULL, hash[HASH_SIZE];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		print_word(out, words[i]);
	fprintf(out, "%u,%u,%u,%d,%d,%s", filter->states, filter->results, filter->roles,
		filter->is_expected, filter->is_waived, device_sort_words[asked->sort]);
	fclose(out);
	hash_hex(text, size, hash);
	free(text);
	snprintf(ret_name, LIST_SIZE, "devices-%.*s", LIST_DIGITS, hash);
}

static json_t *cursor_json(const struct device_asked *asked, const struct device_mark *mark)
{
	_cleanup_free_ char *cursor = NULL;
	char list[LIST_SIZE], state[16], seen[32];

	name_list(asked, list);
	snprintf(state, sizeof(state), "%u", mark->state);
	snprintf(seen, sizeof(seen), "%" PRId64, mark->device.seen_ms);
	cursor = cursor_write((const char *[]){ [TEXT_LIST] = list,
						[TEXT_STATE] = state,
						[TEXT_SITE] = mark->site_code,
						[TEXT_ROOM] = mark->device.room,
						[TEXT_HOST] = mark->device.host_name,
						[TEXT_ID] = mark->device.id,
						[TEXT_SEEN] = seen },
			      N_TEXTS);
	return json_string(cursor);
}

/* Borrowed from *@ret_json. */
static int read_mark(const struct device_asked *asked, const char *cursor,
		     struct device_mark *ret_mark, json_t **ret_json, struct err *err)
{
	const char *texts[N_TEXTS];
	char list[LIST_SIZE];
	int r;

	name_list(asked, list);
	r = cursor_read(cursor, list, N_TEXTS, texts, ret_json, err);
	if (r < 0)
		return r;
	*ret_mark = (struct device_mark){
		.state = (unsigned)strtoul(texts[TEXT_STATE], NULL, 10),
		.site_code = texts[TEXT_SITE],
		.device = { texts[TEXT_ROOM], texts[TEXT_HOST], texts[TEXT_ID],
			    strtoll(texts[TEXT_SEEN], NULL, 10) },
	};
	/* The sum of a cursor is no secret, and the state will be a place in an array. */
	if (ret_mark->state >= STATE_MAX_)
		ret_mark->state = STATE_MAX_ - 1;
	return 0;
}

/* --- how many there are ---------------------------------------------------------------- */

static int64_t sum_states(const struct site_count *count, unsigned states)
{
	int64_t n = 0;

	for (unsigned i = 0; i < STATE_MAX_; i++) {
		if (!states || states >> i & 1)
			n += count->states[i];
	}
	return n;
}

/* 1: the groups of a site tell, *@ret_n; 0. They are of expected devices. */
static int count_groups(const struct view *view, const struct device_asked *asked, int64_t *ret_n,
			struct err *err)
{
	_cleanup_(device_group_list_done) struct device_group_list groups = { 0 };
	_cleanup_(site_done) struct site site = { 0 };
	const struct device_filter *filter = asked->filter;
	struct device_sieve sieve;
	int64_t n = 0;
	int r = store_site_get(view->store, asked->site_code, &site, err);

	if (r >= 0 && filter->is_expected < 0 && site.count.unexpected > 0)
		return 0;
	if (r >= 0)
		r = device_sieve_make(view, &site, filter, &sieve, err);
	if (r >= 0)
		r = store_device_groups(view->store, asked->site_code, &groups, err);
	for (size_t i = 0; r >= 0 && i < groups.n_groups; i++) {
		const struct device_group *group = &groups.groups[i];
		const struct device one = { .state = group->state,
					    .profile_version = group->profile_version,
					    .results = group->results };
		const struct profile *judge;

		if ((filter->states && !(filter->states >> group->state & 1)) ||
		    (filter->room && strcmp(filter->room, group->room) != 0))
			continue;
		r = device_sieve_wants(&sieve, &one, &judge, err);
		n += r > 0 ? group->n : 0;
	}
	*ret_n = n;
	return r < 0 ? r : 1;
}

/* 1: the counts of sites tell, *@ret_n; 0. They know states, and nothing else. */
static int count_sites(const struct view *view, const struct device_asked *asked, int64_t *ret_n,
		       struct err *err)
{
	const struct device_filter *filter = asked->filter;
	_cleanup_(sight_done) struct sight sight;
	const struct site_query query = { .code = asked->site_code,
					  .lea_code = filter->lea,
					  .profile_id = filter->profile,
					  .is_expected = -1,
					  .sight = &sight };
	struct site_count count;
	int r;

	access_sight(view->grants, MAY_SEE, &sight);
	r = store_site_sum(view->store, &query, &count, err);

	if (r < 0)
		return r;
	if (filter->is_expected != 1 && filter->states && count.unexpected > 0)
		return 0;
	*ret_n = filter->is_expected == 0 ? 0 : sum_states(&count, filter->states);
	if (filter->is_expected != 1)
		*ret_n += count.unexpected;
	return 1;
}

/* "total": an integer, or null where it would have to be counted. */
static int total(const struct view *view, const struct device_asked *asked, json_t **ret_json,
		 struct err *err)
{
	const struct device_filter *filter = asked->filter;
	const struct device_sieve sieve = { .filter = filter };
	bool is_of_group = filter->room || device_sieve_is_fine(&sieve);
	int64_t n = 0;
	int r = 0;

	/* No count knows a role or a model, and none has those that are retired. */
	if (!filter->roles && !filter->model && !(filter->states & 1U << STATE_RETIRED)) {
		if (!is_of_group)
			r = count_sites(view, asked, &n, err);
		else if (asked->site_code && filter->is_expected != 0)
			r = count_groups(view, asked, &n, err);
	}
	if (r >= 0)
		*ret_json = r > 0 ? json_integer(n) : json_null();
	return r < 0 ? r : 0;
}

/* --- a part ------------------------------------------------------------------------------ */

/* Put rows into @rows, and where the next part begins into *@ret_cursor. */
static int fill(struct device_walk *walk, const struct device_asked *asked, size_t limit,
		json_t *rows, json_t **ret_cursor, struct err *err)
{
	struct device_found found;
	struct device_mark mark;
	json_t *cursor = NULL;
	int r;

	while ((r = device_walk_next(walk, &found, err)) == 1) {
		if (json_array_size(rows) == limit)
			break;
		json_array_append_new(rows, device_summary(found.judge, found.device, found.site));
		if (json_array_size(rows) == limit) {
			device_walk_mark(walk, &mark);
			cursor = cursor_json(asked, &mark);
		}
	}
	if (r == 2 && !cursor) {
		device_walk_mark(walk, &mark);
		cursor = cursor_json(asked, &mark);
	}
	if (r > 0) {
		*ret_cursor = cursor;
		return 0;
	}
	json_decref(cursor);
	*ret_cursor = json_null();
	return r;
}

int view_device_list(const struct view *view, const struct device_asked *asked,
		     const struct page *page, json_t **ret_json, struct err *err)
{
	_cleanup_(device_walk_freep) struct device_walk *walk = NULL;
	json_t *place = NULL, *rows = json_array(), *cursor = NULL, *n = NULL;
	struct device_mark mark;
	int r = 0;

	if (page->cursor)
		r = read_mark(asked, page->cursor, &mark, &place, err);
	if (r >= 0)
		r = device_walk_open(view, asked, page->cursor ? &mark : NULL, &walk, err);
	json_decref(place);
	/* In this order: a walk over many sites drops what others borrowed from the cache. */
	if (r >= 0)
		r = fill(walk, asked, page->limit, rows, &cursor, err);
	if (r >= 0)
		r = total(view, asked, &n, err);
	if (r < 0) {
		json_decref(rows);
		json_decref(cursor);
		return r;
	}
	*ret_json =
		json_pack("{s:o, s:o, s:o}", "devices", rows, "total", n, "next_cursor", cursor);
	return 0;
}

int view_devices(const struct view *view, const char *code, const struct device_filter *filter,
		 const struct page *page, json_t **ret_json, struct err *err)
{
	return view_device_list(view, &(struct device_asked){ code, filter, DEVICE_SORT_PLACE },
				page, ret_json, err);
}
