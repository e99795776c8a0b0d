/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/act/act_audit.h"
#include "tests/unit/collector/school.h"

static void note(struct school *school, const char *object, const char *lea_code)
{
	json_t *after = json_pack("{s:s}", "name", object);
	const struct audit_note what = {
		.act = AUDIT_SITE_CHANGED, .object = object, .lea_code = lea_code, .after = after
	};

	must(school,
	     act_audit(school->store, &actor_command_line, &what, school->now_ms, &school->err));
	json_decref(after);
	school->now_ms += 1000;
}

static void every_entry_has_the_hash_of_all_before_it(void **state)
{
	struct school *school = *state;
	struct audit_list list;
	char hash[HASH_SIZE];

	note(school, "A", "LUSD");
	note(school, "B", NULL);
	note(school, "C", "PUSD");
	must(school, store_audit_list(school->store, &(struct audit_query){ .limit = 10 }, &list,
				      &school->err));
	assert_int_equal(list.n_entries, 3);
	assert_string_equal(list.entries[0].object, "C");
	assert_string_equal(list.entries[0].after, "{\"name\":\"C\"}");
	assert_string_equal(list.entries[0].who, "the command line");
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(list.entries[i].number, 3 - i);
		audit_hash(i < 2 ? list.entries[i + 1].hash : "", &list.entries[i], hash);
		assert_string_equal(hash, list.entries[i].hash);
	}
	audit_list_done(&list);
}

/* Where one text ends and the next begins is in it too. */
static void any_change_of_an_entry_changes_its_hash(void **state)
{
	char empty[] = "", ab[] = "ab", a[] = "a", b[] = "b", bc[] = "bc";
	const struct audit_entry one = { 1,     2,     ab,    b, empty, empty,
					 empty, empty, empty, a, empty, "" };
	struct audit_entry other = one;
	char hash[HASH_SIZE], others[HASH_SIZE];

	(void)state;
	audit_hash("", &one, hash);
	other.who = a;
	other.account_id = bc;
	audit_hash("", &other, others);
	assert_string_not_equal(hash, others);
	other = one;
	other.number = 12;
	audit_hash("", &other, others);
	assert_string_not_equal(hash, others);
	audit_hash("x", &one, others);
	assert_string_not_equal(hash, others);
}

static size_t count(struct school *school, struct audit_query query)
{
	struct audit_list list;
	size_t n;

	query.limit = 10;
	must(school, store_audit_list(school->store, &query, &list, &school->err));
	n = list.n_entries;
	audit_list_done(&list);
	return n;
}

static void an_lea_reads_what_is_its_own(void **state)
{
	struct school *school = *state;

	note(school, "A", "LUSD");
	note(school, "B", NULL);
	note(school, "C", "USD");
	note(school, "D", "LUSD-2");
	assert_int_equal(count(school, (struct audit_query){ 0 }), 4);
	assert_int_equal(count(school, (struct audit_query){ .lea_codes = " LUSD " }), 1);
	assert_int_equal(count(school, (struct audit_query){ .lea_codes = " USD LUSD-2 " }), 2);
	assert_int_equal(count(school, (struct audit_query){ .lea_codes = " " }), 0);
	assert_int_equal(count(school, (struct audit_query){ .object = "B" }), 1);
	assert_int_equal(count(school, (struct audit_query){ .before = 3 }), 2);
	assert_int_equal(count(school, (struct audit_query){ .act = "waiver_given" }), 0);
	assert_int_equal(count(school, (struct audit_query){ .from_ms = NOON_MS + 1000 }), 3);
	assert_int_equal(count(school, (struct audit_query){ .until_ms = NOON_MS + 1000 }), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_entry_has_the_hash_of_all_before_it,
						school_setup, school_teardown),
		cmocka_unit_test(any_change_of_an_entry_changes_its_hash),
		cmocka_unit_test_setup_teardown(an_lea_reads_what_is_its_own, school_setup,
						school_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
