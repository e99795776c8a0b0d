/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an inventory is taken in with: names that come twice, ids that ascend, and which
 * device a row means, compared with a look at every device for every row.
 */
#include <strings.h>
#include <sys/random.h>

#include "collector/io/seen.h"
#include "tests/unit/collector/school.h"

static void ids_of_a_series_ascend_and_are_of_it_alone(void **state)
{
	char ids[300][ID_SIZE], other[ID_SIZE];
	struct id_series series, second;

	(void)state;
	id_series_begin(&series);
	id_series_begin(&second);
	id_series_next(&second, other);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		id_series_next(&series, ids[i]);
		assert_true(id_is_valid(ids[i]));
		assert_true(i == 0 || strcmp(ids[i - 1], ids[i]) < 0);
		assert_memory_not_equal(ids[i], other, 24);
	}
}

static void a_name_is_found_again_among_many(void **state)
{
	struct seen seen = { 0 };
	char name[32];

	(void)state;
	for (unsigned i = 1; i <= 20000; i++) {
		snprintf(name, sizeof(name), "name that is long %u", i % 10000);
		assert_int_equal(seen_add(&seen, 7, name, i), i > 10000 ? i - 10000 : 0);
	}
	assert_int_equal(seen_add(&seen, 8, name, 5), 0);
	assert_int_equal(seen_add(&seen, 8, name, 6), 5);
	assert_int_equal(seen_add(&seen, 7, "", 1), 0);
	assert_int_equal(seen_add(&seen, 7, "", 2), 1);
	seen_done(&seen);
}

/* --- which device a row means ------------------------------------------------------- */

enum { DEVICES = 14, ROWS = 10, ROUNDS = 60 };

struct line {
	char id[ID_SIZE];
	char names[DEVICE_NAME_MAX_][8];
	bool has_key, is_retired, is_found;
};

struct guess {
	uint64_t random;
	struct line lines[DEVICES];
};

static unsigned pick(struct guess *guess, unsigned n)
{
	guess->random ^= guess->random >> 12;
	guess->random ^= guess->random << 25;
	guess->random ^= guess->random >> 27;
	return (unsigned)((guess->random * 0x2545F4914F6CDD1DULL) >> 33) % n;
}

static void pick_name(struct guess *guess, unsigned n, char name[static 8])
{
	if (pick(guess, 3) == 0)
		name[0] = '\0';
	else
		snprintf(name, 8, "%c%u", pick(guess, 2) ? 'h' : 'H', pick(guess, n));
}

static void put_line(struct school *school, struct guess *guess, struct line *line)
{
	struct device device = {
		.id = line->id,
		.site_code = (char *)SITE,
		.room = (char *)"old",
		.is_expected = true,
		.asset_tag = line->names[DEVICE_NAME_ASSET_TAG],
		.serial = line->names[DEVICE_NAME_SERIAL],
		.host_name = line->names[DEVICE_NAME_HOST],
		.model = (char *)"",
		.agent_version = (char *)"",
		.profile_id = (char *)"",
		.profile_version = (char *)"",
		.results = (char *)"",
		.browser = RESULT_UNKNOWN,
		.facts_hash = (char *)"",
	};

	memset(line, 0, sizeof(*line));
	id_new(line->id);
	for (size_t i = 0; i < DEVICE_NAME_MAX_; i++)
		pick_name(guess, 6, line->names[i]);
	line->has_key = pick(guess, 2);
	line->is_retired = pick(guess, 5) == 0;
	device.state = line->is_retired ? STATE_RETIRED : STATE_NEVER_SEEN;
	device.enrolled_ms = line->has_key ? NOON_MS : 0;
	must(school, store_device_insert(school->store, &device, &school->err));
	if (line->has_key)
		must(school, store_device_set_key(school->store, line->id, line->id, &school->err));
}

static bool is_better(const struct line *line, const struct line *best)
{
	if (!best || line->has_key != best->has_key)
		return !best || line->has_key;
	return strcmp(line->id, best->id) < 0;
}

/* By the rule as it is written: asset tag, serial, host name; with a key first, then by id. */
static struct line *look_at_all(struct guess *guess, const char names[DEVICE_NAME_MAX_][8])
{
	for (size_t kind = 0; kind < DEVICE_NAME_MAX_; kind++) {
		struct line *best = NULL;

		for (size_t i = 0; names[kind][0] && i < DEVICES; i++) {
			struct line *line = &guess->lines[i];
			bool is_same = kind == DEVICE_NAME_HOST
					       ? strcasecmp(line->names[kind], names[kind]) == 0
					       : strcmp(line->names[kind], names[kind]) == 0;

			if (is_same && !line->is_found && !line->is_retired &&
			    is_better(line, best))
				best = line;
		}
		if (best) {
			best->is_found = true;
			return best;
		}
	}
	return NULL;
}

