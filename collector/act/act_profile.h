/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Publishing, waiving, and judging again: docs/decisions/0017-what-a-site-is-judged-by.md.
 * Each function but act_rejudge() runs inside a transaction of the caller, who rolls
 * back on failure. None of them judges a device: they put sites into the queue.
 */

#include <stdint.h>

#include "collector/domain/supplement.h"
#include "collector/store/profile_cache.h"
#include "collector/store/store.h"
#include "collector/store/store_waiver.h"
#include "common/model/profile.h"

/* What a change reaches. */
struct reach {
	int64_t n_sites;   /* that are judged by another document than before */
	int64_t n_devices; /* with a report, of those sites: they are judged again */
	/* Of a waiver: sites that it is for whose window ends after it, so that it does not count.
	 */
	int64_t n_too_short;
};

/* Whom something is for: an LEA or a site of that code; SCOPE_STATE and "": all. */
struct audience {
	enum scope scope;
	const char *code;
};

/* Whether a profile of that id is published: 1 or 0. */
int act_is_published(struct store *store, const char *profile_id, struct err *err) _must_check_;

/*
 * Publish a profile. @body is the file's text. What is published already changes nothing.
 * -EINVAL: a supplement that is in force does not fit it any more, and @err names it; or it
 * has supplements or waivers in it.
 */
int act_publish(struct store *store, const struct profile *profile, const char *body,
		int64_t now_ms, struct reach *ret_reach, struct err *err) _must_check_;

/*
 * Publish what an LEA or a site asks beyond a profile, instead of what it asked before.
 * -ENOENT: the profile, the LEA or the site is not there. -EINVAL: it does not fit.
 */
int act_supplement_publish(struct store *store, const struct supplement *supplement, int64_t now_ms,
			   struct reach *ret_reach, struct err *err) _must_check_;
/* -ENOENT: there is none. -EINVAL: a site's supplement tightens what only this one has. */
int act_supplement_withdraw(struct store *store, const char *profile_id,
			    const struct audience *audience, int64_t now_ms,
			    struct reach *ret_reach, struct err *err) _must_check_;

/*
 * Waive a requirement. @waiver has what was asked for; its time is given here, and its id unless it
 * has one, and reason and who are made fit to be shown. -ENOENT: no such profile, requirement, LEA
 * or site. -EINVAL: no reason or nobody, a text that is too long, a day that is over, or one
 * after the season's end (31 July); @err says what to do. -E2BIG: more waivers are in force
 * for a site than its document may have.
 */
int act_waive(struct store *store, struct waiver *waiver, int64_t now_ms, struct reach *ret_reach,
	      struct err *err) _must_check_;
/*
 * The same, but it changes nothing for anybody until it is given. @waiver has in proposed_by and
 * proposer_id whose it is. -EALREADY: the same is proposed already; @err says by whom.
 */
int act_waiver_propose(struct store *store, struct waiver *waiver, int64_t now_ms,
		       struct err *err) _must_check_;

/* What becomes of a proposal. */
enum waiver_decision {
	WAIVER_DECISION_GIVE,
	WAIVER_DECISION_DECLINE,
	WAIVER_DECISION_WITHDRAW, /* by who proposed it */
	WAIVER_DECISION_REOPEN,   /* it was declined, and waits again */
	WAIVER_DECISION_MAX_,
};
extern const char *const waiver_decision_words[]; /* give, …; ended by NULL */

struct waiver_verdict {
	enum waiver_decision decision;
	int32_t until;      /* of what is given: the last day; INT32_MIN: as it was proposed */
	const char *who;    /* of what is given: who answers for it; NULL: as it was proposed */
	const char *reason; /* of what is declined: why */
};
/*
 * Decide what is proposed, for @by, a name. Given, it counts at once: *@ret_reach; of all else
 * that is zero. -ENOENT: no such waiver. -EALREADY: it is not one to be decided so; @err says
 * what it is. -EINVAL, -E2BIG: as act_waive(), or no reason to decline it.
 */
struct waiver_act {
	const char *id;
	const struct waiver_verdict *verdict;
	const char *by;
};
int act_waiver_decide(struct store *store, const struct waiver_act *act, int64_t now_ms,
		      struct reach *ret_reach, struct err *err) _must_check_;
/* -ENOENT: no such waiver. -EALREADY: it is not in force, as it was never given or is revoked. */
int act_waiver_revoke(struct store *store, const char *id, const char *who, int64_t now_ms,
		      struct reach *ret_reach, struct err *err) _must_check_;

/*
 * Compose anew what the sites of @audience whose window names @profile_id are judged by; whose
 * document changed is put into the queue.
 */
int act_compose(struct store *store, const char *profile_id, const struct audience *audience,
		int64_t now_ms, struct reach *ret_reach, struct err *err) _must_check_;

/*
 * Where what sites are judged by was composed by another composer than @composer, compose all of it
 * anew. 1: some site is judged by another document; 0. -EINVAL, -E2BIG: something in force does
 * not fit any more; @err names it.
 */
int act_compose_anew(struct store *store, const char *composer, int64_t now_ms,
		     struct err *err) _must_check_;

/*
 * What the site @code would be judged by if @profile were published; parsed, owned by the
 * caller. Changes nothing. With a NULL @profile: by what is published. Whoever asks for
 * many sites uses collector/act/compose.h, which composes once for all that are alike.
 */
int act_compose_preview(struct store *store, const struct profile *profile, const char *code,
			struct profile **ret_profile, struct err *err) _must_check_;
/* The same if @supplement were published, instead of the one of its scope that may be there. */
int act_supplement_preview(struct store *store, const struct supplement *supplement,
			   const char *code, struct profile **ret_profile,
			   struct err *err) _must_check_;

/* The same if @supplement were published, in whose audience the site need not be. */
int act_supplement_preview(struct store *store, const struct supplement *supplement,
			   const char *code, struct profile **ret_profile,
			   struct err *err) _must_check_;

/*
 * Put the site @code into the queue, where it has devices that reported: what they are
 * judged by, or the day that they are judged for, is another. Adds how many to *@n_devices.
 */
int act_judge_site(struct store *store, const char *code, int64_t now_ms, int64_t *n_devices,
		   struct err *err) _must_check_;

/* What a slice of judging again may take; it judges at least one device. */
struct rejudge_budget {
	int64_t us; /* by the clock, about, without the commit */
	int64_t devices;
};
/*
 * Judge some devices of the queue again, in a transaction of its own; nothing may be borrowed
 * of @cache. Returns 1: more wait; 0: the queue is empty. On failure none of these was
 * judged. -EUCLEAN: what is stored of a device cannot be read; its site is now at the end of
 * the queue, so that it holds up nobody else.
 * What judges a site may itself be unreadable. That is no failure: its devices are
 * unknown then, see profile_cache_unreadable().
 */
int act_rejudge(struct store *store, struct profile_cache *cache, int64_t now_ms,
		const struct rejudge_budget *budget, int64_t *ret_n_judged,
		struct err *err) _must_check_;

/*
 * Where the stored results are of another judge than @evaluator, or it is not known of
 * which, put every site with a window into the queue. 1: they were; 0.
 */
int act_rejudge_evaluator(struct store *store, const char *evaluator, int64_t now_ms,
			  struct err *err) _must_check_;
