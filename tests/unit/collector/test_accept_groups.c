/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/model/document.h"
#include "common/model/facts.h"
#include "tests/unit/collector/random_check.h"
#include "tests/unit/collector/two_ways.h"
#include "tests/unit/unit.h"

#define MEMO_BYTES ((size_t)8 * 1024 * 1024)

static const char *const machines[] = {
	"bare-desktop",   "braille-station",    "lab-pc", "lookalikes", "laptop-usb-headset",
	"teacher-laptop", "ta-printer-embosser"
};

/* A report of a recorded machine, with a fingerprint; json_decref() it. */
static json_t *machine_report(const char *machine)
{
	_cleanup_free_ char *path = xasprintf("tests/devices/%s.expected.json", machine);
	_cleanup_free_ char *text = NULL;
	json_t *facts;

	assert_int_equal(file_read_at(AT_FDCWD, path, REPORT_BYTES_MAX, &text, NULL, NULL), 0);
	facts = json_loads(text, 0, NULL);
	assert_non_null(facts);
	facts_complete(facts, "it is not in the recording");
	return json_pack(
		"{s:i, s:s, s:s, s:s, s:i, s:s, s:i, s:{s:s, s:s, s:s, s:s}, s:[{s:s, s:s, s:s}], "
		"s:o}",
		"report", 1, "device_id", "0123456789abcdef0123456789abcdef", "agent_version",
		"0.1.0", "boot_id", "8c5d2f10-0000-4000-8000-000000000001", "sequence", 7,
		"observed_at", "2027-03-15T07:00:00Z", "age_ms", 0, "device", "host_name", machine,
		"serial", "s", "asset_tag", "a", "model", "m", "fingerprint", "kind",
		"product_uuid", "strength", "strong", "hash", "0123456789abcdef", "facts", facts);
}

static char *machine_text(const char *machine, size_t flags)
{
	json_t *report = machine_report(machine);
	char *text = json_dumps(report, flags);

	json_decref(report);
	return text;
}

static void agree(struct group_memo *memo, const char *text, size_t len)
{
	bool is_taken;

	if (!two_ways_agree(memo, text, len, &is_taken))
		fail_msg("taken otherwise than when it is read whole: %.*s", (int)len, text);
}

static bool is_taken(struct group_memo *memo, const char *text)
{
	bool is_taken;

	assert_true(two_ways_agree(memo, text, strlen(text), &is_taken));
	return is_taken;
}

static void a_report_of_each_machine_is_taken_as_when_it_is_read_whole(void **state)
{
	static const size_t flags[] = { JSON_COMPACT | JSON_SORT_KEYS, JSON_COMPACT, JSON_INDENT(3),
					JSON_ENSURE_ASCII };
	_cleanup_(group_memo_freep) struct group_memo *memo = group_memo_new(MEMO_BYTES);

	(void)state;
	for (int turn = 0; turn < 3; turn++) {
		for (size_t i = 0; i < ARRAY_SIZE(machines) * ARRAY_SIZE(flags); i++) {
			_cleanup_free_ char *text = machine_text(machines[i / ARRAY_SIZE(flags)],
								 flags[i % ARRAY_SIZE(flags)]);

			assert_true(is_taken(memo, text));
		}
	}
}

static void what_comes_again_is_remembered_and_what_came_once_is_not(void **state)
{
	_cleanup_(group_memo_freep) struct group_memo *memo = group_memo_new(MEMO_BYTES);
	_cleanup_free_ char *text = machine_text("lab-pc", JSON_COMPACT);

	(void)state;
	assert_true(is_taken(memo, text));
	assert_int_equal(group_memo_use(memo).n_groups, 0);
	assert_true(is_taken(memo, text));
	assert_int_equal(group_memo_use(memo).n_groups, 15);
	assert_true(is_taken(memo, text));
	assert_int_equal(group_memo_use(memo).n_groups, 15);
}

