/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "collector/cmd/admin.h"
#include "collector/cmd/what_if_print.h"
#include "collector/io/csv.h"
#include "common/base/text.h"

#define SITES_SHOWN 20

/* "ready with warnings": the words of the store, for people. */
static void print_words(FILE *out, const char *word)
{
	for (; *word; word++)
		fputc(*word == '_' ? ' ' : *word, out);
}

static void print_change(int64_t n, const char *before, const char *after)
{
	printf("%9" PRId64 "  ", n);
	print_words(stdout, before);
	fputs(" → ", stdout);
	print_words(stdout, after);
	fputs("\n", stdout);
}

/* --- the sentence ----------------------------------------------------------------- */

struct flips {
	int64_t worse, better; /* devices that stop being ready, or become it */
	int64_t sites;         /* whose number of ready devices changes */
	int64_t fall, rise;    /* sites that stop to have enough ready devices, or begin to */
};

static struct flips add_flips(const struct what_if *what_if)
{
	struct flips flips = { 0 };

	for (size_t i = 0; i < what_if->n_listed; i++) {
		const struct what_if_site *site = &what_if->sites[i];

		flips.worse += site->worse;
		flips.better += site->better;
		flips.sites += site->ready_before != site->ready_after;
		flips.fall += site->reaches_before && !site->reaches_after;
		flips.rise += site->reaches_after && !site->reaches_before;
	}
	return flips;
}

void what_if_print_sentence(FILE *out, const struct what_if *what_if,
			    const struct what_if_subject *subject)
{
	struct flips flips = add_flips(what_if);
	int64_t n = flips.worse + flips.better;

	fprintf(out, "%s ", subject->file);
	if (what_if->n_sites == 0)
		fprintf(out, "judges nobody: no site has a window of %s.\n", subject->profile_id);
	else if (what_if->n_touched == 0)
		fprintf(out, "changes nothing: no site would be judged by anything else.\n");
	else if (!what_if_changes(what_if))
		fprintf(out,
			"changes no result: %" PRId64
			" site%s would be judged by another document, "
			"to the same end.\n",
			what_if->n_touched, text_plural(what_if->n_touched));
	else
		fprintf(out,
			"flips %" PRId64 " device%s of %" PRId64 " site%s: %" PRId64
			" stop%s being ready, %" PRId64 " become%s ready.\n",
			n, text_plural(n), flips.sites, text_plural(flips.sites), flips.worse,
			flips.worse == 1 ? "s" : "", flips.better, flips.better == 1 ? "s" : "");
}

/* --- for people -------------------------------------------------------------------- */

static void print_states(const struct what_if *what_if)
{
	bool has_head = false;

	for (unsigned before = 0; before < STATE_MAX_; before++) {
		for (unsigned after = 0; after < STATE_MAX_; after++) {
			int64_t n = what_if->states[before][after];

			if (before == after || n == 0)
				continue;
			if (!has_head)
				printf("\nDevices, by what they are and would be:\n");
			has_head = true;
			print_change(n, device_state_words[before], device_state_words[after]);
		}
	}
	if (what_if->n_unexpected_changed > 0)
		printf("Besides %" PRId64 " that no inventory lists, which count nowhere.\n",
		       what_if->n_unexpected_changed);
}

static void print_requirement(const struct what_if_requirement *requirement)
{
	printf("  %s: %s\n", requirement->id, requirement->title);
	for (unsigned before = 0; before <= RESULT_MAX_; before++) {
		for (unsigned after = 0; after <= RESULT_MAX_; after++) {
			int64_t n = requirement->changes[before][after];

			if (n > 0)
				print_change(n, what_if_result_word(before),
					     what_if_result_word(after));
		}
	}
}

static void print_requirements(const struct what_if *what_if)
{
	if (what_if->n_requirements > 0)
		printf("\nResults, by requirement (of %" PRId64 " device%s):\n", what_if->n_results,
		       text_plural(what_if->n_results));
	for (size_t i = 0; i < what_if->n_requirements; i++)
		print_requirement(&what_if->requirements[i]);
}

