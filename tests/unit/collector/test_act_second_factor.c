/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sys/stat.h>

#include "collector/act/act_second_factor.h"
#include "collector/act/act_sign_in.h"
#include "collector/domain/lockout.h"
#include "collector/store/store_recovery.h"
#include "tests/unit/collector/school.h"

#define HASH "the hash of her password"
#define NETWORK "192.0.2.7"

static const struct grants viewer = {
	.grants = { { PERSON_VIEWER, SCOPE_STATE, "", "" } },
	.n_grants = 1,
};
static const struct grants everything = {
	.grants = { { PERSON_ADMIN, SCOPE_STATE, "", "" } },
	.n_grants = 1,
};

/* Somebody with a password, who may do what is in @grants. */
static struct actor person(struct school *school, const char *login, const struct grants *grants)
{
	static char ids[4][ID_SIZE];
	static size_t n;
	struct account account = {
		.login = xstrdup(login),
		.name = xstrdup("Ada Kim"),
		.password = xstrdup(HASH),
		.password_ms = school->now_ms,
		.good_until = civil_of_ms(school->now_ms) + 100,
		.created_by = xstrdup("test"),
		.grants = *grants,
	};
	char *id = ids[n++ % ARRAY_SIZE(ids)];

	id_new(account.id);
	must(school, store_account_put(school->store, &account, &school->err));
	must(school, store_account_set_password(school->store, account.id, HASH, school->now_ms,
						&school->err));
	memcpy(id, account.id, ID_SIZE);
	account_done(&account);
	return (struct actor){
		.who = "Ada Kim (akim)", .account_id = id, .network = NETWORK, .grants = grants
	};
}

