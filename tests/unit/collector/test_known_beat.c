/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Heartbeats that are read without a tree: that they say what they say to the parser,
 * and that whatever is not as agents write it is left to that.
 */
#include <errno.h>
#include <string.h>

#include "collector/ingest/accept.h"
#include "collector/ingest/known.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEAD                                                            \
	"\"boot_id\":\"8c5d2f10-0000-4000-8000-000000000001\","         \
	"\"device_id\":\"0123456789abcdef0123456789abcdef\","           \
	"\"heartbeat\":1,\"observed_at\":\"2027-03-15T07:00:00.250Z\"," \
	"\"sequence\":7"
#define VERSION_OF(text) "\"agent_version\":\"" text "\""
#define FACTS_OF(hash) "\"facts_hash\":\"" hash "\""
#define BEAT(more) "{" HEAD "," VERSION_OF("0.1.0") "," FACTS_OF(HASH) more "}"
#define VALUE(kind, strength, hash) \
	"{\"hash\":\"" hash "\",\"kind\":\"" kind "\",\"strength\":\"" strength "\"}"
#define ONE "1111111111111111"
#define TWO "2222222222222222"
#define FINGERPRINT(values) BEAT(",\"fingerprint\":[" values "]")

static int read_beat(const char *body, struct known_beat *beat)
{
	return known_read_beat(body, strlen(body), beat);
}

static void what_an_agent_writes_says_what_it_says_to_the_parser(void **state)
{
	static const char *const bodies[] = {
		BEAT(""),
		BEAT(",\"age_ms\":12"),
		FINGERPRINT(""),
		FINGERPRINT(VALUE("mac", "weak", ONE)),
		FINGERPRINT(VALUE("disk_serial", "strong", TWO) "," VALUE(
			"mac", "weak", ONE) "," VALUE("mac", "strong", TWO)),
		" {\n\t" HEAD " , " VERSION_OF("1.2~rc3+git") " , " FACTS_OF(HASH) "\r\n} ",
		"{" HEAD "," VERSION_OF("") "," FACTS_OF(HASH) "}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		struct accepted_heartbeat accepted;
		struct heartbeat beat;
		struct known_beat read;

		if (read_beat(bodies[i], &read) < 0)
			fail_msg("left to the parser: %s", bodies[i]);
		beat = known_heartbeat(&read);
		assert_int_equal(
			accept_heartbeat(bodies[i], strlen(bodies[i]), &accepted, NULL, NULL), 0);
		assert_string_equal(beat.facts_hash, accepted.heartbeat.facts_hash);
		assert_string_equal(beat.head.device_id, accepted.heartbeat.head.device_id);
		assert_string_equal(beat.head.boot_id, accepted.heartbeat.head.boot_id);
		assert_string_equal(beat.head.agent_version, accepted.heartbeat.head.agent_version);
		assert_int_equal(beat.head.sequence, accepted.heartbeat.head.sequence);
		assert_int_equal(beat.head.observed_ms, accepted.heartbeat.head.observed_ms);
		assert_int_equal(beat.head.age_ms, accepted.heartbeat.head.age_ms);
		assert_int_equal(beat.head.has_fingerprint,
				 accepted.heartbeat.head.has_fingerprint);
		assert_true(fingerprint_equal(&beat.head.fingerprint,
					      &accepted.heartbeat.head.fingerprint));
		accepted_heartbeat_done(&accepted);
	}
}

