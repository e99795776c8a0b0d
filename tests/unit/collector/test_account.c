/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts, invitations and sessions in the store, and who may change them.
 */
#include "tests/unit/collector/school.h"

#include <errno.h>
#include <sodium.h>
#include <time.h>

#include "collector/act/act_account.h"
#include "collector/act/act_invite.h"
#include "collector/act/act_session.h"
#include "collector/act/act_sign_in.h"

#define NETWORK "192.0.2.7"

/* Any text will do where nobody compares it with a password. */
#define HASH "$argon2id$a hash"

static struct grants one_grant(enum person_role role, enum scope scope, const char *code)
{
	struct grants grants = { .n_grants = 1 };

	grants.grants[0] = (struct grant){ .role = role, .scope = scope };
	snprintf(grants.grants[0].code, sizeof(grants.grants[0].code), "%s", code);
	return grants;
}

static struct actor an_actor(const struct grants *grants)
{
	return (struct actor){ "Somebody", "", NETWORK, grants };
}

static int try_add(struct school *school, const struct actor *actor, const char *login,
		   const struct grants *grants, struct account_made *ret_made)
{
	const struct account_request request = { login, "Name", grants };

	return act_account_add(school->store, actor, &request, school->now_ms, ret_made,
			       &school->err);
}

static struct account_made add(struct school *school, const char *login, enum person_role role,
			       enum scope scope, const char *code)
{
	const struct grants grants = one_grant(role, scope, code);
	struct account_made made;

	must(school, try_add(school, &actor_command_line, login, &grants, &made));
	return made;
}

/* The account has a password, so it can sign in. */
static void settle(struct school *school, const struct account_made *made)
{
	const struct invitation_answer answer = { made->invitation, HASH, NETWORK };

	must(school, act_invitation_use(school->store, &answer, school->now_ms, &school->err));
}

static struct account get(struct school *school, const char *id)
{
	struct account account;

	must(school, store_account_get(school->store, id, &account, &school->err));
	return account;
}

static int set_up(void **state)
{
	int r = sodium_init() < 0 ? -1 : school_setup(state);
	struct school *school = *state;

	school_site(school, SITE, NULL, NULL, NULL);
	return r;
}

static void what_is_stored_of_an_account_comes_back(void **state)
{
	struct school *school = *state;
	struct account_made made = add(school, "Rosa", PERSON_VIEWER, SCOPE_SITE, SITE);
	struct account account = get(school, made.id);
	struct account other;

	assert_string_equal(account.login, "rosa");
	assert_string_equal(account.created_by, "the command line");
	assert_string_equal(account.password, "");
	assert_int_equal(account.used_ms, 0);
	assert_int_equal(account.grants.n_grants, 1);
	/* Where the site is comes with it: who may change the account depends on that. */
	assert_string_equal(account.grants.grants[0].lea_code, "00");
	must(school, store_account_by_login(school->store, "rosa", &other, &school->err));
	assert_string_equal(other.id, account.id);
	account_done(&other);
	account_done(&account);
	assert_int_equal(store_account_by_login(school->store, "Rosa", &other, &school->err),
			 -ENOENT);
}

static void a_login_is_taken_once(void **state)
{
	struct school *school = *state;
	const struct grants grants = one_grant(PERSON_VIEWER, SCOPE_STATE, "");
	struct account_made made;

	(void)add(school, "rosa", PERSON_VIEWER, SCOPE_SITE, SITE);
	assert_int_equal(try_add(school, &actor_command_line, "ROSA", &grants, &made), -EALREADY);
	assert_int_equal(school_number(school, "SELECT COUNT(*) FROM account"), 1);
}

