/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/collector/school.h"

#include <errno.h>
#include <semaphore.h>
#include <sodium.h>

#include "collector/ingest/writer.h"
#include "collector/metrics.h"
#include "collector/settings.h"
#include "common/base/clock.h"

/* As PROFILE_ONE, and more memory than devices have. */
#define PROFILE_MORE PROFILE("p", "240", MEMORY("16384") "," BROWSER("14.0..") "," HEADPHONES)

#define UNKNOWN_ID "ffffffffffffffffffffffffffffffff"

/* The writer goes by the clock, so what it is asked about is of today: on a later day a key has
 * ended. */
static int setup(void **state)
{
	int r = school_setup(state);

	((struct school *)*state)->now_ms = clock_now_ms();
	return r;
}

/* The writer on the school's store, and what was asked of it. */
struct desk {
	struct school *school;
	struct queue *queue;
	struct writer *writer;
	sem_t answered;
};

static void job_done(struct job *job)
{
	struct desk *desk = job->arg;

	sem_post(&desk->answered);
}

/* Everything is queued before the writer starts, so that it is one batch. */
static void desk_open(struct desk *desk, struct school *school)
{
	*desk = (struct desk){ .school = school, .queue = queue_new(64, 1 << 20) };
	sem_init(&desk->answered, 0, 0);
}

static struct job *desk_put(struct desk *desk, struct job *job)
{
	job->done = job_done;
	job->arg = desk;
	assert_int_equal(queue_reserve(desk->queue, job), 0);
	queue_add(desk->queue, job);
	return job;
}

static struct job *put_report(struct desk *desk, const char *id, int64_t sequence)
{
	struct job *job = job_new(JOB_REPORT, 1);

	job->report.json = json_pack("{s:o}", "facts", likeness_facts(&GOOD));
	job->report.report = (struct report){
		.device_id = id,
		.agent_version = "1.0",
		.boot_id = BOOT_ID,
		.sequence = sequence,
		.observed_ms = 1,
		.device = { "lab", "", "", "" },
		.facts = json_object_get(job->report.json, "facts"),
	};
	job->report.facts_text = document_canonical(job->report.report.facts);
	return desk_put(desk, job);
}

static struct job *put_enroll(struct desk *desk, const char *key_hash)
{
	struct job *job = job_new(JOB_ENROLL, 1);

	job->enroll.request = (struct enroll_request){ .key_hash = key_hash,
						       .agent_version = "1.0",
						       .names = { "new", "", "", "" } };
	return desk_put(desk, job);
}

/* What the writer has open; take it away, and it can write no more. */
static struct store *desk_store(struct desk *desk)
{
	struct store *store;

	must(desk->school, store_open(desk->school->path, false, &store, &desk->school->err));
	return store;
}

static void desk_run_on(struct desk *desk, struct store *store)
{
	must(desk->school, writer_start(store, desk->queue, SETTINGS_HISTORY_DAYS, &desk->writer,
					&desk->school->err));
	queue_close(desk->queue, INT64_MAX);
	writer_join(desk->writer);
	writer_free(desk->writer);
}

static void desk_run(struct desk *desk)
{
	desk_run_on(desk, desk_store(desk));
}

static void desk_close(struct desk *desk, size_t n_jobs)
{
	int n;

	sem_getvalue(&desk->answered, &n);
	assert_int_equal(n, n_jobs);
	queue_free(desk->queue);
	sem_destroy(&desk->answered);
}

static const struct device_names lab = { "lab", "", "", "" };