static void what_is_not_as_agents_write_it_is_left_to_the_parser(void **state)
{
	static const char *const bodies[] = {
		"",
		"{}",
		BEAT("") "x",
		BEAT(",\"sequence\":7"),
		BEAT(",\"new\":1"),
		BEAT(",\"age_ms\":-1"),
		/* A report is no heartbeat. */
		BEAT(",\"report\":1"),
		"{" HEAD "," VERSION_OF("0.1.0") "}",
		"{" VERSION_OF("0.1.0") "," FACTS_OF(HASH) "}",
		"{" HEAD "," VERSION_OF("0.1.0") "," FACTS_OF("0123") "}",
		"{" HEAD "," VERSION_OF("0.1.0") "," FACTS_OF(HASH "0") "}",
		"{" HEAD "," VERSION_OF("0.1.0") "," FACTS_OF("X" HASH) "}",
		/* What may be no JSON, or is written in more ways than one. */
		"{" HEAD "," VERSION_OF("0.1\x01") "," FACTS_OF(HASH) "}",
		"{" HEAD "," VERSION_OF("0.1\xff") "," FACTS_OF(HASH) "}",
		"{" HEAD "," VERSION_OF("0.1\\u0031") "," FACTS_OF(HASH) "}",
		"{" HEAD "," VERSION_OF(HASH "0") "," FACTS_OF(HASH) "}",
		FINGERPRINT(","),
		FINGERPRINT(VALUE("mac", "weak", ONE) ","),
		FINGERPRINT(VALUE("mac", "weak", ONE) VALUE("mac", "weak", TWO)),
		FINGERPRINT(VALUE("mac", "weak", ONE) ";" VALUE("mac", "weak", TWO)),
		FINGERPRINT(VALUE("mac", "weak", ONE) "," VALUE("mac", "weak", ONE)),
		FINGERPRINT(VALUE("mac", "weak", TWO) "," VALUE("mac", "weak", ONE)),
		FINGERPRINT(VALUE("mac", "weak", ONE) "," VALUE("disk_serial", "weak", TWO)),
		FINGERPRINT(VALUE("mac", "weak", "1111")),
		FINGERPRINT(VALUE("mac", "weak", "111111111111111G")),
		FINGERPRINT(VALUE("mac", "loud", ONE)),
		FINGERPRINT(VALUE("cat", "weak", ONE)),
		FINGERPRINT("{\"kind\":\"mac\",\"hash\":\"" ONE "\"}"),
		FINGERPRINT("{\"kind\":\"mac\",\"kind\":\"mac\",\"hash\":\"" ONE "\"}"),
		FINGERPRINT("{\"kind\":\"mac\",\"what\":1,\"hash\":\"" ONE "\"}"),
		FINGERPRINT("[]"),
		BEAT(",\"fingerprint\":{}"),
		BEAT(",\"fingerprint\":["),
	};
	struct known_beat beat;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		if (read_beat(bodies[i], &beat) != -EAGAIN)
			fail_msg("taken: %s", bodies[i]);
	}
}

static void every_cut_of_a_heartbeat_is_left_to_the_parser(void **state)
{
	static const char body[] = FINGERPRINT(VALUE("mac", "weak", ONE));
	struct known_beat beat;

	(void)state;
	for (size_t len = 0; len < strlen(body); len++)
		assert_int_equal(known_read_beat(body, len, &beat), -EAGAIN);
}

/* @n values of the fingerprint's 16, each of another hash. */
static char *beat_with(size_t n)
{
	char *values = xstrdup("");

	for (size_t i = 0; i < n; i++) {
		char *more = xasprintf("%s%s" VALUE("mac", "weak", "11111111111111%02zu"), values,
				       i ? "," : "", i);

		free(values);
		values = more;
	}
	return values;
}

static void a_fingerprint_has_as_many_values_as_one_may_have(void **state)
{
	struct known_beat beat;

	(void)state;
	for (size_t n = FINGERPRINT_VALUES_MAX - 1; n <= FINGERPRINT_VALUES_MAX + 1; n++) {
		_cleanup_free_ char *values = beat_with(n);
		_cleanup_free_ char *body = xasprintf(FINGERPRINT("%s"), values);

		assert_int_equal(read_beat(body, &beat), n <= FINGERPRINT_VALUES_MAX ? 0 : -EAGAIN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_an_agent_writes_says_what_it_says_to_the_parser),
		cmocka_unit_test(what_is_not_as_agents_write_it_is_left_to_the_parser),
		cmocka_unit_test(every_cut_of_a_heartbeat_is_left_to_the_parser),
		cmocka_unit_test(a_fingerprint_has_as_many_values_as_one_may_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
