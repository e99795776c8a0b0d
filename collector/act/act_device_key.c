/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act.h"
#include "collector/store/store_device.h"
#include "collector/store/store_identity.h"

int act_device_key(struct store *store, const char *device_id, const char *key_hash, int64_t now_ms,
		   char ret_key[static SECRET_SIZE], struct err *err)
{
	char key[SECRET_SIZE], current[HASH_SIZE];
	struct identity identity;
	bool is_next;
	int r = store_device_key(store, device_id, current, err);

	if (r >= 0)
		r = store_identity_get(store, device_id, NULL, &identity, err);
	if (r < 0)
		return r;
	is_next = strcmp(identity.next_key_hash, key_hash) == 0;
	/* It opened when it was looked at, and was ended or given to another machine since. */
	if (!is_next && strcmp(current, key_hash) != 0)
		return err_set(err, -EACCES, "this key was replaced meanwhile; enrol again");
	/* The other machine, or this one when its disk is set back, would be locked out. */
	if (identity.accepts_any)
		return err_set(err, -EALREADY,
			       "two machines may use this key, as a person decided; it stays");
	/* It asks with the next key already, so that is the one that it has. */
	if (is_next)
		r = store_device_set_key(store, device_id, key_hash, err);
	if (r < 0)
		return r;
	secret_new(SECRET_DEVICE, key);
	hash_hex(key, strlen(key), identity.next_key_hash);
	r = store_identity_put(store, device_id, &identity, err);
	if (r >= 0)
		r = store_note_put(store, device_id, now_ms, "It was given a new key.", err);
	if (r >= 0)
		memcpy(ret_key, key, SECRET_SIZE);
	return r;
}
