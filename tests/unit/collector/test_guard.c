/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/http/dispatch.h"
#include "collector/http/guard.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

#define DEVICE_ID "0123456789abcdef0123456789abcdef"

/* Every kind of credential a request can come with. */
enum credential {
	CREDENTIAL_NONE,
	CREDENTIAL_ADMIN,
	CREDENTIAL_OTHER_TOKEN,
	CREDENTIAL_DEVICE,
	CREDENTIAL_OTHER_DEVICE,
	CREDENTIAL_ENROLLMENT,
	CREDENTIAL_BASIC,
	CREDENTIAL_BARE,
	CREDENTIAL_CUT,
	CREDENTIAL_MAX_,
};

static struct fixture {
	struct guard guard;
	char device_hash[HASH_SIZE];
	char fields[CREDENTIAL_MAX_][SECRET_SIZE + 16];
	int failure; /* of looking a device up */
} fixture;

static int find_device(void *arg, struct caller *caller, struct err *err)
{
	const struct fixture *f = arg;

	if (f->failure)
		return err_set(err, f->failure, "the disk is full");
	if (strcmp(caller->key_hash, f->device_hash) != 0)
		return -ENOENT;
	memcpy(caller->device_id, DEVICE_ID, ID_SIZE);
	return 0;
}

static void make(enum credential which, const char *prefix, char hash[static HASH_SIZE])
{
	char secret[SECRET_SIZE];

	secret_new(prefix, secret);
	hash_hex(secret, strlen(secret), hash);
	snprintf(fixture.fields[which], sizeof(fixture.fields[which]), "Bearer %s", secret);
}

static int set_up(void **state)
{
	char hash[HASH_SIZE];

	(void)state;
	if (sodium_init() < 0)
		return -1;
	make(CREDENTIAL_ADMIN, SECRET_TOKEN, fixture.guard.token_hash);
	make(CREDENTIAL_OTHER_TOKEN, SECRET_TOKEN, hash);
	make(CREDENTIAL_DEVICE, SECRET_DEVICE, fixture.device_hash);
	make(CREDENTIAL_OTHER_DEVICE, SECRET_DEVICE, hash);
	make(CREDENTIAL_ENROLLMENT, SECRET_ENROLLMENT, hash);
	strcpy(fixture.fields[CREDENTIAL_BASIC], "Basic dXNlcjpwYXNz");
	strcpy(fixture.fields[CREDENTIAL_BARE], fixture.fields[CREDENTIAL_ADMIN] + 7);
	strcpy(fixture.fields[CREDENTIAL_CUT], fixture.fields[CREDENTIAL_ADMIN]);
	fixture.fields[CREDENTIAL_CUT][strlen(fixture.fields[CREDENTIAL_CUT]) - 1] = '\0';
	fixture.guard.find_device = find_device;
	fixture.guard.arg = &fixture;
	return 0;
}

static int status_of(const struct route *route, enum credential with, struct caller *ret_caller)
{
	struct response res = { 0 };
	const char *field = with == CREDENTIAL_NONE ? NULL : fixture.fields[with];
	const struct request req = { .method = "GET",
				     .route = route,
				     .headers = { .authorization = field } };
	bool is_in = guard_admits(&fixture.guard, &req, ret_caller, &res);
	int status = is_in ? 200 : res.status;

	if (status == 401)
		assert_string_equal(res.headers[0].name, "WWW-Authenticate");
	response_done(&res);
	return status;
}

static void every_route_is_open_to_those_it_names_and_to_nobody_else(void **state)
{
	/* clang-format off */
	static const bool is_in[ACCESS_MAX_][CREDENTIAL_MAX_] = {
		[ACCESS_ANYBODY] = { true, true, true, true, true, true, true, true, true },
		[ACCESS_ENROLLMENT] = { [CREDENTIAL_ENROLLMENT] = true },
		[ACCESS_DEVICE] = { [CREDENTIAL_DEVICE] = true },
		[ACCESS_STAFF] = { [CREDENTIAL_ADMIN] = true },
	};
	/* clang-format on */

	(void)state;
	for (const struct route *const *table = api_routes; *table; table++) {
		for (const struct route *route = *table; route->method; route++) {
			for (unsigned with = 0; with < CREDENTIAL_MAX_; with++) {
				struct caller caller = { 0 };
				int status = status_of(route, (enum credential)with, &caller);

				caller_done(&caller);
				if (status != (is_in[route->needs][with] ? 200 : 401))
					fail_msg("%s %s with credential %u: %d", route->method,
						 route->path, with, status);
			}
		}
	}
}

