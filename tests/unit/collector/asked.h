/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Two schools of one LEA, and words for what is asked of them beyond their profile and
 * what is waived.
 */

#include "tests/unit/collector/school.h"

#include "collector/store/store_waiver.h"

#define OTHER_SITE "0002"
#define FIRST_DAY "2027-04-05"
#define LAST_DAY "2027-04-23"

static const struct device_names names = { "lab", "", "", "" };
/* Too little memory, and nobody knows how much. */
#define WEAK ((struct likeness){ "14.1", 1024, true })
#define BLIND ((struct likeness){ "14.1", 0, true })

static inline struct waiver waiver_of(enum scope scope, const char *code, const char *requirement,
				      const char *until)
{
	struct waiver waiver = {
		.profile_id = xstrdup("p"),
		.scope = scope,
		.scope_code = xstrdup(code),
		.requirement = xstrdup(requirement),
		.reason = xstrdup("New memory is ordered."),
		.who = xstrdup("A. Coordinator"),
	};

	assert_int_equal(civil_parse(until, &waiver.until, NULL), 0);
	return waiver;
}

/* In a transaction, which is given up where it is refused. */
static inline int try_waive(struct school *school, struct waiver *waiver, struct reach *reach)
{
	int r;

	must(school, store_begin(school->store, &school->err));
	r = act_waive(school->store, waiver, school->now_ms, reach, &school->err);
	if (r < 0)
		store_rollback(school->store);
	else
		must(school, store_commit(school->store, &school->err));
	return r;
}

static inline struct reach waive(struct school *school, enum scope scope, const char *code,
				 const char *requirement, const char *until,
				 char id[static ID_SIZE])
{
	_cleanup_(waiver_done) struct waiver waiver = waiver_of(scope, code, requirement, until);
	struct reach reach = { 0 };

	must(school, try_waive(school, &waiver, &reach));
	memcpy(id, waiver.id, ID_SIZE);
	school->now_ms++;
	return reach;
}

static inline struct reach end_waiver(struct school *school, const char *id)
{
	struct reach reach = { 0 };

	must(school,
	     act_waiver_revoke(school->store, id, "B. Boss", school->now_ms, &reach, &school->err));
	school->now_ms++;
	return reach;
}

#define SUPPLEMENT(scope, code, requirements)                                                 \
	"{\"supplement_to\":\"p\",\"scope\":{\"" scope "\":\"" code "\"},\"title\":\"More\"," \
	"\"source\":\"the board\",\"requirements\":[" requirements "]}"
#define TIGHTER_HEADPHONES \
	"{\"tightens\":\"audio.headphones\",\"severity\":\"required\",\"source\":\"the board\"}"
#define FAST                                                                                       \
	REQUIREMENT("lea.memory", "required", "{\"fact\":\"memory.total_mib\",\"at_least\":6000}", \
		    "more-memory")

static inline int try_ask(struct school *school, const char *text, struct reach *reach)
{
	struct supplement *supplement = NULL;
	int r;

	must(school, supplement_parse(text, strlen(text), "more.json", &supplement, &school->err));
	must(school, store_begin(school->store, &school->err));
	r = act_supplement_publish(school->store, supplement, school->now_ms, reach, &school->err);
	supplement_free(supplement);
	if (r < 0)
		store_rollback(school->store);
	else
		must(school, store_commit(school->store, &school->err));
	school->now_ms++;
	return r;
}

static inline void expect(struct school *school, const char *id, enum device_state device_state,
			  const char *results)
{
	_cleanup_(device_done) struct device device = { 0 };

	must(school, store_device_head(school->store, id, &device, &school->err));
	assert_string_equal(device_state_words[device.state], device_state_words[device_state]);
	assert_string_equal(device.results, results);
}

/* Two sites of one LEA, "00", with one device each. */
static inline void open_two(struct school *school, char id[static ID_SIZE],
			    char other_id[static ID_SIZE], const struct likeness *like)
{
	school_open(school);
	school_site(school, OTHER_SITE, "p", FIRST_DAY, LAST_DAY);
	school_enroll(school, SITE, &names, id);
	school_enroll(school, OTHER_SITE, &names, other_id);
	school_report(school, id, 1, 0, &names, like);
	school_report(school, other_id, 1, 0, &names, like);
	school->now_ms++;
}