static void one_byte_that_differs_is_another_group(void **state)
{
	_cleanup_(group_memo_freep) struct group_memo *memo = group_memo_new(MEMO_BYTES);
	_cleanup_free_ char *text = machine_text("teacher-laptop", JSON_COMPACT | JSON_SORT_KEYS);
	size_t len = strlen(text);

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(is_taken(memo, text));
	/* Right or wrong, each is what it is when it is read whole. */
	for (size_t i = 0; i < len; i++) {
		char before = text[i];

		text[i] = before == '1' ? '2' : '1';
		agree(memo, text, len);
		text[i] = (char)(before ^ 1);
		agree(memo, text, len);
		text[i] = before;
	}
	assert_true(is_taken(memo, text));
}

static void what_is_right_in_one_group_is_not_in_another(void **state)
{
	_cleanup_(group_memo_freep) struct group_memo *memo = group_memo_new(MEMO_BYTES);
	json_t *report = machine_report("laptop-usb-headset");
	json_t *facts = json_object_get(report, "facts");

	(void)state;
	for (int i = 0; i < 3; i++) {
		_cleanup_free_ char *text = json_dumps(report, JSON_COMPACT);

		assert_true(is_taken(memo, text));
	}
	/* Every group's remembered value in the place of every other. */
	for (const struct fact *into = facts_table; into->name; into++) {
		json_t *own = json_incref(json_object_get(facts, into->name));

		for (const struct fact *from = facts_table; from->name; from++) {
			json_t *other = json_object_get(facts, from->name);
			_cleanup_free_ char *text = NULL;

			json_object_set(facts, into->name, other);
			text = json_dumps(report, JSON_COMPACT);
			assert_int_equal(is_taken(memo, text),
					 into == from || fact_unknown_reason(other));
			json_object_set(facts, into->name, own);
		}
		json_decref(own);
	}
	json_decref(report);
}

static void equal_bytes_in_two_groups_are_both_taken(void **state)
{
	_cleanup_(group_memo_freep) struct group_memo *memo = group_memo_new(MEMO_BYTES);
	json_t *report = machine_report("lab-pc");
	json_t *facts = json_object_get(report, "facts");
	_cleanup_free_ char *text = NULL;

	(void)state;
	for (const struct fact *fact = facts_table; fact->name; fact++)
		json_object_set_new(facts, fact->name, fact_unknown("nobody looked"));
	text = json_dumps(report, JSON_COMPACT);
	json_decref(report);
	for (int i = 0; i < 3; i++)
		assert_true(is_taken(memo, text));
	assert_int_equal(group_memo_use(memo).n_groups, 15);
}

/* @text, with @from, which is in it, once more as @to; owned by the caller. */
static char *replaced(const char *text, const char *from, const char *to)
{
	const char *place = strstr(text, from);

	assert_non_null(place);
	return xasprintf("%.*s%s%s", (int)(place - text), text, to, place + strlen(from));
}

static void what_is_not_plain_is_left_to_be_read_whole(void **state)
{
	/* clang-format off */
	static const struct { const char *from, *to; } rows[] = {
		{ "{\"audio\":", "{\"audi\\u006f\":" },       /* an escape in a name */
		{ "\"facts\":", "\"f\\u0061cts\":" },
		{ "\"facts\":{", "\"facts\":{\"cpu\":{\"unknown\":\"x\"}," }, /* one twice */
		{ "\"facts\":{", "\"facts\":{},\"facts\":{" },
		{ "\"facts\":{", "\"facts\":{\"more\":1," },
		{ "\"facts\":{", "\"facts\":{,\"" },
		{ "\"facts\":{", "\"facts\":[{" },
		{ "\"sequence\":7", "\"sequence\":7,\"sequence\":7" },
		{ "\"sequence\":7", "\"sequence\":07" },
		{ "\"sequence\":7", "\"sequence\":0" },
		{ "\"serial\":\"s\"", "\"serial\":\"\xff\"" },
		{ "\"report\":1", "\"report\":1,\"more\":1" },
		{ "\"report\":1", "\"report\":2" },
		{ "\"clock\":{", "\"clack\":{" },             /* one is missing */
	};
	/* clang-format on */
	_cleanup_(group_memo_freep) struct group_memo *memo = group_memo_new(MEMO_BYTES);
	_cleanup_free_ char *text = machine_text("lab-pc", JSON_COMPACT | JSON_SORT_KEYS);

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(is_taken(memo, text));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *changed = replaced(text, rows[i].from, rows[i].to);

		if (is_taken(memo, changed))
			fail_msg("taken: %s", changed);
	}
	for (size_t len = 0; len < strlen(text); len++)
		agree(memo, text, len);
}

