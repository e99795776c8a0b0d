/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who gets which identity: enrolling again, and new keys.
 */
#include "tests/unit/collector/school.h"

#include <errno.h>
#include <sodium.h>

#include "collector/store/store_conflict.h"
#include "collector/store/store_enrollment_key.h"
#include "collector/store/store_identity.h"

#define OTHER_SITE "0002"
#define REQUEST_1 "11111111111111111111111111111111"
#define REQUEST_2 "22222222222222222222222222222222"

static const struct device_names lab = { "lab", "", "", "" };

static struct fingerprint machine(const char *board, const char *disk)
{
	struct fingerprint fingerprint = { 0 };

	fingerprint_add(&fingerprint, FINGERPRINT_BOARD_SERIAL, true, board);
	fingerprint_add(&fingerprint, FINGERPRINT_DISK_SERIAL, true, disk);
	return fingerprint;
}

/* How a machine enrols; what is not given it does not say. */
struct asking {
	const struct fingerprint *fingerprint;
	const char *previous_id;
	const char *request_id;
};

struct given {
	char id[ID_SIZE];
	char key_hash[HASH_SIZE];
	bool is_taken_over;
};

static int try_enroll(struct school *school, const char *key, const struct asking *asking,
		      struct given *given)
{
	char hash[HASH_SIZE];
	struct enroll_request request = {
		.key_hash = hash,
		.agent_version = "1.0",
		.role = ROLE_STUDENT,
		.names = lab,
		.has_fingerprint = asking->fingerprint != NULL,
		.previous_id = asking->previous_id,
		.request_id = asking->request_id,
	};
	struct enroll_answer answer;
	int r;

	if (asking->fingerprint)
		request.fingerprint = *asking->fingerprint;
	hash_hex(key, strlen(key), hash);
	school->now_ms += 1000;
	r = act_enroll(school->store, &request, school->now_ms, &answer, &school->err);
	if (r < 0)
		return r;
	memcpy(given->id, answer.device_id, ID_SIZE);
	hash_hex(answer.device_key, strlen(answer.device_key), given->key_hash);
	given->is_taken_over = answer.is_taken_over;
	free(answer.site_code);
	free(answer.site_name);
	return 0;
}

static struct given enroll(struct school *school, const char *site_code,
			   const struct asking *asking)
{
	struct given given = { 0 };
	char key[SECRET_SIZE];

	school_key(school, site_code, -1, key);
	must(school, try_enroll(school, key, asking, &given));
	return given;
}

static enum device_state report(struct school *school, const struct given *given, int64_t sequence,
				const struct fingerprint *fingerprint)
{
	const struct told told = { .fingerprint = fingerprint, .key_hash = given->key_hash };
	struct contact_answer answer;

	return school_tell(school, given->id, sequence, 0, &told, &GOOD, &answer);
}

static bool opens(struct school *school, const char *key_hash)
{
	char id[ID_SIZE];

	return store_device_by_key(school->store, key_hash, id, &school->err) == 0;
}

static void decide(struct school *school, const char *conflict_id,
		   enum conflict_resolution resolution)
{
	const struct decision decision = { conflict_id, resolution, "ann" };

	must(school, act_conflict_decide(school->store, school->cache, &decision, school->now_ms,
					 &school->err));
}

static int64_t n_devices(struct school *school)
{
	return school_number(school, "SELECT count(*) FROM device");
}

/* --- enrolling again ------------------------------------------------------------------- */

static void a_lost_answer_makes_no_second_device(void **state)
{
	struct school *school = *state;
	const struct asking asking = { .request_id = REQUEST_1 };
	struct given first, second;
	char key[SECRET_SIZE];

	school_open(school);
	school_key(school, SITE, 1, key);
	must(school, try_enroll(school, key, &asking, &first));
	/* The key was good for one device, and this is that one. */
	must(school, try_enroll(school, key, &asking, &second));
	assert_string_equal(first.id, second.id);
	assert_false(opens(school, first.key_hash));
	assert_true(opens(school, second.key_hash));
	assert_int_equal(n_devices(school), 1);
	assert_int_equal(
		try_enroll(school, key, &(struct asking){ .request_id = REQUEST_2 }, &second),
		-EACCES);
}

