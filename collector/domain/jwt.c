/* SPDX-License-Identifier: Apache-2.0 */
#include <cjose/cjose.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "collector/domain/jwt.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/document.h"

#define KEY_ID_MAX 256 /* bytes */
#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 8192
#define RSA_EXPONENT_MAX 8 /* characters of base64url: more would only cost time */

/* What a token may be signed with, and what a key for that is made of. */
static const struct algorithm {
	const char *name;
	const char *type;       /* kty of the key */
	const char *curve;      /* its crv; NULL: it has none */
	const char *members[4]; /* what is public of it; ended by NULL */
} algorithms[] = {
	{ "RS256", "RSA", NULL, { "n", "e", NULL } },
	{ "ES256", "EC", "P-256", { "crv", "x", "y", NULL } },
};

struct key {
	const struct algorithm *algorithm;
	char *id; /* NULL: it has none */
	cjose_jwk_t *jwk;
};

struct jwt_keys {
	struct key keys[JWT_KEYS_MAX];
	size_t n_keys;
};

void jwt_keys_free(struct jwt_keys *keys)
{
	for (size_t i = 0; keys && i < keys->n_keys; i++) {
		free(keys->keys[i].id);
		cjose_jwk_release(keys->keys[i].jwk);
	}
	free(keys);
}

/*
 * How much of @text is base64url without padding; -1: it is none. The library ends the program
 * where something else comes.
 */
static ssize_t base64url_len(const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789-_";
	size_t len = strspn(text, digits);

	return len % 4 == 1 ? -1 : (ssize_t)len;
}

/* --- keys ------------------------------------------------------------------------------ */

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* Whether the member @name is not there, or is @text. */
static bool is_or_is_not_there(const json_t *object, const char *name, const char *text)
{
	const json_t *member = json_object_get(object, name);

	return !member || (json_is_string(member) && strcmp(json_string_value(member), text) == 0);
}

/* What the key @json is for; NULL: nothing that is read here. */
static const struct algorithm *algorithm_of(const json_t *json)
{
	const char *type = text_of(json, "kty");

	for (size_t i = 0; type && i < ARRAY_SIZE(algorithms); i++) {
		const struct algorithm *algorithm = &algorithms[i];

		if (strcmp(algorithm->type, type) == 0 &&
		    (!algorithm->curve || is_or_is_not_there(json, "crv", algorithm->curve)) &&
		    is_or_is_not_there(json, "alg", algorithm->name) &&
		    is_or_is_not_there(json, "use", "sig"))
			return algorithm;
	}
	return NULL;
}

/* Whether a key is neither too weak to trust nor so large that comparing takes its time. */
static bool has_right_size(const struct algorithm *algorithm, const json_t *json,
			   const cjose_jwk_t *jwk)
{
	const char *exponent = text_of(json, "e");
	size_t bits;

	if (algorithm->curve)
		return true;
	bits = cjose_jwk_get_keysize(jwk, NULL);
	return exponent && strlen(exponent) <= RSA_EXPONENT_MAX && bits >= RSA_BITS_MIN &&
	       bits <= RSA_BITS_MAX;
}

/* Whether @text can be the member @name of a key: a number in base64url, or its curve. */
static bool is_public_part(const char *text, const char *name)
{
	ssize_t len = text ? base64url_len(text) : -1;

	if (strcmp(name, "crv") == 0)
		return text != NULL; /* algorithm_of() has compared it */
	return len > 0 && !text[len];
}

/* The key made of what is public in @json; NULL: it is none. */
static cjose_jwk_t *import(const struct algorithm *algorithm, const json_t *json)
{
	_cleanup_(json_decrefp) json_t *public = json_pack("{s:s}", "kty", algorithm->type);
	cjose_jwk_t *jwk;

	for (const char *const *name = algorithm->members; *name; name++) {
		json_t *member = json_object_get(json, *name);

		if (!is_public_part(json_string_value(member), *name))
			return NULL;
		json_object_set(public, *name, member);
	}
	jwk = cjose_jwk_import_json(public, NULL);
	if (jwk && !has_right_size(algorithm, json, jwk)) {
		cjose_jwk_release(jwk);
		jwk = NULL;
	}
	return jwk;
}

/* Add the key @json where it could have signed a token. */
static void add_key(struct jwt_keys *keys, const json_t *json)
{
	const struct algorithm *algorithm = algorithm_of(json);
	const char *id = text_of(json, "kid");
	cjose_jwk_t *jwk;

	if (!algorithm || (id && strlen(id) > KEY_ID_MAX))
		return;
	jwk = import(algorithm, json);
	if (jwk)
		keys->keys[keys->n_keys++] =
			(struct key){ algorithm, id ? xstrdup(id) : NULL, jwk };
}

