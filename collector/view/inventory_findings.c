/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/view/inventory_findings.h"
#include "common/base/mem.h"
#include "common/model/placeholder.h"

const char *const finding_kind_words[] = {
	"twice", "moved", "unexpected", "retired", "never_seen", "not_since", NULL,
};
static_assert(ARRAY_SIZE(finding_kind_words) == FINDING_MAX_ + 1, "every kind has a word");

/* --- at the same site ----------------------------------------------------------------- */

/* A device in an order, or the other one of a device. */
struct ref {
	const struct inventory_device *device; /* NULL: none */
};

static int compare_names(enum device_name kind, const struct inventory_device *a,
			 const struct inventory_device *b)
{
	return kind == DEVICE_NAME_HOST ? strcasecmp(a->names[kind], b->names[kind])
					: strcmp(a->names[kind], b->names[kind]);
}

/* Of one name, those that enrolled come first. */
static int compare(enum device_name kind, const void *left, const void *right)
{
	const struct inventory_device *a = ((const struct ref *)left)->device;
	const struct inventory_device *b = ((const struct ref *)right)->device;
	int order = compare_names(kind, a, b);

	if (order == 0)
		order = (int)b->is_enrolled - (int)a->is_enrolled;
	return order ? order : strcmp(a->id, b->id);
}

static int compare_asset_tags(const void *a, const void *b)
{
	return compare(DEVICE_NAME_ASSET_TAG, a, b);
}

static int compare_serials(const void *a, const void *b)
{
	return compare(DEVICE_NAME_SERIAL, a, b);
}

static int compare_hosts(const void *a, const void *b)
{
	return compare(DEVICE_NAME_HOST, a, b);
}

static int (*const orders[])(const void *a, const void *b) = {
	[DEVICE_NAME_ASSET_TAG] = compare_asset_tags,
	[DEVICE_NAME_SERIAL] = compare_serials,
	[DEVICE_NAME_HOST] = compare_hosts,
};
static_assert(ARRAY_SIZE(orders) == DEVICE_NAME_MAX_, "every name has an order");

/*
 * Makers give a serial number once, so all that have one are the same machine. Of asset tags
 * and host names that cannot be said: imaged laboratories are called alike. But a line that
 * waits for a machine which is there already waits in vain.
 */
static bool is_same(enum device_name kind, const struct inventory_device *device)
{
	return kind == DEVICE_NAME_SERIAL || !device->is_enrolled;
}

static void find_same(const struct finding_site *site, enum device_name kind, struct ref *others)
{
	const struct inventory_device_list *list = site->devices;
	struct ref *named = xcalloc(list->n_devices + 1, sizeof(named[0]));
	size_t n = 0, end;

	for (size_t i = 0; i < list->n_devices; i++) {
		const struct inventory_device *device = &list->devices[i];

		if (device->state != STATE_RETIRED && device->names[kind][0] &&
		    (kind != DEVICE_NAME_SERIAL || serial_of_one(device->names[kind])[0]))
			named[n++].device = device;
	}
	if (n > 0)
		qsort(named, n, sizeof(named[0]), orders[kind]);
	for (size_t i = 0; i < n; i = end) {
		const struct inventory_device *first = named[i].device;

		for (end = i + 1; end < n && compare_names(kind, first, named[end].device) == 0;
		     end++) {
			if (is_same(kind, named[end].device))
				others[named[end].device - list->devices].device = first;
		}
		if (end > i + 1 && is_same(kind, first))
			others[first - list->devices] = named[i + 1];
	}
	free(named);
}

/* --- at another site ------------------------------------------------------------------ */

#define TO_DO_TWO_LISTS                                                                       \
	"Two schools list this machine. Take its line out of the inventory of the one where " \
	"it is not, and import that again."
#define TO_DO_TWO_DEVICES                                                                       \
	"Two schools have a device with this serial number. List the machine in the inventory " \
	"of the one where it is, and import those of both."
#define TO_DO_SEEN_THERE                                                                       \
	"This school lists it, and another one has it. Bring it here and enrol it with a key " \
	"of this school, or take its line out of the inventory."