static void print_site(const struct what_if_site *site)
{
	printf("  %-16s %6" PRId64 " → %-6" PRId64 " of %6" PRId64 " ready", site->code,
	       site->ready_before, site->ready_after, site->expected);
	if (site->reaches_before != site->reaches_after)
		printf(", %s",
		       site->reaches_after ? "then enough to certify" : "then too few to certify");
	printf("  %s\n", site->name);
}

static void print_sites(const struct what_if *what_if, bool is_all)
{
	struct flips flips = add_flips(what_if);
	size_t n = what_if->n_listed;

	if (n == 0)
		return;
	if (!is_all && n > SITES_SHOWN)
		n = SITES_SHOWN;
	printf("\nSites, those that lose most first");
	if (n < what_if->n_listed)
		printf(" (%zu of %zu; --all shows all)", n, what_if->n_listed);
	printf(":\n");
	for (size_t i = 0; i < n; i++)
		print_site(&what_if->sites[i]);
	if (flips.fall + flips.rise > 0)
		printf("%" PRId64 " site%s would have too few ready devices to certify that %s "
		       "enough now, and %" PRId64 " the other way round.\n",
		       flips.fall, text_plural(flips.fall), flips.fall == 1 ? "has" : "have",
		       flips.rise);
}

static void print_left_out(const struct what_if *what_if)
{
	const struct {
		int64_t n;
		const char *why;
	} rows[] = {
		{ what_if->states[STATE_NEVER_SEEN][STATE_NEVER_SEEN], "never reported" },
		{ what_if->states[STATE_STALE][STATE_STALE], "reported too long ago" },
		{ what_if->states[STATE_CONFLICT][STATE_CONFLICT], "in conflict" },
		{ what_if->n_retired, "retired" },
	};
	const char *before = "\nLeft out, since no requirement changes what they are: ";

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].n == 0)
			continue;
		printf("%s%" PRId64 " %s", before, rows[i].n, rows[i].why);
		before = ", ";
	}
	if (before[0] == ',')
		printf(".\n");
}

void what_if_print(const struct what_if *what_if, const struct what_if_subject *subject,
		   bool is_all)
{
	what_if_print_sentence(stdout, what_if, subject);
	print_states(what_if);
	print_requirements(what_if);
	print_sites(what_if, is_all);
	print_left_out(what_if);
	printf("\nNothing was changed.");
	if (what_if->n_touched > 0)
		printf(" To publish it:\n  testready-collector profile publish %s", subject->file);
	printf("\n");
}

/* --- for programs -------------------------------------------------------------------- */

static json_t *states_json(const struct what_if *what_if)
{
	json_t *list = json_array();

	for (unsigned before = 0; before < STATE_MAX_; before++) {
		for (unsigned after = 0; after < STATE_MAX_; after++) {
			int64_t n = what_if->states[before][after];

			if (n > 0 && before != after)
				json_array_append_new(list,
						      json_pack("{s:s, s:s, s:I}", "before",
								device_state_words[before], "after",
								device_state_words[after],
								"devices", (json_int_t)n));
		}
	}
	return list;
}

static json_t *changes_json(const struct what_if_requirement *requirement)
{
	json_t *list = json_array();

	for (unsigned before = 0; before <= RESULT_MAX_; before++) {
		for (unsigned after = 0; after <= RESULT_MAX_; after++) {
			int64_t n = requirement->changes[before][after];

			if (n > 0)
				json_array_append_new(list,
						      json_pack("{s:s, s:s, s:I}", "before",
								what_if_result_word(before),
								"after", what_if_result_word(after),
								"devices", (json_int_t)n));
		}
	}
	return list;
}

static json_t *requirements_json(const struct what_if *what_if)
{
	json_t *list = json_array();

	for (size_t i = 0; i < what_if->n_requirements; i++) {
		const struct what_if_requirement *requirement = &what_if->requirements[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "id", requirement->id,
						      "title", requirement->title, "changes",
						      changes_json(requirement)));
	}
	return list;
}