int jwt_keys_parse(const char *text, size_t len, struct jwt_keys **ret_keys, struct err *err)
{
	static const struct document_limits limits = { JWT_KEYS_BYTES_MAX, 8 };
	_cleanup_(json_decrefp) json_t *json = NULL;
	_cleanup_(jwt_keys_freep) struct jwt_keys *keys = NULL;
	const json_t *list, *item;
	size_t i;
	int r = document_parse(text, len, &limits, &json, err);

	if (r < 0)
		return r;
	list = json_object_get(json, "keys");
	if (!json_is_array(list))
		return err_set(err, -EINVAL, "there is no list 'keys' in it");
	if (json_array_size(list) > JWT_KEYS_MAX)
		return err_set(err, -E2BIG, "there are more than %d keys in it", JWT_KEYS_MAX);
	keys = xcalloc(1, sizeof(*keys));
	json_array_foreach (list, i, item)
		add_key(keys, item);
	if (keys->n_keys == 0)
		return err_set(err, -ENOKEY,
			       "none of its keys is for signing with RS256 (of %d bits or more) "
			       "or ES256",
			       RSA_BITS_MIN);
	*ret_keys = TAKE_PTR(keys);
	return 0;
}

/* --- tokens ---------------------------------------------------------------------------- */

/* Three parts of base64url. */
static int check_shape(const char *token, struct err *err)
{
	const char *at = token;

	if (strlen(token) > JWT_BYTES_MAX)
		return err_set(err, -E2BIG, "the token has more than %d bytes", JWT_BYTES_MAX);
	for (unsigned part = 0; part < 3; part++) {
		ssize_t len = base64url_len(at);

		/* A token that is not signed has nothing behind its last dot. */
		if (len < 0 || (len == 0 && part < 2) || at[len] != (part < 2 ? '.' : '\0'))
			return err_set(err, -EINVAL, "what came is no signed token");
		at += len + 1;
	}
	return 0;
}

/* A name from a token, fit to be quoted; owned by the caller. */
static char *quoted(const char *name)
{
	return text_clean(name ? name : "", name ? strlen(name) : 0, 60);
}

static int read_head(cjose_jws_t *jws, const struct algorithm **ret_algorithm, const char **ret_id,
		     struct err *err)
{
	const json_t *head = (const json_t *)cjose_jws_get_protected(jws);
	const char *name = text_of(head, "alg");
	const json_t *id = json_object_get(head, "kid");
	_cleanup_free_ char *shown = quoted(name);

	if (json_object_get(head, "crit"))
		return err_set(err, -EPROTONOSUPPORT,
			       "the token wants something to be understood ('crit') that is not");
	if (id && (!json_is_string(id) || strlen(json_string_value(id)) > KEY_ID_MAX))
		return err_set(err, -EINVAL, "the name of the token's key is none");
	*ret_id = json_string_value(id);
	for (size_t i = 0; name && i < ARRAY_SIZE(algorithms); i++) {
		if (strcmp(algorithms[i].name, name) == 0) {
			*ret_algorithm = &algorithms[i];
			return 0;
		}
	}
	return err_set(err, -EPROTONOSUPPORT,
		       "the token is signed with '%s'; let the provider use RS256 or ES256", shown);
}

/* The one key for @algorithm with @id; without an id the only one. */
static int find_key(const struct jwt_keys *keys, const struct algorithm *algorithm, const char *id,
		    const struct key **ret_key, struct err *err)
{
	_cleanup_free_ char *shown = quoted(id);
	const struct key *found = NULL;

	for (size_t i = 0; i < keys->n_keys; i++) {
		const struct key *key = &keys->keys[i];

		if (key->algorithm != algorithm || (id && (!key->id || strcmp(key->id, id) != 0)))
			continue;
		if (found)
			return err_set(err, -ENOKEY, "several keys could have signed the token");
		found = key;
	}
	if (!found)
		return err_set(err, -ENOKEY, "the token's key '%s' (%s) is not the provider's",
			       shown, algorithm->name);
	*ret_key = found;
	return 0;
}

static int read_claims(cjose_jws_t *jws, json_t **ret_claims, struct err *err)
{
	static const struct document_limits limits = { JWT_BYTES_MAX, 8 };
	uint8_t *text;
	size_t len;

	if (!cjose_jws_get_plaintext(jws, &text, &len, NULL))
		return err_set(err, -EINVAL, "there is nothing in the token");
	return document_parse((const char *)text, len, &limits, ret_claims, err);
}

static void jws_releasep(cjose_jws_t **jws)
{
	if (*jws)
		cjose_jws_release(*jws);
}

int jwt_verify(const char *token, const struct jwt_keys *keys, json_t **ret_claims, struct err *err)
{
	_cleanup_(jws_releasep) cjose_jws_t *jws = NULL;
	const struct algorithm *algorithm = NULL;
	const struct key *key = NULL;
	const char *id = NULL;
	int r = check_shape(token, err);

	if (r < 0)
		return r;
	jws = cjose_jws_import(token, strlen(token), NULL);
	if (!jws)
		return err_set(err, -EINVAL, "what came is no signed token");
	r = read_head(jws, &algorithm, &id, err);
	if (r >= 0 && algorithm)
		r = find_key(keys, algorithm, id, &key, err);
	if (r < 0 || !key)
		return r < 0 ? r : -EPROTONOSUPPORT;
	if (!cjose_jws_verify(jws, key->jwk, NULL))
		return err_set(err, -EKEYREJECTED,
			       "the token's signature is not of the provider's key");
	return read_claims(jws, ret_claims, err);
}
