/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/domain/jwt.h"
#include "collector/http/client.h"
#include "collector/http/limits.h"
#include "collector/sign_on.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define GOOD_MS INT64_C(3600000) /* that what it said of itself is remembered */
#define CALM_MS INT64_C(2000)    /* that it is left alone after it failed */
#define CODE_MAX 2048            /* bytes of a code */

/* NOLINTNEXTLINE(misc-redundant-expression): they are equal, which is what is asserted */
static_assert(LIMIT_PROVIDER_BYTES == OIDC_DOCUMENT_BYTES, "one size of answers");
/* NOLINTNEXTLINE(misc-redundant-expression) */
static_assert(LIMIT_PROVIDER_BYTES == JWT_KEYS_BYTES_MAX, "one size of answers");

struct sign_on {
	char *issuer, *client_id, *secret, *callback_url, *ca_file, *factor_text;
	struct oidc_factor factor;
	struct client_config http;
	atomic_bool is_over;

	pthread_mutex_t lock; /* of what is below */
	struct oidc_provider provider;
	int64_t provider_ms; /* when it said that; 0: never */
	int64_t failed_ms;   /* when it last did not; 0: never */
	struct jwt_keys *keys;
};

/* --- settings -------------------------------------------------------------------------- */

static int check_settings(const struct sign_on_settings *settings, struct err *err)
{
	const struct {
		const char *name, *value;
	} needed[] = {
		{ "--oidc-issuer", settings->issuer },
		{ "--oidc-client-id", settings->client_id },
		{ "--oidc-client-secret-file", settings->secret_file },
		{ "--public-url", settings->public_url },
	};
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		if (!needed[i].value || !needed[i].value[0])
			return err_set(err, -EINVAL, "an identity provider needs %s as well",
				       needed[i].name);
	}
	r = oidc_check_url("--oidc-issuer", settings->issuer, err);
	if (r >= 0 && strchr(settings->issuer, '?'))
		r = err_set(err, -EINVAL, "--oidc-issuer '%.200s' has a query; give it without",
			    settings->issuer);
	if (r >= 0)
		r = oidc_check_url("--public-url", settings->public_url, err);
	if (r >= 0 && strchr(strstr(settings->public_url, "://") + 3, '/'))
		r = err_set(err, -EINVAL,
			    "--public-url '%.200s' has a path; give it as in "
			    "https://ready.example.org",
			    settings->public_url);
	if (r >= 0 && settings->ca_file && access(settings->ca_file, R_OK) < 0)
		r = err_errno(err, -errno, "--oidc-ca %s", settings->ca_file);
	return r;
}

static int read_secret(const char *path, char **ret_secret, struct err *err)
{
	struct stat st;
	size_t len;
	char *text;
	int r;

	if (stat(path, &st) < 0)
		return err_errno(err, -errno, "--oidc-client-secret-file %s", path);
	/* As systemd hands credentials over, the group's bits are those of an access list. */
	if (st.st_mode & 07)
		return err_set(
			err, -EACCES,
			"--oidc-client-secret-file %s: everybody on this machine can use it, "
			"mode %04o; chmod o-rwx it",
			path, st.st_mode & 07777);
	r = file_read_at(AT_FDCWD, path, OIDC_URL_MAX, &text, &len, err);
	if (r < 0)
		return err_prefix(err, r, "--oidc-client-secret-file");
	text[strcspn(text, "\r\n")] = '\0';
	if (!text[0]) {
		free(text);
		return err_set(err, -EINVAL, "--oidc-client-secret-file %s: has no secret in it",
			       path);
	}
	*ret_secret = text;
	return 0;
}

int sign_on_new(const struct sign_on_settings *settings, struct sign_on **ret_sign_on,
		struct err *err)
{
	struct sign_on *sign_on;
	char *secret = NULL;
	_cleanup_free_ char *factor_text = xstrdup(settings->factor ? settings->factor : "amr");
	struct oidc_factor factor = { 0 };
	int r = check_settings(settings, err);