static void a_name_ends_where_its_quote_is(void **state)
{
	_cleanup_(group_memo_freep) struct group_memo *memo = group_memo_new(MEMO_BYTES);
	_cleanup_free_ char *text = machine_text("lab-pc", JSON_COMPACT);
	_cleanup_free_ char *changed = replaced(text, "\"cpu\"", "\"cpu@\"");
	size_t len = strlen(changed);
	bool is_taken;

	(void)state;
	*strchr(changed, '@') = '\0';
	assert_true(two_ways_agree(memo, changed, len, &is_taken));
	assert_false(is_taken);
}

static void a_zero_in_a_group_is_one_of_its_bytes(void **state)
{
	_cleanup_(group_memo_freep) struct group_memo *memo = group_memo_new(MEMO_BYTES);
	_cleanup_free_ char *text = machine_text("lab-pc", JSON_COMPACT);
	_cleanup_free_ char *changed = replaced(text, "\"copies\":0", "\"copies\":0@");
	size_t len = strlen(changed);

	(void)state;
	/* Skipped by jansson: whatever it makes of it, both ways must. */
	*strchr(changed, '@') = '\0';
	for (int i = 0; i < 3; i++)
		agree(memo, changed, len);
}

static void a_group_may_be_nested_as_deep_as_in_a_whole_report(void **state)
{
	_cleanup_(group_memo_freep) struct group_memo *memo = group_memo_new(MEMO_BYTES);
	_cleanup_free_ char *text = machine_text("lab-pc", JSON_COMPACT);

	(void)state;
	for (int depth = 25; depth < 40; depth++) {
		_cleanup_free_ char *brackets =
			xasprintf("\"facts\":{\"new\":%.*s%.*s,", depth,
				  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", depth,
				  "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
		_cleanup_free_ char *deep = replaced(text, "\"facts\":{", brackets);

		assert_false(is_taken(memo, deep));
	}
}

/* A slice of @text goes, comes twice, or some bytes of it are others; owned by the caller. */
static char *mutated(const char *text, size_t *ret_len)
{
	static const char bytes[] = "{}[]\",:\\u0019.-e \n\x7f\xc3\xa9\xff";
	size_t len = strlen(text), from = random_below(len), n = random_below(40);
	char *copy = xreallocarray(NULL, len + n + 1, 1);

	n = n < len - from ? n : len - from;
	memcpy(copy, text, len);
	switch (random_below(3)) {
	case 0: /* goes */
		memmove(copy + from, copy + from + n, len - from - n);
		len -= n;
		break;
	case 1: /* twice */
		memcpy(copy + from + n, text + from, len - from);
		len += n;
		break;
	default:
		for (size_t i = 0; i < 1 + n / 16; i++)
			copy[random_below(len)] = bytes[random_below(sizeof(bytes))];
		break;
	}
	*ret_len = len;
	return copy;
}

static void whatever_comes_is_taken_as_when_it_is_read_whole(void **state)
{
	/* So small that groups come and go. */
	_cleanup_(group_memo_freep) struct group_memo *memo = group_memo_new((size_t)512 * 1024);

	(void)state;
	for (int i = 0; i < 4000; i++) {
		_cleanup_free_ char *text =
			machine_text(PICK(machines), random_below(2) ? JSON_COMPACT : 0);
		_cleanup_free_ char *changed = NULL;
		size_t len;

		agree(memo, text, strlen(text));
		changed = mutated(text, &len);
		agree(memo, changed, len);
	}
	assert_in_range(group_memo_use(memo).bytes, 1, 512 * 1024);
}

static void it_takes_no_more_than_it_may(void **state)
{
	size_t bytes = (size_t)1024 * 1024, empty;
	_cleanup_(group_memo_freep) struct group_memo *memo = group_memo_new(bytes);
	_cleanup_free_ char *text = machine_text("teacher-laptop", JSON_COMPACT);

	(void)state;
	empty = mallinfo2().uordblks;
	for (int i = 0; i < 6000; i++) {
		_cleanup_free_ char *number = xasprintf("\"cpu\":{\"model\":\"%d ", i / 2);
		_cleanup_free_ char *other = replaced(text, "\"cpu\":{\"model\":\"", number);

		assert_true(is_taken(memo, other));
	}
	assert_in_range(group_memo_use(memo).bytes, bytes / 32, bytes);
	/* What it says that it takes is what it takes, at most; sanitizers' malloc() does not tell.
	 */
	assert_in_range(mallinfo2().uordblks - empty, 0, group_memo_use(memo).bytes + 65536);
}

#define THREADS 4

static void *take_many(void *arg)
{
	struct group_memo *memo = arg;

	for (int i = 0; i < 400; i++) {
		_cleanup_free_ char *text =
			machine_text(machines[i % ARRAY_SIZE(machines)], JSON_COMPACT);
		struct accepted_report accepted;

		if (accept_groups(memo, text, strlen(text), &accepted) < 0)
			return "a report was not taken";
		accepted_report_done(&accepted);
	}
	return NULL;
}

static void threads_share_what_is_remembered(void **state)
{
	_cleanup_(group_memo_freep) struct group_memo *memo = group_memo_new((size_t)256 * 1024);
	pthread_t threads[THREADS];
	void *wrong;

	(void)state;
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_many, memo), 0);
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &wrong);
		assert_null(wrong);
	}
}

