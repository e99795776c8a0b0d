/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_made_before.h"
#include "collector/store/store_made_before.h"
#include "common/base/mem.h"

#define STATUS_MADE 200    /* what is refused is not remembered */
#define FORGET_AT_ONCE 500 /* rows in one transaction of the writer, which others wait for */

int act_made_before(struct store *store, const struct made_request *request, int64_t now_ms,
		    char **ret_answer, struct err *err)
{
	_cleanup_(made_before_done) struct made_before made = { 0 };
	int r = store_made_before_get(store, request->key_hash, &made, err);

	if (r == -ENOENT || (r >= 0 && made.at_ms <= now_ms - MADE_BEFORE_MS))
		return 0;
	if (r < 0)
		return r;
	if (strcmp(made.body_hash, request->body_hash) != 0)
		return err_set(err, -ENOTUNIQ,
			       "Something else was asked for with this Idempotency-Key; nothing "
			       "was changed. Give each thing that you ask for a key of its own.");
	*ret_answer = TAKE_PTR(made.answer);
	return 1;
}

int act_made_note(struct store *store, const struct made_request *request, const char *answer,
		  int64_t now_ms, struct err *err)
{
	struct made_before made = { .at_ms = now_ms, .status = STATUS_MADE };
	size_t len = strlen(answer);
	int r;

	if (len > MADE_BEFORE_BYTES)
		return err_set(err, -EFBIG,
			       "The answer would have %zu bytes, and at most %d are remembered for "
			       "an Idempotency-Key; nothing was changed. Ask for less at once, or "
			       "without the key.",
			       len, MADE_BEFORE_BYTES);
	memcpy(made.key_hash, request->key_hash, HASH_SIZE);
	memcpy(made.body_hash, request->body_hash, HASH_SIZE);
	memcpy(made.owner, request->who, HASH_SIZE);
	made.answer = (char *)answer; /* only read */
	r = store_made_before_put(store, &made, err);
	if (r < 0)
		return r;
	return store_made_before_keep(store, &made, MADE_BEFORE_MAX, MADE_BEFORE_BYTES, err);
}

int act_made_forget(struct store *store, int64_t now_ms, int64_t *ret_n, struct err *err)
{
	return store_made_before_forget(store, now_ms - MADE_BEFORE_MS, FORGET_AT_ONCE, ret_n, err);
}
