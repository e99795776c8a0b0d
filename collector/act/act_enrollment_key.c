/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/act.h"
#include "collector/store/store_enrollment_key.h"
#include "collector/store/store_site.h"

#define DAY_MS INT64_C(86400000)

int act_enrollment_key_add(struct store *store, const struct enrollment_grant *grant,
			   int64_t now_ms, char ret_key[static SECRET_SIZE], struct err *err)
{
	_cleanup_(site_done) struct site site = { 0 };
	struct enrollment_key key = {
		.created_ms = now_ms,
		.expires_ms = now_ms + grant->days * DAY_MS,
		.uses_left = grant->uses,
	};
	char secret[SECRET_SIZE], hash[HASH_SIZE];
	int r = store_site_get(store, grant->site_code, &site, err);

	if (r < 0)
		return r;
	snprintf(key.site_code, sizeof(key.site_code), "%s", site.code);
	secret_new(SECRET_ENROLLMENT, secret);
	hash_hex(secret, strlen(secret), hash);
	r = store_enrollment_key_put(store, hash, &key, err);
	if (r >= 0)
		memcpy(ret_key, secret, SECRET_SIZE);
	return r;
}

int act_enrollment_key_revoke(struct store *store, const char *hash_prefix, int64_t now_ms,
			      struct err *err)
{
	_cleanup_(enrollment_key_list_done) struct enrollment_key_list list = { 0 };
	int r = store_enrollment_key_list(store, NULL, hash_prefix, 2, &list, err);

	if (r < 0)
		return r;
	if (list.n_rows != 1)
		return err_set(err, -ENOENT,
			       "%s enrolment key has the id '%.64s'; enrollment-key list tells "
			       "them",
			       list.n_rows ? "more than one" : "no", hash_prefix);
	if (list.rows[0].key.revoked_ms)
		return err_set(err, -EALREADY, "the enrolment key '%.64s' was revoked before",
			       hash_prefix);
	return store_enrollment_key_revoke(store, list.rows[0].key_hash, now_ms, err);
}
