/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts: exactly what a report would tell about this device, so that anyone
 * can see that it is nothing about a person.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "agent/cmd.h"
#include "agent/observe.h"
#include "agent/requirements.h"
#include "agent/state.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/model/facts.h"

static const char *const type_words[] = {
	[FACT_OBJECT] = "object", [FACT_LIST] = "list",   [FACT_TEXT] = "text",
	[FACT_WORD] = "word",     [FACT_INT] = "integer", [FACT_BOOL] = "boolean",
};
static_assert(ARRAY_SIZE(type_words) == FACT_TYPE_MAX_, "every type has a word");

/* As deep as the table goes; only the fact called @only, if that is not NULL. */
static void list_facts(const struct fact *facts, const char *before, const char *only)
{
	for (const struct fact *f = facts; f->name; f++) {
		if (only && strcmp(f->name, only) != 0)
			continue;
		_cleanup_free_ char *path = xasprintf("%s%s", before, f->name);
		_cleanup_free_ char *inside =
			xasprintf("%s%s.", path, f->type == FACT_LIST ? "[]" : "");

		printf("%s\t%s\t%s\n", path, type_words[f->type], f->summary);
		if (f->members)
			list_facts(f->members, inside, NULL);
	}
}

/* What each probe cost, the dearest ones to be seen at a glance. */
static void print_timing(const struct probe *only, const struct look_cost *costs)
{
	const struct probe *const *ran = only ? &only : probes;
	struct look_cost sum = { 0 };

	printf("%-10s %10s %10s %8s\n", "probe", "ms", "cpu ms", "bytes");
	for (size_t i = 0; i < (only ? 1 : n_probes); i++) {
		printf("%-10s %10.3f %10.3f %8zu\n", ran[i]->name, (double)costs[i].wall_us / 1000,
		       (double)costs[i].cpu_us / 1000, costs[i].bytes);
		sum.wall_us += costs[i].wall_us;
		sum.cpu_us += costs[i].cpu_us;
		sum.bytes += costs[i].bytes;
	}
	if (!only)
		printf("%-10s %10.3f %10.3f %8zu\n", "all", (double)sum.wall_us / 1000,
		       (double)sum.cpu_us / 1000, sum.bytes);
}

/* One line on stderr of what there is, since nobody knows the names by heart. */
static int no_such_probe(const char *name)
{
	_cleanup_free_ char *names = xstrdup("");

	for (size_t i = 0; i < n_probes; i++) {
		char *longer = xasprintf("%s%s%s", names, i ? ", " : "", probes[i]->name);

		free(names);
		names = longer;
	}
	log_line(LOG_ERR, "testready-agent facts: no probe '%s'; there are %s", name, names);
	return CLI_USAGE;
}

struct args {
	const char *probe, *profile, *state;
	bool is_list, is_timing;
};

/* Without a profile there is much to see; only one that was asked for must be there. */
static int look(const struct args *args, struct observation *observation, json_t **ret_facts,
		struct look_cost *costs, struct err *err)
{
	_cleanup_(profile_freep) struct profile *profile = NULL;
	int r = requirements_read(args->profile, args->state, &profile, err);

	if (r < 0 && args->profile)
		return r;
	observation->endpoints = profile ? profile->endpoints : NULL;
	return observe(observation, ret_facts, costs, err);
}

static int facts_run(int argc, char *argv[])
{
	struct args args = { 0 };
	struct observation observation = { 0 };
	const struct cli_option options[] = {
		{ "probe", "NAME", "only what this probe sees: audio", &args.probe, NULL },
		{ "profile", "FILE",
		  "whose servers to try; else " STATE_FILE_PROFILE " of the state folder",
		  &args.profile, NULL },
		{ "root", "DIR", "look at the machine recorded in this folder", &observation.root,
		  NULL },
		{ "state", "DIR", "state folder; else $TESTREADY_STATE, else " STATE_DIR_DEFAULT,
		  &args.state, NULL },
		{ "timing", NULL, "what looking costs, by probe, instead of the facts", NULL,
		  &args.is_timing },
		{ "list", NULL, "every fact there is, with its type and meaning", NULL,
		  &args.is_list },
		{ 0 },
	};
	_cleanup_free_ struct look_cost *costs = xcalloc(n_probes, sizeof(*costs));
	struct err err = { 0 };
	json_t *facts;
	size_t n_args;
	int r = cli_parse(&cmd_facts, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (args.probe && !(observation.only = probe_find(args.probe)))
		return no_such_probe(args.probe);
	if (args.is_list) {
		list_facts(facts_table, "", args.probe);
		return CLI_OK;
	}
	if (look(&args, &observation, &facts, costs, &err) < 0) {
		log_line(LOG_ERR, "testready-agent facts: %s", err.text);
		return CLI_USAGE;
	}
	if (args.is_timing) {
		print_timing(observation.only, costs);
	} else {
		json_dumpf(facts, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
		putchar('\n');
	}
	json_decref(facts);
	return CLI_OK;
}

const struct cli_command cmd_facts = {
	.name = "facts",
	.args = "",
	.summary = "Print what would be sent about this device, exactly.",
	.run = facts_run,
};