static void a_request_that_was_copied_with_a_disk_is_another_device(void **state)
{
	struct school *school = *state;
	const struct fingerprint one = machine("b1", "d1"), other = machine("b2", "d2");
	struct given first, second;
	char key[SECRET_SIZE];

	school_open(school);
	school_key(school, SITE, -1, key);
	must(school,
	     try_enroll(school, key,
			&(struct asking){ .fingerprint = &one, .request_id = REQUEST_1 }, &first));
	must(school, try_enroll(school, key,
				&(struct asking){ .fingerprint = &other, .request_id = REQUEST_1 },
				&second));
	assert_string_not_equal(first.id, second.id);
	assert_true(opens(school, first.key_hash));
}

static void a_wiped_machine_goes_on_as_the_device_that_it_was(void **state)
{
	struct school *school = *state;
	const struct fingerprint one = machine("b1", "d1");
	const struct asking asking = { .fingerprint = &one };
	struct given before, after;
	int64_t n_judged;

	school_open(school);
	before = enroll(school, SITE, &asking);
	assert_int_equal(report(school, &before, 1, &one), STATE_READY);
	after = enroll(school, SITE, &asking);
	assert_string_equal(before.id, after.id);
	assert_true(after.is_taken_over);
	assert_false(opens(school, before.key_hash));
	/* What it was before it was wiped says nothing of what is on it now. */
	assert_int_equal(school_number(school, "SELECT ready FROM site_count"), 0);
	assert_int_equal(school_number(school, "SELECT never_seen FROM site_count"), 1);
	school_publish(school, PROFILE_TWO, &n_judged);
	school_sweep(school);
	assert_int_equal(school_number(school, "SELECT never_seen FROM site_count"), 1);
	/* It counts from 1 again, in the same boot, and that is no report of before. */
	assert_int_equal(report(school, &after, 1, &one), STATE_READY);
	assert_int_equal(school_number(school, "SELECT ready FROM site_count"), 1);
	assert_int_equal(school_all_reports(school), 1);
	assert_int_equal(school_number(school, "SELECT count(*) FROM conflict"), 0);
}

static void a_number_that_a_whole_order_has_hides_nobody(void **state)
{
	struct school *school = *state;
	struct fingerprint first = machine("To be filled", "d0"), alike;
	char disk[16];

	school_open(school);
	enroll(school, SITE, &(struct asking){ .fingerprint = &first });
	must(school, store_begin(school->store, &school->err));
	for (int i = 1; i <= IDENTITY_MATCHES_MAX; i++) {
		snprintf(disk, sizeof(disk), "d%d", i);
		alike = machine("To be filled", disk);
		enroll(school, SITE, &(struct asking){ .fingerprint = &alike });
	}
	must(school, store_commit(school->store, &school->err));
	enroll(school, SITE, &(struct asking){ .fingerprint = &first });
	assert_int_equal(n_devices(school), 1 + IDENTITY_MATCHES_MAX);
}

static void a_copied_disk_becomes_a_new_device_that_names_the_previous(void **state)
{
	struct school *school = *state;
	const struct fingerprint one = machine("b1", "d1"), other = machine("b2", "d2");
	struct identity identity;
	struct given first, second;

	school_open(school);
	first = enroll(school, SITE, &(struct asking){ .fingerprint = &one });
	second = enroll(school, SITE,
			&(struct asking){ .fingerprint = &other, .previous_id = first.id });
	assert_string_not_equal(first.id, second.id);
	must(school, store_identity_get(school->store, second.id, NULL, &identity, &school->err));
	assert_string_equal(identity.previous_id, first.id);
	assert_true(opens(school, first.key_hash));
}

