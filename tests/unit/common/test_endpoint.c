/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/model/endpoint.h"
#include "common/model/profile.h"
#include "tests/unit/unit.h"

static void a_host_has_the_port_of_https_or_its_own(void **state)
{
	static const struct {
		const char *text, *host;
		unsigned port;
	} cases[] = {
		{ "test.example.org", "test.example.org", 443 },
		{ "Test.Example.org:8443", "test.example.org", 8443 },
		{ "localhost:1", "localhost", 1 },
		{ "3com.example:65535", "3com.example", 65535 },
		{ "xn--mnchen-3ya.example", "xn--mnchen-3ya.example", 443 },
		{ "1.2.3.4.example", "1.2.3.4.example", 443 },
		{ "0x7f.x0", "0x7f.x0", 443 },
		{ "a.0xfg", "a.0xfg", 443 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct endpoint endpoint;

		assert_int_equal(endpoint_parse(cases[i].text, &endpoint, NULL), 0);
		assert_string_equal(endpoint.host, cases[i].host);
		assert_int_equal(endpoint.port, cases[i].port);
	}
}

static void what_is_no_host_name_is_refused_and_nothing_is_written(void **state)
{
	static const char *const texts[] = {
		"",          ".",      "a.",      ".a",      "a..b",      "-a",
		"a-",        "a.-b",   "a b",     "a_b",     "a\xc3\xa9", "a/b",
		"https://a", "user@a", "a?b",     "a#b",     "127.0.0.1", "a.1",
		"[::1]",     "::1",    "a:0",     "a:65536", "a:x",       "a:",
		"a:443:443", "a:0443", "a:+443",  "a: 443",  "a:44 3",    "a:999999999999",
		":443",      "a\n",    "a:443\n", "$(id)",   "*.a",       "a,b",
		"127.0x1",   "0X7f1",  "0x",      "a.0xff",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct endpoint endpoint = { .port = 7 };
		struct err err = { 0 };

		if (endpoint_parse(texts[i], &endpoint, &err) != -EINVAL)
			fail_msg("'%s' was taken", texts[i]);
		assert_true(err.text[0]);
		assert_int_equal(endpoint.port, 7);
	}
}

static void names_are_as_long_as_dns_has_them(void **state)
{
	char text[400];
	struct endpoint endpoint;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[63] = '\0';
	assert_int_equal(endpoint_parse(text, &endpoint, NULL), 0);
	memcpy(text + 63, "a", 2);
	assert_int_equal(endpoint_parse(text, &endpoint, NULL), -EINVAL);

	memset(text, 'a', sizeof(text));
	for (size_t i = 61; i < 253; i += 62)
		text[i] = '.';
	memcpy(text + 253, ":65535", 7);
	assert_int_equal(strlen(text), ENDPOINT_MAX);
	assert_int_equal(endpoint_parse(text, &endpoint, NULL), 0);
	assert_int_equal(strlen(endpoint.host), 253);
	memcpy(text + 253, "a", 2);
	assert_int_equal(endpoint_parse(text, &endpoint, NULL), -EINVAL);
}

static void a_profile_names_servers_in_its_order_or_none(void **state)
{
	static const char around[] =
		"{\"profile\": \"p\", \"title\": \"t\", \"freshness_hours\": {}, %s"
		"\"requirements\": [{\"id\": \"it\", \"severity\": \"required\", \"roles\": "
		"[\"student\"], \"title\": \"It\", \"check\": {\"fact\": \"cpu.cores\", "
		"\"at_least\": 1}, \"fix\": {\"id\": \"f\", \"text\": \"F.\", \"minutes\": 1}, "
		"\"source\": \"s\"}]}";
	static const char *const members[] = {
		"", "\"endpoints\": [],",
		"\"endpoints\": [\"b.example:8443\", \"A.example\", \"a.example:8443\"],"
	};
	static const size_t counts[] = { 0, 0, 3 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		_cleanup_(profile_freep) struct profile *profile = NULL;
		_cleanup_free_ char *text = NULL;
		size_t n = 0;

		assert_true(asprintf(&text, around, members[i]) > 0);
		assert_int_equal(profile_parse(text, strlen(text), "p", &profile, NULL), 0);
		while (profile->endpoints[n])
			n++;
		assert_int_equal(n, counts[i]);
		if (n > 0) {
			assert_string_equal(profile->endpoints[0], "b.example:8443");
			assert_string_equal(profile->endpoints[1], "A.example");
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_has_the_port_of_https_or_its_own),
		cmocka_unit_test(what_is_no_host_name_is_refused_and_nothing_is_written),
		cmocka_unit_test(names_are_as_long_as_dns_has_them),
		cmocka_unit_test(a_profile_names_servers_in_its_order_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