static json_t *sites_json(const struct what_if *what_if)
{
	json_t *list = json_array();

	for (size_t i = 0; i < what_if->n_listed; i++) {
		const struct what_if_site *site = &what_if->sites[i];

		json_array_append_new(
			list, json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:b}",
					"code", site->code, "name", site->name, "expected",
					(json_int_t)site->expected, "ready_before",
					(json_int_t)site->ready_before, "ready_after",
					(json_int_t)site->ready_after, "worse",
					(json_int_t)site->worse, "better", (json_int_t)site->better,
					"changed", (json_int_t)site->changed, "enough_before",
					site->reaches_before, "enough_after", site->reaches_after));
	}
	return list;
}

static json_t *left_out_json(const struct what_if *what_if)
{
	return json_pack("{s:I, s:I, s:I, s:I}", "never_seen",
			 (json_int_t)what_if->states[STATE_NEVER_SEEN][STATE_NEVER_SEEN], "stale",
			 (json_int_t)what_if->states[STATE_STALE][STATE_STALE], "conflict",
			 (json_int_t)what_if->states[STATE_CONFLICT][STATE_CONFLICT], "retired",
			 (json_int_t)what_if->n_retired);
}

void what_if_print_json(const struct what_if *what_if, const struct what_if_subject *subject)
{
	struct flips flips = add_flips(what_if);
	json_t *json =
		json_pack("{s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o}",
			  "profile", subject->profile_id, "version", subject->version, "changes",
			  what_if_changes(what_if), "sites_all", (json_int_t)what_if->n_sites,
			  "sites_touched", (json_int_t)what_if->n_touched, "sites_flipped",
			  (json_int_t)flips.sites, "devices_worse", (json_int_t)flips.worse,
			  "devices_better", (json_int_t)flips.better, "devices_with_other_results",
			  (json_int_t)what_if->n_results, "unexpected_changed",
			  (json_int_t)what_if->n_unexpected_changed, "left_out",
			  left_out_json(what_if), "states", states_json(what_if), "requirements",
			  requirements_json(what_if), "sites", sites_json(what_if));

	admin_print_json(json);
	json_decref(json);
}

/* --- devices ---------------------------------------------------------------------------- */

void what_if_print_csv_head(void)
{
	printf("site,room,host_name,device_id,expected,before,after,requirements\r\n");
}

/* "browser.version: pass → fail; disk.size: none → fail" of what @profile has. */
static void list_results(FILE *out, const struct what_if_device *device,
			 const struct profile *profile)
{
	for (size_t i = 0; profile && i < profile->n_requirements; i++) {
		const char *id = profile->requirements[i].id;
		unsigned before = what_if_result(device->old, device->before->results, id);
		unsigned after = what_if_result(device->new, device->after->results, id);

		if (before == after ||
		    (profile == device->old && profile_find(device->new, id) >= 0))
			continue;
		fprintf(out, "%s%s: %s → %s", ftell(out) > 0 ? "; " : "", id,
			what_if_result_word(before), what_if_result_word(after));
	}
}

void what_if_print_csv(const struct what_if_device *device)
{
	const struct device *before = device->before;
	char *results = NULL;
	size_t size;
	FILE *out = open_memstream(&results, &size);

	if (!out)
		abort();
	list_results(out, device, device->new);
	list_results(out, device, device->old);
	fclose(out);
	const char *const cells[] = {
		before->site_code,
		before->room,
		before->host_name,
		before->id,
		before->is_expected ? "yes" : "no",
		device_state_words[before->state],
		device_state_words[device->after->state],
		results,
	};
	for (size_t i = 0; i < ARRAY_SIZE(cells); i++) {
		fputs(i > 0 ? "," : "", stdout);
		csv_cell_print(stdout, cells[i]);
	}
	fputs("\r\n", stdout);
	free(results);
}
