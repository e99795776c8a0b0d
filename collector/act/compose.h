/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What sites are judged by, composed of what is in the store; changes nothing. Sites for
 * which the same holds have one composition, which is made once.
 */

#include "collector/act/act_profile.h"
#include "collector/domain/supplement.h"
#include "collector/store/store.h"
#include "common/model/profile.h"

/*
 * Whoever changes what profile_compose() makes of the same raises it: what was composed before is
 * then not taken for what would be now, and act_compose_anew() composes what sites are judged by.
 */
#define COMPOSER_VERSION "1"

struct composer;

struct waiver;

/*
 * As if these were published and given, and those were ended; each may be NULL. Borrowed while the
 * composer is open. Of @waiver what is composed counts, and its id and created_ms, by which it has
 * its place.
 */
struct composer_change {
	const struct profile *base;
	const struct supplement *supplement;
	const struct audience *withdrawn; /* whose supplement is */
	const struct waiver *waiver;
	const char *ended_id; /* of a waiver */
};

/*
 * Begin for the profile @profile_id, in a transaction of the caller's, which lasts as
 * long. @change may be NULL. composer_free() *@ret_composer. -ENOENT: it is neither
 * published nor in @change.
 */
int composer_open(struct store *store, const char *profile_id, const struct composer_change *change,
		  struct composer **ret_composer, struct err *err) _must_check_;
void composer_free(struct composer *composer);
DEFINE_CLEANUP(struct composer *, composer_free);

/* Texts of the composer, valid until the next call. */
struct composition {
	const char *version;
	const char *body;   /* NULL: it is in the store, or what is in the change */
	const char *inputs; /* what store_composition_put() keeps @body by */
};
/*
 * What the site @site_code of @lea_code is judged by; with a NULL @site_code what holds for
 * all sites of the LEA, with NULL for both for all sites. Sites of one LEA should come one
 * after the other. -EINVAL, -E2BIG: a supplement or the waivers do not fit; @err names what.
 */
int composer_get(struct composer *composer, const char *site_code, const char *lea_code,
		 struct composition *ret_composition, struct err *err) _must_check_;
/* Keep what it has, unless it is kept already. */
int composition_put(struct store *store, const char *profile_id,
		    const struct composition *composition, int64_t now_ms,
		    struct err *err) _must_check_;
/* The same as composer_get(), as a profile; owned by the caller: profile_free() it. */
int composer_profile(struct composer *composer, const char *site_code, const char *lea_code,
		     struct profile **ret_profile, struct err *err) _must_check_;
/*
 * Whether what @audience asks and everything narrower fits; what others ask is not even
 * read. composer_check_idle() leaves away sites whose window names the profile: composing is
 * most of the work, and act_compose() finds those that do not fit.
 */
int composer_check(struct composer *composer, const struct audience *audience,
		   struct err *err) _must_check_;
int composer_check_idle(struct composer *composer, const struct audience *audience,
			struct err *err) _must_check_;
