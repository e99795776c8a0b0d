/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/identity.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/model/document.h"

#define IDENTITY_FILE "identity.json"
#define IDENTITY_TEXT_MAX 4096

static const struct document_limits limits = { .bytes = 2 * IDENTITY_CA_MAX, .depth = 8 };

void identity_done(struct identity *identity)
{
	explicit_bzero(identity->device_key, sizeof(identity->device_key));
	free(identity->url);
	free(identity->moved_from);
	free(identity->site_code);
	free(identity->site_name);
	free(identity->ca_pem);
	*identity = (struct identity){ 0 };
}

/* Read @key into @ret_text, owned by the caller; NULL if it is null and @max allows. */
static int read_text(const struct node *parent, const char *key, size_t max, char **ret_text,
		     struct err *err)
{
	struct node node = node_member(parent, key);
	const char *text;
	int r = node_text(&node, max, &text, err);

	if (r >= 0)
		*ret_text = xstrdup(text);
	return r;
}

int identity_read_secrets(const struct node *root, char ret_id[static ID_SIZE],
			  char ret_key[static SECRET_SIZE], struct err *err)
{
	struct node id = node_member(root, "device_id"), key = node_member(root, "device_key");
	const char *id_text, *key_text;
	int r = node_text(&id, ID_SIZE - 1, &id_text, err);

	if (r >= 0 && !id_is_valid(id_text))
		r = node_error(&id, err, "expected a device id, 32 hexadecimal digits");
	if (r >= 0)
		r = node_text(&key, SECRET_SIZE - 1, &key_text, err);
	if (r >= 0 && !secret_is_valid(SECRET_DEVICE, key_text))
		r = node_error(&key, err, "expected a device key");
	if (r < 0)
		return r;
	memcpy(ret_id, id_text, strlen(id_text) + 1);
	memcpy(ret_key, key_text, strlen(key_text) + 1);
	return 0;
}

/* What older agents did not store; each may be left out, and none may be wrong. */
static int read_newer(const struct node *root, struct identity *identity, struct err *err)
{
	struct node fingerprint = node_member(root, "fingerprint");
	struct node renewed = node_member(root, "renewed");
	struct node moved_from = node_member(root, "moved_from");
	char key_at[CLOCK_TEXT_SIZE] = "";
	const struct {
		const char *key;
		char *into;
		size_t size;
	} texts[] = {
		{ "collector_key", identity->collector_key, sizeof(identity->collector_key) },
		{ "request_id", identity->request_id, sizeof(identity->request_id) },
		{ "key_at", key_at, sizeof(key_at) },
	};
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(texts); i++) {
		struct node node = node_member(root, texts[i].key);
		const char *text;

		if (!node.value)
			continue;
		r = node_text(&node, texts[i].size - 1, &text, err);
		if (r >= 0)
			memcpy(texts[i].into, text, strlen(text) + 1);
	}
	identity->key_ms = identity->enrolled_ms;
	if (r >= 0 && key_at[0])
		r = clock_parse(key_at, &identity->key_ms, err);
	if (r >= 0 && moved_from.value)
		r = read_text(root, "moved_from", IDENTITY_TEXT_MAX, &identity->moved_from, err);
	if (r >= 0 && renewed.value)
		r = node_bool(&renewed, &identity->is_renewed, err);
	if (r >= 0 && fingerprint.value) {
		r = fingerprint_read(&fingerprint, &identity->fingerprint, err);
		identity->has_fingerprint = true;
	}
	return r;
}

static int read_members(const struct node *root, struct identity *identity, struct err *err)
{
	struct node site = node_member(root, "site"), role = node_member(root, "role");
	struct node ca = node_member(root, "ca"), at = node_member(root, "enrolled_at");
	const char *text;
	unsigned word;
	int r = identity_read_secrets(root, identity->device_id, identity->device_key, err);

	if (r >= 0)
		r = read_text(root, "url", IDENTITY_TEXT_MAX, &identity->url, err);
	if (r >= 0)
		r = read_text(&site, "code", IDENTITY_TEXT_MAX, &identity->site_code, err);
	if (r >= 0)
		r = read_text(&site, "name", IDENTITY_TEXT_MAX, &identity->site_name, err);
	if (r >= 0)
		r = node_word(&role, device_role_words, &word, err);
	if (r >= 0)
		identity->role = (enum device_role)word;
	if (r >= 0 && !json_is_null(ca.value))
		r = read_text(root, "ca", IDENTITY_CA_MAX, &identity->ca_pem, err);
	if (r >= 0)
		r = node_text(&at, CLOCK_TEXT_SIZE, &text, err);
	if (r >= 0)
		r = clock_parse(text, &identity->enrolled_ms, err);
	return r < 0 ? r : read_newer(root, identity, err);
}

int identity_read(const struct state *state, struct identity *ret_identity, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	struct identity identity = { 0 };
	json_t *json = NULL;
	size_t len;
	int r = file_read_at(state->dir_fd, IDENTITY_FILE, limits.bytes, &text, &len, err);

	if (r == -ENOENT)
		return err_set(err, r,
			       "this device is not enrolled: run testready-agent enroll --url URL "
			       "--key-file FILE");
	if (r >= 0)
		r = document_parse(text, len, &limits, &json, err);
	if (r >= 0) {
		struct node root = { .value = json, .key = "" };

		r = read_members(&root, &identity, err);
	}
	json_decref(json);
	if (text)
		explicit_bzero(text, len);
	if (r < 0) {
		identity_done(&identity);
		return err_prefix(err, r,
				  "%s/" IDENTITY_FILE " is damaged; restore it or run testready-"
				  "agent enroll --again",
				  state->path);
	}
	*ret_identity = identity;
	return 0;
}

int identity_write(struct state *state, const struct identity *identity, struct err *err)
{
	char at[CLOCK_TEXT_SIZE], key_at[CLOCK_TEXT_SIZE];
	json_t *json = json_pack(
		"{s:s, s:s, s:s, s:{s:s, s:s}, s:s, s:s?, s:s, s:s, s:s, s:s, s:b}", "device_id",
		identity->device_id, "device_key", identity->device_key, "url", identity->url,
		"site", "code", identity->site_code, "name", identity->site_name, "role",
		device_role_text(identity->role), "ca", identity->ca_pem, "enrolled_at",
		clock_text(identity->enrolled_ms, at), "key_at",
		/* A new identity has a new key. */
		clock_text(identity->key_ms ? identity->key_ms : identity->enrolled_ms, key_at),
		"collector_key", identity->collector_key, "request_id", identity->request_id,
		"renewed", identity->is_renewed);
	char *text;
	int r;

	if (identity->moved_from)
		json_object_set_new(json, "moved_from", json_string(identity->moved_from));
	if (identity->has_fingerprint)
		json_object_set_new(json, "fingerprint", fingerprint_write(&identity->fingerprint));
	text = document_canonical(json);
	r = file_write_at(state->dir_fd, IDENTITY_FILE, text, strlen(text), 0600, err);

	explicit_bzero(text, strlen(text));
	free(text);
	json_decref(json);
	return r < 0 ? err_prefix(err, r, "cannot write into %s", state->path) : 0;
}

int identity_erase(struct state *state, struct err *err)
{
	if (unlinkat(state->dir_fd, IDENTITY_FILE, 0) < 0) {
		if (errno == ENOENT)
			return 0;
		return err_errno(err, -errno, "cannot remove %s/" IDENTITY_FILE, state->path);
	}
	if (fsync(state->dir_fd) < 0)
		return err_errno(err, -errno, "%s", state->path);
	return 1;
}