static void a_job_that_fails_does_not_take_others_with_it(void **state)
{
	struct school *school = *state;
	struct job *jobs[7];
	char ids[3][ID_SIZE], key[SECRET_SIZE], key_hash[HASH_SIZE], wrong_hash[HASH_SIZE];
	struct desk desk;

	school_open(school);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		school_enroll(school, SITE, &lab, ids[i]);
	school_key(school, SITE, 1, key);
	hash_hex(key, strlen(key), key_hash);
	hash_hex("wrong", 5, wrong_hash);

	desk_open(&desk, school);
	jobs[0] = put_report(&desk, ids[0], 1);
	jobs[1] = put_enroll(&desk, wrong_hash);
	jobs[2] = put_report(&desk, UNKNOWN_ID, 1);
	jobs[3] = put_report(&desk, ids[1], 1);
	jobs[4] = put_enroll(&desk, key_hash);
	jobs[5] = desk_put(&desk, job_new(JOB_CHECK, 0));
	jobs[6] = put_report(&desk, ids[2], 1);
	desk_run(&desk);

	assert_int_equal(jobs[0]->result, 0);
	assert_int_equal(jobs[0]->contact.state, STATE_READY);
	assert_int_equal(jobs[1]->result, -EACCES);
	assert_true(jobs[2]->result < 0 && jobs[2]->err.text[0]);
	assert_int_equal(jobs[3]->result, 0);
	assert_int_equal(jobs[4]->result, 0);
	assert_true(id_is_valid(jobs[4]->answer.device_id));
	assert_int_equal(jobs[5]->result, 0);
	assert_int_equal(jobs[6]->result, 0);
	assert_int_equal(school_all_reports(school), 3);
	assert_int_equal(school_number(school, "SELECT ready FROM site_count"), 3);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device"), 4);
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		job_free(jobs[i]);
	desk_close(&desk, ARRAY_SIZE(jobs));
}

static void what_is_answered_is_in_the_order_of_the_queue(void **state)
{
	struct school *school = *state;
	struct job *jobs[PAST_REPORTS * 2];
	char id[ID_SIZE];
	struct desk desk;

	school_open(school);
	school_enroll(school, SITE, &lab, id);
	desk_open(&desk, school);
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		jobs[i] = put_report(&desk, id, (int64_t)(i / 2) + 1);
	desk_run(&desk);

	/* Every report came twice: it is there once, and was answered twice. */
	assert_int_equal(school_all_reports(school), ARRAY_SIZE(jobs) / 2);
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		assert_int_equal(jobs[i]->result, 0);
		assert_int_equal(jobs[i]->contact.state, STATE_READY);
		job_free(jobs[i]);
	}
	desk_close(&desk, ARRAY_SIZE(jobs));
}

/* --- reports that are known ----------------------------------------------------------- */

/* A report as it comes, of the same facts each time. */
static struct job *put_known(struct desk *desk, const char *id, int64_t sequence)
{
	struct job *job = job_new(JOB_KNOWN, 1);
	json_t *facts = likeness_facts(&GOOD), *json;
	struct report report;

	school_head(id, sequence, 0, &(struct told){ 0 }, &report);
	facts_complete(facts, "a test");
	report.device = lab;
	report.facts = facts;
	json = report_write(&report);
	job->body = document_canonical(json);
	job->body_len = strlen(job->body);
	assert_int_equal(known_read(job->body, job->body_len, &job->known), 0);
	json_decref(json);
	json_decref(facts);
	return desk_put(desk, job);
}

static int publish(struct change *change, const struct moment *moment, struct err *err)
{
	struct profile *profile = NULL;
	struct reach reach;
	int r = profile_parse(PROFILE_MORE, strlen(PROFILE_MORE), "test", &profile, err);

	(void)change;
	if (r >= 0)
		r = act_publish(moment->store, profile, PROFILE_MORE, moment->now_ms, &reach, err);
	profile_free(profile);
	return r;
}

static void change_free(struct change *change)
{
	free(change);
}

static struct job *put_publishing(struct desk *desk)
{
	struct job *job = job_new(JOB_CHANGE, 0);

	job->change = xcalloc(1, sizeof(*job->change));
	*job->change = (struct change){ .run = publish, .free = change_free };
	return desk_put(desk, job);
}

