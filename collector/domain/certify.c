/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/certify.h"
#include "common/base/civil.h"

static void set(struct certify_rule *rule, bool is_met, const char *fmt, ...) _printf_(3, 4);
static void set(struct certify_rule *rule, bool is_met, const char *fmt, ...)
{
	va_list ap;

	rule->is_met = is_met;
	if (!rule->id)
		return; /* it is not told */
	va_start(ap, fmt);
	vsnprintf(rule->evidence, sizeof(rule->evidence), fmt, ap);
	va_end(ap);
}

static void judge_window(struct certify_rule *rule, const struct window *window,
			 const struct certification_rules *rules, int32_t today)
{
	char first[CIVIL_TEXT_SIZE] = "", last[CIVIL_TEXT_SIZE] = "", limit[CIVIL_TEXT_SIZE];
	int32_t weekdays;

	if (!window) {
		set(rule, false, "The site has no window. Import a file of schools that has one.");
		return;
	}
	/* A list of ten thousand schools is told nothing. */
	if (rule->id) {
		civil_text(window->first, first);
		civil_text(window->last, last);
	}
	weekdays = civil_weekdays(window->first, window->last + 1);
	if (!rules && window->profile_version[0])
		set(rule, false,
		    "The collector cannot read what the site is judged by. Publish the profile "
		    "'%.64s' anew, or install a newer collector.",
		    window->profile_id);
	else if (!rules)
		set(rule, false, "The window's profile '%.64s' is not published.",
		    window->profile_id);
	else if (window->last < window->first)
		set(rule, false, "The window ends on %s, before it begins on %s.", last, first);
	else if (window_phase(window, today) == WINDOW_OVER)
		set(rule, false, "The window was over on %s.", last);
	else if (window->last > rules->latest_last_day)
		set(rule, false, "The window ends on %s; the programme allows %s at the latest.",
		    last, civil_text(rules->latest_last_day, limit));
	else if (weekdays < rules->minimum_weekdays)
		set(rule, false,
		    "%s to %s has %d Mondays to Fridays; the programme asks for %" PRId64 ".",
		    first, last, weekdays, rules->minimum_weekdays);
	else
		set(rule, true, "%s to %s, %d Mondays to Fridays.", first, last, weekdays);
}

static void judge_share(struct certify_rule *rule, int64_t part, int64_t whole, int64_t percent,
			const char *what)
{
	int64_t share = percent_hundredths(part, whole);

	rule->needed_percent = percent;
	if (share < 0)
		set(rule, false,
		    "No devices are expected. Import the inventory, or enrol devices.");
	else
		set(rule, percent_reaches(part, whole, percent),
		    "%" PRId64 " of %" PRId64 " expected devices %s: %" PRId64 ".%02" PRId64
		    " %%; %" PRId64 " %% are needed.",
		    part, whole, what, share / 100, share % 100, percent);
}

/* That every device was tested says less where nobody has said which there are. */
static void judge_coverage(struct certify_rule *rule, const struct certify_evidence *evidence)
{
	const struct site_count *count = evidence->count;
	size_t n;

	judge_share(rule, site_count_fresh(count), site_count_expected(count),
		    evidence->rules->coverage_percent, "have a fresh report");
	if (!rule->id || !evidence->lacks_inventory || site_count_expected(count) == 0)
		return;
	n = strlen(rule->evidence);
	snprintf(rule->evidence + n, sizeof(rule->evidence) - n,
		 " The site has no inventory: expected are those that enrolled, and nobody knows "
		 "whether any is missing.");
}

/* A test administrator's device needs no secure browser, so a site of those has nothing to show. */
static void judge_browser(struct certify_rule *rule, const struct site_count *count,
			  const struct certification_rules *rules)
{
	int64_t needed = site_count_browser(count);

	if (needed == 0 && count->browser_exempt > 0)
		set(rule, true, "None of %" PRId64 " expected devices needs the secure browser.",
		    count->browser_exempt);
	else
		judge_share(rule, count->browser_current, needed, rules->browser_percent,
			    count->browser_exempt > 0
				    ? "that need it have this year's secure browser"
				    : "have this year's secure browser");
}

/*
 * While some devices are judged by what held before, the numbers are of both and say
 * nothing of either.
 */
static void judge_judged(struct certify_rule *rule, const struct certify_evidence *evidence)
{
	if (evidence->is_queued)
		set(rule, false,
		    "New requirements are being applied: %" PRId64
		    " device%s left. Wait until that is done.",
		    evidence->n_left, evidence->n_left == 1 ? " is" : "s are");
	else
		set(rule, true, "Every device that reported is judged by version %.8s.",
		    evidence->window->profile_version);
}

static void judge_devices(struct certify_rule *rule, const struct certify_evidence *evidence)
{
	char what[96] = "are ready";

	if (evidence->n_waived > 0)
		snprintf(what, sizeof(what), "are ready, %" PRId64 " of them by a waiver",
			 evidence->n_waived);
	judge_share(rule, site_count_ready(evidence->count), site_count_expected(evidence->count),
		    evidence->rules->devices_percent, what);
}

bool certify_site(const struct certify_evidence *evidence, int32_t today,
		  struct certify_rule *ret_rules)
{
	static const struct certify_rule blank[] = {
		[CERTIFY_WINDOW] = { .id = "window", .title = "The window is valid" },
		[CERTIFY_JUDGED] = { .id = "judged",
				     .title = "Devices are judged by what is required now" },
		[CERTIFY_COVERAGE] = { .id = "coverage", .title = "All devices were tested" },
		[CERTIFY_DEVICES] = { .id = "devices", .title = "Devices are ready" },
		[CERTIFY_BROWSER] = { .id = "browser",
				      .title = "This year's secure browser is everywhere" },
	};
	const struct site_count *count = evidence->count;
	const struct certification_rules *asked = evidence->rules;
	struct certify_rule untold[CERTIFY_MAX_];
	struct certify_rule *rules = ret_rules ? ret_rules : untold;
	bool is_certifiable = true;

	for (unsigned i = 0; i < CERTIFY_MAX_; i++) {
		if (!ret_rules) {
			rules[i].id = NULL;
			rules[i].is_met = false;
			continue;
		}
		rules[i] = blank[i];
		rules[i].needed_percent = -1;
		set(&rules[i], false, "Nothing can be judged without a published profile.");
	}
	judge_window(&rules[CERTIFY_WINDOW], evidence->window, asked, today);
	if (evidence->window && asked) {
		judge_judged(&rules[CERTIFY_JUDGED], evidence);
		judge_coverage(&rules[CERTIFY_COVERAGE], evidence);
		judge_devices(&rules[CERTIFY_DEVICES], evidence);
		judge_browser(&rules[CERTIFY_BROWSER], count, asked);
	}
	for (unsigned i = 0; i < CERTIFY_MAX_; i++)
		is_certifiable &= rules[i].is_met;
	return is_certifiable;
}