#define TO_DO_LISTED_THERE                                                                       \
	"It reports as a device of this school, and another one's inventory lists it. Enrol it " \
	"with a key of that school, or mend that inventory."
#define TO_DO_TWO_LINES                                                                     \
	"Two rows of this school name one machine. Take the line that nobody enrolled for " \
	"out of the inventory, or mend its names, and import it again."
#define TO_DO_TWO_KEYS                                                                          \
	"Two devices of this school have one serial number. List the one that is there by its " \
	"asset tag or host name; the other one does not count then."

/* What a machine is at a site: a line that waits, a device that a list has, or one it has not. */
enum standing { STANDING_LINE, STANDING_LISTED, STANDING_COUNTED, STANDING_OTHER, STANDING_MAX_ };

static enum standing standing_of(bool is_enrolled, bool is_expected, bool has_inventory)
{
	if (!is_enrolled)
		return STANDING_LINE;
	if (!is_expected)
		return STANDING_OTHER;
	return has_inventory ? STANDING_LISTED : STANDING_COUNTED;
}

/* Here, and there. Where there is no sentence, both are as they are to be. */
/* clang-format off */
static const struct {
	enum finding_kind kind;
	const char *to_do;
} places[STANDING_MAX_][STANDING_MAX_] = {
	[STANDING_LINE] = {
		[STANDING_LINE] = { FINDING_TWICE, TO_DO_TWO_LISTS },
		[STANDING_LISTED] = { FINDING_TWICE, TO_DO_TWO_LISTS },
		[STANDING_COUNTED] = { FINDING_MOVED, TO_DO_SEEN_THERE },
		[STANDING_OTHER] = { FINDING_MOVED, TO_DO_SEEN_THERE },
	},
	[STANDING_LISTED] = {
		[STANDING_LINE] = { FINDING_TWICE, TO_DO_TWO_LISTS },
		[STANDING_LISTED] = { FINDING_TWICE, TO_DO_TWO_LISTS },
		[STANDING_COUNTED] = { FINDING_TWICE, TO_DO_TWO_DEVICES },
	},
	[STANDING_COUNTED] = {
		[STANDING_LINE] = { FINDING_MOVED, TO_DO_LISTED_THERE },
		[STANDING_LISTED] = { FINDING_TWICE, TO_DO_TWO_DEVICES },
		[STANDING_COUNTED] = { FINDING_TWICE, TO_DO_TWO_DEVICES },
	},
	[STANDING_OTHER] = {
		[STANDING_LINE] = { FINDING_MOVED, TO_DO_LISTED_THERE },
		[STANDING_LISTED] = { FINDING_MOVED, TO_DO_LISTED_THERE },
	},
};
/* clang-format on */

static int compare_here(const void *id, const void *twin)
{
	return strcmp(id, ((const struct inventory_twin *)twin)->here_id);
}

/* What the device is by one that has its serial number elsewhere; the worst of several. */
static bool find_elsewhere(const struct finding_site *site, const struct inventory_device *device,
			   struct finding *ret_finding)
{
	const struct inventory_twin_list *list = site->twins;
	enum standing here =
		standing_of(device->is_enrolled, device->is_expected, site->has_inventory);
	const struct inventory_twin *twin =
		list->n_twins == 0 ? NULL
				   : bsearch(device->id, list->twins, list->n_twins, sizeof(*twin),
					     compare_here);
	bool is_found = false;

	while (twin && twin > list->twins && strcmp(twin[-1].here_id, device->id) == 0)
		twin--;
	for (; twin && twin < list->twins + list->n_twins && strcmp(twin->here_id, device->id) == 0;
	     twin++) {
		enum standing there =
			standing_of(twin->is_enrolled, twin->is_expected, twin->has_inventory);

		if (!places[here][there].to_do ||
		    (is_found && places[here][there].kind >= ret_finding->kind))
			continue;
		*ret_finding = (struct finding){ .kind = places[here][there].kind,
						 .device = device,
						 .twin = twin,
						 .to_do = places[here][there].to_do };
		is_found = true;
	}
	return is_found;
}

/* --- all of them ---------------------------------------------------------------------- */

