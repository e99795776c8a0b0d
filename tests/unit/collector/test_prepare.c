/* SPDX-License-Identifier: Apache-2.0 */
/* What is composed before a profile is published, in transactions that nobody waits for. */
#include <errno.h>

#include "collector/act/prepare.h"
#include "collector/store/store_profile.h"
#include "collector/store/store_supplement.h"
#include "tests/unit/collector/school.h"

enum { SITES = 3000 };

#define MORE(code, mib)                                                                           \
	"{\"supplement_to\":\"p\",\"scope\":{\"site\":\"" code "\"},\"title\":\"More\","          \
	"\"source\":\"the board\",\"requirements\":["                                             \
	"{\"id\":\"site.memory\",\"title\":\"t\",\"source\":\"s\",\"severity\":\"required\","     \
	"\"roles\":[\"student\"],\"check\":{\"fact\":\"memory.total_mib\",\"at_least\":" mib "}," \
	"\"fix\":{\"id\":\"f\",\"text\":\"f\",\"minutes\":1}}]}"

static struct supplement *more(struct school *school, int site, int mib)
{
	_cleanup_free_ char *text = xasprintf(MORE("%04d", "%d"), site, mib);
	struct supplement *supplement = NULL;

	must(school, supplement_parse(text, strlen(text), "more", &supplement, &school->err));
	return supplement;
}

static void ask(struct school *school, int site, int mib)
{
	_cleanup_(supplement_freep) struct supplement *supplement = more(school, site, mib);
	struct reach reach;

	must(school, act_supplement_publish(school->store, supplement, school->now_ms, &reach,
					    &school->err));
}

/* Each site asks for what no other asks. */
static void open_sites(struct school *school, int n)
{
	char code[8];
	int64_t n_judged;

	school_publish(school, PROFILE_ONE, &n_judged);
	must(school, store_begin(school->store, &school->err));
	for (int i = 1; i <= n; i++) {
		_cleanup_(supplement_freep) struct supplement *supplement = NULL;

		snprintf(code, sizeof(code), "%04d", i);
		supplement = more(school, i, 5000 + i);
		must(school,
		     store_supplement_put(school->store, supplement, school->now_ms, &school->err));
		school_site(school, code, "p", "2027-04-05", "2027-04-23");
	}
	must(school, store_commit(school->store, &school->err));
	school->now_ms++;
}

static int64_t count(struct school *school, const char *table)
{
	_cleanup_free_ char *sql = xasprintf("SELECT count(*) FROM %s", table);

	return school_number(school, sql);
}

static int prepare(struct school *school, const char *text)
{
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_(store_closep) struct store *reader = NULL;

	must(school, profile_parse(text, strlen(text), "test", &profile, &school->err));
	must(school, store_open(school->path, true, &reader, &school->err));
	return act_prepare(reader, school->store, profile, school->now_ms, &school->err);
}

static void note_commit(void *arg, int64_t n_pages)
{
	(void)n_pages;
	++*(int *)arg;
}

static void publishing_composes_nothing_that_was_prepared(void **state)
{
	struct school *school = *state;
	int64_t n_before, n_versions;
	int n_commits = 0, n_while_preparing;

	open_sites(school, SITES);
	n_before = count(school, "composition");
	assert_int_equal(n_before, SITES);
	school->store->db->driver->watch(school->store->db, note_commit, &n_commits);
	must(school, prepare(school, PROFILE_TWO));
	n_while_preparing = n_commits;
	/* Few documents a transaction, and all of them. */
	assert_true(n_while_preparing >= SITES / PREPARE_DOCUMENTS_MAX);
	assert_int_equal(count(school, "composition"), n_before + SITES);
	n_versions = count(school, "profile_version");
	/* Nobody is judged otherwise before it is published. */
	assert_int_equal(school_number(school, "SELECT count(*) FROM test_window w JOIN "
					       "profile_version v ON v.version = w.profile_version "
					       "WHERE v.body LIKE '%os.supported%'"),
			 0);
	assert_int_equal(school_announce(school, PROFILE_TWO).n_sites, SITES);
	assert_int_equal(count(school, "composition"), n_before + SITES);
	assert_int_equal(count(school, "profile_version"), n_versions + 1);
	assert_int_equal(school_number(school, "SELECT count(DISTINCT w.profile_version) FROM "
					       "test_window w JOIN profile_version v ON v.version "
					       "= w.profile_version WHERE v.body LIKE "
					       "'%os.supported%'"),
			 SITES);
}

static void what_is_another_by_then_is_composed_again(void **state)
{
	struct school *school = *state;
	int64_t n;

	open_sites(school, 40);
	must(school, prepare(school, PROFILE_TWO));
	n = count(school, "composition");
	ask(school, 7, 7777);
	assert_int_equal(count(school, "composition"), n + 1);
	assert_int_equal(school_announce(school, PROFILE_TWO).n_sites, 40);
	assert_int_equal(count(school, "composition"), n + 2);
	assert_int_equal(school_number(school, "SELECT count(*) FROM test_window w JOIN "
					       "profile_version v ON v.version = w.profile_version "
					       "WHERE w.site_code = '0007' AND v.body LIKE "
					       "'%7777%' AND v.body LIKE '%os.supported%'"),
			 1);
}

static void what_does_not_fit_is_found_before_anything_is_published(void **state)
{
	struct school *school = *state;
	int64_t n_versions;

	open_sites(school, 2);
	n_versions = count(school, "profile_version");
	/* It has what the sites add already. */
	assert_int_equal(prepare(school, PROFILE("p", "96",
						 REQUIREMENT("site.memory", "required",
							     "{\"fact\":\"memory.total_mib\","
							     "\"at_least\":6000}",
							     "more-memory"))),
			 -EINVAL);
	assert_int_equal(count(school, "profile_version"), n_versions);
}

/* Composed, or looked for by what it was composed of: all the same document. */
static void what_was_kept_is_what_would_be_composed(void **state)
{
	struct school *school = *state;

	open_sites(school, 30);
	must(school, prepare(school, PROFILE_TWO));
	(void)school_announce(school, PROFILE_TWO);
	must(school, db_exec(school->store->db, "CREATE TABLE kept AS SELECT * FROM composition",
			     NULL, &school->err, ""));
	must(school, db_exec(school->store->db, "DELETE FROM composition", NULL, &school->err, ""));
	school->now_ms++;
	(void)school_announce(school, PROFILE_ONE);
	school->now_ms++;
	(void)school_announce(school, PROFILE_TWO);
	assert_int_equal(count(school, "composition"), 60);
	assert_int_equal(school_number(school, "SELECT count(*) FROM (SELECT * FROM kept EXCEPT "
					       "SELECT * FROM composition)"),
			 0);
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(publishing_composes_nothing_that_was_prepared),
		test(what_is_another_by_then_is_composed_again),
		test(what_does_not_fit_is_found_before_anything_is_published),
		test(what_was_kept_is_what_would_be_composed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