static void a_previous_device_that_nobody_knows_is_not_named(void **state)
{
	struct school *school = *state;
	struct identity identity;
	struct given given;

	school_open(school);
	given = enroll(school, SITE, &(struct asking){ .previous_id = REQUEST_1 });
	must(school, store_identity_get(school->store, given.id, NULL, &identity, &school->err));
	assert_string_equal(identity.previous_id, "");
}

static void a_repaired_machine_whose_key_is_refused_stays_itself(void **state)
{
	struct school *school = *state;
	const struct fingerprint one = machine("b1", "d1"), repaired = machine("b1", "d2");
	const struct fingerprint twice = machine("b1", "d3"), silent = { .n = 0 };
	struct given before, after, stranger;

	school_open(school);
	before = enroll(school, SITE, &(struct asking){ .fingerprint = &one });
	after = enroll(school, SITE,
		       &(struct asking){ .fingerprint = &repaired, .previous_id = before.id });
	assert_string_equal(after.id, before.id);
	assert_int_equal(school_number(school, "SELECT count(*) FROM conflict"), 0);
	/* Without saying that it was that device, half of the numbers are not enough … */
	stranger = enroll(school, SITE, &(struct asking){ .fingerprint = &twice });
	assert_string_not_equal(stranger.id, before.id);
	/* … nor is saying so without any. */
	stranger = enroll(school, SITE,
			  &(struct asking){ .fingerprint = &silent, .previous_id = before.id });
	assert_string_not_equal(stranger.id, before.id);
}

static void a_machine_of_another_site_is_new_here_and_both_are_noted(void **state)
{
	struct school *school = *state;
	const struct fingerprint one = machine("b1", "d1");
	const struct asking asking = { .fingerprint = &one };
	struct given here, there;

	school_open(school);
	school_site(school, OTHER_SITE, "p", "2027-04-05", "2027-04-23");
	there = enroll(school, OTHER_SITE, &asking);
	here = enroll(school, SITE, &asking);
	assert_string_not_equal(here.id, there.id);
	assert_true(opens(school, there.key_hash));
	assert_int_equal(school_number(school, "SELECT count(DISTINCT device_id) FROM device_note "
					       "WHERE other_site <> ''"),
			 2);
}

static void machines_that_are_alike_and_take_turns_are_a_conflict(void **state)
{
	struct school *school = *state;
	const struct fingerprint alike = machine("b1", "d1");
	struct given one, other, again, third;
	char conflict_id[ID_SIZE];

	school_open(school);
	one = enroll(school, SITE, &(struct asking){ .fingerprint = &alike });
	report(school, &one, 1, &alike);
	other = enroll(school, SITE, &(struct asking){ .fingerprint = &alike });
	assert_string_equal(other.id, one.id);
	report(school, &other, 1, &alike);
	/* The first one finds its key refused, and comes back for what it was. */
	again = enroll(school, SITE,
		       &(struct asking){ .fingerprint = &alike, .previous_id = one.id });
	assert_int_equal(school_number(school, "SELECT conflict FROM site_count"), 1);
	assert_int_equal(report(school, &again, 2, &alike), STATE_CONFLICT);

	/* Two devices they are from then on, though nothing tells them apart. */
	assert_int_equal(store_conflict_newest(school->store, one.id, conflict_id, &school->err),
			 1);
	decide(school, conflict_id, RESOLUTION_TWO_DEVICES);
	other = enroll(school, SITE,
		       &(struct asking){ .fingerprint = &alike, .previous_id = one.id });
	third = enroll(school, SITE,
		       &(struct asking){ .fingerprint = &alike, .previous_id = one.id });
	assert_string_not_equal(other.id, one.id);
	assert_string_not_equal(third.id, one.id);
	assert_string_not_equal(third.id, other.id);
	assert_int_equal(report(school, &other, 1, &alike), STATE_READY);
	assert_int_equal(report(school, &third, 1, &alike), STATE_READY);
}

