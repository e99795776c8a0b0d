/* SPDX-License-Identifier: Apache-2.0 */
/* Whether people may do what they ask for, and whether it is written down. */
#include <errno.h>

#include "collector/act/act_audit.h"
#include "collector/act/asked.h"
#include "tests/unit/collector/asked.h"

#define LEA_CODE "00" /* of both schools */

static const struct grants own = {
	.grants = { { PERSON_LEA_COORDINATOR, SCOPE_LEA, LEA_CODE, "" } },
	.n_grants = 1,
};
static const struct grants foreign = {
	.grants = { { PERSON_LEA_COORDINATOR, SCOPE_LEA, "99", "" } },
	.n_grants = 1,
};
static const struct grants viewer = {
	.grants = { { PERSON_VIEWER, SCOPE_STATE, "", "" } },
	.n_grants = 1,
};

static struct actor actor_of(const struct grants *grants)
{
	return (struct actor){ "Ada Kim (akim)", "0123456789abcdef0123456789abcdef", "192.0.2.7",
			       grants };
}

static int try_as(struct school *school, const struct grants *grants, enum scope scope,
		  const char *code, char ret_id[static ID_SIZE])
{
	_cleanup_(waiver_done) struct waiver waiver =
		waiver_of(scope, code, "memory.size", LAST_DAY);
	const struct actor actor = actor_of(grants);
	struct reach reach;
	int r;

	must(school, store_begin(school->store, &school->err));
	r = asked_waive(school->store, &actor, &(struct waive_wish){ &waiver, WAIVE_AS_MAY },
			school->now_ms, &reach, &school->err);
	if (r < 0)
		store_rollback(school->store);
	else
		must(school, store_commit(school->store, &school->err));
	memcpy(ret_id, waiver.id, ID_SIZE);
	school->now_ms++;
	return r;
}

static void who_may_not_changes_nothing_and_is_told_nothing(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	/* clang-format off */
	const struct {
		const struct grants *grants;
		enum scope scope;
		const char *code;
		int want;
	} rows[] = {
		{ &own, SCOPE_SITE, SITE, 0 },
		{ &own, SCOPE_LEA, LEA_CODE, 0 },
		{ &own, SCOPE_STATE, "", -EPERM },
		{ &foreign, SCOPE_SITE, SITE, -EPERM },
		{ &foreign, SCOPE_LEA, LEA_CODE, -EPERM },
		/* What does not exist is refused like what is not theirs. */
		{ &foreign, SCOPE_SITE, "nowhere", -EPERM },
		{ &access_everything, SCOPE_SITE, "nowhere", -ENOENT },
		{ &viewer, SCOPE_SITE, SITE, -EPERM },
		{ &(struct grants){ .n_grants = 0 }, SCOPE_SITE, SITE, -EPERM },
	};
	/* clang-format on */
	int64_t n_given = 0;

	open_two(school, id, other_id, &WEAK);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int r = try_as(school, rows[i].grants, rows[i].scope, rows[i].code, waiver_id);

		if (r != rows[i].want)
			fail_msg("row %zu: %d, %s", i, r, school->err.text);
		n_given += r == 0;
		assert_null(r == -EPERM ? strstr(school->err.text, "nowhere") : NULL);
	}
	assert_int_equal(school_number(school, "SELECT count(*) FROM waiver"), n_given);
	assert_int_equal(school_number(school,
				       "SELECT count(*) FROM audit WHERE act = "
				       "'waiver_given' AND who = 'Ada Kim (akim)' AND "
				       "network = '192.0.2.7' AND lea_code = '" LEA_CODE "'"),
			 n_given);
}

static void what_is_revoked_is_written_down_with_what_it_was(void **state)
{
	struct school *school = *state;
	const struct actor actor = actor_of(&own), stranger = actor_of(&foreign);
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	const struct waiver_end end = { .id = waiver_id };
	struct audit_entry last;
	struct reach reach;

	open_two(school, id, other_id, &WEAK);
	must(school, try_as(school, &own, SCOPE_SITE, SITE, waiver_id));
	assert_int_equal(asked_waiver_revoke(school->store, &stranger, &end, school->now_ms, &reach,
					     &school->err),
			 -ENOENT);
	must(school, asked_waiver_revoke(school->store, &actor, &end, school->now_ms, &reach,
					 &school->err));
	must(school, store_audit_last(school->store, &last, &school->err));
	assert_string_equal(last.act, "waiver_revoked");
	assert_string_equal(last.object, waiver_id);
	assert_string_equal(last.site_code, SITE);
	assert_non_null(strstr(last.before, "\"requirement\":\"memory.size\""));
	assert_string_equal(last.after, "");
	audit_entry_done(&last);
	assert_int_equal(school_number(school, "SELECT count(*) FROM waiver WHERE revoked_by = "
					       "'Ada Kim (akim)'"),
			 1);
}

/* What @grants get for an inventory of @site that was taken in without looking at whose it is. */
static int import_as(struct school *school, const struct grants *grants, const char *site)
{
	_cleanup_(inventory_import_freep) struct inventory_import *import = NULL;
	const struct inventory_row row = {
		.site_code = site, .asset_tag = "", .serial = "S1", .host_name = "", .room = ""
	};
	const struct actor actor = actor_of(grants);
	struct inventory_imported imported = { .file = "rows.csv" };
	int r;

	must(school, store_begin(school->store, &school->err));
	must(school, inventory_import_begin(school->store, school->cache, school->now_ms, &import,
					    &school->err));
	must(school, inventory_import_take(import, &row, &school->err));
	must(school, inventory_import_finish(import, &imported.count, &school->err));
	imported.import = import;
	r = asked_inventory_imported(
		&(struct moment){ school->store, school->cache, school->now_ms }, &actor, &imported,
		&school->err);
	if (r < 0)
		store_rollback(school->store);
	else
		must(school, store_commit(school->store, &school->err));
	return r;
}

static void an_inventory_of_a_school_that_is_not_ones_own_is_refused(void **state)
{
	struct school *school = *state;
	struct audit_entry last;

	school_open(school);
	assert_int_equal(import_as(school, &foreign, SITE), -EPERM);
	assert_int_equal(import_as(school, &viewer, SITE), -EPERM);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device"), 0);
	must(school, import_as(school, &own, SITE));
	must(school, store_audit_last(school->store, &last, &school->err));
	assert_string_equal(last.act, "inventory_imported");
	assert_string_equal(last.lea_code, LEA_CODE);
	assert_string_equal(last.site_code, SITE);
	audit_entry_done(&last);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_may_not_changes_nothing_and_is_told_nothing,
						school_setup, school_teardown),
		cmocka_unit_test_setup_teardown(what_is_revoked_is_written_down_with_what_it_was,
						school_setup, school_teardown),
		cmocka_unit_test_setup_teardown(
			an_inventory_of_a_school_that_is_not_ones_own_is_refused, school_setup,
			school_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
