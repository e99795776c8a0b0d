/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever happens to schools in whatever order, every number that somebody is shown is
 * that of the rows behind it.
 *
 *     property [--sequences N] [--steps N] [--seed S] [--first N] [--tell]
 *
 * The sequences --first to --first + --sequences of the seed. --tell prints what happens in
 * them. One that shows a difference
 * is made as short as it can be and printed, and the exit status is 1.
 */
#include "tests/property/events.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <time.h>

enum {
	STEPS_MAX = 2000,
	FIRST_STEPS = 24,
	CHECK_STEPS = 12, /* after so many steps all is looked at, after each the counts */
	RUNS_MAX = 2000,  /* for making a sequence shorter */
};

static jmp_buf failed;
static char what_failed[1024];
static int failed_line;
static const char *failed_file;

void property_fail(const char *file, int line, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(what_failed, sizeof(what_failed), format, ap);
	va_end(ap);
	failed_file = file;
	failed_line = line;
	longjmp(failed, 1);
}

struct sequence {
	struct event events[STEPS_MAX];
	size_t n;
};

/* xorshift64* (Vigna 2016), begun so that seeds beside each other have nothing in common. */
static uint64_t random_of(uint64_t seed, uint64_t number)
{
	uint64_t x = (seed + 1) * 0x9e3779b97f4a7c15ULL ^ (number + 1) * 0xbf58476d1ce4e5b9ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

/* At first devices enrol and report; then anything may happen. */
static void make(uint64_t seed, size_t n, struct sequence *sequence)
{
	static const unsigned first[] = { EVENT_ENROLL, EVENT_REPORT };

	sequence->n = n;
	for (size_t i = 0; i < n; i++) {
		uint64_t random = random_of(seed, i);

		sequence->events[i] = (struct event){
			.kind = i < FIRST_STEPS ? first[i % ARRAY_SIZE(first)] : event_kind(random),
			.seed = random_of(random, i),
		};
	}
}

/* Whether all holds. @is_thorough: look at all of it after each step. */
static bool run(const struct sequence *sequence, bool is_thorough, bool is_told)
{
	static struct world world;
	volatile bool holds = false; /* across the jump */

	if (setjmp(failed) == 0) {
		world_init(&world, is_told);
		world.is_thorough = is_thorough;
		for (size_t i = 0; i < sequence->n; i++) {
			event_happen(&world, &sequence->events[i]);
			if (is_thorough || i % CHECK_STEPS == CHECK_STEPS - 1 ||
			    i + 1 == sequence->n)
				check_all(&world);
			else
				check_counts(&world);
		}
		holds = true;
	}
	world_done(&world);
	return holds;
}

/* --- making it short --------------------------------------------------------------------- */

/* Without the @n events from @from on. */
static void leave_out(const struct sequence *all, size_t from, size_t n, struct sequence *part)
{
	part->n = 0;
	for (size_t i = 0; i < all->n; i++) {
		if (i < from || i >= from + n)
			part->events[part->n++] = all->events[i];
	}
}

/* As long as the same difference is found, leave out halves, quarters, … single events. */
static void shrink(struct sequence *sequence)
{
	static struct sequence part;
	const int line = failed_line;
	size_t n_runs = 0;
	bool is_shorter;

	do {
		is_shorter = false;
		for (size_t n = sequence->n / 2; n > 0; n /= 2) {
			for (size_t from = 0; from < sequence->n && n_runs < RUNS_MAX;) {
				leave_out(sequence, from, n, &part);
				n_runs++;
				if (!run(&part, true, false) && failed_line == line) {
					*sequence = part;
					is_shorter = true;
				} else {
					from += n;
				}
			}
		}
	} while (is_shorter && n_runs < RUNS_MAX);
}

static void tell(struct sequence *sequence, uint64_t seed, uint64_t number)
{
	printf("sequence %" PRIu64 " of seed %" PRIu64 ": %s\n    (%s:%d)\n", number, seed,
	       what_failed, failed_file, failed_line);
	/* What was found late may be found earlier where all is looked at each time. */
	if (!run(sequence, true, false))
		shrink(sequence);
	else
		printf("it is not found when more is looked at; what happened:\n");
	printf("%zu events lead there:\n", sequence->n);
	(void)run(sequence, true, true);
	printf("\n%s\n", what_failed);
}

/* --- the program ------------------------------------------------------------------------- */

struct options {
	uint64_t sequences, steps, seed, first;
	bool is_told;
};

static struct options read_options(int argc, char *argv[])
{
	static const struct option names[] = {
		{ "sequences", required_argument, NULL, 'n' },
		{ "steps", required_argument, NULL, 'k' },
		{ "seed", required_argument, NULL, 's' },
		{ "first", required_argument, NULL, 'f' },
		{ "tell", no_argument, NULL, 't' },
		{ 0 },
	};
	struct options options = { 500, 100, (uint64_t)time(NULL) % 1000000, 0, false };
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		uint64_t value = optarg ? strtoull(optarg, NULL, 0) : 0;

		if (c == 'n')
			options.sequences = value;
		else if (c == 'k' && value > 0 && value <= STEPS_MAX)
			options.steps = value;
		else if (c == 's')
			options.seed = value;
		else if (c == 'f')
			options.first = value;
		else if (c == 't')
			options.is_told = true;
		else
			exit(2);
	}
	return options;
}

int main(int argc, char *argv[])
{
	static struct sequence sequence;
	struct options options = read_options(argc, argv);
	uint64_t n_steps = 0;

	for (uint64_t i = options.first; i < options.first + options.sequences; i++) {
		make(random_of(options.seed, i), options.steps, &sequence);
		if (!run(&sequence, false, options.is_told)) {
			tell(&sequence, options.seed, i);
			return 1;
		}
		n_steps += options.steps;
	}
	printf("%" PRIu64 " sequences, %" PRIu64 " steps, %" PRIu64 " numbers, %" PRIu64
	       " known reports, seed %" PRIu64 ", 0 differences\n",
	       options.sequences, n_steps, n_compared, n_known, options.seed);
	return 0;
}
