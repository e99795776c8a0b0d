/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What holds for every version and every set of them. Versions are made from numbers, so
 * what is right is known without reading their text.
 */
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/version.h"
#include "tests/unit/unit.h"

#define ROUNDS 20000
#define PARTS_MAX 5

static uint64_t random_state = 20270315;

static unsigned below(unsigned n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state % n);
}

/* A version as it is meant; ->parts beyond ->n are 0. */
struct numbers {
	uint64_t parts[PARTS_MAX];
	size_t n;
};

/* From few values, so that versions are often equal or differ in one place. */
static struct numbers random_numbers(void)
{
	static const uint64_t values[] = { 0, 0, 1, 2, 9, 10, 11, 99, 100, 4294967297 };
	struct numbers v = { .n = 1 + below(PARTS_MAX) };

	for (size_t i = 0; i < v.n; i++)
		v.parts[i] = values[below(ARRAY_SIZE(values))];
	return v;
}

static int numbers_compare(const struct numbers *a, const struct numbers *b, size_t n_parts)
{
	for (size_t i = 0; i < n_parts && i < PARTS_MAX; i++) {
		if (a->parts[i] != b->parts[i])
			return a->parts[i] < b->parts[i] ? -1 : 1;
	}
	return 0;
}

/* As plain as an end of a range must be. */
static char *plain_text(const struct numbers *v)
{
	char *text = xstrdup("");

	for (size_t i = 0; i < v->n; i++) {
		char *more = xasprintf("%s%s%ju", text, i ? "." : "", (uintmax_t)v->parts[i]);

		free(text);
		text = more;
	}
	return text;
}

/* One of the ways in which somebody may write @v: zeros before, parts of 0 after, a suffix. */
static char *any_text(const struct numbers *v)
{
	static const char *const suffixes[] = { "",  "",       ".",     "-1.5", "b3",
						" ", "+deb12", "..7.7", "é",    "_9" };
	static const char *const zeros[] = { "", "", ".0", ".0.00", ".000" };
	_cleanup_free_ char *plain = plain_text(v);

	return xasprintf("%.*s%s%s%s", (int)below(4), "000", plain, zeros[below(ARRAY_SIZE(zeros))],
			 suffixes[below(ARRAY_SIZE(suffixes))]);
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void versions_compare_as_their_numbers_however_they_are_written(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		const struct numbers a = random_numbers(), b = random_numbers();
		_cleanup_free_ char *text_a = any_text(&a), *again = any_text(&a),
				    *text_b = any_text(&b);

		assert_true(version_is_valid(text_a) == (strlen(text_a) <= VERSION_TEXT_MAX));
		if (!version_is_valid(text_a) || !version_is_valid(again) ||
		    !version_is_valid(text_b))
			continue;
		if (version_compare(text_a, again) != 0)
			fail_msg("'%s' is not '%s'", text_a, again);
		if (sign(version_compare(text_a, text_b)) != numbers_compare(&a, &b, PARTS_MAX))
			fail_msg("'%s' and '%s'", text_a, text_b);
	}
}

/* Bytes that versions are made of, in any order: not only what somebody would write. */
static void random_text(char text[static VERSION_TEXT_MAX + 1])
{
	static const char bytes[] = "0012399.....-a ";
	size_t len = below(12);

	text[0] = (char)('0' + below(3));
	for (size_t i = 1; i <= len; i++)
		text[i] = bytes[below(strlen(bytes))];
	text[len + 1] = '\0';
}

static void the_order_of_versions_is_total(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		char a[VERSION_TEXT_MAX + 1], b[VERSION_TEXT_MAX + 1], c[VERSION_TEXT_MAX + 1];
		int ab, bc, ac;

		random_text(a), random_text(b), random_text(c);
		ab = sign(version_compare(a, b));
		bc = sign(version_compare(b, c));
		ac = sign(version_compare(a, c));
		assert_int_equal(version_compare(a, a), 0);
		if (ab != -sign(version_compare(b, a)))
			fail_msg("'%s' and '%s' are each before the other", a, b);
		if ((ab <= 0 && bc <= 0 && ac > 0) || (ab >= 0 && bc >= 0 && ac < 0))
			fail_msg("'%s', '%s' and '%s' are in no order", a, b, c);
		if (ab == 0 && ac != bc)
			fail_msg("'%s' equals '%s', but not to '%s'", a, b, c);
	}
}

