/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/lockout.h"
#include "common/base/base.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)

const char *const lockout_words[] = {
	[LOCKOUT_PAIR] = "pair", [LOCKOUT_ACCOUNT] = "account", [LOCKOUT_NETWORK] = "network",
	[LOCKOUT_CODE] = "code", [LOCKOUT_MAX_] = NULL,
};

struct rule {
	int64_t n_free;     /* failures without any delay */
	int64_t first_ms;   /* then this long, and twice as long with each more */
	int64_t longest_ms; /* up to this */
	int64_t forget_ms;  /* one failure is forgotten each time this has passed */
};

static const struct rule rules[] = {
	[LOCKOUT_PAIR] = { LOCKOUT_PAIR_FREE, 30 * SECOND_MS, HOUR_MS, 4 * HOUR_MS },
	[LOCKOUT_ACCOUNT] = { 20, 10 * SECOND_MS, 10 * SECOND_MS, 5 * MINUTE_MS },
	[LOCKOUT_NETWORK] = { 100, 15 * SECOND_MS, 15 * SECOND_MS, MINUTE_MS },
	[LOCKOUT_CODE] = { LOCKOUT_CODE_FREE, 30 * SECOND_MS, 15 * MINUTE_MS, 4 * HOUR_MS },
};
static_assert(ARRAY_SIZE(rules) == LOCKOUT_MAX_, "every kind has its rule");

/* Of the pair where the network is known. */
static const struct rule known_rule = { 1000, 10 * SECOND_MS, 10 * SECOND_MS, 4 * HOUR_MS };

/* No rule grows beyond this; it keeps a count that was damaged from being any number. */
#define FAILURES_MAX 100000

static int64_t elapsed_ms(const struct lockout_count *count, int64_t now_ms)
{
	return now_ms > count->last_ms ? now_ms - count->last_ms : 0;
}

/* How many failures there still are at @now_ms. */
static int64_t level(const struct rule *rule, const struct lockout_count *count, int64_t now_ms)
{
	int64_t failures = count->failures < FAILURES_MAX ? count->failures : FAILURES_MAX;
	int64_t left = failures - elapsed_ms(count, now_ms) / rule->forget_ms;

	return left > 0 ? left : 0;
}

static int64_t delay_ms(const struct rule *rule, int64_t failures)
{
	int64_t delay = rule->first_ms;

	for (int64_t n = rule->n_free; n < failures && delay < rule->longest_ms; n++)
		delay *= 2;
	return delay < rule->longest_ms ? delay : rule->longest_ms;
}

static int64_t wait_ms(const struct rule *rule, const struct lockout_count *count, int64_t now_ms)
{
	int64_t left;

	if (level(rule, count, now_ms) < rule->n_free)
		return 0;
	/* Else it would be the same wait with each try, until the clock is there again. */
	if (count->last_ms > now_ms && count->last_ms - now_ms > rule->longest_ms)
		return 0;
	left = delay_ms(rule, count->failures) - elapsed_ms(count, now_ms);
	return left > 0 ? left : 0;
}

int64_t lockout_wait_ms(const struct lockout_count counts[static LOCKOUT_MAX_], bool is_known,
			int64_t now_ms)
{
	int64_t longest = wait_ms(&rules[LOCKOUT_CODE], &counts[LOCKOUT_CODE], now_ms);

	for (size_t i = 0; i < LOCKOUT_CODE; i++) {
		const struct rule *rule = is_known ? &known_rule : &rules[i];
		int64_t wait;

		if (is_known && i != LOCKOUT_PAIR)
			continue;
		wait = wait_ms(rule, &counts[i], now_ms);

		if (wait > longest)
			longest = wait;
	}
	return longest;
}

static void add(struct lockout_count *count, const struct rule *rule, int64_t now_ms)
{
	count->failures = level(rule, count, now_ms) + 1;
	count->last_ms = now_ms;
}

void lockout_fail(struct lockout_count counts[static LOCKOUT_MAX_], int64_t now_ms)
{
	for (size_t i = 0; i < LOCKOUT_CODE; i++)
		add(&counts[i], &rules[i], now_ms);
}

void lockout_fail_code(struct lockout_count counts[static LOCKOUT_MAX_], int64_t now_ms)
{
	add(&counts[LOCKOUT_CODE], &rules[LOCKOUT_CODE], now_ms);
}

void lockout_network(const char *address, char ret_network[static LOCKOUT_NETWORK_SIZE])
{
	struct in6_addr v6;
	struct in_addr v4;

	snprintf(ret_network, LOCKOUT_NETWORK_SIZE, "%s", address);
	if (inet_pton(AF_INET6, address, &v6) != 1)
		return;
	if (IN6_IS_ADDR_V4MAPPED(&v6)) {
		memcpy(&v4, &v6.s6_addr[12], sizeof(v4));
		inet_ntop(AF_INET, &v4, ret_network, LOCKOUT_NETWORK_SIZE);
		return;
	}
	memset(&v6.s6_addr[8], 0, 8);
	inet_ntop(AF_INET6, &v6, ret_network, LOCKOUT_NETWORK_SIZE);
}
