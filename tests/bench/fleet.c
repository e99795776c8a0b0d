/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fleet in virtual time: the service's own plan for each of N devices, and a
 * collector that is gone for a while.
 *
 *     fleet --devices N --period S --outage S [--hostile PERCENT] [--seed N]
 *
 * Prints one line of JSON: the requests a second that a collector would see,
 * on average, during the outage, and in the three periods after it: at most in
 * any second, and by how much that is more than the average. The same seed
 * gives the same figures. A hostile device comes back every second, whatever
 * it is told.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/plan.h"

#define START_MS INT64_C(120000) /* within which a device comes after its start */
#define DAY_MS INT64_C(86400000)
#define HOSTILE_MS INT64_C(1000)
#define DEVICES_A_SECOND 25 /* what the collector spreads them by, see its domain/contact.c */

struct device {
	struct plan plan;
	int64_t booted_ms; /* of the fleet's clock; the plan has one of its own */
	int64_t next_ms;
	bool is_hostile;
};

struct fleet {
	int64_t n, period_ms, outage_ms;
	double hostile;
	uint64_t seed;
	struct device *devices;
	uint32_t *heap; /* of devices, the one with the smallest ->next_ms first */
	int64_t begin_ms, gone_ms, back_ms, end_ms;
	uint32_t *seconds; /* requests of well-behaved devices in each second from ->begin_ms */
	int64_t n_hostile;
};

/* SplitMix64, of Vigna, "Further scramblings of Marsaglia's xorshift generators", 2014. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Over how many milliseconds the collector wants its @n devices spread. */
static int64_t spread_ms(int64_t n)
{
	int64_t ms = n * 1000 / DEVICES_A_SECOND;

	return ms < 60000 ? 60000 : ms;
}

static bool is_before(const struct fleet *fleet, size_t a, size_t b)
{
	return fleet->devices[fleet->heap[a]].next_ms < fleet->devices[fleet->heap[b]].next_ms;
}

static void sift_down(struct fleet *fleet, size_t at)
{
	for (;;) {
		size_t least = at;

		for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++) {
			if (child < (size_t)fleet->n && is_before(fleet, child, least))
				least = child;
		}
		if (least == at)
			return;
		uint32_t moved = fleet->heap[at];

		fleet->heap[at] = fleet->heap[least];
		fleet->heap[least] = moved;
		at = least;
	}
}

/* They were switched on at any time of the last day, as classes came and went. */
static void fleet_start(struct fleet *fleet)
{
	fleet->begin_ms = DAY_MS;
	fleet->gone_ms = fleet->begin_ms + 2 * fleet->period_ms;
	fleet->back_ms = fleet->gone_ms + fleet->outage_ms;
	fleet->end_ms = fleet->back_ms + 3 * fleet->period_ms;
	fleet->devices = calloc((size_t)fleet->n, sizeof(*fleet->devices));
	fleet->heap = calloc((size_t)fleet->n, sizeof(*fleet->heap));
	fleet->seconds = calloc((size_t)((fleet->end_ms - fleet->begin_ms) / 1000) + 1,
				sizeof(*fleet->seconds));
	if (!fleet->devices || !fleet->heap || !fleet->seconds)
		abort();
	for (int64_t i = 0; i < fleet->n; i++) {
		struct device *device = &fleet->devices[i];

		device->booted_ms = (int64_t)(random_next(&fleet->seed) % (uint64_t)DAY_MS);
		device->is_hostile = (double)i < (double)fleet->n * fleet->hostile / 100;
		plan_init(&device->plan, START_MS, 3000, 0, random_next(&fleet->seed));
		snprintf(device->plan.device_id, sizeof(device->plan.device_id),
			 "%016" PRIx64 "%016" PRIx64, random_next(&fleet->seed),
			 random_next(&fleet->seed));
		(void)plan_due(&device->plan, 0, &device->next_ms);
		device->next_ms += device->booted_ms;
		fleet->heap[i] = (uint32_t)i;
	}
	for (size_t i = (size_t)fleet->n; i-- > 0;)
		sift_down(fleet, i);
}

