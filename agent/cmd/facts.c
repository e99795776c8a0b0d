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
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/model/facts.h"

static const char *const type_words[] = {
	[FACT_OBJECT] = "object", [FACT_LIST] = "list",   [FACT_TEXT] = "text",
	[FACT_WORD] = "word",     [FACT_INT] = "integer", [FACT_BOOL] = "boolean",
};
static_assert(ARRAY_SIZE(type_words) == FACT_TYPE_MAX_, "every type has a word");

/* As deep as the table goes. */
static void list_facts(const struct fact *facts, const char *before)
{
	for (const struct fact *f = facts; f->name; f++) {
		_cleanup_free_ char *path = xasprintf("%s%s", before, f->name);
		_cleanup_free_ char *inside =
			xasprintf("%s%s.", path, f->type == FACT_LIST ? "[]" : "");

		printf("%s\t%s\t%s\n", path, type_words[f->type], f->summary);
		if (f->members)
			list_facts(f->members, inside);
	}
}

static int facts_run(int argc, char *argv[])
{
	const char *root = NULL;
	bool is_list = false;
	const struct cli_option options[] = {
		{ "root", "DIR", "look at the machine recorded in this folder", &root, NULL },
		{ "list", NULL, "every fact there is, with its type and meaning", NULL, &is_list },
		{ 0 },
	};
	struct err err = { 0 };
	json_t *facts;
	size_t n_args;
	int r = cli_parse(&cmd_facts, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (is_list) {
		list_facts(facts_table, "");
		return CLI_OK;
	}
	if (observe(root, &facts, &err) < 0) {
		log_line(LOG_ERR, "testready-agent facts: %s", err.text);
		return CLI_USAGE;
	}
	json_dumpf(facts, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
	putchar('\n');
	json_decref(facts);
	return CLI_OK;
}

const struct cli_command cmd_facts = {
	.name = "facts",
	.args = "",
	.summary = "Print what would be sent about this device, exactly.",
	.run = facts_run,
};