/* Facts of @memo, which has all of their groups once they came twice. */
static void take_facts(struct group_memo *memo, const json_t *json,
		       struct accepted_facts *ret_facts)
{
	_cleanup_free_ char *text = json_dumps(json, JSON_COMPACT);
	_cleanup_free_ char *canonical = document_canonical(json);
	char hash[HASH_SIZE];

	for (int i = 0; i < 3; i++) {
		accepted_facts_done(ret_facts);
		assert_int_equal(
			accept_facts(memo, &(struct span){ text, strlen(text) }, ret_facts), 0);
	}
	hash_hex(canonical, strlen(canonical), hash);
	assert_string_equal(ret_facts->text, canonical);
	assert_string_equal(ret_facts->hash, hash);
	assert_true(json_equal(ret_facts->json, json));
}

/* Results are remembered by these numbers: one at another's place is another device's result. */
static void the_number_of_a_group_stands_where_its_fact_does_in_the_table(void **state)
{
	_cleanup_(group_memo_freep) struct group_memo *memo = group_memo_new(MEMO_BYTES);
	_cleanup_(accepted_facts_done) struct accepted_facts before = { 0 };
	json_t *report = machine_report("lab-pc"), *facts = json_object_get(report, "facts");

	(void)state;
	take_facts(memo, facts, &before);
	for (size_t i = 0; facts_table[i].name; i++) {
		_cleanup_(accepted_facts_done) struct accepted_facts after = { 0 };
		json_t *other = json_copy(facts);

		json_object_set_new(other, facts_table[i].name, fact_unknown("it is another"));
		take_facts(memo, other, &after);
		for (size_t n = 0; facts_table[n].name; n++)
			assert_int_equal(after.numbers[n] == before.numbers[n], n != i);
		json_decref(other);
	}
	json_decref(report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_of_each_machine_is_taken_as_when_it_is_read_whole),
		cmocka_unit_test(what_comes_again_is_remembered_and_what_came_once_is_not),
		cmocka_unit_test(one_byte_that_differs_is_another_group),
		cmocka_unit_test(what_is_right_in_one_group_is_not_in_another),
		cmocka_unit_test(equal_bytes_in_two_groups_are_both_taken),
		cmocka_unit_test(what_is_not_plain_is_left_to_be_read_whole),
		cmocka_unit_test(a_name_ends_where_its_quote_is),
		cmocka_unit_test(a_zero_in_a_group_is_one_of_its_bytes),
		cmocka_unit_test(a_group_may_be_nested_as_deep_as_in_a_whole_report),
		cmocka_unit_test(whatever_comes_is_taken_as_when_it_is_read_whole),
		cmocka_unit_test(the_number_of_a_group_stands_where_its_fact_does_in_the_table),
		cmocka_unit_test(it_takes_no_more_than_it_may),
		cmocka_unit_test(threads_share_what_is_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