/* What is open to anybody is listed here, so that a new route cannot become so by accident. */
static void only_these_routes_need_nothing(void **state)
{
	static const char *const open[] = { "/v1/setup",
					    "/v1/invitation",
					    "/v1/session",
					    "/v1/session/ways",
					    "/v1/session/proxy",
					    "/v1/session/oidc",
					    "/v1/session/oidc/callback",
					    "/v1/openapi.json",
					    "/healthz",
					    "/readyz" };
	size_t n = 0;

	(void)state;
	for (const struct route *const *table = api_routes; *table; table++) {
		for (const struct route *route = *table; route->method; route++) {
			if (route->needs != ACCESS_ANYBODY)
				continue;
			assert_true(n < ARRAY_SIZE(open));
			assert_string_equal(route->path, open[n++]);
		}
	}
	assert_int_equal(n, ARRAY_SIZE(open));
}

/* Staff's say what a role has to allow; the others must not look as if they did. */
static void every_route_of_staff_names_its_action(void **state)
{
	(void)state;
	for (const struct route *const *table = api_routes; *table; table++) {
		for (const struct route *route = *table; route->method; route++) {
			if ((route->needs == ACCESS_STAFF) != (route->may != MAY_NOTHING_))
				fail_msg("%s %s", route->method, route->path);
		}
	}
}

static const struct route device_route = { .needs = ACCESS_DEVICE };
static const struct route enrollment_route = { .needs = ACCESS_ENROLLMENT };

static void the_guard_says_who_it_is(void **state)
{
	struct caller caller = { 0 };

	(void)state;
	assert_int_equal(status_of(&device_route, CREDENTIAL_DEVICE, &caller), 200);
	assert_string_equal(caller.device_id, DEVICE_ID);
	assert_string_equal(caller.key_hash, fixture.device_hash);
	assert_int_equal(status_of(&enrollment_route, CREDENTIAL_ENROLLMENT, &caller), 200);
	assert_string_equal(caller.device_id, "");
}

static void a_store_that_cannot_be_read_is_503_and_not_a_wrong_key(void **state)
{
	struct caller caller;

	(void)state;
	fixture.failure = -EIO;
	assert_int_equal(status_of(&device_route, CREDENTIAL_DEVICE, &caller), 503);
	fixture.failure = 0;
}

static int begin(const char *method, const char *target, const struct headers *headers)
{
	struct dispatch dispatch = { .routes = api_routes, .guard = &fixture.guard };
	struct request req = { .method = method, .headers = *headers };
	struct response res = { 0 };
	int status;

	dispatch_begin(&dispatch, target, &req, &res);
	caller_done(&req.caller);
	status = res.status;
	response_done(&res);
	target_done(&req.target);
	return status;
}

