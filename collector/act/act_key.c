/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/act_audit.h"
#include "collector/act/act_key.h"
#include "collector/store/store_enrollment_key.h"
#include "collector/store/store_site.h"
#include "common/base/civil.h"

/* -ENOENT: @site is nothing that the actor may know of, said as @unknown. -EPERM. */
static int check_place(const struct actor *actor, const struct site *site, const char *unknown,
		       struct err *err)
{
	const struct place place = { SCOPE_SITE, site->lea_code, site->code };

	if (!access_allows(actor->grants, MAY_SEE, &place))
		return err_set(err, -ENOENT, "%s", unknown);
	return access_check(actor->grants, MAY_GIVE_KEYS, &place, err);
}

/* Write down what was done to the key; never the key, nor the whole of its hash. */
struct key_entry {
	enum audit_act act;
	const struct enrollment_key_row *row;
	const char *lea_code;
};
static int note(struct store *store, const struct actor *actor, const struct key_entry *entry,
		int64_t now_ms, struct err *err)
{
	const struct enrollment_key_row *row = entry->row;
	char name[KEY_DIGITS + 1], until[CIVIL_TEXT_SIZE];
	json_t *json = json_pack("{s:s, s:o}", "expires",
				 civil_text(civil_of_ms(row->key.expires_ms), until), "uses_left",
				 row->key.uses_left < 0 ? json_string("unlimited")
							: json_integer(row->key.uses_left));
	const struct audit_note what = {
		.act = entry->act,
		.object = name,
		.lea_code = entry->lea_code,
		.site_code = row->key.site_code,
		.before = entry->act == AUDIT_KEY_REVOKED ? json : NULL,
		.after = entry->act == AUDIT_KEY_MADE ? json : NULL,
	};
	int r;

	snprintf(name, sizeof(name), "%.*s", KEY_DIGITS, row->key_hash);
	r = act_audit(store, actor, &what, now_ms, err);
	json_decref(json);
	return r;
}

int act_key_give(struct store *store, const struct actor *actor,
		 const struct enrollment_grant *grant, int64_t now_ms,
		 char ret_key[static SECRET_SIZE], struct err *err)
{
	_cleanup_(site_done) struct site site = { 0 };
	struct enrollment_key_row row;
	char key[SECRET_SIZE];
	int r = store_site_get(store, grant->site_code, &site, err);

	if (r >= 0)
		r = check_place(actor, &site, "There is no such site.", err);
	if (r >= 0)
		r = act_enrollment_key_add(store, grant, now_ms, key, err);
	if (r < 0)
		return r;
	hash_hex(key, strlen(key), row.key_hash);
	r = store_enrollment_key_get(store, row.key_hash, &row.key, err);
	if (r >= 0)
		r = note(store, actor, &(struct key_entry){ AUDIT_KEY_MADE, &row, site.lea_code },
			 now_ms, err);
	if (r >= 0)
		memcpy(ret_key, key, SECRET_SIZE);
	return r;
}

int act_key_revoke(struct store *store, const struct actor *actor, const char *hash_prefix,
		   int64_t now_ms, struct err *err)
{
	_cleanup_(enrollment_key_list_done) struct enrollment_key_list list = { 0 };
	_cleanup_(site_done) struct site site = { 0 };
	int r = store_enrollment_key_list(store, NULL, hash_prefix, 2, &list, err);

	/* None, or several: says which. */
	if (r < 0 || list.n_rows != 1)
		return r < 0 ? r : act_enrollment_key_revoke(store, hash_prefix, now_ms, err);
	r = store_site_get(store, list.rows[0].key.site_code, &site, err);
	if (r >= 0)
		r = check_place(actor, &site, "There is no such enrolment key.", err);
	if (r >= 0)
		r = act_enrollment_key_revoke(store, hash_prefix, now_ms, err);
	return r < 0 ? r
		     : note(store, actor,
			    &(struct key_entry){ AUDIT_KEY_REVOKED, &list.rows[0], site.lea_code },
			    now_ms, err);
}
