/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the numbers of a site come to: its risk, its verdict, the next thing to
 * do. PURE. The sentences are the same in the API, the pages and the CLI.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/domain/certify.h"
#include "collector/domain/fix_first.h"

/*
 * The share of expected devices that are not ready, divided by the weekdays
 * left + 1, so that the same gap weighs more as the day nears. 0 without a
 * window, without devices, or when the window is over.
 */
double readiness_risk(const struct site_count *count, const struct window *window, int32_t today);

#define READINESS_TEXT_SIZE 512

/* "Not ready to certify: 6 of 8 devices are ready, 71 weekdays before the window." */
void readiness_sentence(const struct site_count *count, const struct window *window,
			bool is_certifiable, int32_t today, char text[static READINESS_TEXT_SIZE]);

/*
 * The one next action; @fixes may be empty. That nothing is to be done is said only of a site
 * that @is_certifiable.
 */
void readiness_next_action(const struct site_count *count, const struct window *window,
			   bool is_certifiable, const struct fix_list *fixes,
			   char text[static READINESS_TEXT_SIZE]);

/* "2 of 3 schools are not ready for their window yet." */
void readiness_overview_sentence(int64_t sites, int64_t certifiable,
				 char text[static READINESS_TEXT_SIZE]);

/*
 * Since when (ms) a report of a site is fresh at @now_ms: the freshness of the
 * profile, which tightens as the window nears.
 */
int64_t readiness_fresh_since(const struct freshness *freshness, const struct window *window,
			      int64_t now_ms);