static size_t digit(char c)
{
	return (size_t)(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", c) -
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
}

/* What a phone with the secret @text shows now. */
static void phone_shows(const struct school *school, const char *text, char ret_code[static 7])
{
	unsigned char secret[TOTP_SECRET_SIZE] = { 0 };

	for (size_t bit = 0; bit < (size_t)TOTP_SECRET_SIZE * 8; bit++) {
		if (digit(text[bit / 5]) >> (4 - bit % 5) & 1)
			secret[bit / 8] |= (unsigned char)(0x80 >> bit % 8);
	}
	snprintf(ret_code, 7, "%06u",
		 (unsigned)totp_code(secret, school->now_ms / TOTP_STEP_MS) % 1000000);
}

/* Turn it on; the phone's secret goes to @ret_secret. */
static void turn_on(struct school *school, const struct actor *actor,
		    char ret_secret[static TOTP_SECRET_TEXT_SIZE], struct recovery_codes *ret_codes)
{
	struct second_factor_begun begun = { 0 };
	char code[7];

	must(school, act_second_factor_begin(school->store, actor, HASH, school->now_ms, &begun,
					     &school->err));
	phone_shows(school, begun.secret, code);
	must(school, act_second_factor_set(school->store, actor, code, school->now_ms, ret_codes,
					   &school->err));
	memcpy(ret_secret, begun.secret, TOTP_SECRET_TEXT_SIZE);
	second_factor_begun_done(&begun);
}

static enum sign_in_outcome sign_in(struct school *school, const char *code, bool is_right)
{
	const struct sign_in sign_in = { .login = "akim",
					 .code = code,
					 .network = NETWORK,
					 .browser = "",
					 .password = HASH,
					 .is_right = is_right };
	struct signed_in signed_in;

	must(school,
	     act_sign_in(school->store, &sign_in, school->now_ms, &signed_in, &school->err));
	return signed_in.outcome;
}

static void a_code_turns_it_on_and_then_signing_in_needs_one(void **state)
{
	struct school *school = *state;
	const struct actor ada = person(school, "akim", &viewer);
	char secret[TOTP_SECRET_TEXT_SIZE], code[7];
	struct recovery_codes codes;

	assert_int_equal(sign_in(school, NULL, true), SIGN_IN_DONE);
	turn_on(school, &ada, secret, &codes);
	assert_int_equal(sign_in(school, NULL, true), SIGN_IN_NEEDS_CODE);
	assert_int_equal(sign_in(school, "", true), SIGN_IN_NEEDS_CODE);
	phone_shows(school, secret, code);
	/* The one that turned it on is used up. */
	assert_int_equal(sign_in(school, code, true), SIGN_IN_WRONG_CODE);
	school->now_ms += TOTP_STEP_MS;
	phone_shows(school, secret, code);
	assert_int_equal(sign_in(school, code, false), SIGN_IN_REFUSED);
	assert_int_equal(sign_in(school, code, true), SIGN_IN_DONE);
	assert_int_equal(sign_in(school, code, true), SIGN_IN_WRONG_CODE);
}

static void a_begun_one_asks_for_nothing_and_waits_an_hour(void **state)
{
	struct school *school = *state;
	const struct actor ada = person(school, "akim", &viewer);
	struct second_factor_begun begun = { 0 };
	struct recovery_codes codes;
	char code[7];

	assert_int_equal(act_second_factor_set(school->store, &ada, "123456", school->now_ms,
					       &codes, &school->err),
			 -ENOENT);
	must(school, act_second_factor_begin(school->store, &ada, HASH, school->now_ms, &begun,
					     &school->err));
	assert_int_equal(sign_in(school, NULL, true), SIGN_IN_DONE);
	assert_int_equal(act_second_factor_set(school->store, &ada, "12345", school->now_ms, &codes,
					       &school->err),
			 -EINVAL);
	school->now_ms += SECOND_FACTOR_BEGUN_MS + 1;
	phone_shows(school, begun.secret, code);
	assert_int_equal(act_second_factor_set(school->store, &ada, code, school->now_ms, &codes,
					       &school->err),
			 -ENOENT);
	school->now_ms -= 1;
	phone_shows(school, begun.secret, code);
	must(school, act_second_factor_set(school->store, &ada, code, school->now_ms, &codes,
					   &school->err));
	assert_int_equal(act_second_factor_begin(school->store, &ada, HASH, school->now_ms, &begun,
						 &school->err),
			 -EALREADY);
	second_factor_begun_done(&begun);
}

static void each_recovery_code_lets_in_once_and_without_the_key(void **state)
{
	struct school *school = *state;
	const struct actor ada = person(school, "akim", &viewer);
	_cleanup_free_ char *key = xasprintf("%s.key", school->path);
	char secret[TOTP_SECRET_TEXT_SIZE];
	struct recovery_codes codes;
	int64_t n_left = 0;

	turn_on(school, &ada, secret, &codes);
	assert_int_equal(unlink(key), 0);
	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		assert_int_equal(sign_in(school, codes.texts[i], true), SIGN_IN_DONE);
		must(school,
		     store_recovery_left(school->store, ada.account_id, &n_left, &school->err));
		assert_int_equal(n_left, RECOVERY_CODES - 1 - i);
	}
	assert_int_equal(sign_in(school, codes.texts[0], true), SIGN_IN_WRONG_CODE);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE act = "
					       "'recovery_code_used'"),
			 RECOVERY_CODES);
}

static void a_lost_key_lets_nobody_in_without_a_code(void **state)
{
	struct school *school = *state;
	const struct actor ada = person(school, "akim", &viewer);
	_cleanup_free_ char *key = xasprintf("%s.key", school->path);
	char secret[TOTP_SECRET_TEXT_SIZE];
	struct recovery_codes codes;

	turn_on(school, &ada, secret, &codes);
	assert_int_equal(unlink(key), 0);
	for (int i = 0; i < 2 * LOCKOUT_CODE_FREE; i++)
		assert_int_equal(sign_in(school, "123456", true), SIGN_IN_NO_KEY);
	assert_int_equal(sign_in(school, NULL, true), SIGN_IN_NEEDS_CODE);
	/* Nobody guessed at anything, so nobody waits. */
	assert_int_equal(sign_in(school, codes.texts[0], true), SIGN_IN_DONE);
}