struct ends {
	struct numbers low, high;
	bool is_open;
	char *text; /* owned: free() it */
};

static struct ends random_range(void)
{
	struct ends r = { .low = random_numbers(), .high = random_numbers() };
	_cleanup_free_ char *low = NULL, *high = NULL;

	if (numbers_compare(&r.low, &r.high, PARTS_MAX) > 0) {
		const struct numbers low_is_high = r.low;

		r.low = r.high;
		r.high = low_is_high;
	}
	r.is_open = below(3) == 0;
	low = plain_text(&r.low);
	if (!r.is_open && below(3) == 0) {
		r.high = r.low;
		r.text = xstrdup(low);
		return r;
	}
	high = plain_text(&r.high);
	r.text = xasprintf("%s..%s", low, r.is_open ? "" : high);
	return r;
}

/* The upper end has as many parts as are written, and all that begins with them. */
static bool ends_have(const struct ends *r, const struct numbers *v)
{
	return numbers_compare(v, &r->low, PARTS_MAX) >= 0 &&
	       (r->is_open || numbers_compare(v, &r->high, r->high.n) <= 0);
}

static void a_range_has_its_ends_and_what_is_between_and_nothing_else(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		const struct numbers v = random_numbers();
		struct ends r = random_range();
		_cleanup_free_ char *text = any_text(&v), *low = plain_text(&r.low),
				    *high = plain_text(&r.high);
		_cleanup_free_ char *of_high = xasprintf("%s.7.7", high);

		assert_int_equal(version_set_check(r.text, NULL), 0);
		assert_true(version_set_has(r.text, low));
		assert_true(version_set_has(r.text, high));
		if (!version_set_has(r.text, of_high))
			fail_msg("'%s' has not '%s'", r.text, of_high);
		if (version_is_valid(text) && version_set_has(r.text, text) != ends_have(&r, &v))
			fail_msg("'%s' has '%s'?", r.text, text);
		free(r.text);
	}
}

static bool refuses_a_hole_in_nothing(const char *set, const struct ends ranges[static 2],
				      const struct ends *hole)
{
	const bool meets = version_sets_meet(ranges[0].text, hole->text) ||
			   version_sets_meet(ranges[1].text, hole->text);

	if ((version_set_check(set, NULL) == 0) != meets)
		fail_msg("'%s' was %s", set, meets ? "refused" : "taken");
	return !meets;
}

static void a_set_has_what_a_range_has_and_no_hole(void **state)
{
	static const char *const forms[] = { "%1$s, %2$s, except %3$s", "%2$s,except  %3$s,%1$s",
					     "except %3$s , %1$s , %2$s" };

	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct ends r[] = { random_range(), random_range(), random_range() };
		const struct numbers v = random_numbers();
		_cleanup_free_ char *text = plain_text(&v);
		bool wanted =
			(ends_have(&r[0], &v) || ends_have(&r[1], &v)) && !ends_have(&r[2], &v);

		for (size_t form = 0; form < ARRAY_SIZE(forms); form++) {
			char set[VERSION_SET_MAX * 4];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			snprintf(set, sizeof(set), forms[form], r[0].text, r[1].text, r[2].text);
#pragma GCC diagnostic pop
			if (strlen(set) > VERSION_SET_MAX ||
			    refuses_a_hole_in_nothing(set, r, &r[2]))
				continue;
			if (version_set_has(set, text) != wanted)
				fail_msg("'%s' has '%s'?", set, text);
		}
		for (size_t j = 0; j < ARRAY_SIZE(r); j++)
			free(r[j].text);
	}
}

static void ranges_meet_where_the_later_begin_is_in_both(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct ends a = random_range(), b = random_range();
		const struct numbers *later =
			numbers_compare(&a.low, &b.low, PARTS_MAX) > 0 ? &a.low : &b.low;
		const bool wanted = ends_have(&a, later) && ends_have(&b, later);

		if (version_sets_meet(a.text, b.text) != wanted)
			fail_msg("'%s' meets '%s'?", a.text, b.text);
		free(a.text);
		free(b.text);
	}
}

/* @n times @text: owned by the caller. */
static char *repeat(const char *text, size_t n)
{
	size_t len = strlen(text);
	char *all = xcalloc(n * len + 1, 1);

	for (size_t i = 0; i < n; i++)
		memcpy(all + i * len, text, len);
	return all;
}

