/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is sent to an identity provider, and what of its answers counts.
 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/oidc.h"
#include "common/base/mem.h"

#define ISSUER "https://login.example.org"
#define NOW_MS 1800273600000LL
#define SECRET "tro_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static struct err err;

static void an_address_of_a_provider_is_https_or_of_this_machine(void **state)
{
	static const struct {
		const char *url;
		bool is_good;
	} rows[] = {
		{ "https://login.example.org", true },
		{ "https://login.example.org:8443/realms/a%20b?c=d", true },
		{ "https://[2001:db8::1]/", true },
		{ "http://127.0.0.1:9000/x", true },
		{ "http://localhost", true },
		{ "http://[::1]:9000", true },
		{ "http://login.example.org", false },
		{ "http://127.0.0.1.example.org", false },
		{ "http://localhosts", false },
		{ "http://localhost@example.org", false },
		{ "https://", false },
		{ "https:///x", false },
		{ "https://:443", false },
		{ "https://user@login.example.org", false },
		{ "https://login.example.org/#x", false },
		{ "https://login.example.org/a b", false },
		{ "https://login.example.org/\n", false },
		{ "https://login.example.org\\x", false },
		{ "https://l\xc3\xb6gin.example.org", false },
		{ "file:///etc/passwd", false },
		{ "javascript:alert(1)", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if ((oidc_check_url("x", rows[i].url, &err) == 0) != rows[i].is_good)
			fail_msg("%s", rows[i].url);
	}
}

static void one_goes_on_at_a_page_of_ours(void **state)
{
	static const struct {
		const char *next;
		bool is_ours;
	} rows[] = {
		{ "/", true },
		{ "/sites?sort=risk&limit=2", true },
		{ "/sites/%31", true },
		{ "/v1x", true },
		{ "", false },
		{ "sites", false },
		{ "//elsewhere.example.org", false },
		{ "/\\elsewhere.example.org", false },
		{ "/v1/session", false },
		{ "/a\r\nb", false },
		{ "/a b", false },
		{ "/a#b", false },
		{ "https://elsewhere.example.org", false },
	};
	char longest[OIDC_NEXT_MAX + 2];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (oidc_next_is_ours(rows[i].next) != rows[i].is_ours)
			fail_msg("%s", rows[i].next);
	}
	memset(longest, '/', sizeof(longest));
	longest[1] = 'a';
	longest[OIDC_NEXT_MAX] = '\0';
	assert_true(oidc_next_is_ours(longest));
	longest[OIDC_NEXT_MAX] = 'a';
	longest[OIDC_NEXT_MAX + 1] = '\0';
	assert_false(oidc_next_is_ours(longest));
}

static void the_document_is_beside_the_issuer(void **state)
{
	static const char *const issuers[] = { ISSUER, ISSUER "/" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(issuers); i++) {
		_cleanup_free_ char *url = oidc_discovery_url(issuers[i]);

		assert_string_equal(url, ISSUER "/.well-known/openid-configuration");
	}
}

#define URLS                                                                           \
	"\"authorization_endpoint\":\"" ISSUER "/a?b=c\",\"token_endpoint\":\"" ISSUER \
	"/t\",\"jwks_uri\":\"" ISSUER "/k\""