static void a_request_is_refused_for_the_first_thing_that_is_wrong(void **state)
{
	const char *admin = fixture.fields[CREDENTIAL_ADMIN];
	const char *device = fixture.fields[CREDENTIAL_DEVICE];
	/* clang-format off */
	const struct {
		const char *method, *target;
		struct headers headers;
		int want; /* 0: not refused */
	} rows[] = {
		{ "GET", "/v1/sites", { .authorization = admin }, 0 },
		{ "GET", "/v1/sites?limit=x", { .authorization = admin }, 0 },
		{ "GET", "/v1/sites?Limit=1", { .authorization = admin }, 400 },
		{ "GET", "/v1/sites/1?limit=1", { .authorization = admin }, 400 },
		{ "GET", "/v1/sites?Limit=1", { 0 }, 401 },
		{ "GET", "/v1/../sites", { .authorization = admin }, 400 },
		{ "GET", "/v1/sites", { .authorization = admin, .bytes = LIMIT_HEADER_BYTES + 1 }, 431 },
		{ "GET", "/v1/sites", { .authorization = admin, .is_ambiguous = true }, 400 },
		{ "GET", "/v1/sites", { .authorization = admin, .bytes = LIMIT_HEADER_BYTES }, 0 },
		{ "GET", "/v1/sites", { .authorization = admin, .is_malformed = true }, 400 },
		{ "GET", "/v1/nothing", { 0 }, 404 },
		{ "GET", "/healthz/x", { 0 }, 404 },
		{ "DELETE", "/v1/sites", { .authorization = admin }, 405 },
		{ "GET", "/sites/1?any=thing", { 0 }, 0 },
		{ "POST", "/sites/1", { 0 }, 405 },
		{ "POST", "/v1/reports", { .authorization = device, .content_type = "application/json" }, 0 },
		{ "POST", "/v1/reports", { .authorization = device, .content_type = "Application/JSON; charset=utf-8" }, 0 },
		{ "POST", "/v1/reports", { .authorization = device, .content_type = "application/jsonx" }, 415 },
		{ "POST", "/v1/reports", { .authorization = device, .content_type = "text/plain" }, 415 },
		{ "POST", "/v1/reports", { .authorization = device }, 415 },
		{ "POST", "/v1/reports", { .authorization = device, .content_type = "application/json", .content_encoding = "gzip" }, 0 },
		{ "POST", "/v1/reports", { .authorization = device, .content_type = "application/json", .content_encoding = "br" }, 415 },
		{ "POST", "/v1/reports", { .authorization = device, .content_type = "application/json", .content_length = "262144" }, 0 },
		{ "POST", "/v1/reports", { .authorization = device, .content_type = "application/json", .content_length = "262145" }, 413 },
		{ "POST", "/v1/reports", { .authorization = device, .content_type = "application/json", .content_length = "99999999999999999999999" }, 413 },
		{ "POST", "/v1/reports", { .authorization = device, .content_type = "application/json", .content_length = "1", .transfer_encoding = "chunked" }, 400 },
		{ "POST", "/v1/reports", { .authorization = device, .content_type = "application/json", .transfer_encoding = "gzip" }, 411 },
		{ "POST", "/v1/reports", { .authorization = device, .content_type = "application/json", .transfer_encoding = "chunked" }, 411 },
		{ "POST", "/v1/reports", { .authorization = admin, .content_type = "application/json" }, 401 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int status = begin(rows[i].method, rows[i].target, &rows[i].headers);

		if (status != rows[i].want)
			fail_msg("row %zu, %s %s: %d, not %d", i, rows[i].method, rows[i].target,
				 status, rows[i].want);
	}
}

/* Nothing that follows on the connection is read as another request. */
static void a_request_that_can_be_read_in_two_ways_ends_the_connection(void **state)
{
	/* clang-format off */
	static const struct {
		struct headers headers;
		bool closes, is_at_once;
	} rows[] = {
		{ { 0 }, false, false }, /* 401 */
		{ { .is_malformed = true }, true, true },
		{ { .is_ambiguous = true }, true, true },
		{ { .content_length = "1", .transfer_encoding = "chunked" }, true, true },
		{ { .transfer_encoding = "identity" }, true, true },
		{ { .transfer_encoding = "chunked" }, true, false },
		{ { .content_length = "1", .bytes = LIMIT_HEADER_BYTES + 1 }, true, false },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct dispatch dispatch = { .routes = api_routes, .guard = &fixture.guard };
		struct request req = { .method = "POST", .headers = rows[i].headers };
		struct response res = { 0 };

		dispatch_begin(&dispatch, "/v1/reports", &req, &res);
		assert_true(res.is_refusal);
		assert_true(res.closes == rows[i].closes);
		assert_true(res.is_at_once == rows[i].is_at_once);
		response_done(&res);
		target_done(&req.target);
	}
}

/* --- sessions ------------------------------------------------------------------------ */

#define ACCOUNT_ID "00112233445566778899aabbccddeeff"

static char session_hash[HASH_SIZE], session_secret[SECRET_SIZE];

static int find_session(void *arg, struct caller *caller, struct err *err)
{
	(void)arg;
	(void)err;
	if (fixture.failure)
		return err_set(err, fixture.failure, "the disk is full");
	if (strcmp(caller->key_hash, session_hash) != 0)
		return -ENOENT;
	memcpy(caller->staff->account_id, ACCOUNT_ID, ID_SIZE);
	caller->staff->grants.n_grants = 1;
	caller->staff->grants.grants[0] =
		(struct grant){ .role = PERSON_VIEWER, .scope = SCOPE_STATE };
	return 0;
}

static int ask(const struct route *route, const struct headers *headers, struct caller *ret_caller)
{
	struct guard guard = fixture.guard;
	const struct request req = { .method = route->method, .route = route, .headers = *headers };
	struct caller caller = { 0 };
	struct response res = { 0 };
	int status;

	guard.find_session = find_session;
	status = guard_admits(&guard, &req, &caller, &res) ? 200 : res.status;
	response_done(&res);
	if (ret_caller)
		*ret_caller = caller;
	else
		caller_done(&caller);
	return status;
}

static void a_session_lets_in_and_a_change_needs_its_token_and_origin(void **state)
{
	static const struct route see = { .method = "GET", .needs = ACCESS_STAFF, .may = MAY_SEE };
	static const struct route mend = { .method = "PUT",
					   .needs = ACCESS_STAFF,
					   .may = MAY_MEND_SELF };
	static const struct route waive = { .method = "POST",
					    .needs = ACCESS_STAFF,
					    .may = MAY_WAIVE };
	static const struct route sign_in = { .method = "POST", .needs = ACCESS_ANYBODY };
	const char *admin = fixture.fields[CREDENTIAL_ADMIN];
	char cookie[SECRET_SIZE + 32], token[HASH_SIZE], other[HASH_SIZE], secret[SECRET_SIZE];
	/* clang-format off */
	const struct {
		const struct route *route;
		struct headers headers;
		int want;
	} rows[] = {
		{ &see, { .cookie = cookie }, 200 },
		{ &see, { .cookie = cookie, .origin = "http://evil" }, 200 },
		{ &see, { .cookie = "a=b" }, 401 },
		/* whoever sends a token means that one */
		{ &see, { .cookie = cookie, .authorization = "Bearer trt_x" }, 401 },
		{ &mend, { .cookie = cookie }, 403 },
		{ &mend, { .cookie = cookie, .csrf_token = other }, 403 },
		{ &mend, { .cookie = cookie, .csrf_token = "" }, 403 },
		{ &mend, { .cookie = cookie, .csrf_token = token }, 200 },
		{ &waive, { .cookie = cookie, .csrf_token = token }, 403 },
		{ &mend, { .cookie = cookie, .csrf_token = token, .host = "h:1", .origin = "http://h:1" }, 200 },
		{ &mend, { .cookie = cookie, .csrf_token = token, .host = "h:1", .origin = "https://H:1" }, 200 },
		{ &mend, { .cookie = cookie, .csrf_token = token, .host = "h:1", .origin = "http://h:2" }, 403 },
		{ &mend, { .cookie = cookie, .csrf_token = token, .host = "h:1", .origin = "http://evil/://h:1" }, 403 },
		{ &mend, { .cookie = cookie, .csrf_token = token, .host = "h:1", .origin = "null" }, 403 },
		{ &mend, { .cookie = cookie, .csrf_token = token, .origin = "http://h:1" }, 403 },
		{ &mend, { .authorization = admin }, 200 },
		{ &mend, { .authorization = admin, .cookie = cookie }, 200 },
		{ &sign_in, { .host = "h" }, 200 },
		{ &sign_in, { .host = "h", .origin = "https://h" }, 200 },
		{ &sign_in, { .host = "h", .origin = "https://evil" }, 403 },
	};
	/* clang-format on */

	(void)state;
	secret_new(SECRET_SESSION, session_secret);
	hash_hex(session_secret, strlen(session_secret), session_hash);
	snprintf(cookie, sizeof(cookie), "__Host-testready=%s", session_secret);
	guard_csrf_token(session_secret, token);
	secret_new(SECRET_SESSION, secret);
	guard_csrf_token(secret, other);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int status = ask(rows[i].route, &rows[i].headers, NULL);

		if (status != rows[i].want)
			fail_msg("row %zu: %d", i, status);
	}
	fixture.failure = -EIO;
	assert_int_equal(ask(&see, &rows[0].headers, NULL), 503);
	fixture.failure = 0;
}

