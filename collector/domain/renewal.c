/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "collector/domain/renewal.h"
#include "common/base/civil.h"

#define LAST_YEAR 9999
#define LAST_ZONE_MS (INT64_C(12) * 60 * 60 * 1000) /* behind UTC */

static int32_t day_of(int year, const char *month_and_day)
{
	char text[CIVIL_TEXT_SIZE];
	int32_t day = 0;

	snprintf(text, sizeof(text), "%04d-%s", year, month_and_day);
	return civil_parse(text, &day, NULL) < 0 ? 0 : day;
}

int32_t renewal_day(int64_t now_ms)
{
	return civil_of_ms(now_ms - LAST_ZONE_MS);
}

int32_t renewal_good_until(int32_t today)
{
	char text[CIVIL_TEXT_SIZE];
	int year = (int)strtol(civil_text(today, text), NULL, 10);

	if (today > day_of(year, "05-01") && year < LAST_YEAR)
		year++;
	return day_of(year, "06-30");
}

bool renewal_is_due(int32_t good_until, int32_t today)
{
	return today > good_until;
}

bool renewal_is_near(int32_t good_until, int32_t today)
{
	return !renewal_is_due(good_until, today) && good_until - today <= RENEWAL_TOLD_DAYS;
}
