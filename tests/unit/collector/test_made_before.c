/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "collector/act/act_made_before.h"
#include "tests/unit/collector/school.h"

static struct made_request request_of(const char *who, const char *key, const char *body)
{
	_cleanup_free_ char *both = xasprintf("%s %s", who, key);
	struct made_request request;

	hash_hex(who, strlen(who), request.who);
	hash_hex(both, strlen(both), request.key_hash);
	hash_hex(body, strlen(body), request.body_hash);
	return request;
}

static void note(struct school *school, const char *who, const char *key, const char *answer)
{
	struct made_request request = request_of(who, key, "body");

	must(school, act_made_note(school->store, &request, answer, school->now_ms, &school->err));
}

/* The answer to it; NULL: it was not made, or -ENOTUNIQ. */
static char *before(struct school *school, const char *who, const char *key, const char *body)
{
	struct made_request request = request_of(who, key, body);
	char *answer = NULL;
	int r = act_made_before(school->store, &request, school->now_ms, &answer, &school->err);

	assert_int_equal(r, answer ? 1 : r == -ENOTUNIQ ? r : 0);
	return answer;
}

static bool is_known(struct school *school, const char *who, const char *key)
{
	_cleanup_free_ char *answer = before(school, who, key, "body");

	return answer != NULL;
}

static void what_was_made_is_known_by_who_key_and_body(void **state)
{
	struct school *school = *state;
	_cleanup_free_ char *answer = NULL;
	struct made_request other = request_of("ada", "k", "other");
	char *none = NULL;

	school_open(school);
	assert_false(is_known(school, "ada", "k"));
	note(school, "ada", "k", "{\"id\":1}");
	answer = before(school, "ada", "k", "body");
	assert_string_equal(answer, "{\"id\":1}");
	assert_false(is_known(school, "ada", "K"));
	assert_false(is_known(school, "rosa", "k"));
	assert_int_equal(
		act_made_before(school->store, &other, school->now_ms, &none, &school->err),
		-ENOTUNIQ);
	assert_non_null(strstr(school->err.text, "Idempotency-Key"));
}

static void it_is_known_for_a_day_and_not_a_moment_longer(void **state)
{
	struct school *school = *state;
	int64_t made_ms, n;

	school_open(school);
	made_ms = school->now_ms;
	note(school, "ada", "k", "{}");
	school->now_ms = made_ms + MADE_BEFORE_MS - 1;
	assert_true(is_known(school, "ada", "k"));
	must(school, act_made_forget(school->store, school->now_ms, &n, &school->err));
	assert_int_equal(n, 0);
	school->now_ms = made_ms + MADE_BEFORE_MS;
	assert_false(is_known(school, "ada", "k"));
	/* Before it was forgotten, the key may name something else again. */
	note(school, "ada", "k", "{\"id\":2}");
	assert_true(is_known(school, "ada", "k"));
	school->now_ms += MADE_BEFORE_MS;
	must(school, act_made_forget(school->store, school->now_ms, &n, &school->err));
	assert_int_equal(n, 1);
}

static void what_is_too_old_is_forgotten_in_small_steps(void **state)
{
	struct school *school = *state;
	int64_t n;

	school_open(school);
	must(school, store_begin(school->store, &school->err));
	for (int i = 0; i < 501; i++) {
		_cleanup_free_ char *who = xasprintf("%d", i);

		note(school, who, "k", "{}");
	}
	must(school, store_commit(school->store, &school->err));
	school->now_ms += MADE_BEFORE_MS;
	must(school, act_made_forget(school->store, school->now_ms, &n, &school->err));
	assert_int_equal(n, 500);
	must(school, act_made_forget(school->store, school->now_ms, &n, &school->err));
	assert_int_equal(n, 1);
}

static void of_one_sender_only_the_newest_are_known(void **state)
{
	struct school *school = *state;

	school_open(school);
	note(school, "rosa", "0", "{}");
	must(school, store_begin(school->store, &school->err));
	for (int i = 0; i < MADE_BEFORE_MAX; i++) {
		_cleanup_free_ char *key = xasprintf("%d", i);

		school->now_ms++;
		note(school, "ada", key, "{}");
	}
	assert_true(is_known(school, "ada", "0"));
	/* The clock was set back: what was just made is known nevertheless. */
	school->now_ms -= MADE_BEFORE_MAX;
	note(school, "ada", "more", "{}");
	must(school, store_commit(school->store, &school->err));
	assert_true(is_known(school, "ada", "more"));
	assert_false(is_known(school, "ada", "0"));
	assert_true(is_known(school, "ada", "1"));
	assert_true(is_known(school, "rosa", "0"));
	assert_int_equal(school_number(school, "SELECT count(*) FROM made_before"),
			 MADE_BEFORE_MAX + 1);
}

/* An answer of @len bytes. */
static char *answer_of(size_t len)
{
	char *text = xcalloc(len + 1, 1);

	memset(text, 'x', len);
	return text;
}

static void so_are_only_as_many_bytes_as_one_may_have(void **state)
{
	struct school *school = *state;
	_cleanup_free_ char *half = answer_of(MADE_BEFORE_BYTES / 2);
	_cleanup_free_ char *most = answer_of(MADE_BEFORE_BYTES);
	_cleanup_free_ char *more = answer_of(MADE_BEFORE_BYTES + 1);
	struct made_request request = request_of("ada", "more", "body");

	school_open(school);
	note(school, "ada", "a", half);
	school->now_ms++;
	note(school, "ada", "b", half);
	assert_true(is_known(school, "ada", "a"));
	school->now_ms++;
	note(school, "ada", "c", "x");
	assert_false(is_known(school, "ada", "a"));
	assert_true(is_known(school, "ada", "b"));
	school->now_ms++;
	note(school, "ada", "most", most);
	assert_true(is_known(school, "ada", "most"));
	assert_false(is_known(school, "ada", "c"));
	assert_int_equal(act_made_note(school->store, &request, more, school->now_ms, &school->err),
			 -EFBIG);
	assert_true(is_known(school, "ada", "most"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)
		TEST(what_was_made_is_known_by_who_key_and_body),
		TEST(it_is_known_for_a_day_and_not_a_moment_longer),
		TEST(what_is_too_old_is_forgotten_in_small_steps),
		TEST(of_one_sender_only_the_newest_are_known),
		TEST(so_are_only_as_many_bytes_as_one_may_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
