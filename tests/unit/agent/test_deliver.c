/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "agent/answer.h"
#include "agent/deliver.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

#define DEVICE "0123456789abcdef0123456789abcdef"
#define BOOT "11111111-2222-4333-8444-555555555555"
#define OTHER_BOOT "99999999-2222-4333-8444-555555555555"

static void a_status_decides_what_becomes_of_a_report(void **state)
{
	/* clang-format off */
	static const struct {
		long status;
		enum delivery want;
	} rows[] = {
		{ 200, DELIVERY_DONE },    { 204, DELIVERY_DONE },
		{ 301, DELIVERY_WAITS },   { 302, DELIVERY_WAITS },   { 308, DELIVERY_WAITS },
		{ 400, DELIVERY_REFUSED }, { 401, DELIVERY_NO_KEY },  { 402, DELIVERY_WAITS },
		{ 403, DELIVERY_REFUSED }, { 404, DELIVERY_WAITS },   { 405, DELIVERY_WAITS },
		{ 407, DELIVERY_WAITS },   { 408, DELIVERY_WAITS },   { 409, DELIVERY_REFUSED },
		{ 410, DELIVERY_WAITS },   { 413, DELIVERY_REFUSED }, { 422, DELIVERY_REFUSED },
		{ 425, DELIVERY_WAITS },   { 429, DELIVERY_WAITS },   { 499, DELIVERY_WAITS },
		{ 500, DELIVERY_WAITS },   { 503, DELIVERY_WAITS },   { 599, DELIVERY_WAITS },
		{ 0, DELIVERY_WAITS },     { 100, DELIVERY_WAITS },   { 999, DELIVERY_WAITS },
		{ 100000, DELIVERY_WAITS },
	};
	/* clang-format on */
	const char *meaning;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(delivery_of_status(rows[i].status, &meaning), rows[i].want);
		assert_true(meaning[0] != '\0');
	}
}

static void an_answer_confirms_only_its_own_report(void **state)
{
	static const struct answer_about about = { DEVICE, BOOT, 12 };
	/* clang-format off */
	static const struct {
		const char *text;
		int want;
	} rows[] = {
		{ "{\"device_id\":\"" DEVICE "\",\"boot_id\":\"" BOOT "\",\"sequence\":12,\"state\":\"not_ready\"}", 0 },
		{ "{\"device_id\":\"" DEVICE "\",\"boot_id\":\"" BOOT "\",\"sequence\":12,\"state\":\"a_state_of_2030\",\"new\":1}", -EINVAL },
		{ "{\"device_id\":\"" DEVICE "\",\"boot_id\":\"" BOOT "\",\"sequence\":12,\"state\":\"quarantined\",\"new\":1}", 0 },
		{ "{\"device_id\":\"" DEVICE "\",\"boot_id\":\"" BOOT "\",\"sequence\":13,\"state\":\"ready\"}", -EINVAL },
		{ "{\"device_id\":\"" DEVICE "\",\"boot_id\":\"" OTHER_BOOT "\",\"sequence\":12,\"state\":\"ready\"}", -EINVAL },
		{ "{\"device_id\":\"f123456789abcdef0123456789abcdef\",\"boot_id\":\"" BOOT "\",\"sequence\":12,\"state\":\"ready\"}", -EINVAL },
		{ "{\"device_id\":\"" DEVICE "\",\"boot_id\":\"" BOOT "\",\"sequence\":12,\"state\":\"\"}", -EINVAL },
		{ "{\"device_id\":\"" DEVICE "\",\"boot_id\":\"" BOOT "\",\"sequence\":12,\"state\":\"\\u001b[2J\"}", -EINVAL },
		{ "{\"device_id\":\"" DEVICE "\",\"boot_id\":\"" BOOT "\",\"sequence\":12}", -EINVAL },
		{ "{\"device_id\":\"" DEVICE "\",\"boot_id\":\"" BOOT "\",\"sequence\":\"12\",\"state\":\"ready\"}", -EINVAL },
		{ "[]", -EINVAL },
		{ "null", -EINVAL },
		{ "<html>", -EINVAL },
		{ "", -EINVAL },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct answer_reported said = { 0 };

		assert_int_equal(
			answer_reported(rows[i].text, strlen(rows[i].text), &about, &said, NULL),
			rows[i].want);
		answer_reported_done(&said);
	}
}

