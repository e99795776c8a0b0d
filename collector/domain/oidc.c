/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/jwt.h"
#include "collector/domain/oidc.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/document.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define UNRESERVED LETTERS DIGITS "-._~" /* RFC 3986, 2.3 */

static const struct document_limits document_limits = { OIDC_DOCUMENT_BYTES, 8 };

/* --- addresses ------------------------------------------------------------------------- */

/* Whether @url begins with @host and its port or path, and not with a longer name. */
static bool is_of_host(const char *url, const char *host)
{
	size_t len = strlen(host);

	return strncmp(url, host, len) == 0 && (!url[len] || strchr(":/?", url[len]));
}

int oidc_check_url(const char *what, const char *url, struct err *err)
{
	static const char https[] = "https://";
	static const char *const here[] = { "http://127.0.0.1", "http://localhost",
					    "http://[::1]" };
	const char *host = strstr(url, "://");
	size_t len = strlen(url);
	bool is_good = strncmp(url, https, sizeof(https) - 1) == 0;

	for (size_t i = 0; i < ARRAY_SIZE(here); i++)
		is_good = is_good || is_of_host(url, here[i]);
	/* All that is printed and can stand in an address, but a user and a fragment. */
	if (!is_good || len > OIDC_URL_MAX || !host || !host[3] || strchr("/?:", host[3]) ||
	    strspn(url, UNRESERVED ":/?[]!$&'()*+,;=%") != len)
		return err_set(err, -EINVAL,
			       "%s '%.200s' is no address such as https://login.example.org", what,
			       url);
	return 0;
}

char *oidc_form_text(const char *text)
{
	char *out = xcalloc(strlen(text) * 3 + 1, 1);
	char *at = out;

	for (; *text; text++) {
		if (strchr(UNRESERVED, *text))
			*at++ = *text;
		else
			at += sprintf(at, "%%%02X", (unsigned)(unsigned char)*text);
	}
	return out;
}

bool oidc_next_is_ours(const char *next)
{
	/* No backslash, which browsers take for a slash, and nothing that ends a header field. */
	static const char path[] = UNRESERVED "/?&=%+:@,";

	return next[0] == '/' && next[1] != '/' && strlen(next) <= OIDC_NEXT_MAX &&
	       strspn(next, path) == strlen(next) && !text_starts(next, "/v1/");
}

/* --- the provider ---------------------------------------------------------------------- */

void oidc_provider_done(struct oidc_provider *provider)
{
	free(provider->authorization_url);
	free(provider->token_url);
	free(provider->keys_url);
	free(provider->person_url);
	*provider = (struct oidc_provider){ 0 };
}

char *oidc_discovery_url(const char *issuer)
{
	size_t len = strlen(issuer);

	while (len > 0 && issuer[len - 1] == '/')
		len--;
	return xasprintf("%.*s/.well-known/openid-configuration", (int)len, issuer);
}

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* Copy the address that the member @name is. */
static int read_url(const json_t *json, const char *name, char **ret_url, struct err *err)
{
	const char *url = text_of(json, name);
	int r;

	if (!url)
		return err_set(err, -EINVAL, "it has no %s", name);
	r = oidc_check_url(name, url, err);
	if (r >= 0)
		*ret_url = xstrdup(url);
	return r;
}

/* Whether the member @name is not there, or a list with @text in it. */
static bool may_have(const json_t *json, const char *name, const char *text)
{
	const json_t *list = json_object_get(json, name), *item;
	size_t i;

	json_array_foreach (list, i, item) {
		if (json_is_string(item) && strcmp(json_string_value(item), text) == 0)
			return true;
	}
	return !list;
}

static int check_provider(const json_t *json, const char *issuer, struct err *err)
{
	const char *said = text_of(json, "issuer");
	_cleanup_free_ char *shown = text_clean(said ? said : "", said ? strlen(said) : 0, 200);

	if (!said || strcmp(said, issuer) != 0)
		return err_set(err, -EINVAL,
			       "it calls itself '%s'; --oidc-issuer has to be the same to the "
			       "letter",
			       shown);
	if (!may_have(json, "response_types_supported", "code"))
		return err_set(err, -EINVAL, "it does not do the authorization code flow");
	return 0;
}

int oidc_provider_parse(const char *text, size_t len, const char *issuer,
			struct oidc_provider *ret_provider, struct err *err)
{
	_cleanup_(json_decrefp) json_t *json = NULL;
	struct oidc_provider provider = { 0 };
	static const char methods[] = "token_endpoint_auth_methods_supported";
	int r = document_parse(text, len, &document_limits, &json, err);

