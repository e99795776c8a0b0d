/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/ingest/known.h"
#include "common/base/mem.h"
#include "common/model/span.h"
#include "tests/unit/unit.h"

#define DEVICE "\"device_id\":\"0123456789abcdef0123456789abcdef\""
#define BOOT "\"boot_id\":\"8c5d2f10-0000-4000-8000-000000000001\""
#define CHANGES(sequence, at) \
	DEVICE "," BOOT ",\"observed_at\":\"" at "\",\"report\":1,\"sequence\":" sequence
#define CONTENTS "\"agent_version\":\"0.1.0\",\"device\":{\"a\":[\"}\\\"\"]},\"facts\":{\"x\":{}}"

static const char plain[] = "{" CONTENTS "," CHANGES("7", "2027-03-15T07:00:00Z") "}";

static int known(const char *body, struct known_head *head)
{
	return known_read(body, strlen(body), head);
}

static void what_changes_is_read_and_the_rest_is_digested(void **state)
{
	struct known_head head, later;

	(void)state;
	assert_int_equal(known(plain, &head), 0);
	assert_string_equal(head.device_id, "0123456789abcdef0123456789abcdef");
	assert_string_equal(head.boot_id, "8c5d2f10-0000-4000-8000-000000000001");
	assert_int_equal(head.sequence, 7);
	assert_int_equal(head.observed_ms, INT64_C(1805094000000));
	assert_int_equal(head.age_ms, -1);
	assert_int_equal(strlen(head.contents), HASH_SIZE - 1);

	/* Only the counters differ. */
	assert_int_equal(known("{ \"age_ms\" : 12 ," CONTENTS
			       "," CHANGES("123456789012345678", "2027-03-15T07:00:01Z") "}\n",
			       &later),
			 0);
	assert_int_equal(later.age_ms, 12);
	assert_int_equal(later.sequence, INT64_C(123456789012345678));
	assert_string_equal(later.contents, head.contents);
}

static void every_other_member_is_part_of_the_digest(void **state)
{
	static const char *const others[] = {
		"\"agent_version\":\"0.1.1\",\"device\":{\"a\":[\"}\\\"\"]},\"facts\":{\"x\":{}}",
		"\"agent_version\":\"0.1.0\",\"device\":{\"b\":[\"}\\\"\"]},\"facts\":{\"x\":{}}",
		"\"agent_version\":\"0.1.0\",\"device\":{\"a\":[\"}\\\"\"]},\"facts\":{\"x\":[]}",
		CONTENTS ",\"fingerprint\":{}",
		CONTENTS ",\"fingerprint\":[]",
		"\"agent_version\":\"0.1.0\",\"device\":{\"x\":{}},\"facts\":{\"a\":[\"}\\\"\"]}",
	};
	struct known_head head, other;

	(void)state;
	assert_int_equal(known(plain, &head), 0);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		_cleanup_free_ char *body =
			xasprintf("{%s," CHANGES("7", "2027-03-15T07:00:00Z") "}", others[i]);

		assert_int_equal(known(body, &other), 0);
		assert_string_not_equal(other.contents, head.contents);
	}
}

