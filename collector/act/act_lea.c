/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_audit.h"
#include "collector/act/act_lea.h"
#include "collector/act/audit_diff.h"

/* An LEA while it is changed. */
struct changing {
	struct store *store;
	const struct lea_change *change;
	struct lea lea, after;
	struct lea_about about, about_after;
	int64_t n_sites; /* that go with its zone */
};

static void changing_done(struct changing *changing)
{
	lea_done(&changing->lea);
	lea_done(&changing->after);
	lea_about_done(&changing->about);
	lea_about_done(&changing->about_after);
}

static int read_lea(struct store *store, const struct actor *actor, const char *code,
		    struct lea *ret_lea, struct lea_about *ret_about, struct err *err)
{
	_cleanup_(sight_done) struct sight sight;
	int r;

	access_sight(actor->grants, MAY_SEE, &sight);
	r = store_lea_get(store, &sight, code, ret_lea, err);
	return r < 0 ? r : lea_about_read(store, ret_lea, ret_about, err);
}

/* Who sees one of its sites sees the LEA, and may change only what is theirs as a whole. */
static int may_change(const struct actor *actor, const struct changing *changing, struct err *err)
{
	const struct lea_change *change = changing->change;
	const struct place state = { .scope = SCOPE_STATE };
	const struct place place = { .scope = SCOPE_LEA, .lea_code = changing->lea.code };
	int r = access_check(actor->grants, MAY_MEND_INVENTORY, &place, err);

	if (r >= 0 && (change->name || change->zone))
		r = access_check(actor->grants, MAY_MEND_SITES, &state, err);
	return r;
}

static int look(struct changing *changing, const struct actor *actor, struct err *err)
{
	const struct lea_change *change = changing->change;
	int r = read_lea(changing->store, actor, change->code, &changing->lea, &changing->about,
			 err);

	if (r >= 0)
		r = may_change(actor, changing, err);
	if (r >= 0 && change->version && strcmp(change->version, changing->about.version) != 0)
		return err_set(err, -ESTALE,
			       "The LEA was changed since it was read; read it again.");
	return r;
}

static int write_down(struct changing *changing, struct err *err)
{
	const struct lea_change *change = changing->change;
	const struct lea *old = &changing->lea;
	/* Nothing of it is freed: all texts are borrowed. */
	const struct lea lea = {
		.code = old->code,
		.name = (char *)(change->name ? change->name : old->name),
		.zone = (char *)(change->zone ? change->zone : old->zone),
	};
	int r = store_lea_update(changing->store, &lea, err);

	if (r >= 0 && strcmp(lea.zone, old->zone) != 0)
		r = store_lea_move_sites(changing->store, lea.code, old->zone, lea.zone,
					 &changing->n_sites, err);
	if (r >= 0 && change->has_coordinator)
		r = store_contact_put(changing->store, CONTACT_OF_LEA, lea.code,
				      &change->coordinator, err);
	return r;
}

static json_t *about_json(const struct lea *lea, const struct lea_about *about)
{
	return json_pack("{s:s, s:s, s:o}", "name", lea->name, "zone", lea->zone, "coordinator",
			 audit_contact(&about->contacts.by[CONTACT_OF_LEA]));
}

static int note_change(const struct changing *changing, const struct actor *actor, int64_t now_ms,
		       struct err *err)
{
	json_t *before = about_json(&changing->lea, &changing->about);
	json_t *after = about_json(&changing->after, &changing->about_after);
	const struct audit_note entry = { .act = AUDIT_LEA_CHANGED,
					  .object = changing->lea.code,
					  .lea_code = changing->lea.code,
					  .before = before,
					  .after = after };
	int r;

	audit_drop_same(before, after);
	if (json_object_get(after, "zone"))
		json_object_set_new(after, "sites_with_it", json_integer(changing->n_sites));
	r = act_audit(changing->store, actor, &entry, now_ms, err);
	json_decref(before);
	json_decref(after);
	return r;
}

int act_lea_change(struct store *store, const struct actor *actor, const struct lea_change *change,
		   int64_t now_ms, int64_t *ret_n_sites, struct err *err)
{
	_cleanup_(changing_done) struct changing changing = { .store = store, .change = change };
	int r = look(&changing, actor, err);

	if (r >= 0)
		r = write_down(&changing, err);
	if (r >= 0)
		r = read_lea(store, actor, change->code, &changing.after, &changing.about_after,
			     err);
	if (r >= 0 && strcmp(changing.about.version, changing.about_after.version) != 0)
		r = note_change(&changing, actor, now_ms, err);
	if (r >= 0)
		*ret_n_sites = changing.n_sites;
	return r;
}