	if (r >= 0)
		r = check_provider(json, issuer, err);
	if (r >= 0)
		r = read_url(json, "authorization_endpoint", &provider.authorization_url, err);
	if (r >= 0)
		r = read_url(json, "token_endpoint", &provider.token_url, err);
	if (r >= 0)
		r = read_url(json, "jwks_uri", &provider.keys_url, err);
	if (r >= 0 && json_object_get(json, "userinfo_endpoint"))
		r = read_url(json, "userinfo_endpoint", &provider.person_url, err);
	if (r < 0) {
		oidc_provider_done(&provider);
		return r;
	}
	provider.is_posted = !may_have(json, methods, "client_secret_basic");
	provider.names_itself =
		json_is_true(json_object_get(json, "authorization_response_iss_parameter_"
						   "supported"));
	*ret_provider = provider;
	return 0;
}

/* --- a second factor ------------------------------------------------------------------- */

int oidc_factor_parse(const char *text, struct oidc_factor *ret_factor, struct err *err)
{
	static const char acr[] = "acr:";

	if (strcmp(text, "amr") == 0) {
		*ret_factor = (struct oidc_factor){ .by = OIDC_FACTOR_AMR };
	} else if (strcmp(text, "always") == 0) {
		*ret_factor = (struct oidc_factor){ .by = OIDC_FACTOR_ALWAYS };
	} else if (text_starts(text, acr) && text[strlen(acr)] && !strchr(text, ' ') &&
		   strlen(text) <= OIDC_TEXT_MAX) {
		*ret_factor = (struct oidc_factor){ OIDC_FACTOR_ACR, text + strlen(acr) };
	} else {
		return err_set(err, -EINVAL,
			       "--oidc-second-factor '%.200s' is none of amr, acr:VALUE (one value "
			       "without spaces, as the provider names it) and always",
			       text);
	}
	return 0;
}

/* --- there and back -------------------------------------------------------------------- */

/* HMAC-SHA256 with the secret over @what, in hexadecimal. */
static void derive(const char *secret, const char *what, char ret_text[static HASH_SIZE])
{
	unsigned char key[crypto_auth_hmacsha256_KEYBYTES], mac[crypto_auth_hmacsha256_BYTES];

	crypto_hash_sha256(key, (const unsigned char *)secret, strlen(secret));
	crypto_auth_hmacsha256(mac, (const unsigned char *)what, strlen(what), key);
	sodium_bin2hex(ret_text, HASH_SIZE, mac, sizeof(mac));
	sodium_memzero(key, sizeof(key));
}

/* All of a sign-in that was begun at @at_s and goes on at @next. */
static void make_trip(const char *secret, int64_t at_s, const char *next,
		      struct oidc_trip *ret_trip)
{
	_cleanup_free_ char *head = xasprintf("%" PRId64, at_s);
	_cleanup_free_ char *state = xasprintf("testready state %s %s", head, next);
	_cleanup_free_ char *nonce = xasprintf("testready nonce %s", head);
	_cleanup_free_ char *verifier = xasprintf("testready verifier %s", head);
	char mac[HASH_SIZE];

	derive(secret, state, mac);
	derive(secret, nonce, ret_trip->nonce);
	derive(secret, verifier, ret_trip->verifier);
	ret_trip->state = xasprintf("%s.%s.%s", head, mac, next);
}

void oidc_trip_begin(const char *secret, const char *next, int64_t now_ms,
		     struct oidc_trip *ret_trip)
{
	make_trip(secret, now_ms / 1000, next, ret_trip);
}

/* When a state says that it was begun; -1: it says nothing. */
static int64_t begun_s(const char *state)
{
	size_t len = strspn(state, DIGITS);

	return len > 0 && len <= 12 && state[len] == '.' ? strtoll(state, NULL, 10) : -1;
}

int oidc_trip_end(const char *secret, const char *state, int64_t now_ms, struct oidc_trip *ret_trip,
		  char **ret_next, struct err *err)
{
	const char *first = strchr(state, '.');
	const char *second = first ? strchr(first + 1, '.') : NULL;
	const char *next = second ? second + 1 : "";
	int64_t at_s = begun_s(state), now_s = now_ms / 1000;
	_cleanup_(oidc_trip_done) struct oidc_trip trip = { 0 };

	if (at_s < 0 || !oidc_next_is_ours(next))
		return err_set(err, -ESTALE, "what came back was not begun here");
	make_trip(secret, at_s, next, &trip);
	if (!secret_equal(trip.state, state))
		return err_set(err, -ESTALE, "what came back was begun in another browser");
	if (now_s - at_s > OIDC_MINUTES * INT64_C(60) || at_s > now_s + OIDC_LEEWAY_S)
		return err_set(err, -ESTALE, "signing in took more than %d minutes", OIDC_MINUTES);
	*ret_next = xstrdup(next);
	*ret_trip = trip;
	trip = (struct oidc_trip){ 0 };
	return 0;
}