static void only_what_one_could_have_oneself_is_given(void **state)
{
	struct school *school = *state;
	const struct grants held = one_grant(PERSON_LEA_COORDINATOR, SCOPE_LEA, "00");
	const struct actor actor = an_actor(&held);
	static const struct {
		enum person_role role;
		enum scope scope;
		const char *code;
		int r;
	} rows[] = {
		{ PERSON_ADMIN, SCOPE_STATE, "", -EPERM },
		{ PERSON_VIEWER, SCOPE_STATE, "", -EPERM },
		{ PERSON_VIEWER, SCOPE_LEA, "01", -EPERM },
		{ PERSON_VIEWER, SCOPE_SITE, "nowhere", -EPERM },
		{ PERSON_VIEWER, SCOPE_SITE, SITE, 0 },
		{ PERSON_LEA_COORDINATOR, SCOPE_LEA, "00", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct grants grants = one_grant(rows[i].role, rows[i].scope, rows[i].code);
		char login[8];
		struct account_made made;

		snprintf(login, sizeof(login), "p%zu", i);
		if (try_add(school, &actor, login, &grants, &made) != rows[i].r)
			fail_msg("row %zu: %s", i, school->err.text);
	}
}

static void an_account_outside_is_as_if_it_were_not_there(void **state)
{
	struct school *school = *state;
	const struct grants held = one_grant(PERSON_LEA_COORDINATOR, SCOPE_LEA, "01");
	const struct actor actor = an_actor(&held);
	struct account_made made = add(school, "rosa", PERSON_VIEWER, SCOPE_SITE, SITE);
	const struct account_change change = { .id = made.id, .is_disabled = 1 };
	char invitation[SECRET_SIZE];

	assert_int_equal(
		act_account_change(school->store, &actor, &change, school->now_ms, &school->err),
		-ENOENT);
	assert_int_equal(act_invite(school->store, &actor, made.id, school->now_ms, invitation,
				    &school->err),
			 -ENOENT);
	assert_int_equal(
		act_account_renew(school->store, &actor, made.id, school->now_ms, &school->err),
		-ENOENT);
}

static void a_change_of_what_was_changed_meanwhile_is_stale(void **state)
{
	struct school *school = *state;
	struct account_made made = add(school, "rosa", PERSON_VIEWER, SCOPE_SITE, SITE);
	struct account account = get(school, made.id);
	char version[ACCOUNT_VERSION_SIZE];
	struct account_change change = { .id = made.id, .name = "Other", .is_disabled = -1 };

	account_version(&account, version);
	account_done(&account);
	change.version = version;
	must(school, act_account_change(school->store, &actor_command_line, &change, school->now_ms,
					&school->err));
	assert_int_equal(act_account_change(school->store, &actor_command_line, &change,
					    school->now_ms, &school->err),
			 -ESTALE);
}

static void a_change_from_one_lea_to_another_is_written_down_for_neither(void **state)
{
	struct school *school = *state;
	struct account_made made = add(school, "rosa", PERSON_VIEWER, SCOPE_LEA, "00");
	const struct grants grants = one_grant(PERSON_VIEWER, SCOPE_STATE, "");
	const struct grants back = one_grant(PERSON_VIEWER, SCOPE_LEA, "00");
	struct account_change change = { .id = made.id, .grants = &grants, .is_disabled = -1 };

	must(school, act_account_change(school->store, &actor_command_line, &change, school->now_ms,
					&school->err));
	change.grants = &back;
	must(school, act_account_change(school->store, &actor_command_line, &change, school->now_ms,
					&school->err));
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE "
					       "act = 'account_changed' AND lea_code = ''"),
			 2);
	change = (struct account_change){ .id = made.id, .name = "Rosa P", .is_disabled = -1 };
	must(school, act_account_change(school->store, &actor_command_line, &change, school->now_ms,
					&school->err));
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE "
					       "act = 'account_changed' AND lea_code = '00'"),
			 1);
}

static void the_login_is_told_whole_however_long_the_name_is(void **state)
{
	char name[121], login[65], who[ACCESS_WHO_SIZE];
	const struct account account = { .name = name, .login = login };
	size_t len;

	(void)state;
	memset(name, 'n', sizeof(name));
	memset(login, 'l', sizeof(login));
	name[120] = login[64] = '\0';
	account_who(&account, who);
	len = strlen(who);
	assert_int_equal(who[len - 1], ')');
	assert_int_equal(strspn(strchr(who, '(') + 1, "l"), 64);
}

static void what_changes_nothing_is_not_written_down(void **state)
{
	struct school *school = *state;
	struct account_made made = add(school, "rosa", PERSON_VIEWER, SCOPE_SITE, SITE);
	const struct account_change change = { .id = made.id, .name = "Name", .is_disabled = 0 };
	int64_t n = school_number(school, "SELECT COUNT(*) FROM audit");

	must(school, act_account_change(school->store, &actor_command_line, &change, school->now_ms,
					&school->err));
	assert_int_equal(school_number(school, "SELECT COUNT(*) FROM audit"), n);
}