static void all_sessions_of_an_account_share_its_rate(void **state)
{
	static const struct route see = { .method = "GET", .needs = ACCESS_STAFF, .may = MAY_SEE };
	char cookie[SECRET_SIZE + 32];
	const struct headers headers = { .cookie = cookie };
	struct caller caller;

	(void)state;
	secret_new(SECRET_SESSION, session_secret);
	hash_hex(session_secret, strlen(session_secret), session_hash);
	snprintf(cookie, sizeof(cookie), "__Host-testready=%s", session_secret);
	assert_int_equal(ask(&see, &headers, &caller), 200);
	assert_int_equal(caller.key_number, 0x0011223344556677);
	assert_string_equal(caller.staff->session, session_hash);
	assert_string_not_equal(caller.staff->csrf_token, session_hash);
	caller_done(&caller);
}

/* @arg: the account that made it, "" for nobody. */
static int find_token_of(void *arg, struct caller *caller, struct err *err)
{
	(void)err;
	snprintf(caller->staff->account_id, sizeof(caller->staff->account_id), "%s",
		 (const char *)arg);
	caller->staff->grants = access_everything;
	return 0;
}

static uint64_t number_of_a_new_token(const char *account_id)
{
	static const struct route see = { .method = "GET", .needs = ACCESS_STAFF, .may = MAY_SEE };
	const struct guard guard = { .find_token = find_token_of, .arg = (void *)account_id };
	char secret[SECRET_SIZE], field[SECRET_SIZE + 8];
	const struct request req = { .method = "GET",
				     .route = &see,
				     .headers = { .authorization = field } };
	struct response res = { 0 };
	struct caller caller = { 0 };
	uint64_t number;

	secret_new(SECRET_TOKEN, secret);
	snprintf(field, sizeof(field), "Bearer %s", secret);
	assert_true(guard_admits(&guard, &req, &caller, &res));
	number = caller.key_number;
	caller_done(&caller);
	response_done(&res);
	return number;
}