/* Each row has a room of its own, which its device is in afterwards. */
static void try_inventory(struct school *school, struct guess *guess)
{
	struct line *meant[ROWS];
	struct inventory_import *import;
	struct inventory_count count;
	int64_t n_new = 0;

	must(school,
	     inventory_import_begin(school->store, school->cache, NOON_MS, &import, &school->err));
	for (size_t i = 0; i < ROWS; i++) {
		char names[DEVICE_NAME_MAX_][8], room[8];
		const struct inventory_row row = {
			.site_code = SITE,
			.asset_tag = names[DEVICE_NAME_ASSET_TAG],
			.serial = names[DEVICE_NAME_SERIAL],
			.host_name = names[DEVICE_NAME_HOST],
			.has_room = true,
			.room = room,
		};

		snprintf(room, sizeof(room), "r%zu", i);
		for (size_t kind = 0; kind < DEVICE_NAME_MAX_; kind++)
			pick_name(guess, 8, names[kind]);
		must(school, inventory_import_take(import, &row, &school->err));
		meant[i] = look_at_all(guess, (const char(*)[8])names);
		n_new += meant[i] == NULL;
	}
	must(school, inventory_import_finish(import, &count, &school->err));
	inventory_import_free(import);
	assert_int_equal(count.added, n_new);
	for (size_t i = 0; i < ROWS; i++) {
		_cleanup_(device_done) struct device device = { 0 };
		_cleanup_free_ char *room = xasprintf("r%zu", i);

		if (!meant[i])
			continue;
		must(school, store_device_head(school->store, meant[i]->id, &device, &school->err));
		assert_string_equal(device.room, room);
	}
}

static void every_row_finds_the_device_that_it_means(void **state)
{
	struct school *school = *state;
	struct guess guess;
	const char *seed = getenv("TESTREADY_SEED");

	guess.random = seed ? strtoull(seed, NULL, 10) : 0;
	if (!seed)
		assert_int_equal(getrandom(&guess.random, sizeof(guess.random), 0),
				 sizeof(guess.random));
	guess.random |= 1;
	print_message("TESTREADY_SEED=%llu\n", (unsigned long long)guess.random);
	school_open(school);
	for (int round = 0; round < ROUNDS; round++) {
		must(school, store_begin(school->store, &school->err));
		for (size_t i = 0; i < DEVICES; i++)
			put_line(school, &guess, &guess.lines[i]);
		try_inventory(school, &guess);
		store_rollback(school->store);
	}
}

/* --- what is counted ----------------------------------------------------------------- */

static void lines_of_sites_that_alternate_are_counted_as_they_are(void **state)
{
	struct school *school = *state;
	struct inventory_import *import;
	struct inventory_count count;

	school_open(school);
	school_site(school, "0002", NULL, NULL, NULL);
	must(school,
	     inventory_import_begin(school->store, school->cache, NOON_MS, &import, &school->err));
	for (unsigned i = 0; i < 20; i++) {
		char host[16], room[16];
		const struct inventory_row row = {
			.site_code = i % 2 ? SITE : "0002",
			.asset_tag = "",
			.serial = "",
			.host_name = host,
			.has_role = i % 3 == 0,
			.role = ROLE_TA,
			.has_room = true,
			.room = room,
		};

		snprintf(host, sizeof(host), "h%u", i / 2);
		snprintf(room, sizeof(room), "%u", i % 3);
		must(school, inventory_import_take(import, &row, &school->err));
	}
	must(school, inventory_import_finish(import, &count, &school->err));
	inventory_import_free(import);
	assert_int_equal(count.sites, 2);
	assert_int_equal(count.devices, 20);
	assert_int_equal(count.added, 20);
	assert_int_equal(school_number(school, "SELECT count(*) FROM site_count WHERE "
					       "never_seen = 10 AND unexpected = 0"),
			 2);
	assert_int_equal(
		school_number(school,
			      "SELECT count(*) FROM site_pattern AS p WHERE n <> (SELECT count(*) "
			      "FROM device AS d WHERE d.site_code = p.site_code AND "
			      "d.room = p.room)"),
		0);
	assert_int_equal(school_number(school, "SELECT sum(n) FROM site_pattern"), 20);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device WHERE role = 'ta'"), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_of_a_series_ascend_and_are_of_it_alone),
		cmocka_unit_test(a_name_is_found_again_among_many),
		cmocka_unit_test_setup_teardown(every_row_finds_the_device_that_it_means,
						school_setup, school_teardown),
		cmocka_unit_test_setup_teardown(
			lines_of_sites_that_alternate_are_counted_as_they_are, school_setup,
			school_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