static void the_last_admin_who_can_sign_in_stays_one(void **state)
{
	static const struct grants nothing;
	struct school *school = *state;
	struct account_made ada = add(school, "ada", PERSON_ADMIN, SCOPE_STATE, "");
	struct account_made bo = add(school, "bo", PERSON_ADMIN, SCOPE_STATE, "");
	const struct account_change change = { .id = ada.id, .is_disabled = 1 };
	const struct account_change none = { .id = ada.id, .grants = &nothing, .is_disabled = -1 };

	settle(school, &ada);
	assert_int_equal(act_account_change(school->store, &actor_command_line, &change,
					    school->now_ms, &school->err),
			 -EALREADY);
	assert_int_equal(act_account_change(school->store, &actor_command_line, &none,
					    school->now_ms, &school->err),
			 -EALREADY);
	settle(school, &bo);
	must(school, act_account_change(school->store, &actor_command_line, &change, school->now_ms,
					&school->err));
}

/* --- invitations --------------------------------------------------------------------- */

static void an_invitation_is_good_for_seven_days_and_once(void **state)
{
	struct school *school = *state;
	struct account_made made = add(school, "rosa", PERSON_VIEWER, SCOPE_SITE, SITE);
	const struct invitation_answer answer = { made.invitation, HASH, NETWORK };
	char *login = NULL;

	assert_int_equal(act_invitation_look(school->store, made.invitation,
					     school->now_ms + INVITATION_DAYS * DAY_MS, &login,
					     &school->err),
			 -EACCES);
	school->now_ms += INVITATION_DAYS * DAY_MS - 1;
	must(school, act_invitation_look(school->store, made.invitation, school->now_ms, &login,
					 &school->err));
	assert_string_equal(login, "rosa");
	free(login);
	must(school, act_invitation_use(school->store, &answer, school->now_ms, &school->err));
	assert_int_equal(act_invitation_use(school->store, &answer, school->now_ms, &school->err),
			 -EACCES);
}

static void the_first_code_makes_an_admin_and_no_other_does(void **state)
{
	struct school *school = *state;
	char old[SECRET_SIZE], code[SECRET_SIZE], none[SECRET_SIZE];
	struct setup_request request = { old, "ada", "Ada", HASH, NETWORK };

	assert_int_equal(act_setup_begin(school->store, school->now_ms, old, &school->err), 1);
	assert_int_equal(act_setup_begin(school->store, school->now_ms, code, &school->err), 1);
	assert_int_equal(act_setup(school->store, &request, school->now_ms, &school->err), -EACCES);
	request.code = code;
	assert_int_equal(act_setup(school->store, &request, school->now_ms + SETUP_HOURS * HOUR_MS,
				   &school->err),
			 -EACCES);
	must(school, act_setup(school->store, &request, school->now_ms, &school->err));
	assert_int_equal(act_setup(school->store, &request, school->now_ms, &school->err), -EACCES);
	assert_int_equal(act_setup_begin(school->store, school->now_ms, none, &school->err), 0);
	assert_int_equal(school_number(school, "SELECT COUNT(*) FROM account_grant WHERE role = "
					       "'admin' AND scope = 'state'"),
			 1);
}

static void the_first_code_sets_nobodys_password(void **state)
{
	struct school *school = *state;
	char code[SECRET_SIZE], *login = NULL;

	assert_int_equal(act_setup_begin(school->store, school->now_ms, code, &school->err), 1);
	(void)add(school, "rosa", PERSON_VIEWER, SCOPE_SITE, SITE);
	assert_int_equal(
		act_invitation_look(school->store, code, school->now_ms, &login, &school->err),
		-EACCES);
	assert_int_equal(act_setup_look(school->store, code, school->now_ms, &school->err),
			 -EACCES);
}

/* --- sessions ------------------------------------------------------------------------ */

