/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/verdict.h"
#include "common/base/mem.h"
#include "common/eval/needed.h"

/* Of the same facts or of others in their set: two documents, and all roles. */
#define WAYS 8

struct verdict_set {
	struct verdict ways[WAYS];
	unsigned next; /* the one to be forgotten for a new one */
};

struct verdict_memo {
	char *left; /* for needed_text(), of @left_room bytes */
	size_t left_room;
	size_t n_sets;
	struct verdict_set sets[];
};

struct verdict_memo *verdict_memo_new(size_t n_sets)
{
	struct verdict_memo *memo = xcalloc(1, sizeof(*memo) + n_sets * sizeof(memo->sets[0]));

	memo->n_sets = n_sets;
	return memo;
}

void verdict_memo_free(struct verdict_memo *memo)
{
	for (size_t i = 0; memo && i < memo->n_sets; i++) {
		for (size_t way = 0; way < WAYS; way++)
			free(memo->sets[i].ways[way].results);
	}
	if (memo)
		free(memo->left);
	free(memo);
}

/* A hash is random, so a few digits of it spread as well as any. */
static size_t set_of(const struct verdict_memo *memo, const struct device *device)
{
	char digits[8] = "";

	memcpy(digits, device->facts_hash, strnlen(device->facts_hash, sizeof(digits) - 1));
	return strtoul(digits, NULL, 16) % memo->n_sets;
}

const struct verdict *verdict_find(const struct verdict_memo *memo, const struct judge *judge,
				   const struct device *device)
{
	const struct verdict_set *set = &memo->sets[set_of(memo, device)];

	for (size_t i = 0; i < WAYS; i++) {
		const struct verdict *verdict = &set->ways[i];

		if (verdict->results && verdict->role == device->role &&
		    verdict->as_of == judge->site.window.last &&
		    strcmp(verdict->facts_hash, device->facts_hash) == 0 &&
		    strcmp(verdict->version, judge->profile->version) == 0)
			return verdict;
	}
	return NULL;
}

const struct verdict *verdict_add(struct verdict_memo *memo, const struct judge *judge,
				  const struct device *device, const json_t *facts)
{
	struct verdict_set *set = &memo->sets[set_of(memo, device)];
	struct verdict *verdict = &set->ways[set->next++ % WAYS];
	struct device scratch = {
		.role = device->role,
		.profile_id = xstrdup(""),
		.profile_version = xstrdup(""),
		.results = xstrdup(""),
	};

	judge_results(judge, facts, &scratch);
	free(verdict->results);
	verdict->results = TAKE_PTR(scratch.results);
	verdict->browser = scratch.browser;
	verdict->role = device->role;
	verdict->as_of = judge->site.window.last;
	snprintf(verdict->version, HASH_SIZE, "%s", judge->profile->version);
	snprintf(verdict->facts_hash, HASH_SIZE, "%s", device->facts_hash);
	device_done(&scratch);
	return verdict;
}

/* What requirements look at of stored facts, or NULL. What is not as we write it is read whole. */
static json_t *parse_needed(struct verdict_memo *memo, const struct judge *judge, const char *text)
{
	const struct needed *needed = profile_cache_needed(judge->cache, judge->profile);
	size_t len = strlen(text), left_len;

	if (memo->left_room < len) {
		memo->left = xreallocarray(memo->left, len, 1);
		memo->left_room = len;
	}
	if (len > 0 && needed_text(needed, text, len, memo->left, &left_len) >= 0)
		return json_loadb(memo->left, left_len, 0, NULL);
	return json_loads(text, 0, NULL);
}

int verdict_get(struct verdict_memo *memo, const struct judge *judge, const struct device *device,
		const struct verdict **ret_verdict, struct err *err)
{
	const struct verdict *verdict = judge->profile ? verdict_find(memo, judge, device) : NULL;
	_cleanup_free_ char *text = NULL;
	json_t *facts;
	int r;

	*ret_verdict = verdict;
	if (verdict || !judge->profile)
		return 0;
	r = store_device_facts(judge->store, device->id, &text, err);
	if (r < 0 && r != -ENOENT && r != -EBADMSG)
		return r;
	/* What cannot be read says nothing: the device is unknown until it reports. */
	facts = text ? parse_needed(memo, judge, text) : NULL;
	if (facts)
		*ret_verdict = verdict_add(memo, judge, device, facts);
	json_decref(facts);
	return 0;
}

int verdict_give(struct verdict_memo *memo, const struct judge *judge, struct device *device,
		 struct err *err)
{
	const struct verdict *verdict;
	int r = verdict_get(memo, judge, device, &verdict, err);

	if (r < 0)
		return r;
	device_set(&device->profile_id, verdict ? judge->profile->id : "");
	device_set(&device->profile_version, verdict ? judge->profile->version : "");
	device_set(&device->results, verdict ? verdict->results : "");
	device->browser = verdict ? verdict->browser : RESULT_UNKNOWN;
	return 0;
}
