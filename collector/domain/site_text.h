/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a file says of a site, as text: the columns of its CSV and the members that a preview shows
 * before and after. PURE.
 */

#include <stdbool.h>

#include "collector/domain/contact_person.h"
#include "common/base/base.h"
#include "common/base/err.h"

/* The three texts of a contact come one after the other, in the order of enum contact_text. */
enum site_text {
	SITE_LEA_CODE,
	SITE_LEA_NAME,
	SITE_LEA_COORDINATOR,
	SITE_CODE = SITE_LEA_COORDINATOR + CONTACT_TEXT_MAX_,
	SITE_NAME,
	SITE_ZONE,
	SITE_COORDINATOR,
	SITE_TECHNOLOGY = SITE_COORDINATOR + CONTACT_TEXT_MAX_,
	SITE_TRACKS = SITE_TECHNOLOGY + CONTACT_TEXT_MAX_,
	SITE_PROGRAMME,
	SITE_WINDOW_TRACK,
	SITE_FIRST,
	SITE_LAST,
	SITE_PROFILE,
	SITE_TEXT_MAX_,
};
/* lea_code, lea_name, …: never change one; ended by NULL */
extern const char *const site_text_words[];
/* Where the texts of a contact begin. */
extern const enum site_text site_text_of_contact[CONTACT_ROLE_MAX_];

#define SITE_CODE_MAX 32 /* bytes of a code of an LEA or site */
#define SITE_NAME_MAX 255
#define SITE_WORD_MAX 64 /* of a programme or a window's id */
#define TRACK_NAME_MAX 64
#define TRACKS_MAX 16     /* of a site */
#define ROOM_NAME_MAX 255 /* as a cell of an inventory has it */
#define ROOMS_MAX 500     /* of a site, declared */
#define ROOM_SEATS_MAX 10000
#define TRACKS_BYTES ((TRACK_NAME_MAX + 2) * TRACKS_MAX + 1)

/*
 * -EINVAL: @code is no code of an LEA or a site, that is 1 to 32 letters, digits and . _ -; or it
 * is what a spreadsheet makes of a long number.
 */
int site_code_check(const char *code, struct err *err) _must_check_;
bool site_code_is_digits(const char *code);

/*
 * Read names of tracks, "B; A", into "A; B": sorted, each once, "; " between them. -EINVAL: one is
 * empty, too long or comes twice, or they are too many.
 */
int tracks_read(const char *text, char ret_tracks[static TRACKS_BYTES],
		struct err *err) _must_check_;
/* Whether @track, not "", is one of @tracks as tracks_read() makes them. */
bool tracks_have(const char *tracks, const char *track);
/* Call @each with the name of each of them until it fails; what it returned then, else 0. */
int tracks_each(const char *tracks, int (*each)(void *arg, const char *track, struct err *err),
		void *arg, struct err *err) _must_check_;
