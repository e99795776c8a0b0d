/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "collector/act/inventory_match.h"
#include "common/base/mem.h"
#include "common/model/placeholder.h"

struct inventory_name {
	const char *text;
	const struct inventory_device *device;
};

/* ASCII alone is without case, as in the lower() of the database. */
static int (*const comparisons[])(const char *a, const char *b) = {
	[DEVICE_NAME_ASSET_TAG] = strcmp,
	[DEVICE_NAME_SERIAL] = strcmp,
	[DEVICE_NAME_HOST] = strcasecmp,
};
static_assert(ARRAY_SIZE(comparisons) == DEVICE_NAME_MAX_, "every name can be compared");

/* Of devices with the same name the best comes first. */
static int compare(const struct inventory_name *a, const struct inventory_name *b,
		   enum device_name kind)
{
	int order = comparisons[kind](a->text, b->text);

	if (order)
		return order;
	if (a->device->has_key != b->device->has_key)
		return a->device->has_key ? -1 : 1;
	return strcmp(a->device->id, b->device->id);
}

static int compare_asset_tags(const void *a, const void *b)
{
	return compare(a, b, DEVICE_NAME_ASSET_TAG);
}

static int compare_serials(const void *a, const void *b)
{
	return compare(a, b, DEVICE_NAME_SERIAL);
}

static int compare_hosts(const void *a, const void *b)
{
	return compare(a, b, DEVICE_NAME_HOST);
}

static int (*const orders[])(const void *a, const void *b) = {
	[DEVICE_NAME_ASSET_TAG] = compare_asset_tags,
	[DEVICE_NAME_SERIAL] = compare_serials,
	[DEVICE_NAME_HOST] = compare_hosts,
};
static_assert(ARRAY_SIZE(orders) == DEVICE_NAME_MAX_, "every name has an order");

static void add_names(struct inventory_match *match, enum device_name kind)
{
	const struct inventory_device_list *list = match->devices;
	struct inventory_name *names = xcalloc(list->n_devices + 1, sizeof(names[0]));
	size_t n = 0;

	for (size_t i = 0; i < list->n_devices; i++) {
		const struct inventory_device *device = &list->devices[i];

		if (device->state != STATE_RETIRED && device->names[kind][0])
			names[n++] = (struct inventory_name){ device->names[kind], device };
	}
	qsort(names, n, sizeof(names[0]), orders[kind]);
	match->names[kind] = names;
	match->n_names[kind] = n;
}

void inventory_match_init(struct inventory_match *match,
			  const struct inventory_device_list *devices)
{
	*match = (struct inventory_match){ .devices = devices };
	match->is_found = xcalloc(devices->n_devices + 1, sizeof(match->is_found[0]));
	for (unsigned i = 0; i < DEVICE_NAME_MAX_; i++)
		add_names(match, (enum device_name)i);
}

/* The first of the names that are not before @text. */
static size_t find_first(const struct inventory_match *match, enum device_name kind,
			 const char *text)
{
	size_t begin = 0, end = match->n_names[kind];

	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;

		if (comparisons[kind](match->names[kind][middle].text, text) < 0)
			begin = middle + 1;
		else
			end = middle;
	}
	return begin;
}

static ptrdiff_t find_by(struct inventory_match *match, enum device_name kind, const char *text)
{
	const struct inventory_name *names = match->names[kind];

	for (size_t i = find_first(match, kind, text);
	     i < match->n_names[kind] && comparisons[kind](names[i].text, text) == 0; i++) {
		ptrdiff_t place = names[i].device - match->devices->devices;

		if (!match->is_found[place]) {
			match->is_found[place] = true;
			return place;
		}
	}
	return -1;
}

ptrdiff_t inventory_match_find(struct inventory_match *match, const struct inventory_row *row)
{
	const char *const texts[] = {
		[DEVICE_NAME_ASSET_TAG] = row->asset_tag,
		[DEVICE_NAME_SERIAL] = serial_of_one(row->serial),
		[DEVICE_NAME_HOST] = row->host_name,
	};
	ptrdiff_t place = -1;

	for (unsigned i = 0; i < DEVICE_NAME_MAX_ && place < 0; i++) {
		if (texts[i][0])
			place = find_by(match, (enum device_name)i, texts[i]);
	}
	return place;
}

void inventory_match_done(struct inventory_match *match)
{
	for (unsigned i = 0; i < DEVICE_NAME_MAX_; i++)
		free(match->names[i]);
	free(match->is_found);
	*match = (struct inventory_match){ 0 };
}