/* What is to be seen of it alone; false: nothing is to be done. */
static bool find_alone(const struct finding_site *site, const struct inventory_device *device,
		       struct finding *ret_finding)
{
	static const char *const to_do[] = {
		[FINDING_UNEXPECTED] = "If it belongs to this school, add it to the inventory and "
				       "import that again; until then it does not count.",
		[FINDING_NEVER_SEEN] =
			"Find the machine and enrol it with a key of this school, or "
			"take its line out of the inventory.",
		[FINDING_NOT_SINCE] = "Find the machine and turn it on with a network, or take it "
				      "out of the inventory and import that again.",
	};
	enum finding_kind kind;

	if (!device->is_expected)
		kind = FINDING_UNEXPECTED;
	else if (device->seen_ms == 0)
		kind = FINDING_NEVER_SEEN;
	else if (device->seen_ms < site->since_ms)
		kind = FINDING_NOT_SINCE;
	else
		return false;
	*ret_finding = (struct finding){ .kind = kind, .device = device, .to_do = to_do[kind] };
	return true;
}

static bool find(const struct finding_site *site, const struct inventory_device *device,
		 const struct inventory_device *other, struct finding *ret_finding)
{
	if (other) {
		*ret_finding = (struct finding){
			.kind = FINDING_TWICE,
			.device = device,
			.other = other,
			.to_do = device->is_enrolled && other->is_enrolled ? TO_DO_TWO_KEYS
									   : TO_DO_TWO_LINES,
		};
		return true;
	}
	return find_elsewhere(site, device, ret_finding) || find_alone(site, device, ret_finding);
}

/* Nobody is to be told of a machine that was turned off as it was retired, or long ago. */
static bool find_retired(const struct finding_site *site, const struct inventory_device *device,
			 struct finding_list *list)
{
	if (device->seen_ms <= device->state_since_ms || device->seen_ms < site->since_ms)
		return false;
	list->findings[list->n_findings] = (struct finding){
		.kind = FINDING_RETIRED,
		.device = device,
		.to_do = "It was retired and reports since then. If it is in use, restore it, so "
			 "that "
			 "it counts; if not, find the machine and turn it off.",
	};
	list->n_kinds[FINDING_RETIRED]++;
	return true;
}

int finding_compare(const struct finding *a, const struct finding *b)
{
	int order = (int)a->kind - (int)b->kind;

	if (order == 0)
		order = strcmp(a->device->room, b->device->room);
	if (order == 0)
		order = strcmp(a->device->names[DEVICE_NAME_HOST],
			       b->device->names[DEVICE_NAME_HOST]);
	return order ? order : strcmp(a->device->id, b->device->id);
}

static int compare_findings(const void *a, const void *b)
{
	return finding_compare(a, b);
}

void findings_make(const struct finding_site *site, struct finding_list *ret_list)
{
	const struct inventory_device_list *devices = site->devices;
	struct ref *others = xcalloc(devices->n_devices + 1, sizeof(others[0]));
	struct finding_list list = { .findings = xcalloc(devices->n_devices + 1,
							 sizeof(list.findings[0])) };

	for (unsigned i = 0; i < DEVICE_NAME_MAX_; i++)
		find_same(site, (enum device_name)i, others);
	for (size_t i = 0; i < devices->n_devices; i++) {
		const struct inventory_device *device = &devices->devices[i];
		struct finding *finding = &list.findings[list.n_findings];

		if (device->state == STATE_RETIRED) {
			list.n_findings += find_retired(site, device, &list);
			continue;
		}
		list.n_expected += device->is_expected;
		list.n_seen += device->is_expected && device->seen_ms != 0 &&
			       device->seen_ms >= site->since_ms;
		if (find(site, device, others[i].device, finding)) {
			list.n_kinds[finding->kind]++;
			list.n_findings++;
		}
	}
	free(others);
	qsort(list.findings, list.n_findings, sizeof(list.findings[0]), compare_findings);
	*ret_list = list;
}

void finding_list_done(struct finding_list *list)
{
	free(list->findings);
	*list = (struct finding_list){ 0 };
}