static void a_machine_may_enrol_again_every_season(void **state)
{
	struct school *school = *state;
	const struct fingerprint alike = machine("b1", "d1");
	struct given given;

	school_open(school);
	given = enroll(school, SITE, &(struct asking){ .fingerprint = &alike });
	for (int i = 0; i < 3; i++) {
		report(school, &given, 1, &alike);
		school->now_ms += 31 * DAY_MS;
		given = enroll(school, SITE,
			       &(struct asking){ .fingerprint = &alike, .previous_id = given.id });
	}
	assert_int_equal(school_number(school, "SELECT count(*) FROM conflict"), 0);
	/* If there was another, it does not wait as long. */
	report(school, &given, 1, &alike);
	enroll(school, SITE, &(struct asking){ .fingerprint = &alike, .previous_id = given.id });
	assert_int_equal(school_number(school, "SELECT count(*) FROM conflict"), 1);
}

/* Two machines that are alike enrol in turns as one device, whose id is @id. */
static void take_turns(struct school *school, const struct fingerprint *alike,
		       char id[static ID_SIZE])
{
	struct given given = enroll(school, SITE, &(struct asking){ .fingerprint = alike });

	memcpy(id, given.id, ID_SIZE);
	for (int i = 0; i < 2; i++) {
		report(school, &given, 1, alike);
		given = enroll(school, SITE,
			       &(struct asking){ .fingerprint = alike, .previous_id = id });
	}
}

static void one_that_enrols_twice_in_a_row_is_no_conflict(void **state)
{
	struct school *school = *state;
	const struct fingerprint one = machine("b1", "d1");
	struct given given;

	school_open(school);
	given = enroll(school, SITE, &(struct asking){ .fingerprint = &one });
	report(school, &given, 1, &one);
	/* Somebody says `enroll --again`, and says it once more. */
	for (int i = 0; i < 3; i++)
		given = enroll(school, SITE,
			       &(struct asking){ .fingerprint = &one, .previous_id = given.id });
	assert_int_equal(report(school, &given, 2, &one), STATE_READY);
	assert_int_equal(school_number(school, "SELECT count(*) FROM conflict"), 0);
}

static void one_that_took_turns_with_itself_may_enrol_again(void **state)
{
	static const enum conflict_resolution resolutions[] = { RESOLUTION_REPAIRED,
								RESOLUTION_IGNORE };
	static const char *const boards[] = { "b1", "b2" };
	struct school *school = *state;

	school_open(school);
	for (size_t i = 0; i < ARRAY_SIZE(resolutions); i++) {
		const struct fingerprint alike = machine(boards[i], "");
		char id[ID_SIZE], conflict_id[ID_SIZE];

		take_turns(school, &alike, id);
		assert_int_equal(
			store_conflict_newest(school->store, id, conflict_id, &school->err), 1);
		decide(school, conflict_id, resolutions[i]);
		enroll(school, SITE, &(struct asking){ .fingerprint = &alike, .previous_id = id });
		assert_int_equal(school_number(school, "SELECT conflict FROM site_count"), 0);
	}
}

static void who_is_accepted_beside_another_takes_no_key_away(void **state)
{
	struct school *school = *state;
	const struct fingerprint alike = machine("b1", "");
	char id[ID_SIZE], conflict_id[ID_SIZE], key[SECRET_SIZE];
	struct given one, other;
	const struct asking asking = { .fingerprint = &alike, .previous_id = id };

	school_open(school);
	take_turns(school, &alike, id);
	one = enroll(school, SITE, &asking);
	assert_int_equal(store_conflict_newest(school->store, id, conflict_id, &school->err), 1);
	decide(school, conflict_id, RESOLUTION_IGNORE);
	other = enroll(school, SITE, &asking);
	for (int64_t sequence = 1; sequence < 4; sequence++) {
		report(school, &one, sequence, &alike);
		report(school, &other, sequence + 10, &alike);
		assert_true(opens(school, one.key_hash));
		assert_true(opens(school, other.key_hash));
	}
	/* Which of the two asks does not matter: the older key of theirs goes. */
	one = enroll(school, SITE, &asking);
	assert_true(opens(school, one.key_hash));
	assert_true(opens(school, other.key_hash));
	/* A copy that is set back at each start would have lost it, and the other as well. */
	assert_int_equal(
		act_device_key(school->store, id, one.key_hash, school->now_ms, key, &school->err),
		-EALREADY);
}