static void a_provider_says_where_everything_is(void **state)
{
	static const struct {
		const char *text;
		bool is_good, is_posted, names_itself;
	} rows[] = {
		{ "{\"issuer\":\"" ISSUER "\"," URLS "}", true, false, false },
		{ "{\"issuer\":\"" ISSUER "\"," URLS ",\"response_types_supported\":[\"code\"],"
		  "\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]}",
		  true, true, false },
		{ "{\"issuer\":\"" ISSUER "\"," URLS
		  ",\"authorization_response_iss_parameter_supported\":true,"
		  "\"token_endpoint_auth_methods_supported\":[7,\"client_secret_basic\"]}",
		  true, false, true },
		{ "{\"issuer\":\"" ISSUER "/\"," URLS "}", false, false, false },
		{ "{" URLS "}", false, false, false },
		{ "{\"issuer\":\"" ISSUER "\"}", false, false, false },
		{ "{\"issuer\":\"" ISSUER "\"," URLS
		  ",\"response_types_supported\":[\"id_token\"]}",
		  false, false, false },
		{ "[]", false, false, false },
		{ "", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(oidc_provider_done) struct oidc_provider provider = { 0 };
		int r = oidc_provider_parse(rows[i].text, strlen(rows[i].text), ISSUER, &provider,
					    &err);

		if ((r == 0) != rows[i].is_good || provider.is_posted != rows[i].is_posted ||
		    provider.names_itself != rows[i].names_itself)
			fail_msg("%zu: %s", i, err.text);
		if (r == 0)
			assert_string_equal(provider.token_url, ISSUER "/t");
	}
}

static struct oidc_trip begin(const char *next)
{
	struct oidc_trip trip;

	oidc_trip_begin(SECRET, next, NOW_MS, &trip);
	return trip;
}

static int end_at(const char *secret, const char *state, int64_t now_ms)
{
	_cleanup_(oidc_trip_done) struct oidc_trip trip = { 0 };
	_cleanup_free_ char *next = NULL;

	return oidc_trip_end(secret, state, now_ms, &trip, &next, &err);
}

static void who_comes_back_is_who_went(void **state)
{
	_cleanup_(oidc_trip_done) struct oidc_trip there = begin("/sites"), back = { 0 };
	_cleanup_free_ char *next = NULL;

	(void)state;
	assert_int_equal(oidc_trip_end(SECRET, there.state, NOW_MS + 1000, &back, &next, &err), 0);
	assert_string_equal(next, "/sites");
	assert_string_equal(back.nonce, there.nonce);
	assert_string_equal(back.verifier, there.verifier);
	assert_string_not_equal(there.nonce, there.verifier);
	assert_null(strstr(there.state, there.nonce));
	assert_null(strstr(there.state, there.verifier));
}

static void somebody_else_or_too_late_is_nobody(void **state)
{
	_cleanup_(oidc_trip_done) struct oidc_trip trip = begin("/");
	static const char other[] = "tro_BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	static const char *const states[] = { "",
					      ".",
					      "..",
					      "..x",
					      "1800273600",
					      "1800273600.x",
					      "1800273600.x./",
					      "99999999999999999999.x./",
					      "-1.x./" };
	const int64_t longest_ms = OIDC_MINUTES * 60000;

	(void)state;
	assert_int_equal(end_at(SECRET, trip.state, NOW_MS + longest_ms), 0);
	assert_int_equal(end_at(SECRET, trip.state, NOW_MS + longest_ms + 1000), -ESTALE);
	assert_int_equal(end_at(SECRET, trip.state, NOW_MS - OIDC_LEEWAY_S * 1000), 0);
	assert_int_equal(end_at(SECRET, trip.state, NOW_MS - OIDC_LEEWAY_S * 1000 - 1000), -ESTALE);
	assert_int_equal(end_at(other, trip.state, NOW_MS), -ESTALE);
	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		assert_int_equal(end_at(SECRET, states[i], NOW_MS), -ESTALE);
	for (char *at = trip.state; *at; at++) {
		(*at)++;
		assert_int_equal(end_at(SECRET, trip.state, NOW_MS), -ESTALE);
		(*at)--;
	}
}

static void the_form_has_the_secret_only_where_it_has_to(void **state)
{
	_cleanup_(oidc_trip_done) struct oidc_trip trip = begin("/");
	const struct oidc_client client = { "the id", "a&b", "https://ready.example.org/back",
					    "gold" };
	struct oidc_provider provider = { .authorization_url = (char *)ISSUER "/a?b=c" };
	_cleanup_free_ char *url = oidc_authorization_url(&provider, &client, &trip);
	_cleanup_free_ char *bare = oidc_token_form(&provider, &client, &trip, "c&d");
	_cleanup_free_ char *whole = NULL;

	(void)state;
	provider.is_posted = true;
	whole = oidc_token_form(&provider, &client, &trip, "c&d");
	assert_ptr_equal(strstr(url, ISSUER "/a?b=c&response_type=code&client_id=the%20id&"), url);
	assert_null(strstr(url, trip.verifier));
	assert_non_null(strstr(url, "&acr_values=gold"));
	assert_non_null(strstr(bare, "&code=c%26d&"));
	assert_non_null(strstr(bare, trip.verifier));
	assert_null(strstr(bare, "client_secret"));
	assert_non_null(strstr(whole, "&client_id=the%20id&client_secret=a%26b"));
}