static size_t n_lost(struct school *school, struct err *ret_why)
{
	_cleanup_(json_decrefp) json_t *logins = NULL;

	must(school, act_second_factor_lost(school->store, &logins, ret_why, &school->err));
	return json_array_size(logins);
}

/* Else those before would be lost for good as soon as anybody sets up a phone. */
static void a_lost_key_is_told_and_no_other_is_made_while_anybody_needs_it(void **state)
{
	struct school *school = *state;
	const struct actor ada = person(school, "akim", &viewer);
	const struct actor boss = person(school, "boss", &everything);
	_cleanup_free_ char *key = xasprintf("%s.key", school->path);
	char secret[TOTP_SECRET_TEXT_SIZE];
	struct second_factor_begun begun = { 0 };
	struct recovery_codes codes;
	struct err why = { 0 };

	assert_int_equal(n_lost(school, &why), 0);
	turn_on(school, &ada, secret, &codes);
	assert_int_equal(n_lost(school, &why), 0);
	assert_int_equal(unlink(key), 0);
	assert_int_equal(n_lost(school, &why), 1);
	assert_non_null(strstr(why.text, key));
	assert_int_equal(act_second_factor_begin(school->store, &boss, HASH, school->now_ms, &begun,
						 &school->err),
			 -EKEYREJECTED);
	assert_int_equal(access(key, F_OK), -1);
	must(school, act_second_factor_remove(school->store, &boss, ada.account_id, school->now_ms,
					      &school->err));
	assert_int_equal(n_lost(school, &why), 0);
	turn_on(school, &boss, secret, &codes);
}

static void an_admin_takes_away_anothers_and_nobody_their_own_so(void **state)
{
	struct school *school = *state;
	const struct actor ada = person(school, "akim", &viewer);
	const struct actor boss = person(school, "boss", &everything);
	char secret[TOTP_SECRET_TEXT_SIZE];
	struct recovery_codes codes;

	assert_int_equal(act_second_factor_remove(school->store, &boss, ada.account_id,
						  school->now_ms, &school->err),
			 -ENOENT);
	turn_on(school, &ada, secret, &codes);
	assert_int_equal(act_second_factor_remove(school->store, &ada, boss.account_id,
						  school->now_ms, &school->err),
			 -ENOENT);
	must(school, act_second_factor_remove(school->store, &boss, ada.account_id, school->now_ms,
					      &school->err));
	assert_int_equal(sign_in(school, NULL, true), SIGN_IN_DONE);
	assert_int_equal(school_number(school, "SELECT count(*) FROM recovery_code"), 0);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE act = "
					       "'second_factor_removed'"),
			 1);
	turn_on(school, &boss, secret, &codes);
	assert_int_equal(act_second_factor_remove(school->store, &boss, boss.account_id,
						  school->now_ms, &school->err),
			 -EPERM);
	must(school,
	     act_second_factor_end(school->store, &boss, HASH, school->now_ms, &school->err));
	assert_int_equal(
		act_second_factor_end(school->store, &boss, HASH, school->now_ms, &school->err),
		-ENOENT);
	assert_int_equal(act_second_factor_end(school->store, &actor_command_line, HASH,
					       school->now_ms, &school->err),
			 -EPERM);
}

static void a_password_that_was_changed_meanwhile_takes_nothing_away(void **state)
{
	struct school *school = *state;
	const struct actor ada = person(school, "akim", &viewer);
	char secret[TOTP_SECRET_TEXT_SIZE];
	struct recovery_codes codes;

	turn_on(school, &ada, secret, &codes);
	must(school, store_account_set_password(school->store, ada.account_id, "another",
						school->now_ms, &school->err));
	assert_int_equal(
		act_second_factor_end(school->store, &ada, HASH, school->now_ms, &school->err),
		-ESTALE);
	assert_int_equal(school_number(school, "SELECT count(*) FROM recovery_code"),
			 RECOVERY_CODES);
}