	if (r >= 0)
		r = oidc_factor_parse(factor_text, &factor, err);
	if (r >= 0)
		r = read_secret(settings->secret_file, &secret, err);
	if (r >= 0)
		r = client_prepare(err);
	if (r < 0) {
		free(secret);
		return r;
	}
	sign_on = xcalloc(1, sizeof(*sign_on));
	sign_on->issuer = xstrdup(settings->issuer);
	sign_on->client_id = xstrdup(settings->client_id);
	sign_on->secret = secret;
	sign_on->callback_url = xasprintf("%s/v1/session/oidc/callback", settings->public_url);
	sign_on->ca_file = settings->ca_file ? xstrdup(settings->ca_file) : NULL;
	sign_on->factor_text = TAKE_PTR(factor_text);
	sign_on->factor = factor;
	sign_on->http = (struct client_config){ sign_on->ca_file, LIMIT_PROVIDER_SECONDS * 1000L,
						LIMIT_PROVIDER_BYTES, &sign_on->is_over };
	pthread_mutex_init(&sign_on->lock, NULL);
	*ret_sign_on = sign_on;
	return 0;
}

void sign_on_stop(struct sign_on *sign_on)
{
	atomic_store(&sign_on->is_over, true);
}

void sign_on_free(struct sign_on *sign_on)
{
	if (!sign_on)
		return;
	oidc_provider_done(&sign_on->provider);
	jwt_keys_free(sign_on->keys);
	explicit_bzero(sign_on->secret, strlen(sign_on->secret));
	free(sign_on->secret);
	free(sign_on->issuer);
	free(sign_on->client_id);
	free(sign_on->callback_url);
	free(sign_on->ca_file);
	free(sign_on->factor_text);
	pthread_mutex_destroy(&sign_on->lock);
	free(sign_on);
}

const char *sign_on_issuer(const struct sign_on *sign_on)
{
	return sign_on->issuer;
}

/* --- what the provider says of itself -------------------------------------------------- */

/* GET @url, which has to answer 200. @bearer: NULL: to whoever asks. */
static int get(const struct sign_on *sign_on, const char *url, const char *bearer,
	       struct client_answer *ret_answer, struct err *err)
{
	const struct client_request request = { .url = url, .bearer = bearer };
	struct client_answer answer;
	int r = client_ask(&sign_on->http, &request, &answer, err);

	if (r < 0)
		return err_prefix(err, -EIO, "%s", url);
	if (answer.status != 200) {
		r = err_set(err, -EIO, "%s: answers %ld", url, answer.status);
		client_answer_done(&answer);
		return r;
	}
	*ret_answer = answer;
	return 0;
}

/* Ask it anew; with the lock. */
static int discover(struct sign_on *sign_on, int64_t now_ms, struct err *err)
{
	_cleanup_(client_answer_done) struct client_answer answer = { 0 };
	_cleanup_free_ char *url = oidc_discovery_url(sign_on->issuer);
	struct oidc_provider provider;
	int r = get(sign_on, url, NULL, &answer, err);

	if (r < 0)
		return r;
	r = oidc_provider_parse(answer.body, answer.len, sign_on->issuer, &provider, err);
	if (r < 0)
		return err_prefix(err, -EIO, "%s", url);
	oidc_provider_done(&sign_on->provider);
	sign_on->provider = provider;
	sign_on->provider_ms = now_ms;
	return 0;
}

/* Whether something of @at_ms was less than @for_ms ago; a clock that was set back says no. */
static bool is_within(int64_t at_ms, int64_t for_ms, int64_t now_ms)
{
	return at_ms > 0 && at_ms <= now_ms && now_ms - at_ms < for_ms;
}

/*
 * Have what the provider says of itself; with the lock. Where it cannot be asked, what it said
 * before goes on: only the first time has to succeed.
 */
static int have_provider(struct sign_on *sign_on, int64_t now_ms, struct err *err)
{
	int r;

	if (is_within(sign_on->provider_ms, GOOD_MS, now_ms))
		return 0;
	if (is_within(sign_on->failed_ms, CALM_MS, now_ms))
		return sign_on->provider_ms ? 0
					    : err_set(err, -EIO, "%s: did not answer a moment ago",
						      sign_on->issuer);
	r = discover(sign_on, now_ms, err);
	sign_on->failed_ms = r < 0 ? now_ms : 0;
	return sign_on->provider_ms ? 0 : r;
}

