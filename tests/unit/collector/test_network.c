/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "collector/http/network.h"
#include "tests/unit/unit.h"

static void the_other_end_is_known_whatever_its_family(void **state)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr other = { .sa_family = AF_UNIX };
	char text[NETWORK_SIZE];

	(void)state;
	inet_pton(AF_INET, "192.0.2.7", &four.sin_addr);
	network_text((struct sockaddr *)&four, text);
	assert_string_equal(text, "192.0.2.7");
	inet_pton(AF_INET6, "2001:db8::7", &six.sin6_addr);
	network_text((struct sockaddr *)&six, text);
	assert_string_equal(text, "2001:db8::7");
	/* A socket for both families tells IPv4 so; it is the same place. */
	inet_pton(AF_INET6, "::ffff:192.0.2.7", &six.sin6_addr);
	network_text((struct sockaddr *)&six, text);
	assert_string_equal(text, "192.0.2.7");
	network_text(&other, text);
	assert_string_equal(text, "");
}

static void only_what_trusted_proxies_say_counts(void **state)
{
	/* clang-format off */
	static const struct {
		const char *trusted, *peer, *field, *want;
		bool is_proxy;
	} rows[] = {
		{ "10.0.0.1", "10.0.0.1", "192.0.2.7", "192.0.2.7", true },
		{ "10.0.0.1", "10.0.0.1", NULL, "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.1", "", "10.0.0.1", true },
		/* Anybody can send the field. */
		{ "10.0.0.1", "10.0.0.2", "192.0.2.7", "10.0.0.2", false },
		{ "10.0.0.1", "10.0.0.1", "1.1.1.1, 192.0.2.7", "192.0.2.7", true },
		{ "10.0.0.0/24", "10.0.0.1", "1.1.1.1,192.0.2.7 ,10.0.0.9", "192.0.2.7", true },
		{ "10.0.0.0/24", "10.0.0.1", "10.0.0.7,10.0.0.9", "10.0.0.7", true },
		{ "10.0.0.0/24", "10.0.1.1", "192.0.2.7", "10.0.1.1", false },
		{ "10.0.0.0/23", "10.0.1.1", "192.0.2.7", "192.0.2.7", true },
		{ "::1,10.0.0.1", "::1", "2001:db8::7", "2001:db8::7", true },
		{ "2001:db8::/33", "2001:db8:7fff::", "192.0.2.7", "192.0.2.7", true },
		{ "2001:db8::/33", "2001:db8:8000::", "192.0.2.7", "2001:db8:8000::", false },
		{ "0.0.0.0/0", "9.9.9.9", "192.0.2.7", "192.0.2.7", true },
		/* IPv4's networks are not IPv6's. */
		{ "0.0.0.0/0", "2001:db8::7", "192.0.2.7", "2001:db8::7", false },
		{ "10.0.0.1", "10.0.0.1", "unknown", "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.1", "192.0.2.7, <script>", "10.0.0.1", true },
		/* With the port that some proxies add. */
		{ "10.0.0.1", "10.0.0.1", "192.0.2.7:80", "192.0.2.7", true },
		{ "10.0.0.1", "10.0.0.1", "1.1.1.1:1, 192.0.2.7:65535 ", "192.0.2.7", true },
		{ "10.0.0.1", "10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1", true },
		{ "10.0.0.1", "10.0.0.1", "[2001:db8::1]", "2001:db8::1", true },
		{ "10.0.0.1", "10.0.0.1", "2001:db8::1:4711", "2001:db8::1:4711", true },
		{ "10.0.0.1", "10.0.0.1", "[::ffff:192.0.2.7]:80", "192.0.2.7", true },
		{ "10.0.0.0/24", "10.0.0.1", "192.0.2.7:1,10.0.0.9:2", "192.0.2.7", true },
		{ "10.0.0.1", "10.0.0.1",
		  "[2001:0db8:0000:0000:0000:ffff:192.168.100.228]:65535",
		  "2001:db8::ffff:c0a8:64e4", true },
		{ "10.0.0.1", "10.0.0.1", "192.0.2.7:", "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.1", "192.0.2.7:80x", "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.1", "192.0.2.7:123456", "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.1", "192.0.2.7: 80", "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.1", ":80", "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.1", "[192.0.2.7]:80", "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.1", "[2001:db8::1]80", "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.1", "[2001:db8::1", "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.1", "2001:db8::1]:80", "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.1", "[]:80", "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.1", ",", "10.0.0.1", true },
		{ "10.0.0.1", "", "192.0.2.7", "", false },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char network[NETWORK_SIZE];
		struct proxies proxies;

		assert_int_equal(proxies_parse(rows[i].trusted, &proxies, NULL), 0);
		snprintf(network, sizeof(network), "%s", rows[i].peer);
		if (network_forwarded(&proxies, rows[i].field, network) != rows[i].is_proxy ||
		    strcmp(network, rows[i].want) != 0)
			fail_msg("row %zu: %s", i, network);
	}
}

static void networks_that_are_none_are_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"gateway",
		"10.0.0.1,",
		"10.0.0.0/33",
		"10.0.0.0/-1",
		"10.0.0.0/",
		"::/129",
		"10.0.0.0/ 8",
		"10.0.0",
		"10.0.0.0/8/8",
		"10.0.0.1 ,",
		"10.0.0.0/8x",
		"1.2.3.4.5.6.7",
		"10.0.0.0/4294967304",
	};
	char many[PROXIES_MAX * 8 + 16] = "10.0.0.1";
	struct proxies proxies;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (proxies_parse(texts[i], &proxies, NULL) != -EINVAL)
			fail_msg("'%s'", texts[i]);
	}
	for (int i = 1; i < PROXIES_MAX; i++)
		strcat(many, ",10.0.1");
	assert_int_equal(proxies_parse(many, &proxies, NULL), -EINVAL);
	strcpy(many, "::1");
	for (int i = 1; i < PROXIES_MAX; i++)
		strcat(many, ",::2");
	assert_int_equal(proxies_parse(many, &proxies, NULL), 0);
	assert_int_equal(proxies.n_networks, PROXIES_MAX);
	strcat(many, ",::3");
	assert_int_equal(proxies_parse(many, &proxies, NULL), -E2BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_other_end_is_known_whatever_its_family),
		cmocka_unit_test(only_what_trusted_proxies_say_counts),
		cmocka_unit_test(networks_that_are_none_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
