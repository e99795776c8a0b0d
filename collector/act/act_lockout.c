/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "collector/act/act_lockout.h"
#include "collector/store/store_sign_in.h"
#include "common/base/mem.h"

struct subjects {
	char hashes[LOCKOUT_MAX_][HASH_SIZE];
};

static void make_subjects(const char *login, const char *network, struct subjects *ret_subjects)
{
	char place[LOCKOUT_NETWORK_SIZE];
	_cleanup_free_ char *pair = NULL;

	lockout_network(network, place);
	/* An address has no line feed in it, so no two pairs are one text. */
	pair = xasprintf("%s\n%s", place, login);
	hash_hex(pair, strlen(pair), ret_subjects->hashes[LOCKOUT_PAIR]);
	hash_hex(login, strlen(login), ret_subjects->hashes[LOCKOUT_ACCOUNT]);
	hash_hex(place, strlen(place), ret_subjects->hashes[LOCKOUT_NETWORK]);
	memcpy(ret_subjects->hashes[LOCKOUT_CODE], ret_subjects->hashes[LOCKOUT_ACCOUNT],
	       HASH_SIZE);
}

static int read_counts(struct store *store, const struct subjects *subjects,
		       struct lockout_count counts[static LOCKOUT_MAX_], struct err *err)
{
	int r = 0;

	for (unsigned i = 0; i < LOCKOUT_MAX_ && r >= 0; i++)
		r = store_sign_in_failure_get(store, i, subjects->hashes[i], &counts[i], err);
	return r;
}

/* Whether the pair signed in lately. */
static int is_known(struct store *store, const struct subjects *subjects, int64_t now_ms,
		    bool *ret_is_known, struct err *err)
{
	int64_t last_ms = 0;
	int r = store_known_network_get(store, subjects->hashes[LOCKOUT_PAIR], &last_ms, err);

	*ret_is_known = last_ms > 0 && now_ms - last_ms < LOCKOUT_KNOWN_MS;
	return r;
}

int act_lockout_wait(struct store *store, const char *login, const char *network, int64_t now_ms,
		     int64_t *ret_wait_ms, struct err *err)
{
	struct lockout_count counts[LOCKOUT_MAX_];
	struct subjects subjects;
	bool known = false;
	int r;

	make_subjects(login, network, &subjects);
	r = read_counts(store, &subjects, counts, err);
	if (r >= 0)
		r = is_known(store, &subjects, now_ms, &known, err);
	if (r < 0)
		return r;
	*ret_wait_ms = lockout_wait_ms(counts, known, now_ms);
	return 0;
}

int act_lockout_failed(struct store *store, const char *login, const char *network, int64_t now_ms,
		       struct err *err)
{
	const struct sign_in_bounds bounds = { now_ms - LOCKOUT_FORGOTTEN_MS,
					       now_ms - LOCKOUT_KNOWN_MS, LOCKOUT_ROWS_MAX };
	struct lockout_count counts[LOCKOUT_MAX_];
	struct subjects subjects;
	bool known = false;
	int r;

	make_subjects(login, network, &subjects);
	r = read_counts(store, &subjects, counts, err);
	if (r >= 0)
		r = is_known(store, &subjects, now_ms, &known, err);
	if (r >= 0)
		lockout_fail(counts, now_ms);
	for (unsigned i = 0; i < LOCKOUT_CODE && r >= 0; i++)
		r = store_sign_in_failure_put(store, i, subjects.hashes[i], &counts[i], err);
	if (r >= 0)
		r = store_sign_in_forget(store, &bounds, err);
	if (r < 0)
		return r;
	return !known && counts[LOCKOUT_PAIR].failures == LOCKOUT_PAIR_FREE;
}

int act_lockout_code_failed(struct store *store, const char *login, int64_t now_ms, struct err *err)
{
	struct lockout_count counts[LOCKOUT_MAX_] = { 0 };
	struct lockout_count *count = &counts[LOCKOUT_CODE];
	struct subjects subjects;
	int r;

	make_subjects(login, "", &subjects);
	r = store_sign_in_failure_get(store, LOCKOUT_CODE, subjects.hashes[LOCKOUT_CODE], count,
				      err);
	if (r < 0)
		return r;
	lockout_fail_code(counts, now_ms);
	r = store_sign_in_failure_put(store, LOCKOUT_CODE, subjects.hashes[LOCKOUT_CODE], count,
				      err);
	return r < 0 ? r : count->failures == LOCKOUT_CODE_FREE;
}

int act_lockout_signed_in(struct store *store, const char *login, const char *network,
			  int64_t now_ms, struct err *err)
{
	struct subjects subjects;
	int r;

	make_subjects(login, network, &subjects);
	r = store_sign_in_failure_delete(store, LOCKOUT_PAIR, subjects.hashes[LOCKOUT_PAIR], err);
	if (r >= 0)
		r = store_sign_in_failure_delete(store, LOCKOUT_CODE, subjects.hashes[LOCKOUT_CODE],
						 err);
	return r < 0 ? r
		     : store_known_network_put(store, subjects.hashes[LOCKOUT_PAIR], now_ms, err);
}