/* What @more, members after the state, say. */
static struct answer_reported read_more(const char *more)
{
	static const struct answer_about about = { DEVICE, BOOT, 12 };
	_cleanup_free_ char *text = xasprintf("{\"device_id\":\"" DEVICE "\",\"boot_id\":\"" BOOT
					      "\",\"sequence\":12,\"state\":\"ready\"%s}",
					      more);
	struct answer_reported said = { 0 };

	assert_int_equal(answer_reported(text, strlen(text), &about, &said, NULL), 0);
	return said;
}

#define VERSION_OF_IT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void what_an_answer_says_wrongly_it_does_not_say(void **state)
{
	/* clang-format off */
	static const struct {
		const char *more;
		bool is_wanted;
		int64_t period_ms, spread_ms;
		const char *profile, *moved;
	} rows[] = {
		{ "", false, 0, 0, "", NULL },
		{ ",\"send_report\":true", true, 0, 0, "", NULL },
		{ ",\"send_report\":\"yes\"", false, 0, 0, "", NULL },
		{ ",\"next\":{\"period_s\":3600,\"spread_s\":60}", false, 3600000, 60000, "", NULL },
		{ ",\"next\":{\"period_s\":0,\"spread_s\":-1}", false, 0, 0, "", NULL },
		{ ",\"next\":{\"period_s\":604801,\"spread_s\":1e9}", false, 0, 0, "", NULL },
		{ ",\"next\":{\"period_s\":604800,\"spread_s\":7}", false, 604800000, 7000, "", NULL },
		{ ",\"next\":null,\"profile\":null", false, 0, 0, "", NULL },
		{ ",\"next\":[1],\"profile\":{\"id\":7,\"version\":\"a\"}", false, 0, 0, "", NULL },
		{ ",\"profile\":{\"id\":\"p\"}", false, 0, 0, "", NULL },
		{ ",\"profile\":{\"id\":\"p\",\"version\":\"v\"}", false, 0, 0, "", NULL },
		{ ",\"profile\":{\"id\":\"\\u001b[31m\",\"version\":\"" VERSION_OF_IT "\"}", false, 0, 0, "", NULL },
		{ ",\"profile\":{\"id\":\"p-2\",\"version\":\"" VERSION_OF_IT "\"}", false, 0, 0, "p-2", NULL },
		{ ",\"moved_to\":{\"url\":\"https://b\"}", false, 0, 0, "", NULL },
		{ ",\"moved_to\":{\"url\":\"https://b\",\"signature\":\"s\"}", false, 0, 0, "", "https://b" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct answer_reported said = read_more(rows[i].more);

		assert_int_equal(said.is_report_wanted, rows[i].is_wanted);
		assert_int_equal(said.period_ms, rows[i].period_ms);
		assert_int_equal(said.spread_ms, rows[i].spread_ms);
		assert_string_equal(said.profile_id, rows[i].profile);
		if (rows[i].moved)
			assert_string_equal(said.moved_url, rows[i].moved);
		else
			assert_null(said.moved_url);
		answer_reported_done(&said);
	}
}

static void the_day_that_is_judged_for_is_a_day_or_is_not_said(void **state)
{
	static const struct {
		const char *more;
		int32_t day;
		bool has_no_profile;
	} rows[] = {
		{ "", 0, false },
		{ ",\"judged_for\":null,\"profile\":null", 0, true },
		{ ",\"judged_for\":\"2027-05-31\"", 20969, false },
		{ ",\"judged_for\":\"2027-02-30\"", 0, false },
		{ ",\"judged_for\":\"2027-05-31T00:00:00Z\"", 0, false },
		{ ",\"judged_for\":20969,\"profile\":7", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct answer_reported said = read_more(rows[i].more);

		assert_int_equal(said.judged_for, rows[i].day);
		assert_int_equal(said.has_no_profile, rows[i].has_no_profile);
		answer_reported_done(&said);
	}
}

static void a_problem_is_told_without_control_characters(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "{\"detail\":\"The queue is full.\",\"title\":\"Busy\"}", "The queue is full." },
		{ "{\"title\":\"Busy\"}", "Busy" },
		{ "{\"detail\":7}", "" },
		{ "[1]", "" },
		{ "<html>", "" },
		{ "", "" },
	};
	const char *escape = "{\"detail\":\"\\u001b]0;x\\u0007\"}";
	_cleanup_free_ char *clean = answer_problem(escape, strlen(escape));

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *said = answer_problem(rows[i].text, strlen(rows[i].text));

		assert_string_equal(said, rows[i].want);
	}
	assert_null(strpbrk(clean, "\x1b\x07"));
}