static void an_answer_has_a_token_or_says_why_not(void **state)
{
	static const struct {
		const char *text;
		int error;
	} rows[] = {
		{ "{\"id_token\":\"a.b.c\",\"access_token\":\"x\"}", 0 },
		{ "{\"error\":\"invalid_grant\"}", -EACCES },
		{ "{\"error\":\"invalid_grant\",\"id_token\":\"a.b.c\"}", -EACCES },
		{ "{\"access_token\":\"x\"}", -EINVAL },
		{ "{\"id_token\":7}", -EINVAL },
		{ "trs_secret", -EINVAL },
		{ "", -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(oidc_tokens_done) struct oidc_tokens tokens = { 0 };

		assert_int_equal(
			oidc_tokens_parse(rows[i].text, strlen(rows[i].text), &tokens, &err),
			rows[i].error);
		assert_null(strstr(err.text, "trs_"));
	}
}

static void an_access_token_is_what_a_header_field_can_carry(void **state)
{
	static const struct {
		const char *json, *access;
	} rows[] = {
		{ "\"aZ09-._~+/==\"", "aZ09-._~+/==" },
		{ "\"a\\r\\nHost: b\"", "none" },
		{ "\"a b\"", "none" },
		{ "\"\"", "none" },
		{ "7", "none" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(oidc_tokens_done) struct oidc_tokens tokens = { 0 };
		_cleanup_free_ char *text =
			xasprintf("{\"id_token\":\"a.b.c\",\"access_token\":%s}", rows[i].json);

		assert_int_equal(oidc_tokens_parse(text, strlen(text), &tokens, &err), 0);
		assert_string_equal(tokens.access ? tokens.access : "none", rows[i].access);
	}
}

/* --- a second factor ------------------------------------------------------------------- */

static void how_a_second_factor_shows_is_one_of_three_words(void **state)
{
	static const struct {
		const char *text;
		int error;
		enum oidc_factor_by by;
		const char *acr;
	} rows[] = {
		{ "amr", 0, OIDC_FACTOR_AMR, "" },
		{ "always", 0, OIDC_FACTOR_ALWAYS, "" },
		{ "acr:https://refeds.org/profile/mfa", 0, OIDC_FACTOR_ACR,
		  "https://refeds.org/profile/mfa" },
		{ "acr:", -EINVAL, 0, "" },
		{ "acr:a b", -EINVAL, 0, "" },
		{ "", -EINVAL, 0, "" },
		{ "mfa", -EINVAL, 0, "" },
		{ "Always", -EINVAL, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct oidc_factor factor = { 0 };

		assert_int_equal(oidc_factor_parse(rows[i].text, &factor, &err), rows[i].error);
		assert_int_equal(factor.by, rows[i].by);
		assert_string_equal(factor.acr ? factor.acr : "", rows[i].acr);
	}
}

/* --- claims ---------------------------------------------------------------------------- */

/* @members besides, or in the place of, those that are right. */
static int check_claims_by(const char *members, struct oidc_factor factor,
			   struct oidc_person *ret_person)
{
	const struct oidc_expected expected = { ISSUER, "testready", "n", NOW_MS, factor };
	_cleanup_free_ char *text = xasprintf("{%s}", members);
	_cleanup_(json_decrefp) json_t *claims =
		json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}", "iss", ISSUER, "sub", "u-1", "aud",
			  "testready", "nonce", "n", "iat", (json_int_t)(NOW_MS / 1000), "exp",
			  (json_int_t)(NOW_MS / 1000 + 300));
	_cleanup_(json_decrefp) json_t *others = json_loads(text, 0, NULL);

	assert_non_null(others);
	json_object_update(claims, others);
	return oidc_claims_check(claims, &expected, ret_person, &err);
}

static int check_claims(const char *members, struct oidc_person *ret_person)
{
	return check_claims_by(members, (struct oidc_factor){ .by = OIDC_FACTOR_AMR }, ret_person);
}

static void two_factors_are_shown_where_the_token_says_so_in_the_agreed_way(void **state)
{
	static const struct {
		const char *members;
		bool by_amr, by_acr;
	} rows[] = {
		{ "", false, false },
		{ "\"amr\":[\"pwd\",\"otp\",\"mfa\"]", true, false },
		{ "\"amr\":[\"pwd\",\"otp\"]", false, false },
		{ "\"amr\":[\"mfa2\",7,null]", false, false },
		{ "\"amr\":\"mfa\"", false, false },
		{ "\"amr\":{\"0\":\"mfa\"}", false, false },
		{ "\"acr\":\"gold\"", false, true },
		{ "\"acr\":\"golden\"", false, false },
		{ "\"acr\":[\"gold\"]", false, false },
	};
	const struct oidc_factor by_acr = { OIDC_FACTOR_ACR, "gold" };
	const struct oidc_factor always = { .by = OIDC_FACTOR_ALWAYS };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct oidc_person person[3] = { 0 };

		assert_int_equal(check_claims(rows[i].members, &person[0]), 0);
		assert_int_equal(check_claims_by(rows[i].members, by_acr, &person[1]), 0);
		assert_int_equal(check_claims_by(rows[i].members, always, &person[2]), 0);
		assert_int_equal(person[0].has_two_factors, rows[i].by_amr);
		assert_int_equal(person[1].has_two_factors, rows[i].by_acr);
		assert_true(person[2].has_two_factors);
		for (size_t j = 0; j < ARRAY_SIZE(person); j++)
			oidc_person_done(&person[j]);
	}
}

