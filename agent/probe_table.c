/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The probes there are, and what makes their facts whole.
 */
#include <stdlib.h>

#include "agent/probe.h"
#include "common/base/base.h"
#include "common/model/facts.h"

extern const struct probe probe_os, probe_browser, probe_audio, probe_printer, probe_braille,
	probe_input, probe_display, probe_memory, probe_disk, probe_cpu, probe_power;

/* In the order of facts_table, which a unit test compares. */
const struct probe *const probes[] = {
	&probe_os,      &probe_browser, &probe_audio, &probe_printer, &probe_braille, &probe_input,
	&probe_display, &probe_memory,  &probe_disk,  &probe_cpu,     &probe_power,
};
const size_t n_probes = ARRAY_SIZE(probes);

/*
 * What one probe may say, as JSON: all of them together fit a report
 * (REPORT_BYTES_MAX) whatever is plugged in.
 */
#define PROBE_BYTES_MAX ((size_t)20 * 1024)

static void complete(const struct fact *members, json_t *object);

/* Make the members that a probe left out unknown, in lists as well. */
static void complete_value(const struct fact *fact, json_t *value)
{
	json_t *item;
	size_t i;

	if (!fact->members || fact_unknown_reason(value))
		return;
	if (fact->type == FACT_OBJECT)
		complete(fact->members, value);
	json_array_foreach (value, i, item)
		complete(fact->members, item);
}

static void complete(const struct fact *members, json_t *object)
{
	for (; members->name; members++) {
		json_t *value = json_object_get(object, members->name);

		if (value)
			complete_value(members, value);
		else
			json_object_set_new(object, members->name,
					    fact_unknown("this device does not say"));
	}
}

static json_t *probe_run(const struct probe *probe, const struct fact *fact, const struct env *env)
{
	json_t *facts = json_object();
	struct err err = { 0 };
	int r = probe->run(env, facts, &err);

	if (r >= 0) {
		complete(fact->members, facts);
		if (json_dumpb(facts, NULL, 0, JSON_COMPACT) <= PROBE_BYTES_MAX)
			return facts;
		err_set(&err, 0, "there is more to say than fits into a report");
	}
	json_decref(facts);
	return fact_unknown(err.text);
}

json_t *probes_run(const struct env *env)
{
	json_t *facts = json_object();

	/* Unknown at first, so that the facts of one probe can be checked alone. */
	for (const struct fact *fact = facts_table; fact->name; fact++)
		json_object_set_new(facts, fact->name, fact_unknown("not looked at yet"));

	for (size_t i = 0; i < n_probes; i++) {
		const char *name = probes[i]->name;
		struct err err;

		json_object_set_new(facts, name, probe_run(probes[i], facts_find(name), env));
		/* Our bug; better one probe without a word than a device without a report. */
		if (facts_check(facts, "", NULL, &err) < 0)
			json_object_set_new(facts, name, fact_unknown(err.text));
	}
	return facts;
}
