/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Supplements: what an LEA or a site asks beyond a profile. One can only tighten, by
 * its form; docs/decisions/0017-what-a-site-is-judged-by.md, docs/profiles.md and
 * docs/schema/supplement-1.json. PURE.
 *
 *   { "supplement_to": "ca-caaspp-2022-23", "scope": {"lea": "LUSD"}, "title": …, "source": …,
 *     "freshness_hours": {…}, "certification": {…}, "tables": {…},
 *     "requirements": [
 *       { "id": …, … },                            a requirement of its own
 *       { "tightens": "audio.headphones", "severity": "required", "roles": ["ta"],
 *         "check": {…}, "source": … } ] }          of the profile's: more severe, more roles,
 *                                                  a check that must hold besides
 */

#include "collector/domain/scope.h"
#include "common/base/err.h"
#include "common/base/id.h"
#include "common/model/document.h"
#include "common/model/profile.h"

#define SUPPLEMENT_BYTES_MAX ((size_t)64 * 1024)

struct supplement {
	char profile_id[PROFILE_ID_MAX + 1];
	enum scope scope;       /* never the state: that is the profile */
	const char *scope_code; /* of the LEA or the site */
	const char *title;
	char version[HASH_SIZE]; /* SHA-256 of the canonical JSON */
	json_t *json;            /* owns every text above */
	/* The text that was parsed and its name, so that composing can tell the place of an error.
	 */
	char *text;
	char *file;
};

/* Whether @text is a supplement rather than a profile: it has the member supplement_to. */
bool supplement_is_one(const char *text, size_t len);

/*
 * Parse and check what can be checked without the profile. @file is how errors call it.
 * On success *@ret_supplement is owned by the caller: supplement_free() it.
 * -EINVAL, -E2BIG: @err has file, line, column, the place and what is wrong.
 */
int supplement_parse(const char *text, size_t len, const char *file,
		     struct supplement **ret_supplement, struct err *err) _must_check_;
void supplement_free(struct supplement *supplement);
DEFINE_CLEANUP(struct supplement *, supplement_free);

/* The root of its JSON, for errors with their place. */
struct node supplement_node(const struct supplement *supplement);

/*
 * Put into @err, with its place in the supplement, what is wrong with @document, which was
 * composed with it: @said is "document:LINE:COLUMN: PATH: WHAT". False, and @err is left
 * as it is, where that place came from elsewhere.
 */
bool supplement_tell(const struct supplement *supplement, const json_t *document, const char *said,
		     struct err *err);

/* A waiver as it enters the document: without who gave it. */
struct profile_waiver_text {
	const char *id;
	enum scope scope;
	const char *requirement;
	const char *reason;
	int32_t until;
};

/*
 * Compose the document that a site is judged by from the published profile @base and
 * those of @supplements (the LEA's before the site's) and @waivers that are for it.
 * *@ret_body is its canonical JSON, owned by the caller, and parses as a profile; with
 * nothing to add it has the version of @base. The order of @waivers does not matter.
 *
 * No result of it is better than that of @base for the same facts, and so no state is, but one:
 * a device of which the programme requires nothing is unknown, and what a supplement requires
 * of it makes it judged.
 *
 * A waiver of a requirement that the document does not have is left out.
 * -EINVAL: a supplement does not fit @base, for example it tightens what is not there or
 * would loosen; @err has its place. -E2BIG: the document would be over a limit.
 */
int profile_compose(const struct profile *base, const struct supplement *const *supplements,
		    size_t n_supplements, const struct profile_waiver_text *waivers,
		    size_t n_waivers, char **ret_body, struct err *err) _must_check_;
