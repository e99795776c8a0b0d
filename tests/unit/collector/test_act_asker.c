/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody may is asked again when it is the turn of what they asked for.
 */
#include <errno.h>
#include <semaphore.h>

#include "collector/act/act_account.h"
#include "collector/act/act_asker.h"
#include "collector/act/act_session.h"
#include "collector/act/act_token.h"
#include "collector/ingest/writer.h"
#include "collector/settings.h"
#include "collector/store/store_account.h"
#include "common/base/clock.h"
#include "tests/unit/collector/school.h"

static const struct grant coordinator = { PERSON_LEA_COORDINATOR, SCOPE_LEA, "00", "" };

/* An account with one grant, its session, and its token. */
struct person {
	struct account account;
	char session[HASH_SIZE], token[HASH_SIZE];
	struct token_made made;
	struct grants grants; /* as of a request */
};

static void hire(struct school *school, struct person *person)
{
	const struct session_request session = { person->account.id, "", NULL };
	const struct token_request token = { "nightly", coordinator, 1 };
	struct actor actor = { "Ada Kim (akim)", person->account.id, "", &person->account.grants };
	char secret[SECRET_SIZE];

	person->account = (struct account){
		.login = xstrdup("akim"),
		.name = xstrdup("Ada Kim"),
		.password = xstrdup(""),
		.good_until = civil_of_ms(school->now_ms) + 100,
		.created_by = xstrdup("test"),
		.grants = { .grants = { coordinator }, .n_grants = 1 },
	};
	id_new(person->account.id);
	must(school, store_account_put(school->store, &person->account, &school->err));
	must(school,
	     act_session_begin(school->store, &session, school->now_ms, secret, &school->err));
	hash_hex(secret, strlen(secret), person->session);
	must(school, act_token_add(school->store, &actor, &token, school->now_ms, &person->made,
				   &school->err));
	hash_hex(person->made.token, strlen(person->made.token), person->token);
	person->grants = person->account.grants;
}

static int look(struct school *school, struct person *person, bool is_token)
{
	const struct asker asker = { .session = is_token ? NULL : person->session,
				     .token = is_token ? person->token : NULL,
				     .may = MAY_GIVE_ROLES,
				     .grants = &person->grants };

	person->grants = person->account.grants;
	return act_asker_look(school->store, &asker, school->now_ms, &school->err);
}

static void change(struct school *school, struct person *person, const struct grants *grants,
		   int is_disabled)
{
	const struct account_change what = { .id = person->account.id,
					     .grants = grants,
					     .is_disabled = is_disabled };

	must(school, act_account_change(school->store, &actor_command_line, &what, school->now_ms,
					&school->err));
}

static void nobody_may_more_than_when_it_is_their_turn(void **state)
{
	static const struct grants less = { .grants = { { PERSON_VIEWER, SCOPE_SITE, SITE, "00" } },
					    .n_grants = 1 };
	static const struct grants wider = {
		.grants = { { PERSON_LEA_COORDINATOR, SCOPE_LEA, "00", "" },
			    { PERSON_VIEWER, SCOPE_SITE, SITE, "00" } },
		.n_grants = 2,
	};
	struct school *school = *state;
	struct person person = { 0 };

	school_open(school);
	hire(school, &person);
	must(school, look(school, &person, false));
	must(school, look(school, &person, true));
	assert_int_equal(person.grants.n_grants, 1);
	change(school, &person, &wider, -1);
	must(school, look(school, &person, false));
	assert_int_equal(person.grants.n_grants, 2);
	change(school, &person, &less, -1);
	for (int is_token = 0; is_token < 2; is_token++) {
		assert_int_equal(look(school, &person, is_token), -EPERM);
		assert_non_null(strstr(school->err.text, "any more"));
		assert_int_equal(person.grants.grants[0].role, PERSON_VIEWER);
	}
	account_done(&person.account);
}