/* Wait for @job, which is not needed any more; its device's state. */
static enum device_state answered(struct desk *desk, struct job *job)
{
	enum device_state state;

	sem_wait(&desk->answered);
	if (job->result < 0)
		fail_msg("%s", job->err.text);
	state = job->contact.state;
	job_free(job);
	return state;
}

static bool is_looked_at(const struct job *job)
{
	return job->report.json;
}

/* A collector that asks more than the one before it: what it cannot take is refused as such. */
static void what_cannot_be_read_any_more_is_refused_and_holds_up_nobody(void **state)
{
	struct school *school = *state;
	struct job *jobs[2];
	char id[ID_SIZE];
	struct desk desk;

	school_open(school);
	school_enroll(school, SITE, &lab, id);
	desk_open(&desk, school);
	jobs[0] = put_known(&desk, id, 1);
	memcpy(jobs[0]->body, "[", 1);
	jobs[1] = put_known(&desk, id, 2);
	must(school, writer_start(desk_store(&desk), desk.queue, SETTINGS_HISTORY_DAYS,
				  &desk.writer, &school->err));
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		sem_wait(&desk.answered);
	assert_int_equal(jobs[0]->result, -EINVAL);
	assert_int_equal(jobs[1]->result, 0);
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		job_free(jobs[i]);
	queue_close(desk.queue, INT64_MAX);
	writer_join(desk.writer);
	writer_free(desk.writer);
	desk_close(&desk, 0);
}

/* Else an end takes as long as all that waits, and whoever ends it does so by force. */
static void what_waits_longer_than_an_end_may_take_is_refused(void **state)
{
	struct school *school = *state;
	struct job *jobs[2];
	char id[ID_SIZE];
	struct desk desk;

	school_open(school);
	school_enroll(school, SITE, &lab, id);
	desk_open(&desk, school);
	jobs[0] = put_report(&desk, id, 1);
	jobs[1] = put_publishing(&desk);
	queue_close(desk.queue, 0);
	must(school, writer_start(desk_store(&desk), desk.queue, SETTINGS_HISTORY_DAYS,
				  &desk.writer, &school->err));
	writer_join(desk.writer);
	writer_free(desk.writer);
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		assert_int_equal(jobs[i]->result, -ESHUTDOWN);
		job_free(jobs[i]);
	}
	assert_int_equal(school_all_reports(school), 0);
	desk_close(&desk, 2);
}

/* What the writer keeps of a site from batch to batch must not outlive what it does itself. */
static void what_is_known_is_judged_by_what_the_writer_has_just_published(void **state)
{
	struct school *school = *state;
	struct job *job;
	char id[ID_SIZE];
	struct desk desk;

	school_open(school);
	school_enroll(school, SITE, &lab, id);
	desk_open(&desk, school);
	must(school, writer_start(desk_store(&desk), desk.queue, SETTINGS_HISTORY_DAYS,
				  &desk.writer, &school->err));
	assert_int_equal(answered(&desk, put_known(&desk, id, 1)), STATE_READY);
	job = put_known(&desk, id, 2);
	sem_wait(&desk.answered);
	assert_int_equal(job->result, 0);
	assert_false(is_looked_at(job));
	job_free(job);

	(void)answered(&desk, put_publishing(&desk));
	assert_int_equal(answered(&desk, put_known(&desk, id, 3)), STATE_NOT_READY);
	queue_close(desk.queue, INT64_MAX);
	writer_join(desk.writer);
	writer_free(desk.writer);
	assert_int_equal(school_all_reports(school), 3);
	desk_close(&desk, 0);
}

static int64_t failed_commits(void)
{
	static const struct route *const none[] = { NULL };
	_cleanup_free_ char *text = metrics_text(none, NULL, 0);
	static const char name[] = "\ntestready_commit_failed_total ";

	return strtoll(strstr(text, name) + strlen(name), NULL, 10);
}