/* A session that was left open is not enough to lock its owner out. */
static void one_is_begun_only_with_the_password_of_now(void **state)
{
	struct school *school = *state;
	const struct actor ada = person(school, "akim", &viewer);
	struct second_factor_begun begun = { 0 };

	assert_int_equal(act_second_factor_begin(school->store, &ada, "another", school->now_ms,
						 &begun, &school->err),
			 -ESTALE);
	must(school, store_account_set_password(school->store, ada.account_id, "", school->now_ms,
						&school->err));
	assert_int_equal(act_second_factor_begin(school->store, &ada, "", school->now_ms, &begun,
						 &school->err),
			 -ESTALE);
	assert_int_equal(school_number(school, "SELECT count(*) FROM second_factor_begun"), 0);
}

/* Whoever saw the password typed sits in the same school, whose network is known. */
static void codes_are_not_guessed_from_a_known_network_either(void **state)
{
	struct school *school = *state;
	const struct actor ada = person(school, "akim", &viewer);
	char secret[TOTP_SECRET_TEXT_SIZE];
	struct recovery_codes codes;

	assert_int_equal(sign_in(school, NULL, true), SIGN_IN_DONE);
	turn_on(school, &ada, secret, &codes);
	for (int i = 0; i < LOCKOUT_CODE_FREE; i++)
		assert_int_equal(sign_in(school, "000 000", true), SIGN_IN_WRONG_CODE);
	assert_int_equal(sign_in(school, codes.texts[0], true), SIGN_IN_LOCKED);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE act = "
					       "'sign_in_locked'"),
			 1);
	school->now_ms += 30000;
	assert_int_equal(sign_in(school, codes.texts[0], true), SIGN_IN_DONE);
	/* What was counted is forgotten, and wrong passwords never count there. */
	assert_int_equal(sign_in(school, "000 000", true), SIGN_IN_WRONG_CODE);
	for (int i = 0; i < 2 * LOCKOUT_CODE_FREE; i++)
		assert_int_equal(sign_in(school, "000 000", false), SIGN_IN_REFUSED);
	assert_int_equal(sign_in(school, codes.texts[1], true), SIGN_IN_DONE);
}

static void failures_lock_and_the_password_is_not_looked_at_meanwhile(void **state)
{
	struct school *school = *state;
	struct sign_in_begun begun;

	(void)person(school, "akim", &viewer);
	for (int i = 0; i < 5; i++)
		assert_int_equal(sign_in(school, NULL, false), SIGN_IN_REFUSED);
	assert_int_equal(sign_in(school, NULL, true), SIGN_IN_LOCKED);
	must(school, act_sign_in_begin(school->store, "AKim", NETWORK, school->now_ms, &begun,
				       &school->err));
	assert_int_equal(begun.outcome, SIGN_IN_LOCKED);
	assert_int_equal(begun.wait_ms, 30000);
	must(school, act_sign_in_begin(school->store, "akim", "198.51.100.1", school->now_ms,
				       &begun, &school->err));
	assert_int_equal(begun.outcome, SIGN_IN_DONE);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE act = "
					       "'sign_in_locked'"),
			 1);
	school->now_ms += 30000;
	assert_int_equal(sign_in(school, NULL, true), SIGN_IN_DONE);
	for (int i = 0; i < 40; i++)
		assert_int_equal(sign_in(school, NULL, false), SIGN_IN_REFUSED);
	assert_int_equal(sign_in(school, NULL, true), SIGN_IN_DONE);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE act = "
					       "'sign_in_locked'"),
			 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)
		TEST(a_code_turns_it_on_and_then_signing_in_needs_one),
		TEST(a_begun_one_asks_for_nothing_and_waits_an_hour),
		TEST(each_recovery_code_lets_in_once_and_without_the_key),
		TEST(a_lost_key_lets_nobody_in_without_a_code),
		TEST(a_lost_key_is_told_and_no_other_is_made_while_anybody_needs_it),
		TEST(an_admin_takes_away_anothers_and_nobody_their_own_so),
		TEST(a_password_that_was_changed_meanwhile_takes_nothing_away),
		TEST(one_is_begun_only_with_the_password_of_now),
		TEST(codes_are_not_guessed_from_a_known_network_either),
		TEST(failures_lock_and_the_password_is_not_looked_at_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