/* A parcel that was observed 1000 ms after the boot BOOT. */
static char *pack(void)
{
	json_t *facts = json_object();
	struct report report = {
		.device_id = DEVICE,
		.agent_version = "1",
		.boot_id = BOOT,
		.sequence = 12,
		.age_ms = -1,
		.device = { "h", "s", "a", "m" },
		.facts = facts,
	};
	char *text = NULL;

	assert_int_equal(parcel_pack(&report, 1000, &text, NULL), 0);
	json_decref(facts);
	return text;
}

static void the_age_is_told_only_within_one_boot(void **state)
{
	static const struct {
		struct moment now;
		const char *want; /* NULL: no age */
	} rows[] = {
		{ { BOOT, 1000 }, "\"age_ms\":0," },
		{ { BOOT, 61000 }, "\"age_ms\":60000," },
		{ { BOOT, 999 }, NULL },
		{ { OTHER_BOOT, 61000 }, NULL },
	};
	_cleanup_free_ char *text = pack();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct parcel parcel = { 0 };

		assert_int_equal(parcel_unpack(text, strlen(text), &rows[i].now, &parcel, NULL), 0);
		assert_string_equal(parcel.device_id, DEVICE);
		assert_int_equal(parcel.sequence, 12);
		if (rows[i].want)
			assert_non_null(strstr(parcel.body, rows[i].want));
		else
			assert_null(strstr(parcel.body, "age_ms"));
		parcel_done(&parcel);
	}
}

static void a_report_that_no_collector_would_take_is_not_packed(void **state)
{
	_cleanup_free_ char *large = xcalloc(REPORT_BYTES_MAX + 1, 1);
	struct report report = { .device_id = DEVICE,
				 .agent_version = "1",
				 .boot_id = BOOT,
				 .sequence = 1,
				 .device = { "h", "s", "a", "m" } };
	json_t *facts = json_object();
	char *text = NULL;

	(void)state;
	memset(large, 'x', REPORT_BYTES_MAX);
	json_object_set_new(facts, "large", json_string(large));
	report.facts = facts;
	assert_int_equal(parcel_pack(&report, 0, &text, NULL), -E2BIG);
	assert_null(text);
	json_decref(facts);
}

static void a_refusal_is_kept_with_its_reason(void **state)
{
	_cleanup_free_ char *text = pack(), *refused = NULL;
	struct refusal refusal = { 1700000000000, 422, (char *)"no\x1b[2J sense" };
	struct refusal again = { 0 };

	(void)state;
	assert_int_equal(parcel_refuse(text, strlen(text), &refusal, &refused, NULL), 0);
	parcel_refusal(refused, strlen(refused), &again);
	assert_int_equal(again.http_status, 422);
	assert_int_equal(again.at_ms, 1700000000000);
	assert_non_null(strstr(again.reason, "sense"));
	assert_null(strchr(again.reason, '\x1b'));
	refusal_done(&again);

	parcel_refusal("garbage", 7, &again);
	assert_string_equal(again.reason, "its file is damaged");
	refusal_done(&again);
}