static void whatever_is_not_plain_is_left_to_the_parser(void **state)
{
	static const char *const bodies[] = {
		"",
		"{",
		"[]",
		"{}",
		"{" CONTENTS "}",
		"{" CONTENTS "," CHANGES("7", "2027-03-15T07:00:00Z"),
		"{" CONTENTS "," CHANGES("7", "2027-03-15T07:00:00Z") "} x",
		"{" CONTENTS "," CHANGES("7", "2027-03-15T07:00:00Z") ",}",
		"{" CONTENTS "," CHANGES("7", "2027-03-15T07:00:00Z") ",\"age_ms\":}",
		"{" CONTENTS "," CHANGES("7", "2027-03-15T07:00:00Z") ",\"new\":1}",
		/* twice */
		"{" CONTENTS "," CHANGES("7", "2027-03-15T07:00:00Z") ",\"sequence\":7}",
		"{" CONTENTS "," CHANGES("7", "2027-03-15T07:00:00Z") ",\"facts\":{}}",
		/* an escape hides a name */
		"{" CONTENTS "," CHANGES("7", "2027-03-15T07:00:00Z") ",\"\\u0066acts\":{}}",
		/* numbers that are none, or too large */
		"{" CONTENTS "," CHANGES("0", "2027-03-15T07:00:00Z") "}",
		"{" CONTENTS "," CHANGES("-7", "2027-03-15T07:00:00Z") "}",
		"{" CONTENTS "," CHANGES("07", "2027-03-15T07:00:00Z") "}",
		"{" CONTENTS "," CHANGES("7.0", "2027-03-15T07:00:00Z") "}",
		"{" CONTENTS "," CHANGES("1234567890123456789", "2027-03-15T07:00:00Z") "}",
		"{" CONTENTS "," CHANGES("\"7\"", "2027-03-15T07:00:00Z") "}",
		"{" CONTENTS "," CHANGES("7", "yesterday") "}",
		"{" CONTENTS "," BOOT ",\"observed_at\":\"2027-03-15T07:00:00Z\",\"report\":1,"
		"\"sequence\":7,\"device_id\":\"0123\"}",
		"{" CONTENTS "," DEVICE ",\"observed_at\":\"2027-03-15T07:00:00Z\",\"report\":1,"
		"\"sequence\":7,\"boot_id\":\"8C5D2F10-0000-4000-8000-000000000001\"}",
		"{" CONTENTS "," DEVICE "," BOOT ",\"observed_at\":\"2027-03-15T07:00:00Z\","
		"\"report\":2,\"sequence\":7}",
	};
	struct known_head head;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		if (known(bodies[i], &head) != -EAGAIN)
			fail_msg("taken: %s", bodies[i]);
	}
}

static void every_cut_of_a_report_is_left_to_the_parser(void **state)
{
	struct known_head head;

	(void)state;
	for (size_t len = 0; len < strlen(plain); len++)
		assert_int_equal(known_read(plain, len, &head), -EAGAIN);
}

static void members_are_found_with_their_values_as_they_stand(void **state)
{
	static const char text[] =
		" { \"a\" : [1, {\"b\": \"]}\\\\\"}] , \"c\":\"x\\\"y\",\"d\":-1.5e3 } ";
	struct span_member members[3];

	(void)state;
	assert_int_equal(span_members(text, strlen(text), members, 3), 3);
	assert_memory_equal(members[0].value.text, "[1, {\"b\": \"]}\\\\\"}]",
			    members[0].value.len);
	assert_int_equal(members[0].value.len, strlen("[1, {\"b\": \"]}\\\\\"}]"));
	assert_memory_equal(members[1].value.text, "\"x\\\"y\"", members[1].value.len);
	assert_memory_equal(members[2].key.text, "d", members[2].key.len);
	assert_memory_equal(members[2].value.text, "-1.5e3", members[2].value.len);
	assert_int_equal(members[2].value.len, strlen("-1.5e3"));
	assert_int_equal(span_members(text, strlen(text), members, 2), -EINVAL);
}

static void nesting_has_an_end(void **state)
{
	char text[128] = "{\"a\":";
	struct span_member member;
	size_t len = strlen(text);

	(void)state;
	for (int depth = 1; depth <= 33; depth++) {
		memset(text + len, '[', (size_t)depth);
		memset(text + len + depth, ']', (size_t)depth);
		text[len + 2 * (size_t)depth] = '}';
		assert_int_equal(span_members(text, len + 2 * (size_t)depth + 1, &member, 1),
				 depth <= 32 ? 1 : -EINVAL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_changes_is_read_and_the_rest_is_digested),
		cmocka_unit_test(every_other_member_is_part_of_the_digest),
		cmocka_unit_test(whatever_is_not_plain_is_left_to_the_parser),
		cmocka_unit_test(every_cut_of_a_report_is_left_to_the_parser),
		cmocka_unit_test(members_are_found_with_their_values_as_they_stand),
		cmocka_unit_test(nesting_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