static void two_machines_with_one_key_become_two_when_it_ends(void **state)
{
	struct school *school = *state;
	const struct fingerprint one = machine("b1", "d1"), other = machine("b2", "d2");
	struct given shared, first, second;
	char conflict_id[ID_SIZE];

	school_open(school);
	shared = enroll(school, SITE, &(struct asking){ .fingerprint = &one });
	report(school, &shared, 1, &one);
	assert_int_equal(report(school, &shared, 2, &other), STATE_CONFLICT);
	assert_int_equal(store_conflict_newest(school->store, shared.id, conflict_id, &school->err),
			 1);
	decide(school, conflict_id, RESOLUTION_TWO_DEVICES);
	assert_false(opens(school, shared.key_hash));
	first = enroll(school, SITE,
		       &(struct asking){ .fingerprint = &one, .previous_id = shared.id });
	second = enroll(school, SITE,
			&(struct asking){ .fingerprint = &other, .previous_id = shared.id });
	assert_string_not_equal(first.id, shared.id);
	assert_int_equal(report(school, &first, 3, &one), STATE_READY);
	assert_int_equal(report(school, &second, 3, &other), STATE_READY);
	assert_int_equal(school_number(school, "SELECT ready FROM site_count"), 2);
	assert_int_equal(school_number(school, "SELECT conflict FROM site_count"), 0);
	/* Wiped later, each is itself again. */
	assert_string_equal(enroll(school, SITE, &(struct asking){ .fingerprint = &one }).id,
			    first.id);
}

static void another_role_is_judged_anew(void **state)
{
	struct school *school = *state;
	const struct fingerprint one = machine("b1", "d1");
	_cleanup_(device_done) struct device device = { 0 };
	char key[SECRET_SIZE], hash[HASH_SIZE];
	struct enroll_request request = { .key_hash = hash,
					  .agent_version = "1.0",
					  .role = ROLE_TA,
					  .names = lab,
					  .has_fingerprint = true,
					  .fingerprint = one };
	struct enroll_answer answer;
	struct given given;

	school_open(school);
	given = enroll(school, SITE, &(struct asking){ .fingerprint = &one });
	report(school, &given, 1, &one);
	school_key(school, SITE, 1, key);
	hash_hex(key, strlen(key), hash);
	must(school, act_enroll(school->store, &request, school->now_ms, &answer, &school->err));
	free(answer.site_code);
	free(answer.site_name);
	must(school, store_device_head(school->store, given.id, &device, &school->err));
	assert_int_equal(device.role, ROLE_TA);
	assert_string_equal(device.results, "");
}

/* --- keys --------------------------------------------------------------------------------- */

static void a_revoked_key_enrols_nobody(void **state)
{
	struct school *school = *state;
	char key[SECRET_SIZE], hash[HASH_SIZE], prefix[13];
	struct given given;

	school_open(school);
	school_key(school, SITE, -1, key);
	hash_hex(key, strlen(key), hash);
	snprintf(prefix, sizeof(prefix), "%.12s", hash);
	must(school, try_enroll(school, key, &(struct asking){ .request_id = REQUEST_1 }, &given));
	must(school,
	     act_enrollment_key_revoke(school->store, prefix, school->now_ms, &school->err));
	assert_int_equal(
		try_enroll(school, key, &(struct asking){ .request_id = REQUEST_1 }, &given),
		-EACCES);
	assert_non_null(strstr(school->err.text, "revoked"));
	assert_true(opens(school, given.key_hash));
	assert_int_equal(
		act_enrollment_key_revoke(school->store, prefix, school->now_ms, &school->err),
		-EALREADY);
	assert_int_equal(act_enrollment_key_revoke(school->store, "", school->now_ms, &school->err),
			 -EALREADY);
	school_key(school, SITE, -1, key);
	assert_int_equal(act_enrollment_key_revoke(school->store, "", school->now_ms, &school->err),
			 -ENOENT);
}