static void what_is_too_long_is_no_version_and_no_set(void **state)
{
	static const char *const bytes[] = {
		"9", ".", "0", "1.", "a", "14,", "except 1,", " ", ".."
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bytes); i++) {
		_cleanup_free_ char *much = repeat(bytes[i], 65536);

		assert_false(version_is_valid(much));
		assert_true(version_set_check(much, NULL) < 0);
	}
	for (size_t n = VERSION_TEXT_MAX - 1; n <= VERSION_TEXT_MAX + 1; n++) {
		_cleanup_free_ char *digits = repeat("9", n), *set = xasprintf("%s..", digits);

		assert_true(version_is_valid(digits) == (n <= VERSION_TEXT_MAX));
		assert_true((version_set_check(set, NULL) == 0) == (n <= VERSION_TEXT_MAX));
	}
}

static void a_set_may_be_as_long_as_its_limit_and_no_longer(void **state)
{
	(void)state;
	for (size_t n = VERSION_SET_MAX - 1; n <= VERSION_SET_MAX + 1; n++) {
		_cleanup_free_ char *blanks = repeat(" ", n - strlen("14"));
		_cleanup_free_ char *set = xasprintf("%s14", blanks);

		assert_true((version_set_check(set, NULL) == 0) == (n <= VERSION_SET_MAX));
	}
}

static void numbers_of_any_size_neither_wrap_nor_saturate(void **state)
{
	_cleanup_free_ char *nines = repeat("9", VERSION_TEXT_MAX);
	_cleanup_free_ char *zeros = repeat("0", VERSION_TEXT_MAX - 1);
	_cleanup_free_ char *padded = xasprintf("%s1", zeros);
	_cleanup_free_ char *parts = repeat("0.", VERSION_TEXT_MAX / 2 - 1);
	_cleanup_free_ char *last = xasprintf("%s01", parts);
	/* Ascending, around the sizes of integers. */
	const char *const rows[] = { "0",
				     last,
				     "0.1",
				     padded,
				     "2147483647",
				     "2147483648",
				     "4294967295",
				     "4294967296",
				     "4294967297",
				     "9223372036854775807",
				     "9223372036854775808",
				     "18446744073709551615",
				     "18446744073709551616",
				     "18446744073709551617",
				     "340282366920938463463374607431768211456",
				     nines };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_true(version_is_valid(rows[i]));
		for (size_t j = 0; j < ARRAY_SIZE(rows); j++) {
			if (sign(version_compare(rows[i], rows[j])) != (i > j) - (i < j))
				fail_msg("'%s' and '%s'", rows[i], rows[j]);
		}
	}
	assert_int_equal(version_compare(padded, "1"), 0);
}

static void any_bytes_are_a_set_or_refused(void **state)
{
	static const char *const pieces[] = { "14",      "1.0",    "..",  ".", ",", " ",
					      "except ", "except", "0",   "9", "-", "é",
					      "x",       "\t",     "007", "" };

	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		_cleanup_free_ char *set = xstrdup("");
		struct err err = { 0 };

		for (unsigned n = below(9); n > 0; n--) {
			char *more = xasprintf("%s%s", set, pieces[below(ARRAY_SIZE(pieces))]);

			free(set);
			set = more;
		}
		if (version_set_check(set, &err) < 0) {
			assert_true(err.text[0] != '\0');
			continue;
		}
		assert_int_equal(strspn(set, "0123456789., excpt"), strlen(set));
		(void)version_set_has(set, "14.0.1");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_compare_as_their_numbers_however_they_are_written),
		cmocka_unit_test(the_order_of_versions_is_total),
		cmocka_unit_test(a_range_has_its_ends_and_what_is_between_and_nothing_else),
		cmocka_unit_test(a_set_has_what_a_range_has_and_no_hole),
		cmocka_unit_test(ranges_meet_where_the_later_begin_is_in_both),
		cmocka_unit_test(what_is_too_long_is_no_version_and_no_set),
		cmocka_unit_test(a_set_may_be_as_long_as_its_limit_and_no_longer),
		cmocka_unit_test(numbers_of_any_size_neither_wrap_nor_saturate),
		cmocka_unit_test(any_bytes_are_a_set_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
