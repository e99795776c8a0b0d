/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What judging costs; prints one line of JSON.
 *
 *     judge facts SECONDS FACTS PROFILE...
 *         How often a second each profile judges the facts at hand, how often with
 *         parsing them before, and how often they are only parsed.
 *     judge store ROUNDS STORE PROFILE PROFILE
 *         Publish the two profiles, of one id, in turns; each time judge all devices
 *         of the store again, and then parse their facts once.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/act/act_profile.h"
#include "collector/store/store_facts.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/eval/evaluate.h"

#define SLICE_US 20000

enum {
	BATCH = 500, /* evaluations between two looks at the clock; texts held at once */
	ROUNDS_MAX = 100,
};

static struct err err;

static void must(int r)
{
	if (r >= 0)
		return;
	fprintf(stderr, "judge: %s\n", err.text);
	exit(1);
}

static double seconds(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static char *read_text(const char *path)
{
	char *text;
	size_t len;

	must(file_read_at(AT_FDCWD, path, PROFILE_BYTES_MAX, &text, &len, &err));
	return text;
}

static struct profile *read_profile(const char *path)
{
	_cleanup_free_ char *text = read_text(path);
	struct profile *profile;

	must(profile_parse(text, strlen(text), path, &profile, &err));
	return profile;
}

/* --- facts ------------------------------------------------------------------------ */

struct work {
	const struct profile *profile; /* NULL: only parse */
	const char *text;              /* NULL: only judge */
	const json_t *facts;
};

static void do_once(const struct work *work)
{
	enum result results[PROFILE_REQUIREMENTS_MAX];
	json_t *parsed = work->text ? json_loads(work->text, 0, NULL) : NULL;

	if (work->profile) {
		evaluate(work->profile, parsed ? parsed : work->facts, ROLE_STUDENT, 20000,
			 results);
		/* So that nobody finds that the results are not used. */
		__asm__ volatile("" : : "r"(results) : "memory");
	}
	json_decref(parsed);
}

static double per_second(const struct work *work, double for_s)
{
	double begun = seconds(CLOCK_PROCESS_CPUTIME_ID), used;
	int64_t n = 0;

	do {
		for (int i = 0; i < BATCH; i++)
			do_once(work);
		n += BATCH;
		used = seconds(CLOCK_PROCESS_CPUTIME_ID) - begun;
	} while (used < for_s);
	return (double)n / used;
}

static int judge_facts(int argc, char *argv[])
{
	double for_s = atof(argv[2]);
	_cleanup_free_ char *text = read_text(argv[3]);
	json_t *facts = json_loads(text, 0, NULL);

	printf("{\"parse\": %.0f, \"profiles\": [",
	       per_second(&(struct work){ .text = text }, for_s));
	for (int i = 4; i < argc; i++) {
		_cleanup_(profile_freep) struct profile *profile = read_profile(argv[i]);
		double pure = per_second(&(struct work){ profile, NULL, facts }, for_s);
		double both = per_second(&(struct work){ profile, text, NULL }, for_s);

		printf("%s{\"id\": \"%s\", \"requirements\": %zu, \"judge\": %.0f, \"both\": %.0f}",
		       i > 4 ? ", " : "", profile->id, profile->n_requirements, pure, both);
	}
	printf("]}\n");
	json_decref(facts);
	return 0;
}

/* --- a store ----------------------------------------------------------------------- */

struct cost {
	double wall_s, cpu_s;
};

static struct cost cost_now(void)
{
	return (struct cost){ seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID) };
}

static struct cost cost_since(struct cost begun)
{
	struct cost now = cost_now();

	return (struct cost){ now.wall_s - begun.wall_s, now.cpu_s - begun.cpu_s };
}

static int64_t publish(struct store *store, const char *path)
{
	_cleanup_(profile_freep) struct profile *profile = read_profile(path);
	_cleanup_free_ char *body = read_text(path);
	struct reach reach;

	must(store_begin(store, &err));
	must(act_publish(store, profile, body, clock_now_ms(), &reach, &err));
	must(store_commit(store, &err));
	return reach.n_devices;
}

static struct cost judge_again(struct store *store)
{
	static const struct rejudge_budget slice = { SLICE_US, INT64_MAX };
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	struct cost begun = cost_now();
	int64_t n;
	int r;

	do {
		r = act_rejudge(store, cache, clock_now_ms(), &slice, &n, &err);
		must(r);
	} while (r > 0);
	return cost_since(begun);
}

/* Only the parsing: reading the texts is not counted. */
static struct cost parse_all(struct store *store, int64_t *ret_n)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct cost sum = { 0 };
	char *texts[BATCH];
	int64_t n = 0;
	int r = 1;

	must(db_query(store->db, "SELECT device_id, " FACTS_COLUMNS " FROM device_facts", &rows,
		      &err, ""));
	while (r > 0) {
		struct cost begun, spent;
		size_t n_texts = 0;

		while (n_texts < BATCH && (r = db_next(rows, &err)) > 0)
			must(store_facts_read(rows, 1, db_text(rows, 0), &texts[n_texts++], &err));
		must(r);
		begun = cost_now();
		for (size_t i = 0; i < n_texts; i++)
			json_decref(json_loads(texts[i], 0, NULL));
		spent = cost_since(begun);
		sum.wall_s += spent.wall_s;
		sum.cpu_s += spent.cpu_s;
		for (size_t i = 0; i < n_texts; i++)
			free(texts[i]);
		n += (int64_t)n_texts;
	}
	*ret_n = n;
	return sum;
}

static void print_costs(const char *name, const struct cost *costs, int n)
{
	printf(", \"%s\": [", name);
	for (int i = 0; i < n; i++)
		printf("%s{\"wall_s\": %.4f, \"cpu_s\": %.4f}", i ? ", " : "", costs[i].wall_s,
		       costs[i].cpu_s);
	printf("]");
}

static int judge_store(char *argv[])
{
	_cleanup_(store_closep) struct store *store = NULL;
	struct cost again[ROUNDS_MAX], parse[ROUNDS_MAX];
	int rounds = atoi(argv[2]);
	int64_t n_devices = 0, n_facts = 0;

	if (rounds < 1 || rounds > ROUNDS_MAX)
		return 1;
	must(store_open(argv[3], false, &store, &err));
	/* What was published before is not known: the first turn only makes that so. */
	(void)publish(store, argv[5]);
	(void)judge_again(store);
	for (int i = 0; i < rounds; i++) {
		n_devices = publish(store, argv[4 + i % 2]);
		again[i] = judge_again(store);
		parse[i] = parse_all(store, &n_facts);
	}
	printf("{\"devices\": %" PRId64 ", \"facts\": %" PRId64, n_devices, n_facts);
	print_costs("judge", again, rounds);
	print_costs("parse", parse, rounds);
	printf("}\n");
	return 0;
}

int main(int argc, char *argv[])
{
	if (sodium_init() < 0)
		return 1;
	if (argc > 4 && strcmp(argv[1], "facts") == 0)
		return judge_facts(argc, argv);
	if (argc == 6 && strcmp(argv[1], "store") == 0)
		return judge_store(argv);
	fprintf(stderr, "usage: judge facts SECONDS FACTS PROFILE...\n"
			"       judge store ROUNDS STORE PROFILE PROFILE\n");
	return 1;
}