static void all_tokens_of_an_account_share_its_rate_and_places(void **state)
{
	static const char account_id[] = "00112233445566778899aabbccddeeff";
	uint64_t first = number_of_a_new_token(""), second = number_of_a_new_token("");

	(void)state;
	assert_int_equal(number_of_a_new_token(account_id), 0x0011223344556677);
	assert_int_equal(number_of_a_new_token(account_id), 0x0011223344556677);
	/* Of nobody's each is its own. */
	assert_true(first && second && first != second);
}

static void a_key_that_asks_too_often_is_told_when_to_come_back(void **state)
{
	_cleanup_(buckets_freep) struct buckets *buckets = buckets_new(64);
	const struct guard guard = { .buckets = buckets };
	static const int bursts[ACCESS_MAX_] = {
		[ACCESS_DEVICE] = LIMIT_DEVICE_BURST,
		[ACCESS_STAFF] = LIMIT_STAFF_BURST,
	};

	(void)state;
	for (unsigned access = 0; access < ACCESS_MAX_; access++) {
		const struct caller caller = { .access = access, .key_number = access + 1 };
		const struct caller other = { .access = access, .key_number = access + 100 };
		int n = bursts[access] ? bursts[access] : 100000;
		struct response res = { 0 };

		for (int i = 0; i < n; i++)
			assert_true(guard_allows(&guard, &caller, 5000, &res));
		if (!bursts[access])
			continue;
		assert_false(guard_allows(&guard, &caller, 5000, &res));
		assert_int_equal(res.status, 429);
		assert_string_equal(res.headers[0].name, "Retry-After");
		assert_true(atoi(res.headers[0].value) >= 1);
		response_done(&res);
		assert_true(guard_allows(&guard, &other, 5000, &res));
		assert_true(guard_allows(&guard, &caller, 6000, &res));
	}
}

static void a_key_has_the_same_number_each_time_and_never_none(void **state)
{
	struct caller caller = { 0 };
	char digits[17];

	(void)state;
	assert_int_equal(status_of(&device_route, CREDENTIAL_DEVICE, &caller), 200);
	snprintf(digits, sizeof(digits), "%016llx", (unsigned long long)caller.key_number);
	assert_memory_equal(digits, fixture.device_hash, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_is_open_to_those_it_names_and_to_nobody_else),
		cmocka_unit_test(only_these_routes_need_nothing),
		cmocka_unit_test(every_route_of_staff_names_its_action),
		cmocka_unit_test(the_guard_says_who_it_is),
		cmocka_unit_test(a_store_that_cannot_be_read_is_503_and_not_a_wrong_key),
		cmocka_unit_test(a_request_is_refused_for_the_first_thing_that_is_wrong),
		cmocka_unit_test(a_request_that_can_be_read_in_two_ways_ends_the_connection),
		cmocka_unit_test(all_tokens_of_an_account_share_its_rate_and_places),
		cmocka_unit_test(a_session_lets_in_and_a_change_needs_its_token_and_origin),
		cmocka_unit_test(all_sessions_of_an_account_share_its_rate),
		cmocka_unit_test(a_key_that_asks_too_often_is_told_when_to_come_back),
		cmocka_unit_test(a_key_has_the_same_number_each_time_and_never_none),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
