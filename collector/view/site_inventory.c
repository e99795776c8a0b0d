/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/view/site_inventory.h"

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

int site_inventory_read(const struct view *view, const char *site_code, int64_t days,
			struct site_inventory *ret_inventory, struct err *err)
{
	_cleanup_(site_inventory_done) struct site_inventory inventory = { 0 };
	_cleanup_(sight_done) struct sight sight;
	struct finding_site site = { .devices = &inventory.devices,
				     .twins = &inventory.twins,
				     .since_ms = view->now_ms - days * DAY_MS };
	int r = store_site_get(view->store, site_code, &inventory.site, err);

	access_sight(view->grants, MAY_SEE, &sight);
	if (r >= 0 && !view_sees(view, inventory.site.lea_code, inventory.site.code))
		r = err_set(err, -ENOENT, "no site has the code '%s'", site_code);
	if (r >= 0)
		r = store_inventory_devices(view->store, inventory.site.code, &inventory.devices,
					    err);
	if (r >= 0)
		r = store_inventory_twins(view->store, inventory.site.code, &sight,
					  &inventory.twins, err);
	if (r < 0)
		return r;
	site.has_inventory = inventory.site.has_inventory;
	findings_make(&site, &inventory.list);
	/* What the findings borrow stays where it is: only the lists' heads move. */
	*ret_inventory = inventory;
	memset(&inventory, 0, sizeof(inventory));
	return 0;
}

void site_inventory_done(struct site_inventory *inventory)
{
	finding_list_done(&inventory->list);
	inventory_twin_list_done(&inventory->twins);
	inventory_device_list_done(&inventory->devices);
	site_done(&inventory->site);
	*inventory = (struct site_inventory){ 0 };
}

bool finding_other(const struct site *site, const struct finding *finding,
		   struct finding_other *ret_other)
{
	if (finding->twin)
		*ret_other = (struct finding_other){
			finding->twin->id,          finding->twin->site_code,
			finding->twin->site_name,   finding->twin->is_expected,
			finding->twin->is_enrolled, finding->twin->seen_ms,
		};
	else if (finding->other)
		*ret_other = (struct finding_other){
			finding->other->id,
			site->code,
			site->name,
			finding->other->is_expected,
			finding->other->is_enrolled,
			finding->other->seen_ms,
		};
	return finding->twin || finding->other;
}

int finding_kind_read(const char *word, enum finding_kind *ret_kind, struct err *err)
{
	*ret_kind = FINDING_MAX_;
	for (unsigned i = 0; word && i < FINDING_MAX_; i++) {
		if (strcmp(finding_kind_words[i], word) == 0)
			*ret_kind = (enum finding_kind)i;
	}
	if (word && *ret_kind == FINDING_MAX_)
		return err_set(err, -EINVAL,
			       "kind is twice, moved, unexpected, retired, never_seen or "
			       "not_since, not '%.20s'.",
			       word);
	return 0;
}

/* What of @view's grants is in the LEA. */
static int narrow(const struct view *view, const char *lea, struct grants *ret_grants,
		  struct err *err)
{
	struct grant in_lea = { .role = PERSON_VIEWER, .scope = SCOPE_LEA };
	int r = store_lea_has(view->store, lea, err);

	if (r == 0 || (r > 0 && !view_knows_lea(view, lea)))
		return err_set(err, -EINVAL, "no LEA has the code '%.64s'", lea);
	if (r < 0)
		return r;
	snprintf(in_lea.code, sizeof(in_lea.code), "%s", lea);
	grants_narrow(view->grants, &in_lea, ret_grants);
	return 0;
}

int inventory_sites_find(const struct view *view, const struct inventory_sites *asked,
			 struct code_list *ret_codes, struct err *err)
{
	_cleanup_(sight_done) struct sight sight = { 0 };
	const struct site_place place = { &sight, "", asked->after, asked->limit };
	struct grants narrowed;
	int r = asked->lea ? narrow(view, asked->lea, &narrowed, err) : 0;

	if (r < 0)
		return r;
	access_sight(asked->lea ? &narrowed : view->grants, MAY_SEE, &sight);
	return store_site_codes(view->store, &place, ret_codes, err);
}