/* Ask for the keys; with the lock. */
static int fetch_keys(struct sign_on *sign_on, struct err *err)
{
	_cleanup_(client_answer_done) struct client_answer answer = { 0 };
	struct jwt_keys *keys;
	int r = get(sign_on, sign_on->provider.keys_url, NULL, &answer, err);

	if (r < 0)
		return r;
	r = jwt_keys_parse(answer.body, answer.len, &keys, err);
	if (r < 0)
		return err_prefix(err, -EIO, "%s", sign_on->provider.keys_url);
	jwt_keys_free(sign_on->keys);
	sign_on->keys = keys;
	return 0;
}

/*
 * What @token claims; with the lock. A key that is not known is asked for, since providers change
 * theirs; so is one that did not sign it, since some give the next one no name or the same. Tokens
 * come from the provider itself, so nobody else can make it be asked again and again.
 */
static int verify(struct sign_on *sign_on, const char *token, json_t **ret_claims, struct err *err)
{
	int r = sign_on->keys ? jwt_verify(token, sign_on->keys, ret_claims, err) : -ENOKEY;

	if (r == -ENOKEY || r == -EKEYREJECTED) {
		r = fetch_keys(sign_on, err);
		if (r < 0)
			return r;
		r = jwt_verify(token, sign_on->keys, ret_claims, err);
	}
	return r < 0 ? -EKEYREJECTED : 0;
}

/* --- there ----------------------------------------------------------------------------- */

static struct oidc_client client_of(const struct sign_on *sign_on)
{
	return (struct oidc_client){ sign_on->client_id, sign_on->secret, sign_on->callback_url,
				     sign_on->factor.acr };
}

int sign_on_begin(struct sign_on *sign_on, const char *cookie, const char *next, int64_t now_ms,
		  char **ret_url, struct err *err)
{
	const struct oidc_client client = client_of(sign_on);
	_cleanup_(oidc_trip_done) struct oidc_trip trip = { 0 };
	int r;

	oidc_trip_begin(cookie, next, now_ms, &trip);
	pthread_mutex_lock(&sign_on->lock);
	r = have_provider(sign_on, now_ms, err);
	if (r >= 0)
		*ret_url = oidc_authorization_url(&sign_on->provider, &client, &trip);
	pthread_mutex_unlock(&sign_on->lock);
	return r;
}

/* --- and back -------------------------------------------------------------------------- */

/* Tokens for @code. The request is made with the lock, and sent without. */
static int ask_for_tokens(struct sign_on *sign_on, const struct oidc_trip *trip, const char *code,
			  int64_t now_ms, struct oidc_tokens *ret_tokens, struct err *err)
{
	const struct oidc_client client = client_of(sign_on);
	_cleanup_(client_answer_done) struct client_answer answer = { 0 };
	_cleanup_free_ char *url = NULL, *form = NULL;
	_cleanup_free_ char *user = oidc_form_text(client.id);
	_cleanup_free_ char *password = oidc_form_text(client.secret);
	struct client_request request = { 0 };
	int r;

	pthread_mutex_lock(&sign_on->lock);
	r = have_provider(sign_on, now_ms, err);
	if (r >= 0) {
		url = xstrdup(sign_on->provider.token_url);
		form = oidc_token_form(&sign_on->provider, &client, trip, code);
		request.url = url;
		request.form = form;
		request.user = sign_on->provider.is_posted ? NULL : user;
		request.password = password;
	}
	pthread_mutex_unlock(&sign_on->lock);
	if (r >= 0)
		r = client_ask(&sign_on->http, &request, &answer, err);
	if (r < 0)
		return err_prefix(err, -EIO, "%s", sign_on->issuer);
	r = oidc_tokens_parse(answer.body, answer.len, ret_tokens, err);
	explicit_bzero(password, strlen(password));
	explicit_bzero(form, strlen(form));
	/* What the provider does not know any more was used before, or is of nobody. */
	return r < 0 ? err_prefix(err, r == -EACCES ? -ESTALE : -EKEYREJECTED, "%s", url) : 0;
}