void oidc_trip_done(struct oidc_trip *trip)
{
	free(trip->state);
	sodium_memzero(trip, sizeof(*trip));
}

/* "&name=value"s, of pairs that end with NULL, behind @before; owned by the caller. */
static char *make_form(const char *before, const char *const *pairs)
{
	char *all = xstrdup(before);

	for (; *pairs; pairs += 2) {
		_cleanup_free_ char *value = oidc_form_text(pairs[1]);
		char *longer = xasprintf("%s&%s=%s", all, pairs[0], value);

		free(all);
		all = longer;
	}
	return all;
}

char *oidc_authorization_url(const struct oidc_provider *provider, const struct oidc_client *client,
			     const struct oidc_trip *trip)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char challenge[64];
	const char *const pairs[] = {
		"client_id",
		client->id,
		"redirect_uri",
		client->callback_url,
		"scope",
		"openid email profile",
		"state",
		trip->state,
		"nonce",
		trip->nonce,
		"code_challenge_method",
		"S256",
		"code_challenge",
		challenge,
		client->acr ? "acr_values" : NULL,
		client->acr,
		NULL,
	};
	const char *url = provider->authorization_url;
	_cleanup_free_ char *before =
		xasprintf("%s%cresponse_type=code", url, strchr(url, '?') ? '&' : '?');

	crypto_hash_sha256(hash, (const unsigned char *)trip->verifier, strlen(trip->verifier));
	sodium_bin2base64(challenge, sizeof(challenge), hash, sizeof(hash),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return make_form(before, pairs);
}

char *oidc_token_form(const struct oidc_provider *provider, const struct oidc_client *client,
		      const struct oidc_trip *trip, const char *code)
{
	const char *const pairs[] = {
		"code",
		code,
		"redirect_uri",
		client->callback_url,
		"code_verifier",
		trip->verifier,
		/* The rest only where it is not in the field Authorization. */
		provider->is_posted ? "client_id" : NULL,
		client->id,
		"client_secret",
		client->secret,
		NULL,
	};

	return make_form("grant_type=authorization_code", pairs);
}

/* What a field Authorization can carry (RFC 6750, 2.1), and nothing that ends it. */
static bool is_bearer(const char *token)
{
	size_t len = strlen(token);

	return len > 0 && len <= JWT_BYTES_MAX && strspn(token, UNRESERVED "+/=") == len;
}

int oidc_tokens_parse(const char *text, size_t len, struct oidc_tokens *ret_tokens, struct err *err)
{
	_cleanup_(json_decrefp) json_t *json = NULL;
	const char *token, *access, *error;
	int r = document_parse(text, len, &document_limits, &json, err);

	/* Never the parser's own words: they may quote a token. */
	if (r < 0)
		return err_set(err, r, "the answer to the code is not JSON of at most %d bytes",
			       OIDC_DOCUMENT_BYTES);
	error = text_of(json, "error");
	if (error) {
		_cleanup_free_ char *shown = text_clean(error, strlen(error), 60);

		return err_set(err, -EACCES, "the provider refuses the code: %s", shown);
	}
	token = text_of(json, "id_token");
	access = text_of(json, "access_token");
	if (!token || strlen(token) > JWT_BYTES_MAX)
		return err_set(err, -EINVAL, "the answer to the code has no ID token");
	ret_tokens->id = xstrdup(token);
	ret_tokens->access = access && is_bearer(access) ? xstrdup(access) : NULL;
	return 0;
}

void oidc_tokens_done(struct oidc_tokens *tokens)
{
	if (tokens->access)
		sodium_memzero(tokens->access, strlen(tokens->access));
	free(tokens->id);
	free(tokens->access);
	*tokens = (struct oidc_tokens){ 0 };
}

/* --- who it is ------------------------------------------------------------------------- */

void oidc_person_done(struct oidc_person *person)
{
	free(person->subject);
	free(person->mail);
	free(person->name);
	*person = (struct oidc_person){ 0 };
}

static bool is_text(const json_t *member, const char *text)
{
	return json_is_string(member) && strcmp(json_string_value(member), text) == 0;
}

/* Whether a token is for @client_id and for nobody else. */
static bool is_for(const json_t *claims, const char *client_id)
{
	const json_t *audience = json_object_get(claims, "aud"), *item;
	const json_t *party = json_object_get(claims, "azp");
	size_t i;

	if (party && !is_text(party, client_id))
		return false;
	if (!json_is_array(audience))
		return is_text(audience, client_id);
	json_array_foreach (audience, i, item) {
		if (!is_text(item, client_id))
			return false;
	}
	return json_array_size(audience) > 0;
}

