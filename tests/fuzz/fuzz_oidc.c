/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever a provider, or a browser that comes back from it, says: what a document names are
 * addresses that may be asked, a state of somebody else's is none, and whom a token names can be
 * kept.
 */
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/oidc.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int is_true)
{
	if (!is_true)
		abort();
}

static void check_documents(const char *text)
{
	_cleanup_(oidc_provider_done) struct oidc_provider provider = { 0 };
	_cleanup_(oidc_tokens_done) struct oidc_tokens tokens = { 0 };
	_cleanup_(oidc_person_done) struct oidc_person person = { .subject = xstrdup("u-1") };

	if (oidc_provider_parse(text, strlen(text), "https://login.example.org", &provider, NULL) >=
	    0) {
		check(oidc_check_url("x", provider.authorization_url, NULL) == 0);
		check(oidc_check_url("x", provider.token_url, NULL) == 0);
		check(oidc_check_url("x", provider.keys_url, NULL) == 0);
		check(!provider.person_url || oidc_check_url("x", provider.person_url, NULL) == 0);
	}
	if (oidc_tokens_parse(text, strlen(text), &tokens, NULL) >= 0)
		check(tokens.id && (!tokens.access || !strpbrk(tokens.access, " \r\n")));
	if (oidc_person_add(&person, text, strlen(text), NULL) >= 0)
		check(!person.mail || strlen(person.mail) <= OIDC_TEXT_MAX);
}

static void check_claims(const char *text)
{
	static const struct document_limits limits = { 65536, 8 };
	static const struct oidc_expected expected = { "https://login.example.org", "testready",
						       "n", 1800273600000 };
	_cleanup_(oidc_person_done) struct oidc_person person = { 0 };
	_cleanup_(json_decrefp) json_t *claims = NULL;

	if (document_parse(text, strlen(text), &limits, &claims, NULL) < 0 ||
	    oidc_claims_check(claims, &expected, &person, NULL) < 0)
		return;
	check(person.subject[0] && strlen(person.subject) <= OIDC_TEXT_MAX &&
	      text_is_utf8(person.subject, strlen(person.subject)));
}

static void check_way_back(const char *text)
{
	static const char secret[] = "tro_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	_cleanup_(oidc_trip_done) struct oidc_trip trip = { 0 }, back = { 0 };
	_cleanup_free_ char *next = NULL, *where = NULL, *form = oidc_form_text(text);

	check(oidc_trip_end(secret, text, 1800273600000, &back, &next, NULL) < 0);
	check(!strpbrk(form, " &=+\r\n"));
	if (!oidc_next_is_ours(text))
		return;
	check(text[0] == '/' && text[1] != '/' && !strpbrk(text, "\\\r\n"));
	oidc_trip_begin(secret, text, 1800273600000, &trip);
	check(oidc_trip_end(secret, trip.state, 1800273600000, &back, &where, NULL) == 0);
	check(strcmp(where, text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);

	check(sodium_init() >= 0);
	check_documents(text);
	check_claims(text);
	check_way_back(text);
	return 0;
}