static int identify(struct sign_on *sign_on, const struct oidc_trip *trip, const char *token,
		    int64_t now_ms, struct oidc_person *ret_person, struct err *err)
{
	const struct oidc_expected expected = { sign_on->issuer, sign_on->client_id, trip->nonce,
						now_ms, sign_on->factor };
	_cleanup_(json_decrefp) json_t *claims = NULL;
	int r;

	pthread_mutex_lock(&sign_on->lock);
	r = verify(sign_on, token, &claims, err);
	pthread_mutex_unlock(&sign_on->lock);
	if (r < 0)
		return r;
	return oidc_claims_check(claims, &expected, ret_person, err) < 0 ? -EKEYREJECTED : 0;
}

/*
 * Providers may name somebody in no token, but only where they are asked with one. It is of them as
 * much as the token is, which came over the same TLS; whose it is, the token's signature says.
 */
static int ask_for_names(struct sign_on *sign_on, const char *access, struct oidc_person *person,
			 struct err *err)
{
	_cleanup_(client_answer_done) struct client_answer answer = { 0 };
	_cleanup_free_ char *url = NULL;
	int r;

	if (person->mail || person->name || !access)
		return 0;
	pthread_mutex_lock(&sign_on->lock);
	url = sign_on->provider.person_url ? xstrdup(sign_on->provider.person_url) : NULL;
	pthread_mutex_unlock(&sign_on->lock);
	if (!url)
		return 0;
	r = get(sign_on, url, access, &answer, err);
	if (r < 0)
		return r;
	r = oidc_person_add(person, answer.body, answer.len, err);
	return r < 0 ? err_prefix(err, -EKEYREJECTED, "%s", url) : 0;
}

/* Whether @back is of this provider, as far as that can be told. */
static int check_issuer(struct sign_on *sign_on, const struct sign_on_return *back, struct err *err)
{
	bool names_itself;

	pthread_mutex_lock(&sign_on->lock);
	names_itself = sign_on->provider.names_itself;
	pthread_mutex_unlock(&sign_on->lock);
	if (back->issuer ? strcmp(back->issuer, sign_on->issuer) != 0 : names_itself)
		return err_set(err, -ESTALE, "what came back is of another provider");
	return 0;
}

static int check_return(struct sign_on *sign_on, const struct sign_on_return *back, int64_t now_ms,
			struct oidc_trip *ret_trip, char **ret_next, struct err *err)
{
	int r;

	if (!back->cookie || !back->state)
		return err_set(err, -ESTALE, "what came back was begun in another browser");
	r = oidc_trip_end(back->cookie, back->state, now_ms, ret_trip, ret_next, err);
	if (r >= 0)
		r = check_issuer(sign_on, back, err);
	if (r < 0)
		return r;
	if (back->error) {
		_cleanup_free_ char *shown = text_clean(back->error, strlen(back->error), 60);

		return err_set(err, -EACCES, "the provider let nobody in: %s", shown);
	}
	if (!back->code || !back->code[0] || strlen(back->code) > CODE_MAX)
		return err_set(err, -ESTALE, "what came back has no code of at most %d bytes",
			       CODE_MAX);
	return 0;
}

int sign_on_end(struct sign_on *sign_on, const struct sign_on_return *back, int64_t now_ms,
		struct oidc_person *ret_person, char **ret_next, struct err *err)
{
	_cleanup_(oidc_trip_done) struct oidc_trip trip = { 0 };
	_cleanup_(oidc_tokens_done) struct oidc_tokens tokens = { 0 };
	_cleanup_(oidc_person_done) struct oidc_person person = { 0 };
	_cleanup_free_ char *next = NULL;
	int r = check_return(sign_on, back, now_ms, &trip, &next, err);

	if (r >= 0)
		r = ask_for_tokens(sign_on, &trip, back->code, now_ms, &tokens, err);
	if (r >= 0)
		r = identify(sign_on, &trip, tokens.id, now_ms, &person, err);
	if (r >= 0)
		r = ask_for_names(sign_on, tokens.access, &person, err);
	if (r < 0)
		return r;
	*ret_next = TAKE_PTR(next);
	*ret_person = person;
	person = (struct oidc_person){ 0 };
	return 0;
}
