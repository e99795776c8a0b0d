/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Civil days of the Gregorian calendar, without a time zone. A day is the
 * number of days since 1970-01-01, so that days can be compared and subtracted.
 */

#include <stdint.h>

#include "common/base/base.h"
#include "common/base/err.h"

#define CIVIL_TEXT_SIZE 16

/* Read "2027-03-15", years 1970 to 9999. -EINVAL says what is expected. */
int civil_parse(const char *text, int32_t *ret_day, struct err *err) _must_check_;
const char *civil_text(int32_t day, char text[static CIVIL_TEXT_SIZE]);
/* "15 March 2027", for people. */
#define CIVIL_WORDS_SIZE 32
const char *civil_words(int32_t day, char text[static CIVIL_WORDS_SIZE]);

/* The day at @ms (since 1970) in UTC. */
int32_t civil_of_ms(int64_t ms);

/* 1 Monday … 7 Sunday (ISO 8601). */
int civil_weekday(int32_t day);

/* Mondays to Fridays in [from, to); 0 when @to is not after @from. */
int32_t civil_weekdays(int32_t from, int32_t to);