static void new_device_key(struct school *school, const struct given *given,
			   const char *with_key_hash, char key_hash[static HASH_SIZE])
{
	char key[SECRET_SIZE];

	must(school, act_device_key(school->store, given->id, with_key_hash, school->now_ms, key,
				    &school->err));
	hash_hex(key, strlen(key), key_hash);
}

static void the_old_key_is_valid_until_the_new_one_was_used(void **state)
{
	struct school *school = *state;
	char lost[HASH_SIZE], next[HASH_SIZE];
	struct given given;
	struct told told;
	struct contact_answer answer;

	school_open(school);
	given = enroll(school, SITE, &(struct asking){ 0 });
	new_device_key(school, &given, given.key_hash, lost);
	/* That answer never came, so it asks again with what it has. */
	new_device_key(school, &given, given.key_hash, next);
	assert_false(opens(school, lost));
	assert_true(opens(school, given.key_hash));
	assert_true(opens(school, next));
	report(school, &given, 1, NULL);
	assert_true(opens(school, next));

	told = (struct told){ .key_hash = next };
	school_tell(school, given.id, 2, 0, &told, &GOOD, &answer);
	assert_false(opens(school, given.key_hash));
	assert_true(opens(school, next));
}

static void who_asks_with_the_next_key_has_it(void **state)
{
	struct school *school = *state;
	char next[HASH_SIZE], after[HASH_SIZE];
	struct given given;

	school_open(school);
	given = enroll(school, SITE, &(struct asking){ 0 });
	new_device_key(school, &given, given.key_hash, next);
	new_device_key(school, &given, next, after);
	assert_false(opens(school, given.key_hash));
	assert_true(opens(school, next));
	assert_true(opens(school, after));
}

static void a_key_that_ended_meanwhile_gets_no_next_one(void **state)
{
	struct school *school = *state;
	const struct fingerprint one = machine("b1", "d1");
	struct given before, now;
	char key[SECRET_SIZE];

	school_open(school);
	before = enroll(school, SITE, &(struct asking){ .fingerprint = &one });
	/* Let in with its key, it waits to be written while another takes the device over. */
	now = enroll(school, SITE, &(struct asking){ .fingerprint = &one });
	assert_string_equal(now.id, before.id);
	assert_int_equal(act_device_key(school->store, before.id, before.key_hash, school->now_ms,
					key, &school->err),
			 -EACCES);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device_identity WHERE "
					       "next_key_hash IS NOT NULL"),
			 0);
	assert_true(opens(school, now.key_hash));
}

static int set_up_group(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_lost_answer_makes_no_second_device),
		test(a_request_that_was_copied_with_a_disk_is_another_device),
		test(a_wiped_machine_goes_on_as_the_device_that_it_was),
		test(a_number_that_a_whole_order_has_hides_nobody),
		test(a_copied_disk_becomes_a_new_device_that_names_the_previous),
		test(a_previous_device_that_nobody_knows_is_not_named),
		test(a_repaired_machine_whose_key_is_refused_stays_itself),
		test(a_machine_of_another_site_is_new_here_and_both_are_noted),
		test(machines_that_are_alike_and_take_turns_are_a_conflict),
		test(one_that_enrols_twice_in_a_row_is_no_conflict),
		test(a_machine_may_enrol_again_every_season),
		test(one_that_took_turns_with_itself_may_enrol_again),
		test(who_is_accepted_beside_another_takes_no_key_away),
		test(two_machines_with_one_key_become_two_when_it_ends),
		test(another_role_is_judged_anew),
		test(a_revoked_key_enrols_nobody),
		test(the_old_key_is_valid_until_the_new_one_was_used),
		test(who_asks_with_the_next_key_has_it),
		test(a_key_that_ended_meanwhile_gets_no_next_one),
	};

	return cmocka_run_group_tests(tests, set_up_group, NULL);
}