static void a_store_that_cannot_be_written_is_tried_once_for_all_who_wait(void **state)
{
	struct school *school = *state;
	char key_hash[HASH_SIZE], id[ID_SIZE];

	hash_hex("key", 3, key_hash);
	school_open(school);
	school_enroll(school, SITE, &lab, id);
	for (int has_report = 0; has_report <= 1; has_report++) {
		_cleanup_free_ char *away = xasprintf("%s.away%d", school->path, has_report);
		int64_t n_failed = failed_commits();
		struct job *jobs[5];
		struct store *store;
		struct desk desk;

		desk_open(&desk, school);
		store = desk_store(&desk);
		for (size_t i = 0; i < 3; i++)
			jobs[i] = put_enroll(&desk, key_hash);
		jobs[3] = has_report ? desk_put(&desk, job_new(JOB_CHECK, 0))
				     : put_enroll(&desk, key_hash);
		jobs[4] = has_report ? put_report(&desk, id, 1) : put_enroll(&desk, key_hash);
		assert_int_equal(rename(school->path, away), 0);
		desk_run_on(&desk, store);
		assert_int_equal(rename(away, school->path), 0);
		/*
		 * Not once for each: where it is locked, each would wait for seconds. And twice
		 * for what a writer does when it starts.
		 */
		assert_int_equal(failed_commits(), n_failed + 1 + 2);
		for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
			assert_int_equal(jobs[i]->result, -EAGAIN);
			assert_true(jobs[i]->err.text[0]);
			job_free(jobs[i]);
		}
		desk_close(&desk, ARRAY_SIZE(jobs));
	}
}

/* Also where nobody signs in, who would see to some of it. */
static void what_counts_for_nothing_any_more_is_forgotten_by_the_writer(void **state)
{
	struct school *school = *state;
	struct desk desk;
	struct job *job;

	must(school,
	     db_exec(school->store->db, "INSERT INTO invitation VALUES ('i', NULL, 0, '', 1)", NULL,
		     &school->err, ""));
	desk_open(&desk, school);
	job = desk_put(&desk, job_new(JOB_CHECK, 0));
	desk_run(&desk);
	job_free(job);
	assert_int_equal(school_number(school, "SELECT count(*) FROM invitation"), 0);
	desk_close(&desk, 1);
}

static int set_up_group(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

static void numbers_are_of_the_last_look_when_no_later_one_succeeded(void **state)
{
	(void)state;
	assert_int_equal(writer_as_of_look(1000, 1000), 1000);
	assert_int_equal(writer_as_of_look(1000, 1000 + 120000), 1000 + 120000);
	assert_int_equal(writer_as_of_look(1000, 1000 + 120001), 1000);
	/* A clock that was set back: now is all there is. */
	assert_int_equal(writer_as_of_look(1000, 500), 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_job_that_fails_does_not_take_others_with_it,
						setup, school_teardown),
		cmocka_unit_test_setup_teardown(what_is_answered_is_in_the_order_of_the_queue,
						setup, school_teardown),
		cmocka_unit_test_setup_teardown(
			what_cannot_be_read_any_more_is_refused_and_holds_up_nobody, setup,
			school_teardown),
		cmocka_unit_test_setup_teardown(what_waits_longer_than_an_end_may_take_is_refused,
						setup, school_teardown),
		cmocka_unit_test_setup_teardown(
			what_is_known_is_judged_by_what_the_writer_has_just_published, setup,
			school_teardown),
		cmocka_unit_test_setup_teardown(
			a_store_that_cannot_be_written_is_tried_once_for_all_who_wait, setup,
			school_teardown),
		cmocka_unit_test_setup_teardown(
			what_counts_for_nothing_any_more_is_forgotten_by_the_writer, setup,
			school_teardown),
		cmocka_unit_test(numbers_are_of_the_last_look_when_no_later_one_succeeded),
	};

	return cmocka_run_group_tests(tests, set_up_group, NULL);
}