static void what_is_over_asks_for_nothing(void **state)
{
	struct school *school = *state;
	struct person person = { 0 };
	int64_t n;

	school_open(school);
	hire(school, &person);
	change(school, &person, NULL, 1);
	assert_int_equal(look(school, &person, false), -EKEYREVOKED);
	assert_int_equal(look(school, &person, true), -EKEYREVOKED);
	change(school, &person, NULL, 0);
	must(school, look(school, &person, true));
	must(school, act_token_revoke(school->store, &actor_command_line, person.made.id,
				      school->now_ms, &school->err));
	assert_int_equal(look(school, &person, true), -EKEYREVOKED);
	assert_non_null(strstr(school->err.text, "token"));
	must(school, act_session_end(school->store, person.session, &n, &school->err));
	assert_int_equal(look(school, &person, false), -EKEYREVOKED);
	assert_non_null(strstr(school->err.text, "Sign in again"));
	account_done(&person.account);
}

static void the_admins_token_and_whoever_needs_none_go_on(void **state)
{
	struct school *school = *state;
	struct grants grants = access_everything;
	const struct asker admin = { .may = MAY_GIVE_ROLES, .grants = &grants };
	const struct asker device = { 0 };

	school_open(school);
	must(school, act_asker_look(school->store, &admin, school->now_ms, &school->err));
	must(school, act_asker_look(school->store, &device, school->now_ms, &school->err));
	assert_true(access_allows_everywhere(&grants, MAY_PUBLISH));
}

/* --- in the queue -------------------------------------------------------------------- */

/* A change that counts how often it was run, and takes the person's roles away. */
struct firing {
	struct change change; /* first, so that it is this */
	struct school *school;
	struct person *person;
	int n_runs;
};

static int run_firing(struct change *change, const struct moment *moment, struct err *err)
{
	struct firing *firing = (struct firing *)change;
	const struct grants none = { 0 };
	const struct account_change what = { .id = firing->person->account.id,
					     .grants = &none,
					     .is_disabled = -1 };

	firing->n_runs++;
	return act_account_change(moment->store, &actor_command_line, &what, moment->now_ms, err);
}

static void keep(struct change *change)
{
	(void)change;
}

static void job_done(struct job *job)
{
	sem_post(job->arg);
}

static void a_role_that_is_taken_away_counts_for_what_waits(void **state)
{
	struct school *school = *state;
	struct person person = { 0 };
	struct firing firing = { { NULL, run_firing, keep }, school, &person, 0 };
	struct queue *queue = queue_new(8, 1 << 20);
	struct store *store;
	struct writer *writer;
	struct job *jobs[2];
	sem_t answered;

	school_open(school);
	/* The writer goes by the clock. */
	school->now_ms = clock_now_ms();
	hire(school, &person);
	sem_init(&answered, 0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		jobs[i] = job_new(JOB_CHANGE, 1);
		jobs[i]->change = &firing.change;
		jobs[i]->asker = (struct asker){ .session = person.session,
						 .may = MAY_GIVE_ROLES,
						 .grants = &person.grants };
		jobs[i]->done = job_done;
		jobs[i]->arg = &answered;
		assert_int_equal(queue_reserve(queue, jobs[i]), 0);
		queue_add(queue, jobs[i]);
	}
	must(school, store_open(school->path, false, &store, &school->err));
	must(school, writer_start(store, queue, SETTINGS_HISTORY_DAYS, &writer, &school->err));
	queue_close(queue, INT64_MAX);
	writer_join(writer);
	writer_free(writer);
	assert_int_equal(jobs[0]->result, 0);
	assert_int_equal(jobs[1]->result, -EPERM);
	assert_int_equal(firing.n_runs, 1);
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		job_free(jobs[i]);
	queue_free(queue);
	sem_destroy(&answered);
	account_done(&person.account);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)
		TEST(nobody_may_more_than_when_it_is_their_turn),
		TEST(what_is_over_asks_for_nothing),
		TEST(the_admins_token_and_whoever_needs_none_go_on),
		TEST(a_role_that_is_taken_away_counts_for_what_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
