/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/view/site_summary.h"
#include "collector/domain/readiness.h"

void site_judge(const struct site *site, const struct certification_rules *rules,
		struct site_detail *detail, int32_t today, struct judged_site *ret_judged)
{
	const struct certify_evidence evidence = {
		.count = &site->count,
		.window = site->has_window ? &site->window : NULL,
		.rules = rules,
		.n_waived = detail ? detail->n_waived : 0,
		.is_queued = site->is_queued,
		.n_left = detail ? detail->n_left : 0,
		.lacks_inventory = !site->has_inventory,
	};
	struct judged_site *judged = ret_judged;

	judged->site = site;
	judged->window = site->has_window ? &site->window : NULL;
	judged->is_certifiable = certify_site(&evidence, today, detail ? detail->rules : NULL);
	judged->risk = readiness_risk(&site->count, judged->window, today);
}

json_t *site_summary(const struct judged_site *judged, int32_t today)
{
	const struct site *site = judged->site;
	const struct site_count *count = &site->count;
	int64_t expected = site_count_expected(count);
	int64_t ready = site_count_ready(count);
	int64_t fresh = site_count_fresh(count);
	int64_t browser = site_count_browser(count);

	return json_pack(
		"{s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:b, s:f, "
		"s:b, s:b}",
		"code", view_text(site->code), "name", view_text(site->name), "lea",
		view_named(site->lea_code, site->lea_name), "window",
		view_window(judged->window, today), "expected", (json_int_t)expected, "ready",
		(json_int_t)ready, "fresh", (json_int_t)fresh, "browser_expected",
		(json_int_t)browser, "browser_current", (json_int_t)count->browser_current,
		"unexpected", (json_int_t)count->unexpected, "states", view_states(count),
		"coverage_percent", view_percent(fresh, expected), "devices_percent",
		view_percent(ready, expected), "browser_percent",
		view_percent(count->browser_current, browser), "certifiable",
		judged->is_certifiable, "risk", judged->risk, "judging", site->is_queued,
		"has_inventory", site->has_inventory);
}