static void begin_session(struct school *school, const char *id, char hash[static HASH_SIZE])
{
	const struct session_request request = { id, NETWORK, "Browser" };
	char secret[SECRET_SIZE];

	must(school,
	     act_session_begin(school->store, &request, school->now_ms, secret, &school->err));
	hash_hex(secret, strlen(secret), hash);
}

static int find(struct school *school, const char *hash)
{
	struct account account = { 0 };
	struct session session;
	int r = act_session_find(school->store, hash, school->now_ms, &session, &account,
				 &school->err);

	account_done(&account);
	return r;
}

static void of_many_sessions_the_oldest_end(void **state)
{
	struct school *school = *state;
	struct account_made made = add(school, "rosa", PERSON_VIEWER, SCOPE_SITE, SITE);
	char hashes[SESSIONS_MAX + 1][HASH_SIZE];

	settle(school, &made);
	for (size_t i = 0; i <= SESSIONS_MAX; i++) {
		school->now_ms++;
		assert_int_equal(i == SESSIONS_MAX ? find(school, hashes[0]) : 0, 0);
		begin_session(school, made.id, hashes[i]);
	}
	assert_int_equal(find(school, hashes[0]), -ENOENT);
	assert_int_equal(find(school, hashes[1]), 0);
	assert_int_equal(find(school, hashes[SESSIONS_MAX]), 0);
}

static void a_session_that_is_used_goes_on_and_is_forgotten_when_it_is_over(void **state)
{
	struct school *school = *state;
	struct account_made made = add(school, "rosa", PERSON_VIEWER, SCOPE_SITE, SITE);
	char hash[HASH_SIZE], other[HASH_SIZE];

	settle(school, &made);
	begin_session(school, made.id, hash);
	school->now_ms += 2 * HOUR_MS - 1;
	must(school, act_session_note(school->store, hash, made.id, school->now_ms, &school->err));
	school->now_ms += 2 * HOUR_MS - 1;
	assert_int_equal(find(school, hash), 0);
	school->now_ms += 1;
	assert_int_equal(find(school, hash), -ENOENT);
	school->now_ms += 1;
	begin_session(school, made.id, other);
	assert_int_equal(school_number(school, "SELECT COUNT(*) FROM session"), 1);
}

static void a_session_is_over_with_its_account(void **state)
{
	struct school *school = *state;
	struct account_made made = add(school, "rosa", PERSON_VIEWER, SCOPE_SITE, SITE);
	const struct account_change change = { .id = made.id, .is_disabled = 1 };
	char hash[HASH_SIZE];

	settle(school, &made);
	begin_session(school, made.id, hash);
	must(school, db_exec(school->store->db, "UPDATE account SET good_until = '2027-01-17'",
			     NULL, &school->err, ""));
	assert_int_equal(find(school, hash), -ENOENT);
	must(school, act_account_renew(school->store, &actor_command_line, made.id, school->now_ms,
				       &school->err));
	assert_int_equal(find(school, hash), 0);
	must(school, act_account_change(school->store, &actor_command_line, &change, school->now_ms,
					&school->err));
	assert_int_equal(find(school, hash), -ENOENT);
	assert_int_equal(school_number(school, "SELECT COUNT(*) FROM session"), 0);
}

/* --- signing in ---------------------------------------------------------------------- */

static void who_is_not_there_costs_the_same_hash(void **state)
{
	struct school *school = *state;
	static const char *const logins[] = { "nobody", "invited", "no login", "" };
	struct sign_in_begun begun;

	(void)add(school, "invited", PERSON_VIEWER, SCOPE_SITE, SITE);
	for (size_t i = 0; i < ARRAY_SIZE(logins); i++) {
		must(school, act_sign_in_begin(school->store, logins[i], NETWORK, school->now_ms,
					       &begun, &school->err));
		assert_int_equal(begun.outcome, SIGN_IN_DONE);
		assert_string_equal(begun.password, password_nobodys);
	}
}

static void the_hash_that_nobody_has_is_made_like_all_others(void **state)
{
	char hash[PASSWORD_HASH_SIZE];
	bool is_right = true;

	(void)state;
	assert_int_equal(password_hash("correct horse battery", hash, NULL), 0);
	/* Algorithm, memory and passes are what stands before the salt. */
	assert_int_equal(strlen(hash), strlen(password_nobodys));
	assert_memory_equal(hash, password_nobodys, strlen("$argon2id$v=19$m=65536,t=3,p=1$"));
	assert_int_equal(password_compare(password_nobodys, "", &is_right, NULL), 0);
	assert_false(is_right);
	assert_int_equal(password_compare(hash, "correct horse battery", &is_right, NULL), 0);
	assert_true(is_right);
}

