/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/act.h"
#include "collector/act/rollup.h"
#include "collector/store/store_device.h"
#include "collector/store/store_enrollment_key.h"
#include "collector/store/store_site.h"
#include "common/base/mem.h"

#define DAY_MS INT64_C(86400000)

static int refuse(struct err *err, const char *why)
{
	return err_set(err, -EACCES,
		       "%s; ask for a new one: testready-collector enrollment-key add", why);
}

static int check_key(struct store *store, const char *key_hash, int64_t now_ms,
		     struct enrollment_key *ret_key, struct err *err)
{
	int r = store_enrollment_key_get(store, key_hash, ret_key, err);

	if (r == -ENOENT)
		return refuse(err, "no such enrolment key");
	if (r < 0)
		return r;
	if (now_ms >= ret_key->expires_ms)
		return refuse(err, "this enrolment key has expired");
	if (ret_key->uses_left == 0)
		return refuse(err, "this enrolment key is used up");
	return 0;
}

/* The unclaimed line of the inventory that is this device: 1, or 0. */
static int find_line(struct store *store, const char *site_code, const struct device_names *names,
		     char id[static ID_SIZE], struct err *err)
{
	const char *const values[] = {
		[DEVICE_NAME_ASSET_TAG] = names->asset_tag,
		[DEVICE_NAME_SERIAL] = names->serial,
		[DEVICE_NAME_HOST] = names->host_name,
	};
	int r = 0;

	for (unsigned i = 0; i < DEVICE_NAME_MAX_ && r == 0; i++) {
		if (values[i][0])
			r = store_device_find_line(store, site_code, (enum device_name)i, values[i],
						   id, err);
	}
	return r;
}

/* The line @id of the inventory becomes the device that asks. */
static int claim(struct store *store, const char *id, const struct enroll_request *request,
		 int64_t now_ms, struct err *err)
{
	_cleanup_(device_done) struct device before = { 0 };
	_cleanup_(device_done) struct device after = { 0 };
	int r = store_device_head(store, id, &before, err);

	if (r < 0)
		return r;
	device_copy(&before, &after);
	device_take_names(&after, &request->names, after.asset_tag[0] != '\0');
	device_set(&after.agent_version, request->agent_version);
	after.enrolled_ms = now_ms;
	r = store_device_update(store, &before, &after, err);
	if (r >= 0)
		r = rollup_change(store, &before, &after, err);
	return r;
}

static int add(struct store *store, const char *id, const struct site *site,
	       const struct enroll_request *request, int64_t now_ms, struct err *err)
{
	/* Nothing of it is freed: all texts are borrowed. */
	const struct device device = {
		.id = (char *)id,
		.site_code = site->code,
		.role = request->role,
		.room = (char *)"",
		.is_expected = !site->has_inventory,
		.asset_tag = (char *)request->names.asset_tag,
		.serial = (char *)request->names.serial,
		.host_name = (char *)request->names.host_name,
		.model = (char *)request->names.model,
		.enrolled_ms = now_ms,
		.agent_version = (char *)request->agent_version,
		.state = STATE_NEVER_SEEN,
		.since_ms = now_ms,
		.profile_id = (char *)"",
		.profile_version = (char *)"",
		.results = (char *)"",
		.browser = RESULT_UNKNOWN,
		.facts_hash = (char *)"",
	};
	int r = store_device_insert(store, &device, err);

	if (r >= 0)
		r = rollup_change(store, NULL, &device, err);
	return r;
}

int act_enroll(struct store *store, const struct enroll_request *request, int64_t now_ms,
	       struct enroll_answer *ret_answer, struct err *err)
{
	_cleanup_(site_done) struct site site = { 0 };
	struct enroll_answer answer = { 0 };
	char key_hash[HASH_SIZE];
	struct enrollment_key key;
	int r = check_key(store, request->key_hash, now_ms, &key, err);

	if (r >= 0)
		r = store_site_get(store, key.site_code, &site, err);
	if (r >= 0)
		r = store_enrollment_key_use(store, request->key_hash, err);
	if (r >= 0)
		r = find_line(store, site.code, &request->names, answer.device_id, err);
	if (r < 0)
		return r;
	if (r > 0) {
		r = claim(store, answer.device_id, request, now_ms, err);
	} else {
		id_new(answer.device_id);
		r = add(store, answer.device_id, &site, request, now_ms, err);
	}
	secret_new(SECRET_DEVICE, answer.device_key);
	hash_hex(answer.device_key, strlen(answer.device_key), key_hash);
	if (r >= 0)
		r = store_device_set_key(store, answer.device_id, key_hash, err);
	if (r < 0)
		return r;
	answer.site_code = TAKE_PTR(site.code);
	answer.site_name = TAKE_PTR(site.name);
	*ret_answer = answer;
	return 0;
}

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
