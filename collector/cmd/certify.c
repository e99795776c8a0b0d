/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify --dry-run: every rule of a site's certification, and whether it is met.
 */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "collector/cmd/admin.h"
#include "collector/domain/certify.h"
#include "collector/store/store_judged.h"
#include "collector/store/store_site.h"
#include "common/base/civil.h"
#include "common/base/clock.h"

#define DAY_MS INT64_C(86400000)

struct certification {
	const char *site_code;
	const char *window_id;
	const char *as_of; /* NULL: now */
	int64_t now_ms;
	bool is_json;
	bool is_certifiable;
	struct certify_rule rules[CERTIFY_MAX_];
};

/* "it has: a, b, c", or that there are none; for people who mistyped one. */
static int refuse_site(struct store *store, const char *code, struct err *err)
{
	_cleanup_(site_list_done) struct site_list list = { 0 };
	char all[400] = "";
	size_t n = 0;
	int r = store_site_all(store, &list, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < list.n_sites && n < sizeof(all) - 64; i++)
		n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%s", i ? ", " : "",
				      list.sites[i].code);
	if (list.n_sites == 0)
		return err_set(err, -ENOENT,
			       "no site has the code '%s', nor any other; see site import", code);
	return err_set(err, -ENOENT, "no site has the code '%.40s'; there are %s", code, all);
}

static int refuse_window(const struct site *site, const char *window_id, struct err *err)
{
	if (!site->has_window)
		return err_set(err, -ENOENT, "site %s has no window yet; see site import",
			       site->code);
	return err_set(err, -ENOENT, "site %s has no window '%.64s'; it has '%s'", site->code,
		       window_id, site->window.id);
}

static int judge(struct store *store, struct profile_cache *cache,
		 struct certification *certification, struct err *err)
{
	_cleanup_(site_done) struct site site = { 0 };
	struct certify_evidence evidence = { .count = &site.count, .window = &site.window };
	struct certification_rules rules;
	int r = store_site_get(store, certification->site_code, &site, err);

	if (r == -ENOENT)
		return refuse_site(store, certification->site_code, err);
	if (r < 0)
		return r;
	if (!site.has_window || strcmp(site.window.id, certification->window_id) != 0)
		return refuse_window(&site, certification->window_id, err);
	if (site.window.profile_version[0]) {
		r = profile_cache_rules(cache, store, site.window.profile_version, &rules, err);
		/* Then the rules say so; nothing is certified. */
		if (r == -ENOENT || r == -EUCLEAN)
			r = 0;
		else
			evidence.rules = &rules;
	}
	if (r >= 0)
		r = store_site_waived(store, site.code, &evidence.n_waived, err);
	if (r >= 0)
		r = store_site_left(store, site.code, &evidence.n_left, err);
	if (r < 0)
		return r;
	evidence.is_queued = site.is_queued;
	evidence.lacks_inventory = !site.has_inventory;
	certification->is_certifiable =
		certify_site(&evidence, civil_of_ms(certification->now_ms), certification->rules);
	return 0;
}

/* 1 where what the sweep did must not stay. */
static int certify(struct store *store, void *arg, struct err *err)
{
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	struct certification *certification = arg;
	int64_t n_changed;
	int r = act_sweep(store, cache, certification->now_ms, &n_changed, err);

	if (r >= 0)
		r = judge(store, cache, certification, err);
	if (r < 0)
		return r;
	/* Devices are not stale because somebody asked what they would be by then. */
	return certification->as_of ? 1 : 0;
}

static void print_json(const struct certification *certification)
{
	char at[CLOCK_TEXT_SIZE];
	json_t *rules = json_array();
	json_t *json;

	for (size_t i = 0; i < CERTIFY_MAX_; i++) {
		const struct certify_rule *rule = &certification->rules[i];

		json_array_append_new(rules, json_pack("{s:s, s:s, s:b, s:s}", "id", rule->id,
						       "title", rule->title, "met", rule->is_met,
						       "evidence", rule->evidence));
	}
	json = json_pack("{s:s, s:s, s:s, s:b, s:o}", "as_of",
			 clock_text(certification->now_ms, at), "site", certification->site_code,
			 "window", certification->window_id, "certifiable",
			 certification->is_certifiable, "rules", rules);
	admin_print_json(json);
	json_decref(json);
}

static void print_rules(const struct certification *certification)
{
	int n_unmet = 0;

	for (size_t i = 0; i < CERTIFY_MAX_; i++) {
		const struct certify_rule *rule = &certification->rules[i];

		n_unmet += !rule->is_met;
		printf("%-8s %s: %s\n", rule->is_met ? "met" : "NOT MET", rule->title,
		       rule->evidence);
	}
	if (certification->is_certifiable)
		printf("\nSite %s can be certified for window %s.\n", certification->site_code,
		       certification->window_id);
	else
		printf("\nSite %s cannot be certified for window %s: %d of %d rules %s not met.\n",
		       certification->site_code, certification->window_id, n_unmet, CERTIFY_MAX_,
		       n_unmet == 1 ? "is" : "are");
}

/* The last moment of the day, since what is asked is whether a report counts then. */
static int read_as_of(struct certification *certification, struct err *err)
{
	int32_t day;
	int r;

	if (!certification->as_of)
		return 0;
	r = civil_parse(certification->as_of, &day, err);
	if (r >= 0)
		certification->now_ms = (day + 1) * DAY_MS - 1;
	return r;
}

static int run(int argc, char *argv[])
{
	struct certification certification = { .now_ms = clock_now_ms() };
	const char *store_url = NULL;
	bool is_dry_run = false;
	const struct cli_option options[] = {
		{ "site", "CODE", "the site", &certification.site_code, NULL },
		{ "window", "ID", "its window", &certification.window_id, NULL },
		{ "dry-run", NULL, "only say which rules are met", NULL, &is_dry_run },
		{ "as-of", "DATE", "as at the end of that day, such as 2027-03-15; default now",
		  &certification.as_of, NULL },
		{ "json", NULL, "print JSON", NULL, &certification.is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_certify, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (!certification.site_code || !certification.window_id)
		return admin_usage(&cmd_certify, "--site CODE and --window ID are needed");
	if (!is_dry_run)
		return admin_usage(&cmd_certify,
				   "certificates cannot be signed yet; use --dry-run to see "
				   "which rules are met");
	r = read_as_of(&certification, &err);
	if (r >= 0)
		r = admin_run(store_url, certify, &certification, &err);
	if (r < 0)
		return admin_fail(&cmd_certify, &err);
	if (certification.is_json)
		print_json(&certification);
	else
		print_rules(&certification);
	return admin_end(&cmd_certify, certification.is_certifiable ? CLI_OK : ADMIN_REFUSED);
}

const struct cli_command cmd_certify = {
	.name = "certify",
	.args = "",
	.summary = "say which rules of a site's certification are met; exit 0 if all are",
	.run = run,
};