static void a_password_that_was_changed_meanwhile_lets_nobody_in(void **state)
{
	struct school *school = *state;
	struct account_made made = add(school, "rosa", PERSON_VIEWER, SCOPE_SITE, SITE);
	struct sign_in sign_in = { "ROSA", NULL, NETWORK, "Browser", HASH, true };
	struct signed_in signed_in;

	settle(school, &made);
	must(school,
	     act_sign_in(school->store, &sign_in, school->now_ms, &signed_in, &school->err));
	assert_int_equal(signed_in.outcome, SIGN_IN_DONE);
	assert_true(secret_is_valid(SECRET_SESSION, signed_in.session));
	sign_in.password = "$argon2id$another";
	must(school,
	     act_sign_in(school->store, &sign_in, school->now_ms, &signed_in, &school->err));
	assert_int_equal(signed_in.outcome, SIGN_IN_REFUSED);
	assert_string_equal(signed_in.session, "");
}

/* What the log leaves out of what it quotes. */
static void a_secret_of_a_session_or_invitation_is_known_for_one(void **state)
{
	static const char *const prefixes[] = { SECRET_SESSION, SECRET_INVITATION };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		char secret[SECRET_SIZE];
		_cleanup_free_ char *text = NULL;

		secret_new(prefixes[i], secret);
		text = xasprintf("login: '%.30s' has 47 bytes", secret);
		assert_true(secret_is_in(text));
	}
	assert_false(secret_is_in("tri_angles and trs_"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, school_teardown)

/* Processor time of ending the invitations, of which there are none, of many accounts. */
static clock_t end_invitations(struct school *school)
{
	clock_t start = clock();

	for (int i = 0; i < 500; i++)
		must(school, store_invitation_delete(school->store, "none", &school->err));
	return clock() - start;
}

/* An import asks for it once for each person: if that reads them all, devices wait for seconds. */
static void ending_an_invitation_costs_as_much_however_many_there_are(void **state)
{
	struct school *school = *state;
	struct account_made made = add(school, "ada", PERSON_VIEWER, SCOPE_SITE, SITE);
	clock_t few = end_invitations(school), many;

	must(school, db_exec(school->store->db,
			     "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
			     "WHERE i < 20000) "
			     "INSERT INTO invitation SELECT i, $1, 0, '', 1 FROM n",
			     NULL, &school->err, "t", made.id));
	many = end_invitations(school);
	if (many > 20 * few + CLOCKS_PER_SEC / 100)
		fail_msg("%ld of %ld", (long)many, (long)few);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_stored_of_an_account_comes_back),
		TEST(a_login_is_taken_once),
		TEST(only_what_one_could_have_oneself_is_given),
		TEST(an_account_outside_is_as_if_it_were_not_there),
		TEST(a_change_of_what_was_changed_meanwhile_is_stale),
		TEST(a_change_from_one_lea_to_another_is_written_down_for_neither),
		TEST(the_login_is_told_whole_however_long_the_name_is),
		TEST(what_changes_nothing_is_not_written_down),
		TEST(the_last_admin_who_can_sign_in_stays_one),
		TEST(an_invitation_is_good_for_seven_days_and_once),
		TEST(the_first_code_makes_an_admin_and_no_other_does),
		TEST(the_first_code_sets_nobodys_password),
		TEST(of_many_sessions_the_oldest_end),
		TEST(a_session_that_is_used_goes_on_and_is_forgotten_when_it_is_over),
		TEST(a_session_is_over_with_its_account),
		TEST(who_is_not_there_costs_the_same_hash),
		TEST(the_hash_that_nobody_has_is_made_like_all_others),
		TEST(a_password_that_was_changed_meanwhile_lets_nobody_in),
		TEST(a_secret_of_a_session_or_invitation_is_known_for_one),
		TEST(ending_an_invitation_costs_as_much_however_many_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