/* The device at the top does what is due. */
static void device_step(struct fleet *fleet, struct device *device)
{
	int64_t at_ms = device->next_ms, now_ms = at_ms - device->booted_ms;
	unsigned errand = plan_due(&device->plan, now_ms, &device->next_ms);
	bool is_gone = at_ms >= fleet->gone_ms && at_ms < fleet->back_ms;
	struct plan_result result = {
		.was_talking = errand & ERRAND_TALK,
		.has_failed = errand & ERRAND_TALK && is_gone,
		.period_ms = is_gone ? 0 : fleet->period_ms,
		.spread_ms = is_gone ? 0 : spread_ms(fleet->n),
	};

	if (device->is_hostile) {
		fleet->n_hostile += at_ms >= fleet->begin_ms;
		device->next_ms = at_ms + HOSTILE_MS;
		return;
	}
	if (result.was_talking && at_ms >= fleet->begin_ms)
		fleet->seconds[(at_ms - fleet->begin_ms) / 1000]++;
	plan_begin(&device->plan, errand, now_ms);
	plan_end(&device->plan, errand, &result, now_ms, random_next(&fleet->seed));
	(void)plan_due(&device->plan, now_ms, &device->next_ms);
	device->next_ms += device->booted_ms;
	/* The service would turn on the spot. */
	if (device->next_ms < at_ms)
		abort();
}

static void fleet_run(struct fleet *fleet)
{
	for (;;) {
		struct device *device = &fleet->devices[fleet->heap[0]];

		if (device->next_ms >= fleet->end_ms)
			return;
		device_step(fleet, device);
		sift_down(fleet, 0);
	}
}

/* The most requests in any second of [from, to). */
static uint32_t peak(const struct fleet *fleet, int64_t from_ms, int64_t to_ms)
{
	uint32_t most = 0;

	for (int64_t i = (from_ms - fleet->begin_ms) / 1000; i < (to_ms - fleet->begin_ms) / 1000;
	     i++)
		most = fleet->seconds[i] > most ? fleet->seconds[i] : most;
	return most;
}

static void fleet_print(const struct fleet *fleet, uint64_t seed)
{
	double mean = (double)fleet->n / ((double)fleet->period_ms / 1000);
	uint32_t before = peak(fleet, fleet->begin_ms, fleet->gone_ms);
	uint32_t during = peak(fleet, fleet->gone_ms, fleet->back_ms);
	uint32_t after = peak(fleet, fleet->back_ms, fleet->end_ms);

	printf("{\"seed\": %" PRIu64 ", \"devices\": %" PRId64 ", \"period_s\": %" PRId64
	       ", \"outage_s\": %" PRId64 ", \"mean\": %.2f, \"peak_before\": %u, "
	       "\"peak_during\": %u, \"peak_after\": %u, \"ratio\": %.2f, \"hostile\": %" PRId64
	       "}\n",
	       seed, fleet->n, fleet->period_ms / 1000, fleet->outage_ms / 1000, mean, before,
	       during, after, after / mean, fleet->n_hostile);
}

int main(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "devices", required_argument, NULL, 'd' },
		{ "period", required_argument, NULL, 'p' },
		{ "outage", required_argument, NULL, 'o' },
		{ "hostile", required_argument, NULL, 'h' },
		{ "seed", required_argument, NULL, 's' },
		{ 0 },
	};
	struct fleet fleet = { .n = 100000, .period_ms = 3600000, .outage_ms = 1800000, .seed = 1 };
	uint64_t seed;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'd':
			fleet.n = atoll(optarg);
			break;
		case 'p':
			fleet.period_ms = atoll(optarg) * 1000;
			break;
		case 'o':
			fleet.outage_ms = atoll(optarg) * 1000;
			break;
		case 'h':
			fleet.hostile = atof(optarg);
			break;
		case 's':
			fleet.seed = strtoull(optarg, NULL, 10);
			break;
		default:
			return 1;
		}
	}
	if (fleet.n < 1 || fleet.n > 10000000 || fleet.period_ms < 1000 || fleet.outage_ms < 0)
		return 1;
	seed = fleet.seed;
	fleet_start(&fleet);
	fleet_run(&fleet);
	fleet_print(&fleet, seed);
	free(fleet.devices);
	free(fleet.heap);
	free(fleet.seconds);
	return 0;
}
