/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "collector/http/header.h"
#include "tests/unit/unit.h"

#define BUFFER_SIZE 512

static char buffer[BUFFER_SIZE];

/* The next word of buffer from *@at; NULL: there is none. */
static char *next_word(char **at, const char *end)
{
	char *word = *at;

	while (word < end && !*word)
		word++;
	*at = word + strlen(word);
	return word < end ? word : NULL;
}

/*
 * Read a request as the HTTP library leaves it: @text has | for each byte that it
 * overwrote with NUL, which is a space, a colon, CR, LF, or a NUL that was sent.
 */
static struct headers read_request(const char *text)
{
	size_t len = strlen(text);
	struct headers headers = { 0 };
	struct header_reader reader = { .login_field = "X-Remote-User" };
	struct request_line line;
	char *at = buffer, *name;

	assert_true(len < sizeof(buffer));
	memset(buffer, 0, sizeof(buffer));
	for (size_t i = 0; i < len; i++)
		buffer[i] = text[i] == '|' ? '\0' : text[i];
	line.method = next_word(&at, buffer + len);
	line.target = next_word(&at, buffer + len);
	line.target_end = at;
	line.version = next_word(&at, buffer + len);
	header_begin(&reader, &headers, &line);
	while ((name = next_word(&at, buffer + len))) {
		char *value = next_word(&at, buffer + len);

		header_field(&reader, name, value ? value + strspn(value, " \t") : NULL);
	}
	header_end(&reader, len);
	return headers;
}

#define LINE "GET|/|HTTP/1.1||"

static void a_header_is_as_http_wants_it_or_malformed(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text;
		bool is_malformed;
	} rows[] = {
		{ LINE "Host| x||||", false },
		{ LINE "Host|x||||", false },
		{ LINE "Host|\t x||X-Some_thing.1~| a b\t\"c\"||||", false },
		{ "GET|/|HTTP/1.0||||", false },
		{ LINE "Host| x||X| \xc3\xa9||||", false },
		{ "GET|/|HTTP/1.1|Host| x||||", true },        /* LF behind the request line */
		{ LINE "Host| x|||", true },                   /* LF at the end */
		{ LINE "Host| x||", true },
		{ LINE "Host| x|||||", true },                 /* NUL behind a value */
		{ LINE "Host| x|X| y||||", true },             /* LF or CR between fields */
		{ LINE "Host| x|||X| y||||", true },           /* CR CR LF, or NUL CR LF */
		{ "GET|/|x|HTTP/1.1||Host| x||||", true },     /* NUL in the target */
		{ "GET|/||HTTP/1.1||Host| x||||", true },
		{ "GET||/|HTTP/1.1||Host| x||||", true },    /* and in the method */
		{ LINE "Host | x||||", true },                 /* a space before the colon */
		{ LINE "Host| x|| X| y||||", true },           /* a folded line */
		{ LINE "Host| x||X\xc3\xa9| y||||", true },
		{ LINE "Host| x||X(| y||||", true },
		{ LINE "Host| x||X| a\001b||||", true },
		{ LINE "Host| x||X| a\177||||", true },
		{ LINE "Host| x/y||||", true },
		{ LINE "Host| x@y||||", true },
		{ LINE "Host| x y||||", true },
		{ LINE "Host| [::1]:8080||||", false },
		{ LINE "Host| ready.example.org:443||||", false },
		{ LINE "Host| x||X||||", true },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (read_request(rows[i].text).is_malformed != rows[i].is_malformed)
			fail_msg("row %zu: %s", i, rows[i].text);
	}
}

static void the_field_of_a_proxys_login_is_one_and_no_other(void **state)
{
	struct headers headers = read_request(LINE "Host| h||x-remote-USER| rosa||||");

	(void)state;
	assert_string_equal(headers.login, "rosa");
	assert_false(headers.is_ambiguous);
	assert_null(read_request(LINE "Host| h||X-Remote-Use| rosa||||").login);
	assert_null(read_request(LINE "Host| h||X_Remote_User| rosa||||").login);
	assert_true(read_request(LINE "X-Remote-User| rosa||X-Remote-User| ada||||").is_ambiguous);
}

static void a_field_is_found_by_its_name_in_any_case_and_not_by_a_part_of_it(void **state)
{
	struct headers headers = read_request(LINE "hOST| h||AUTHORIZATION| a||Content-Type| t||"
						   "Content-Encoding| e||Content-Length| 1||"
						   "Transfer-Encoding| c||If-None-Match| m||"
						   "Accept-Encoding| g||Expect| x||||");

	(void)state;
	assert_string_equal(headers.host, "h");
	assert_string_equal(headers.authorization, "a");
	assert_string_equal(headers.content_type, "t");
	assert_string_equal(headers.content_encoding, "e");
	assert_string_equal(headers.content_length, "1");
	assert_string_equal(headers.transfer_encoding, "c");
	assert_string_equal(headers.if_none_match, "m");
	assert_string_equal(headers.accept_encoding, "g");
	assert_string_equal(headers.expect, "x");
	assert_false(headers.is_ambiguous || headers.is_malformed);

	headers = read_request(LINE "Hos| x||Hosts| y||XHost| z||||");
	assert_null(headers.host);
	assert_int_equal(headers.bytes, strlen("Hos: x\r\nHosts: y\r\nXHost: z\r\n"));
}

static void a_field_that_means_something_comes_once(void **state)
{
	static const char *const names[] = {
		"Host",           "Authorization", "Content-Type",
		"Content-Length", "Expect",        "Transfer-Encoding"
	};
	char text[BUFFER_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(text, sizeof(text), LINE "%s| 5||x| y||%s| 5||||", names[i], names[i]);
		assert_true(read_request(text).is_ambiguous);
	}
	assert_false(read_request(LINE "X| y||X| z||||").is_ambiguous);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_is_as_http_wants_it_or_malformed),
		cmocka_unit_test(the_field_of_a_proxys_login_is_one_and_no_other),
		cmocka_unit_test(a_field_is_found_by_its_name_in_any_case_and_not_by_a_part_of_it),
		cmocka_unit_test(a_field_that_means_something_comes_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
