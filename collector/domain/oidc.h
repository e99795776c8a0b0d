/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * OpenID Connect Core 1.0 with the authorization code flow and PKCE (RFC 7636): what is sent to a
 * provider and what has to come back. PURE.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "common/base/base.h"
#include "common/base/err.h"
#include "common/base/id.h"

#define OIDC_URL_MAX 1024         /* bytes of an address of a provider's */
#define OIDC_DOCUMENT_BYTES 65536 /* of what it answers */
#define OIDC_TEXT_MAX 255         /* bytes of a subject or a name, as the standard has it */
#define OIDC_NEXT_MAX 512         /* bytes of where to go on */
#define OIDC_MINUTES 10           /* that signing in may take */
#define OIDC_LEEWAY_S 60          /* that two clocks may differ by */

/*
 * Whether @url can be one of a provider's: https, or http of this machine for tests and trials;
 * without user, fragment and what is no part of an address. -EINVAL: @what (static) names it.
 */
int oidc_check_url(const char *what, const char *url, struct err *err) _must_check_;

/* --- the provider ---------------------------------------------------------------------- */

/* What a provider says of itself. oidc_provider_done() frees the texts. */
struct oidc_provider {
	char *authorization_url; /* where people sign in */
	char *token_url;         /* where a code becomes a token */
	char *keys_url;
	char *person_url;  /* where it says more of who signed in (UserInfo); NULL: nowhere */
	bool is_posted;    /* the client's secret goes into the body, since it takes no Basic */
	bool names_itself; /* whoever comes back has `iss` in the query (RFC 9207) */
};
void oidc_provider_done(struct oidc_provider *provider);

/* The address of what it says; owned by the caller. */
char *oidc_discovery_url(const char *issuer) _must_check_;
/* Read that. -E2BIG, -EINVAL: it is not that, or not of @issuer. */
int oidc_provider_parse(const char *text, size_t len, const char *issuer,
			struct oidc_provider *ret_provider, struct err *err) _must_check_;

/* --- a second factor ------------------------------------------------------------------- */

/* How a token says that somebody has shown two factors at the provider. */
enum oidc_factor_by {
	OIDC_FACTOR_AMR,    /* its `amr` has "mfa" (RFC 8176) */
	OIDC_FACTOR_ACR,    /* its `acr` is what was asked for */
	OIDC_FACTOR_ALWAYS, /* not at all: the provider asks everybody */
};
struct oidc_factor {
	enum oidc_factor_by by;
	const char *acr; /* of OIDC_FACTOR_ACR; else NULL */
};
/* Read "amr", "acr:VALUE" or "always"; what *@ret_factor names is in @text. -EINVAL. */
int oidc_factor_parse(const char *text, struct oidc_factor *ret_factor,
		      struct err *err) _must_check_;

/* --- there and back -------------------------------------------------------------------- */

/*
 * All that one sign-in is known by, made of the secret of the cookie that the browser keeps
 * meanwhile, so that nobody else can finish it and nothing has to be kept here.
 */
struct oidc_trip {
	char *state; /* which has the time and @next in it, and cannot be made by others */
	char nonce[HASH_SIZE];
	char verifier[HASH_SIZE]; /* of PKCE */
};
/* oidc_trip_done() *@ret_trip. */
void oidc_trip_begin(const char *secret, const char *next, int64_t now_ms,
		     struct oidc_trip *ret_trip);
/*
 * The same of a @state that came back. *@ret_next is owned by the caller.
 * -ESTALE: it was begun elsewhere, or too long ago.
 */
int oidc_trip_end(const char *secret, const char *state, int64_t now_ms, struct oidc_trip *ret_trip,
		  char **ret_next, struct err *err) _must_check_;
void oidc_trip_done(struct oidc_trip *trip);

/* Whether @next is a place of ours: a path and a query, never another host, nor the API. */
bool oidc_next_is_ours(const char *next);

/* This collector, as the provider knows it. */
struct oidc_client {
	const char *id;
	const char *secret;
	const char *callback_url; /* that the provider was told */
	const char *acr;          /* that is asked for; NULL: none */
};
/* Where the browser goes; owned by the caller. */
char *oidc_authorization_url(const struct oidc_provider *provider, const struct oidc_client *client,
			     const struct oidc_trip *trip) _must_check_;
/* What is posted for a token, without the secret unless it has to be in there; owned. */
char *oidc_token_form(const struct oidc_provider *provider, const struct oidc_client *client,
		      const struct oidc_trip *trip, const char *code) _must_check_;
/* @text as forms and the Basic scheme want it (RFC 6749, 2.3.1); owned by the caller. */
char *oidc_form_text(const char *text) _must_check_;

struct oidc_tokens {
	char *id;     /* of who it is, signed */
	char *access; /* for person_url, fit for a header field; NULL: none */
};
/*
 * The tokens of an answer; oidc_tokens_done() them. -E2BIG, -EINVAL: there is no ID token.
 * -EACCES: the provider refused, as @err says in its words.
 */
int oidc_tokens_parse(const char *text, size_t len, struct oidc_tokens *ret_tokens,
		      struct err *err) _must_check_;
void oidc_tokens_done(struct oidc_tokens *tokens);

/* --- who it is ------------------------------------------------------------------------- */

struct oidc_expected {
	const char *issuer;
	const char *client_id;
	const char *nonce;
	int64_t now_ms;
	struct oidc_factor factor;
};
/* Whom a provider vouches for. oidc_person_done() frees the texts. */
struct oidc_person {
	char *subject;
	char *mail;           /* that it has verified; NULL: none */
	char *name;           /* preferred_username; NULL: none */
	bool has_two_factors; /* as the provider says, or is known to see to */
};
/*
 * Check what a token claims whose signature is right (OpenID Connect Core, 3.1.3.7).
 * -EINVAL: it is not as tokens are. -EKEYREJECTED: it is for others, or for another sign-in.
 * -ESTALE: it is over, or not valid yet.
 */
int oidc_claims_check(const json_t *claims, const struct oidc_expected *expected,
		      struct oidc_person *ret_person, struct err *err) _must_check_;
/*
 * Add the names that the provider says of @person at its person_url (OpenID Connect Core, 5.3):
 * some put them into no token. -E2BIG, -EINVAL: it is not that. -EKEYREJECTED: it is of somebody
 * else.
 */
int oidc_person_add(struct oidc_person *person, const char *text, size_t len,
		    struct err *err) _must_check_;
void oidc_person_done(struct oidc_person *person);