static void what_happened_is_told_in_a_sentence_or_two(void **state)
{
	/* clang-format off */
	static const struct {
		struct delivery_run run;
		const char *want;
	} rows[] = {
		{ { 0 }, "Nothing to deliver." },
		{ { .n_delivered = 1, .delivered_first = 12, .delivered_last = 12, .said.state = "ready" },
		  "Report 12 delivered; the collector says: ready." },
		{ { .n_delivered = 2, .delivered_first = 11, .delivered_last = 12, .said.state = "ready",
		    .n_refused = 1, .refused_last = 10, .refused_why = (char *)"400: no" },
		  "Reports 11 to 12 delivered; the collector says: ready. "
		  "Report 10 refused, 400: no. Kept in /s/refused." },
		{ { .trouble = (char *)"No answer from U: no", .n_waiting = 2, .waiting_first = 3,
		    .waiting_last = 9, .retry_after_s = 5 },
		  "No answer from U: no. It asks to wait 5 seconds. "
		  "Reports 3 to 9 stay in the spool (2 waiting)." },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *text = delivery_run_text(&rows[i].run, "/s");

		assert_string_equal(text, rows[i].want);
	}
}

static void an_address_is_brought_into_one_shape_or_refused(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text;
		const char *want; /* NULL: refused */
	} rows[] = {
		{ "https://ready.example.org", "https://ready.example.org" },
		{ "https://ready.example.org/", "https://ready.example.org" },
		{ "https://ready.example.org:8443/t//", "https://ready.example.org:8443/t" },
		{ "http://127.0.0.1:8080", "http://127.0.0.1:8080" },
		{ "http://127.255.255.254", "http://127.255.255.254" },
		{ "http://[::1]:8080", "http://[::1]:8080" },
		{ "http://LOCALHOST", "http://LOCALHOST" },
		{ "http://128.0.0.1", NULL },
		{ "http://localhost.example.org", NULL },
		{ "http://127.0.0.1.example.org", NULL },
		{ "http://[::2]", NULL },
		{ "http://localhost@evil.example.org", NULL },
		{ "https://u:p@ready.example.org", NULL },
		{ "https://ready.example.org/?a", NULL },
		{ "https://ready.example.org/#a", NULL },
		{ "file:///etc/passwd", NULL },
		{ "gopher://localhost", NULL },
		{ "ready.example.org", NULL },
		{ "https://", NULL },
		{ "https://a b", NULL },
		{ "", NULL },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *url = NULL;
		int r = http_url(rows[i].text, &url, NULL);

		if (rows[i].want) {
			assert_int_equal(r, 0);
			assert_string_equal(url, rows[i].want);
		} else {
			assert_true(r < 0);
			assert_null(url);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_status_decides_what_becomes_of_a_report),
		cmocka_unit_test(an_answer_confirms_only_its_own_report),
		cmocka_unit_test(what_an_answer_says_wrongly_it_does_not_say),
		cmocka_unit_test(the_day_that_is_judged_for_is_a_day_or_is_not_said),
		cmocka_unit_test(a_problem_is_told_without_control_characters),
		cmocka_unit_test(the_age_is_told_only_within_one_boot),
		cmocka_unit_test(a_report_that_no_collector_would_take_is_not_packed),
		cmocka_unit_test(a_refusal_is_kept_with_its_reason),
		cmocka_unit_test(what_happened_is_told_in_a_sentence_or_two),
		cmocka_unit_test(an_address_is_brought_into_one_shape_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
