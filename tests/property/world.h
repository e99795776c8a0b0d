/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A few schools to which things happen, one after the other. What happens is an event:
 * its kind and a seed, from which everything that it chooses is drawn. So a sequence of
 * events is the same each time, and one that leaves some of them out is a sequence too.
 */

#include "tests/unit/unit.h"

#include <stdbool.h>
#include <stdint.h>

/* What a test would fail with; here it ends the sequence, which is then made shorter. */
#undef fail_msg
#define fail_msg(...) property_fail(__FILE__, __LINE__, __VA_ARGS__)
void property_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4), noreturn));

#include "tests/unit/collector/school.h"

enum {
	SITES = 4,
	DEVICES_MAX = 48,
	NAMES = 14,   /* few, so that devices and lines of an inventory meet */
	SENT_MAX = 4, /* reports of a device that may come again */
	REQUIREMENTS_MAX = 16,
};
extern const char *const site_codes[SITES];

/* What all sites are judged by at first: one of its requirements depends on the day. */
#define PROFILE_FIRST \
	PROFILE("p", "240", MEMORY("2048") "," SYSTEM "," BROWSER("14.0..") "," HEADPHONES)

/* A report as it was sent. */
struct sent {
	int64_t sequence;
	int boot;
	struct likeness like;
	struct device_names names;
	enum device_state answered;
};

/* What a device knows of itself. */
struct known {
	char id[ID_SIZE];
	char key[SECRET_SIZE];
	int64_t sequence;
	int machine; /* by whose fingerprint it reports; 0: it tells none */
	int boot;
	struct sent sent[SENT_MAX]; /* the newest first */
	size_t n_sent;
	bool is_undisturbed; /* since then nothing happened to it but reports */
};

struct world {
	struct school school;
	struct store *reader; /* open from the first to the last, as that of pages is */
	struct profile_cache *reader_cache;
	struct known devices[DEVICES_MAX];
	size_t n_devices;
	uint64_t random;  /* of the event that happens now */
	bool is_refused;  /* it is given up */
	bool is_set_back; /* the clock was, so that nobody can say what was before what */
	uint64_t n_known; /* reports that were known by their bytes */
	bool is_told;     /* print what happens */
	bool is_thorough; /* walk through every list */
};

struct event {
	unsigned kind;
	uint64_t seed;
};

/* A number below @n, drawn from the event. */
unsigned pick(struct world *world, unsigned n);
/* Say what happens, where that is to be printed. */
void say(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Begin with sites that have a window each and nothing else; the store is a copy of what
 * was made the first time. world_done() it, also after a failure.
 */
void world_init(struct world *world, bool is_told);
void world_done(struct world *world);
void world_open_store(struct world *world);
/* From now on ids and keys are drawn from @seed. */
void world_seed_ids(uint64_t seed);

/* The kind of an event, by how often each is to come; @random is any number. */
unsigned event_kind(uint64_t random);
void event_happen(struct world *world, const struct event *event);

/* A number that somebody is shown, or that is kept, and the same of the rows behind it. */
#define compare(what, where, shown, n) compare_at(__FILE__, __LINE__, what, where, shown, n)
void compare_at(const char *file, int line, const char *what, const char *where, int64_t shown,
		int64_t n);
extern uint64_t n_compared, n_known; /* n_known: reports that were known by their bytes */

/* Whether every number that somebody is shown is that of the rows behind it. */
void check_all(struct world *world);
/* The quick part of it: the counts that are kept. */
void check_counts(struct world *world);
