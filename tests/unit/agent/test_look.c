/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent/env.h"
#include "agent/look.h"
#include "agent/probe/fact.h"
#include "common/model/facts.h"
#include "tests/unit/unit.h"

static int hang(const struct env *env, json_t *facts, struct err *err)
{
	(void)env;
	(void)facts;
	(void)err;
	for (;;)
		pause();
	return 0;
}

/* Not by a fault of memory, which sanitizers report. */
static int crash(const struct env *env, json_t *facts, struct err *err)
{
	(void)env;
	(void)facts;
	(void)err;
	signal(SIGTRAP, SIG_DFL);
	raise(SIGTRAP);
	return 0;
}

static int leave(const struct env *env, json_t *facts, struct err *err)
{
	(void)env;
	(void)facts;
	(void)err;
	_exit(0);
}

static int flood(const struct env *env, json_t *facts, struct err *err)
{
	(void)env;
	(void)err;
	for (int i = 0; i < 1000; i++)
		json_object_set_new(facts,
				    (char[]){ 'a' + (char)(i % 26), 'a' + (char)(i / 26 % 26), 0 },
				    json_string("0123456789012345678901234567890123456789"));
	return 0;
}

static int lie(const struct env *env, json_t *facts, struct err *err)
{
	(void)env;
	(void)err;
	fact_set_text(facts, "total_bytes", "many");
	return 0;
}

static int refuse(const struct env *env, json_t *facts, struct err *err)
{
	(void)env;
	(void)facts;
	return err_set(err, -1, "the disk is on fire");
}

static int tell(const struct env *env, json_t *facts, struct err *err)
{
	(void)env;
	(void)err;
	fact_set_int(facts, "total_mib", 2048);
	return 0;
}

/* What two probes say, of which the first is @run under the name "disk". */
static json_t *look_at(int (*run)(const struct env *, json_t *, struct err *),
		       struct look_cost costs[2])
{
	const struct probe first = { .name = "disk", .run = run, .timeout_ms = 300 };
	const struct probe second = { .name = "memory", .run = tell };
	const struct probe *const wanted[] = { &first, &second };
	struct env env;
	json_t *facts;

	assert_int_equal(env_init(&env, "", NULL), 0);
	facts = look_with(&env, wanted, 2, costs);
	env_done(&env);
	assert_int_equal(json_object_size(facts), 2);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(facts, "memory"), "total_mib")),
		2048);
	return facts;
}

/* The reason why the first probe's facts are unknown has @part in it. */
static void assert_unknown(int (*run)(const struct env *, json_t *, struct err *), const char *part)
{
	json_t *facts = look_at(run, NULL);
	const char *why = fact_unknown_reason(json_object_get(facts, "disk"));

	assert_non_null(why);
	if (!strstr(why, part))
		fail_msg("\"%s\" does not say \"%s\"", why, part);
	json_decref(facts);
}

static void a_probe_that_hangs_costs_its_own_facts_only(void **state)
{
	struct look_cost costs[2];
	json_t *facts = look_at(hang, costs);

	(void)state;
	assert_non_null(strstr(fact_unknown_reason(json_object_get(facts, "disk")), "0.3 s"));
	assert_true(costs[0].wall_us >= 300000);
	assert_int_equal(costs[0].bytes, 0);
	assert_int_equal(costs[1].bytes, strlen("{\"total_mib\":2048}"));
	json_decref(facts);
	/* It is gone, and nobody is left to be waited for. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void a_probe_that_crashes_costs_its_own_facts_only(void **state)
{
	(void)state;
	assert_unknown(crash, "signal 5");
	assert_unknown(leave, "error of the agent");
}

static void a_probe_that_says_too_much_or_the_wrong_thing_is_not_believed(void **state)
{
	(void)state;
	assert_unknown(flood, "more to say than fits");
	assert_unknown(lie, "expected");
}

static void a_probe_that_cannot_look_says_why(void **state)
{
	(void)state;
	assert_unknown(refuse, "the disk is on fire");
}

static void what_a_probe_leaves_out_is_unknown(void **state)
{
	json_t *facts = look_at(tell, NULL);
	json_t *disk = json_object_get(facts, "disk");

	(void)state;
	/* It says something that the disk has not, and nothing of what it has. */
	assert_non_null(fact_unknown_reason(disk));
	json_decref(facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_probe_that_hangs_costs_its_own_facts_only),
		cmocka_unit_test(a_probe_that_crashes_costs_its_own_facts_only),
		cmocka_unit_test(a_probe_that_says_too_much_or_the_wrong_thing_is_not_believed),
		cmocka_unit_test(a_probe_that_cannot_look_says_why),
		cmocka_unit_test(what_a_probe_leaves_out_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
