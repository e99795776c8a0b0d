/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_profile.h"
#include "collector/act/audience.h"
#include "collector/act/compose.h"
#include "collector/act/prepare.h"
#include "collector/store/store_supplement.h"

/* Whether @supplement is what its LEA or site asks already: 1 or 0. */
static int is_there(struct store *store, const struct supplement *supplement, struct err *err)
{
	_cleanup_(supplement_freep) struct supplement *old = NULL;
	int r = store_supplement_get(store, supplement->profile_id, supplement->scope,
				     supplement->scope_code, &old, err);

	/* One that this version of the collector cannot read any more must not stay for that. */
	if (r == -ENOENT || r == -EUCLEAN)
		return 0;
	return r < 0 ? r : strcmp(old->version, supplement->version) == 0;
}

int act_supplement_publish(struct store *store, const struct supplement *supplement, int64_t now_ms,
			   struct reach *ret_reach, struct err *err)
{
	const struct audience audience = { supplement->scope, supplement->scope_code };
	const struct composer_change change = { .supplement = supplement };
	_cleanup_(composer_freep) struct composer *composer = NULL;
	int r = composer_open(store, supplement->profile_id, &change, &composer, err);

	if (r >= 0)
		r = audience_check(store, &audience, err);
	if (r >= 0)
		r = is_there(store, supplement, err);
	if (r > 0)
		*ret_reach = (struct reach){ 0 };
	if (r != 0)
		return r < 0 ? r : 0;
	r = composer_check_idle(composer, &audience, err);
	if (r >= 0)
		r = store_supplement_put(store, supplement, now_ms, err);
	return r < 0 ? r
		     : act_compose(store, supplement->profile_id, &audience, now_ms, ret_reach,
				   err);
}

int act_supplement_withdraw(struct store *store, const char *profile_id,
			    const struct audience *audience, int64_t now_ms,
			    struct reach *ret_reach, struct err *err)
{
	_cleanup_(composer_freep) struct composer *composer = NULL;
	int r = store_supplement_delete(store, profile_id, audience->scope, audience->code, err);

	if (r >= 0)
		r = composer_open(store, profile_id, NULL, &composer, err);
	if (r >= 0)
		r = composer_check_idle(composer, audience, err);
	return r < 0 ? r : act_compose(store, profile_id, audience, now_ms, ret_reach, err);
}

int act_supplement_prepare(struct store *reader, const struct supplement *supplement,
			   struct prepared *ret_prepared, struct err *err)
{
	const struct audience audience = { supplement->scope, supplement->scope_code };
	const struct composer_change change = { .supplement = supplement };
	const struct prepare_of of = { supplement->profile_id, &change, &audience };

	return act_prepare_change(reader, &of, ret_prepared, err);
}

int act_supplement_withdraw_prepare(struct store *reader, const char *profile_id,
				    const struct audience *audience, struct prepared *ret_prepared,
				    struct err *err)
{
	const struct composer_change change = { .withdrawn = audience };
	const struct prepare_of of = { profile_id, &change, audience };

	return act_prepare_change(reader, &of, ret_prepared, err);
}
