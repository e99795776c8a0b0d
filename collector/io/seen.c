/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>
#include <sys/random.h>

#include "collector/io/seen.h"
#include "common/base/mem.h"

#define SLOTS_MIN 1024
#define NAMES_MIN 16384

struct seen_slot {
	uint32_t hash;
	uint32_t at; /* of the name in names */
	unsigned kind;
	unsigned line; /* 0: the slot is free */
};

/* As in SplitMix64, of Vigna, "Further scramblings of Marsaglia's xorshift generators", 2014. */
static uint64_t mix(uint64_t z)
{
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint32_t hash_of(const struct seen *seen, unsigned kind, const char *name, size_t len)
{
	uint64_t hash = mix(seen->seed ^ kind ^ (uint64_t)len << 32);

	while (len > 0) {
		size_t n = len < sizeof(uint64_t) ? len : sizeof(uint64_t);
		uint64_t word = 0;

		memcpy(&word, name, n);
		hash = mix(hash ^ word);
		name += n;
		len -= n;
	}
	return (uint32_t)hash;
}

static struct seen_slot *slot_of(const struct seen *seen, const struct seen_slot *wanted,
				 const char *name)
{
	size_t i = wanted->hash & (seen->n_slots - 1);

	while (seen->slots[i].line != 0) {
		const struct seen_slot *slot = &seen->slots[i];

		if (slot->hash == wanted->hash && slot->kind == wanted->kind && name &&
		    strcmp(seen->names + slot->at, name) == 0)
			break;
		i = (i + 1) & (seen->n_slots - 1);
	}
	return &seen->slots[i];
}

/* At most three of four slots are taken, so that a free one is near. */
static void make_room(struct seen *seen)
{
	struct seen old = *seen;

	if (seen->n * 4 < seen->n_slots * 3)
		return;
	if (seen->n_slots == 0 &&
	    getrandom(&seen->seed, sizeof(seen->seed), 0) != (ssize_t)sizeof(seen->seed))
		abort();
	seen->n_slots = old.n_slots ? old.n_slots * 2 : SLOTS_MIN;
	seen->slots = xcalloc(seen->n_slots, sizeof(seen->slots[0]));
	for (size_t i = 0; i < old.n_slots; i++) {
		if (old.slots[i].line != 0)
			*slot_of(seen, &old.slots[i], NULL) = old.slots[i];
	}
	free(old.slots);
}

static uint32_t keep_name(struct seen *seen, const char *name, size_t size)
{
	size_t at = seen->used;

	assert(at + size <= UINT32_MAX);
	while (seen->room - at < size) {
		seen->room = seen->room ? seen->room * 2 : NAMES_MIN;
		seen->names = xreallocarray(seen->names, seen->room, 1);
	}
	memcpy(seen->names + at, name, size);
	seen->used += size;
	return (uint32_t)at;
}

unsigned seen_add(struct seen *seen, unsigned kind, const char *name, unsigned line)
{
	struct seen_slot entry = { .kind = kind, .line = line };
	struct seen_slot *slot;
	size_t len = strlen(name);

	assert(line != 0);
	make_room(seen);
	entry.hash = hash_of(seen, kind, name, len);
	slot = slot_of(seen, &entry, name);
	if (slot->line != 0)
		return slot->line;
	entry.at = keep_name(seen, name, len + 1);
	*slot = entry;
	seen->n++;
	return 0;
}

void seen_done(struct seen *seen)
{
	free(seen->slots);
	free(seen->names);
	*seen = (struct seen){ 0 };
}