static void a_token_counts_for_this_sign_in_of_this_collector_at_this_time(void **state)
{
	static const struct {
		const char *members;
		int error;
	} rows[] = {
		{ "", 0 },
		{ "\"iss\":\"" ISSUER "/\"", -EKEYREJECTED },
		{ "\"iss\":null", -EKEYREJECTED },
		{ "\"aud\":\"other\"", -EKEYREJECTED },
		{ "\"aud\":[\"testready\"]", 0 },
		{ "\"aud\":[\"testready\",\"other\"]", -EKEYREJECTED },
		{ "\"aud\":[]", -EKEYREJECTED },
		{ "\"aud\":null", -EKEYREJECTED },
		{ "\"azp\":\"testready\"", 0 },
		{ "\"azp\":\"other\"", -EKEYREJECTED },
		{ "\"azp\":7", -EKEYREJECTED },
		{ "\"nonce\":\"m\"", -EKEYREJECTED },
		{ "\"nonce\":null", -EKEYREJECTED },
		{ "\"exp\":1800273541", 0 }, /* a minute and a second before is over */
		{ "\"exp\":1800273540", -ESTALE },
		{ "\"exp\":1800273541.5", 0 },
		{ "\"exp\":null", -EINVAL },
		{ "\"exp\":-1", -EINVAL },
		{ "\"exp\":1e300", -EINVAL },
		{ "\"exp\":\"1800273900\"", -EINVAL },
		{ "\"iat\":1800273660", 0 },
		{ "\"iat\":1800273661", -ESTALE },
		{ "\"iat\":1800272940", 0 },
		{ "\"iat\":1800272939", -ESTALE },
		{ "\"iat\":null", -EINVAL },
		{ "\"nbf\":1800273660", 0 },
		{ "\"nbf\":1800273661", -ESTALE },
		{ "\"nbf\":\"x\"", -EINVAL },
		{ "\"sub\":\"\"", -EINVAL },
		{ "\"sub\":\"a\\nb\"", -EINVAL },
		{ "\"sub\":7", -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(oidc_person_done) struct oidc_person person = { 0 };
		int r = check_claims(rows[i].members, &person);

		if (r != rows[i].error)
			fail_msg("%s: %d %s", rows[i].members, r, err.text);
	}
}

static void mail_counts_where_it_was_verified(void **state)
{
	static const struct {
		const char *members;
		const char *mail, *name;
	} rows[] = {
		{ "", NULL, NULL },
		{ "\"email\":\"a@b.c\"", NULL, NULL },
		{ "\"email\":\"a@b.c\",\"email_verified\":\"true\"", NULL, NULL },
		{ "\"email\":\"a@b.c\",\"email_verified\":false", NULL, NULL },
		{ "\"email\":\"a@b.c\",\"email_verified\":true", "a@b.c", NULL },
		{ "\"email\":\"\",\"email_verified\":true", NULL, NULL },
		{ "\"preferred_username\":\"ada\"", NULL, "ada" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(oidc_person_done) struct oidc_person person = { 0 };

		assert_int_equal(check_claims(rows[i].members, &person), 0);
		assert_string_equal(person.subject, "u-1");
		assert_string_equal(person.mail ? person.mail : "none",
				    rows[i].mail ? rows[i].mail : "none");
		assert_string_equal(person.name ? person.name : "none",
				    rows[i].name ? rows[i].name : "none");
	}
}

static void names_that_no_token_has_are_taken_of_the_same_person_alone(void **state)
{
	static const struct {
		const char *text;
		int error;
		const char *mail, *name;
	} rows[] = {
		{ "{\"sub\":\"u-1\",\"email\":\"a@b.c\",\"email_verified\":true}", 0, "a@b.c",
		  "none" },
		{ "{\"sub\":\"u-1\",\"email\":\"a@b.c\"}", 0, "none", "none" },
		{ "{\"sub\":\"u-1\",\"preferred_username\":\"ada\"}", 0, "none", "ada" },
		{ "{\"sub\":\"u-2\",\"preferred_username\":\"ada\"}", -EKEYREJECTED, "none",
		  "none" },
		{ "{\"preferred_username\":\"ada\"}", -EKEYREJECTED, "none", "none" },
		{ "[]", -EKEYREJECTED, "none", "none" },
		{ "a.b.c", -EINVAL, "none", "none" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(oidc_person_done) struct oidc_person person = { .subject =
										  xstrdup("u-1") };
		int r = oidc_person_add(&person, rows[i].text, strlen(rows[i].text), &err);

		if (r != rows[i].error)
			fail_msg("%s: %d %s", rows[i].text, r, err.text);
		assert_string_equal(person.mail ? person.mail : "none", rows[i].mail);
		assert_string_equal(person.name ? person.name : "none", rows[i].name);
	}
}

static int set_up(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_of_a_provider_is_https_or_of_this_machine),
		cmocka_unit_test(one_goes_on_at_a_page_of_ours),
		cmocka_unit_test(the_document_is_beside_the_issuer),
		cmocka_unit_test(a_provider_says_where_everything_is),
		cmocka_unit_test(who_comes_back_is_who_went),
		cmocka_unit_test(somebody_else_or_too_late_is_nobody),
		cmocka_unit_test(the_form_has_the_secret_only_where_it_has_to),
		cmocka_unit_test(an_answer_has_a_token_or_says_why_not),
		cmocka_unit_test(a_token_counts_for_this_sign_in_of_this_collector_at_this_time),
		cmocka_unit_test(mail_counts_where_it_was_verified),
		cmocka_unit_test(an_access_token_is_what_a_header_field_can_carry),
		cmocka_unit_test(how_a_second_factor_shows_is_one_of_three_words),
		cmocka_unit_test(two_factors_are_shown_where_the_token_says_so_in_the_agreed_way),
		cmocka_unit_test(names_that_no_token_has_are_taken_of_the_same_person_alone),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