/* A time of a claim, in seconds. */
static int read_time(const json_t *claims, const char *name, int64_t *ret_s, struct err *err)
{
	const json_t *member = json_object_get(claims, name);
	double value = json_number_value(member);

	if (!json_is_number(member) || !(value >= 0 && value < 1e12))
		return err_set(err, -EINVAL, "the token's %s is no time", name);
	*ret_s = (int64_t)value;
	return 0;
}

static int check_times(const json_t *claims, int64_t now_s, struct err *err)
{
	int64_t until_s = 0, made_s = 0, from_s = 0;
	int r = read_time(claims, "exp", &until_s, err);

	if (r >= 0)
		r = read_time(claims, "iat", &made_s, err);
	if (r >= 0 && json_object_get(claims, "nbf"))
		r = read_time(claims, "nbf", &from_s, err);
	if (r < 0)
		return r;
	if (now_s >= until_s + OIDC_LEEWAY_S)
		return err_set(err, -ESTALE, "the token was valid until %" PRId64 " s ago",
			       now_s - until_s);
	if (made_s > now_s + OIDC_LEEWAY_S || from_s > now_s + OIDC_LEEWAY_S)
		return err_set(err, -ESTALE,
			       "the token is of the future; are the clocks of collector and "
			       "provider right?");
	if (now_s - made_s > OIDC_MINUTES * INT64_C(60) + OIDC_LEEWAY_S)
		return err_set(err, -ESTALE, "the token was made %" PRId64 " s ago",
			       now_s - made_s);
	return 0;
}

/* A text of a claim that is fit to be kept; NULL: it is not there, or none. */
static char *read_text(const json_t *claims, const char *name)
{
	const char *text = text_of(claims, name);
	size_t len = text ? strlen(text) : 0;
	_cleanup_free_ char *clean = text ? text_clean(text, len, OIDC_TEXT_MAX + 1) : NULL;

	if (!text || !len || len > OIDC_TEXT_MAX || strcmp(text, clean) != 0)
		return NULL;
	return TAKE_PTR(clean);
}

/* The names that @claims has, in the place of those that @person has. */
static void read_names(const json_t *claims, struct oidc_person *person)
{
	free(person->mail);
	free(person->name);
	/* An address that nobody verified is what its owner wrote there. */
	person->mail = json_is_true(json_object_get(claims, "email_verified"))
			       ? read_text(claims, "email")
			       : NULL;
	person->name = read_text(claims, "preferred_username");
}

static bool has_two_factors(const json_t *claims, const struct oidc_factor *factor)
{
	const json_t *methods = json_object_get(claims, "amr"), *method;
	size_t i;

	if (factor->by == OIDC_FACTOR_ALWAYS)
		return true;
	if (factor->by == OIDC_FACTOR_ACR)
		return is_text(json_object_get(claims, "acr"), factor->acr);
	json_array_foreach (methods, i, method) {
		if (is_text(method, "mfa"))
			return true;
	}
	return false;
}

int oidc_claims_check(const json_t *claims, const struct oidc_expected *expected,
		      struct oidc_person *ret_person, struct err *err)
{
	const char *nonce = text_of(claims, "nonce");
	struct oidc_person person = { 0 };
	int r;

	if (!is_text(json_object_get(claims, "iss"), expected->issuer))
		return err_set(err, -EKEYREJECTED, "the token is of another issuer");
	if (!is_for(claims, expected->client_id))
		return err_set(err, -EKEYREJECTED, "the token is not for this collector alone");
	r = check_times(claims, expected->now_ms / 1000, err);
	if (r < 0)
		return r;
	if (!nonce || !secret_equal(nonce, expected->nonce))
		return err_set(err, -EKEYREJECTED, "the token is of another sign-in");
	person.subject = read_text(claims, "sub");
	if (!person.subject)
		return err_set(err, -EINVAL, "the token names nobody");
	read_names(claims, &person);
	person.has_two_factors = has_two_factors(claims, &expected->factor);
	*ret_person = person;
	return 0;
}

int oidc_person_add(struct oidc_person *person, const char *text, size_t len, struct err *err)
{
	_cleanup_(json_decrefp) json_t *json = NULL;
	int r = document_parse(text, len, &document_limits, &json, err);

	if (r < 0)
		return err_set(err, r, "what it says of a person is not JSON of at most %d bytes",
			       OIDC_DOCUMENT_BYTES);
	if (!is_text(json_object_get(json, "sub"), person->subject))
		return err_set(err, -EKEYREJECTED, "what it says is of another person");
	read_names(json, person);
	return 0;
}
