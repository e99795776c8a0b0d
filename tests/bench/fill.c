/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fill a store with a fleet: sites with inventories, and devices that reported once. What
 * is alike is judged once a site and written by the functions of the store, without the
 * history that enrolling and reporting leave, and what is counted is written once a site; so a
 * million takes two minutes. A fill that is interrupted leaves no store.
 *
 *     fill --store URL --facts FILE --profile ID --devices N [--sites N]
 *          [--distinct PERCENT] [--seed N] [--keys FILE]
 *
 * FILE has the facts of a device that is ready, the profile is published already.
 * Most devices are like it and some are not, see likenesses[]; PERCENT of them have
 * facts that no other has, as by their free room on the disk. The same seed gives the
 * same fleet but for its random ids. --keys gets a line "DEVICE KEY" for the first
 * devices, which tests/bench/load reports for. Prints one line of JSON.
 */
#include <getopt.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/act.h"
#include "collector/act/act_import.h"
#include "collector/act/judge.h"
#include "collector/act/rollup.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_report.h"
#include "common/base/civil.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/model/document.h"

#define DAY_MS INT64_C(86400000)
#define KEYS_MAX 16384
#define ROOM_DEVICES 30
#define LEA_SITES 8

enum {
	BATCH = 100000, /* devices of one transaction */
	IMAGES = 6,     /* a site's devices have one of so many */
};

struct fleet {
	struct store *store;
	struct profile_cache *cache;
	struct rollup_sum *counts; /* of the site that is filled */
	const char *profile_id;
	json_t *facts; /* of a device that is ready */
	FILE *keys;
	int64_t n_devices, n_sites, distinct, n_keys;
	uint64_t seed;
	int64_t now_ms;
	int64_t n_done, n_reported;
	struct err err;
};

struct seat {
	char code[24], name[32], lea_code[16], lea_name[32];
	int64_t index, first, n_devices;
};

#define must(fleet, call)                                                 \
	do {                                                              \
		if ((call) < 0) {                                         \
			fprintf(stderr, "fill: %s\n", (fleet)->err.text); \
			exit(1);                                          \
		}                                                         \
	} while (0)

/* What is otherwise than with a device that is ready; of a thousand devices. */
/* clang-format off */
static const struct likeness {
	unsigned per_mille;
	const char *path, *value;
} likenesses[] = {
	{ 150, "browser.installs.0.version", "\"14.1\"" },
	{ 40, "browser.installs.0.version", "\"12.5\"" },
	{ 15, "browser.installs", "[]" },
	{ 15, "browser.installs.0.launchable", "false" },
	{ 20, "memory.total_mib", "1024" },
	{ 40, "memory.total_mib", "4096" },
	{ 10, "memory.total_mib", "{\"unknown\": \"/proc/meminfo: Input/output error\"}" },
	{ 25, "os.version_id", "\"18.04\"" },
	{ 15, "display.screens", "{\"unknown\": \"/sys/class/drm: Permission denied\"}" },
	{ 100, "audio.headphones", "\"absent\"" },
	{ 50, "audio.muted", "true" },
	{ 520, NULL, NULL },
};
/* clang-format on */

/* Those that the school does not hear of, or that it did not expect; of a thousand. */
enum { NEVER = 20, STALE = 20, CONFLICT = 2, RETIRED = 3, UNEXPECTED = 10 };

/* Devices that differ in nothing but their free room are judged alike. */
struct sample {
	char *head, *tail; /* of the canonical facts, before and after the free room */
	struct device device;
};

/* SplitMix64, of Vigna, "Further scramblings of Marsaglia's xorshift generators", 2014. */
static uint64_t mix(uint64_t z)
{
	z += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* A number of the device @index below @n; @what tells several apart. */
static unsigned pick(const struct fleet *fleet, int64_t index, unsigned what, unsigned n)
{
	return (unsigned)(mix(fleet->seed ^ mix((uint64_t)index * 16 + what)) % n);
}

/* --- facts ------------------------------------------------------------------------- */

/* Stands for the free room until a device's own is put in. */
#define FREE_BYTES INT64_C(98765432109876)
#define FREE_TEXT "98765432109876"

/* Set the fact at @path, whose numbers are places in lists. Takes @value. */
static void set_fact(json_t *facts, const char *path, json_t *value)
{
	_cleanup_free_ char *copy = xstrdup(path);
	char *rest, *name = strtok_r(copy, ".", &rest);

	for (char *next; (next = strtok_r(NULL, ".", &rest)); name = next)
		facts = json_is_array(facts) ? json_array_get(facts, (size_t)atoi(name))
					     : json_object_get(facts, name);
	if (json_object_set_new(facts, name, value) < 0) {
		fprintf(stderr, "fill: the facts have no %s\n", path);
		exit(1);
	}
}

static size_t pick_likeness(const struct fleet *fleet, int64_t index)
{
	unsigned at = pick(fleet, index, 0, 1000);
	size_t i = 0;

	while (i < ARRAY_SIZE(likenesses) - 1 && at >= likenesses[i].per_mille)
		at -= likenesses[i++].per_mille;
	return i;
}

static unsigned pick_image(const struct fleet *fleet, const struct seat *place)
{
	return pick(fleet, place->index, 1, IMAGES);
}

static char *make_facts(const struct fleet *fleet, const struct likeness *like, unsigned image)
{
	json_t *facts = json_deep_copy(fleet->facts);
	char *text;

	set_fact(facts, "cpu.mhz", json_integer(1800 + 200 * image));
	set_fact(facts, "disk.free_bytes", json_integer(FREE_BYTES));
	if (like->path)
		set_fact(facts, like->path, json_loads(like->value, JSON_DECODE_ANY, NULL));
	text = document_canonical(facts);
	json_decref(facts);
	return text;
}

static char *finish_facts(const struct fleet *fleet, const struct sample *sample, unsigned image,
			  int64_t index)
{
	int64_t free_bytes = 100000000000 + (int64_t)image * 4096;

	if (pick(fleet, index, 2, 100) < fleet->distinct)
		free_bytes = 30000000000 + index * 4096;
	return xasprintf("%s%" PRId64 "%s", sample->head, free_bytes, sample->tail);
}

/* --- sites -------------------------------------------------------------------------- */

/* Sites differ in size, by up to five times. */
static void make_place(const struct fleet *fleet, int64_t index, struct seat *place)
{
	int64_t begin = 0, all = 0;

	for (int64_t i = 0; i < fleet->n_sites; i++) {
		begin += i < index ? i % 5 + 1 : 0;
		all += i % 5 + 1;
	}
	place->index = index;
	place->n_devices =
		fleet->n_devices * (begin + index % 5 + 1) / all - fleet->n_devices * begin / all;
	snprintf(place->lea_code, sizeof(place->lea_code), "%07" PRId64,
		 (1900000 + index / LEA_SITES) % 10000000);
	snprintf(place->lea_name, sizeof(place->lea_name), "District %" PRId64,
		 index / LEA_SITES + 1);
	snprintf(place->code, sizeof(place->code), "%s%07" PRId64, place->lea_code,
		 (index + 1) % 10000000);
	snprintf(place->name, sizeof(place->name), "School %" PRId64, index + 1);
}

static void put_site(struct fleet *fleet, const struct seat *place)
{
	int32_t today = civil_of_ms(fleet->now_ms);
	_cleanup_free_ char *window_id = xasprintf("window-%s", place->code);
	struct import_sites_count count = { 0 };
	const struct site_row row = {
		.code = place->code,
		.name = place->name,
		.lea_code = place->lea_code,
		.lea_name = place->lea_name,
		.has_window = true,
		.window = { .id = window_id,
			    .programme = "CAASPP",
			    .track = "",
			    .profile_id = fleet->profile_id,
			    .profile_version = "",
			    .first = today + 30 + (int32_t)(place->index % 10),
			    .last = today + 75 + (int32_t)(place->index % 10) },
	};

	must(fleet, act_import_site(fleet->store, &row, fleet->now_ms, &count, &fleet->err));
}

/* --- devices ------------------------------------------------------------------------- */

/* Of a site: by likeness and role. */
typedef struct sample samples_t[ARRAY_SIZE(likenesses)][ROLE_MAX_];

static void judge_sample(struct fleet *fleet, const struct judge *judge, size_t like,
			 unsigned image, enum device_role role, struct sample *sample)
{
	struct device *device = &sample->device;
	_cleanup_free_ char *text = make_facts(fleet, &likenesses[like], image);
	char *at = strstr(text, FREE_TEXT);

	device->role = role;
	device->seen_ms = fleet->now_ms;
	device->state = STATE_NEVER_SEEN;
	device->id = xstrdup("sample");
	device->profile_id = xstrdup("");
	device->profile_version = xstrdup("");
	device->results = xstrdup("");
	device->facts = xstrdup(text);
	must(fleet, judge_again(judge, device, &fleet->err));
	sample->head = xstrndup(text, (size_t)(at - text));
	sample->tail = xstrdup(at + strlen(FREE_TEXT));
}

static void samples_done(samples_t samples)
{
	for (size_t i = 0; i < ARRAY_SIZE(likenesses); i++) {
		for (size_t role = 0; role < ROLE_MAX_; role++) {
			free(samples[i][role].head);
			free(samples[i][role].tail);
			device_done(&samples[i][role].device);
		}
	}
}

static enum device_role pick_role(const struct fleet *fleet, int64_t index)
{
	unsigned at = pick(fleet, index, 4, 100);

	return at < 8 ? ROLE_TA : at < 12 ? ROLE_SHARED : at < 14 ? ROLE_SPARE : ROLE_STUDENT;
}

struct names {
	char id[ID_SIZE], serial[24], host[24], room[24];
};

/*
 * Ids of the whole range as random ones are, but ascending: the rows of ten indexes go where the
 * ones before went, and not each to another page.
 */
static void make_id(const struct fleet *fleet, int64_t index, char id[static ID_SIZE])
{
	uint64_t step = UINT64_MAX / (uint64_t)fleet->n_devices;
	char random[ID_SIZE];

	id_new(random);
	snprintf(id, ID_SIZE, "%016" PRIx64 "%.16s",
		 (uint64_t)index * step + mix((uint64_t)index) % step, random);
}

static void make_names(const struct fleet *fleet, int64_t index, int64_t at_site,
		       struct names *names)
{
	make_id(fleet, index, names->id);
	snprintf(names->serial, sizeof(names->serial), "SN%08" PRId64, index);
	snprintf(names->host, sizeof(names->host), "lab-%05" PRId64, at_site + 1);
	snprintf(names->room, sizeof(names->room), "%" PRId64, 101 + at_site / ROOM_DEVICES);
}

static void make_fingerprint(const char *serial, struct fingerprint *fingerprint)
{
	*fingerprint = (struct fingerprint){ 0 };
	fingerprint_add(fingerprint, FINGERPRINT_BOARD_SERIAL, true, serial);
	fingerprint_add(fingerprint, FINGERPRINT_PRODUCT_SERIAL, true, serial);
}

static void put_key(struct fleet *fleet, const char *id)
{
	char key[SECRET_SIZE], key_hash[HASH_SIZE];

	secret_new(SECRET_DEVICE, key);
	hash_hex(key, strlen(key), key_hash);
	must(fleet, store_device_set_key(fleet->store, id, key_hash, &fleet->err));
	if (fleet->keys && fleet->n_keys++ < KEYS_MAX)
		fprintf(fleet->keys, "%s %s\n", id, key);
}

static void make_report(const struct fleet *fleet, const struct device *device,
			struct report *report)
{
	*report = (struct report){
		.device_id = device->id,
		.agent_version = VERSION,
		.boot_id = "00000000-0000-4000-8000-000000000001",
		.sequence = 1,
		.observed_ms = device->seen_ms,
		.age_ms = fleet->now_ms - device->seen_ms,
		.device = { device->host_name, device->serial, "", device->model },
		.has_fingerprint = true,
	};
	make_fingerprint(device->serial, &report->fingerprint);
}

/* What a device leaves beside its row when it reports. */
static void put_traces(struct fleet *fleet, const struct device *device)
{
	struct identity identity = { 0 };
	struct past past = { 0 };
	struct report report;

	make_report(fleet, device, &report);
	identity.fingerprint = report.fingerprint;
	put_key(fleet, device->id);
	must(fleet, store_identity_put(fleet->store, device->id, &identity, &fleet->err));
	(void)past_meet(&past, &report);
	past_add(&past, &report, device->state);
	must(fleet, store_past_put(fleet->store, device->id, &past, &fleet->err));
	fleet->n_reported++;
}

/* Report as another machine with the same key: two devices, until somebody decides. */
static void bring_into_conflict(struct fleet *fleet, const struct device *device)
{
	const struct delivery delivery = { .facts_text = device->facts,
					   .sent_hash = "",
					   .key_hash = "" };
	struct delivery told = delivery;
	struct contact_answer answer;
	struct report report;

	make_report(fleet, device, &report);
	make_fingerprint("another", &report.fingerprint);
	report.sequence = 2;
	report.facts = json_loads(device->facts, 0, NULL);
	told.report = &report;
	must(fleet,
	     act_report(fleet->store, fleet->cache, &told, fleet->now_ms, &answer, &fleet->err));
	json_decref((json_t *)report.facts);
}

/* A retired device counts nowhere: it was one, and is @device. */
static void count_new(struct fleet *fleet, const struct device *device)
{
	struct device none = *device;

	none.state = STATE_RETIRED;
	must(fleet, rollup_sum_change(fleet->counts, fleet->store, &none, device, &fleet->err));
}

static void put_reported(struct fleet *fleet, const struct judge *judge,
			 const struct sample *sample, unsigned fate, struct device *device)
{
	char facts_hash[HASH_SIZE];

	hash_hex(device->facts, strlen(device->facts), facts_hash);
	device->facts_hash = facts_hash;
	device->enrolled_ms = fleet->now_ms;
	device->seen_ms = fate < STALE ? fleet->now_ms - 40 * DAY_MS : fleet->now_ms;
	device->state = fate >= STALE && fate < STALE + RETIRED ? STATE_RETIRED : STATE_UNKNOWN;
	device->profile_id = sample->device.profile_id;
	device->profile_version = sample->device.profile_version;
	device->results = sample->device.results;
	device->browser = sample->device.browser;
	must(fleet, judge_state(judge, device, &fleet->err));
	must(fleet, store_device_insert(fleet->store, device, &fleet->err));
	put_traces(fleet, device);
	count_new(fleet, device);
	if (fate >= STALE + RETIRED && fate < STALE + RETIRED + CONFLICT) {
		must(fleet, rollup_sum_write(fleet->counts, fleet->store, &fleet->err));
		bring_into_conflict(fleet, device);
	}
}

static void put_device(struct fleet *fleet, const struct judge *judge, const struct seat *place,
		       samples_t samples, int64_t at_site)
{
	int64_t index = place->first + at_site;
	unsigned image = pick_image(fleet, place), fate = pick(fleet, index, 5, 1000);
	size_t like = pick_likeness(fleet, index);
	enum device_role role = pick_role(fleet, index);
	struct sample *sample = &samples[like][role];
	_cleanup_free_ char *facts = NULL;
	struct names names;
	struct device device;

	make_names(fleet, index, at_site, &names);
	device = (struct device){ .id = names.id,
				  .site_code = (char *)place->code,
				  .role = role,
				  .room = names.room,
				  .asset_tag = "",
				  .serial = names.serial,
				  .host_name = names.host,
				  .model = "ExampleBook 3",
				  .agent_version = VERSION,
				  .is_expected = pick(fleet, index, 3, 1000) >= UNEXPECTED,
				  .state = STATE_NEVER_SEEN,
				  .since_ms = fleet->now_ms,
				  .profile_id = "",
				  .profile_version = "",
				  .results = "",
				  .browser = RESULT_UNKNOWN,
				  .facts_hash = "" };
	if (device.is_expected && pick(fleet, index, 6, 1000) < NEVER) {
		must(fleet, store_device_insert(fleet->store, &device, &fleet->err));
		count_new(fleet, &device);
		return;
	}
	if (!sample->head)
		judge_sample(fleet, judge, like, image, role, sample);
	device.facts = facts = finish_facts(fleet, sample, image, index);
	put_reported(fleet, judge, sample, fate, &device);
}

static void put_devices(struct fleet *fleet, const struct seat *place)
{
	_cleanup_(judge_done) struct judge judge = { 0 };
	samples_t samples = { 0 };

	must(fleet, judge_open(fleet->store, fleet->cache, place->code, fleet->now_ms, &judge,
			       &fleet->err));
	for (int64_t i = 0; i < place->n_devices; i++) {
		put_device(fleet, &judge, place, samples, i);
		fleet->n_done++;
	}
	must(fleet, rollup_sum_write(fleet->counts, fleet->store, &fleet->err));
	samples_done(samples);
}

static void fill(struct fleet *fleet)
{
	int64_t first = 0, n_batch = 0;

	must(fleet, store_begin(fleet->store, &fleet->err));
	for (int64_t i = 0; i < fleet->n_sites; i++) {
		struct seat place;

		make_place(fleet, i, &place);
		place.first = first;
		put_site(fleet, &place);
		put_devices(fleet, &place);
		first += place.n_devices;
		if ((n_batch += place.n_devices) >= BATCH) {
			n_batch = 0;
			must(fleet, store_commit(fleet->store, &fleet->err));
			must(fleet, store_begin(fleet->store, &fleet->err));
		}
	}
	must(fleet, store_commit(fleet->store, &fleet->err));
}

/* --- the program ----------------------------------------------------------------------- */

static void usage(void)
{
	fprintf(stderr, "usage: fill --store URL --facts FILE --profile ID --devices N [--sites N] "
			"[--distinct PERCENT] [--seed N] [--keys FILE]\n");
	exit(1);
}

static const char *read_options(int argc, char *argv[], struct fleet *fleet)
{
	static const struct option options[] = {
		{ "store", 1, NULL, 's' },   { "facts", 1, NULL, 'f' },
		{ "profile", 1, NULL, 'p' }, { "devices", 1, NULL, 'd' },
		{ "sites", 1, NULL, 'n' },   { "distinct", 1, NULL, 'x' },
		{ "seed", 1, NULL, 'r' },    { "keys", 1, NULL, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	const char *store = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (c) {
		case 's':
			store = optarg;
			break;
		case 'f':
			fleet->facts = json_load_file(optarg, 0, NULL);
			break;
		case 'p':
			fleet->profile_id = optarg;
			break;
		case 'd':
			fleet->n_devices = atoll(optarg);
			break;
		case 'n':
			fleet->n_sites = atoll(optarg);
			break;
		case 'x':
			fleet->distinct = atoll(optarg);
			break;
		case 'r':
			fleet->seed = strtoull(optarg, NULL, 10);
			break;
		case 'k':
			fleet->keys = fopen(optarg, "w");
			break;
		default:
			usage();
		}
	}
	if (!store || !fleet->facts || !fleet->profile_id || fleet->n_devices < 1 ||
	    fleet->n_sites < 1 || optind < argc)
		usage();
	return store;
}

int main(int argc, char *argv[])
{
	struct fleet fleet = { .n_sites = 100, .distinct = 30, .now_ms = clock_now_ms() };
	const char *store = read_options(argc, argv, &fleet);
	int64_t begun_ms = clock_boot_ms();

	if (sodium_init() < 0)
		return 1;
	must(&fleet, store_open(store, false, &fleet.store, &fleet.err));
	/* Keys are random, so each goes to another page; nobody needs this on the disk. */
	must(&fleet, fleet.store->db->driver->script(
			     fleet.store->db,
			     "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; "
			     "PRAGMA synchronous = OFF; PRAGMA cache_size = -1048576",
			     &fleet.err));
	fleet.cache = profile_cache_new();
	fleet.counts = rollup_sum_new();
	fill(&fleet);
	printf("{\"sites\": %" PRId64 ", \"devices\": %" PRId64 ", \"reported\": %" PRId64
	       ", \"seconds\": %.1f}\n",
	       fleet.n_sites, fleet.n_done, fleet.n_reported,
	       (double)(clock_boot_ms() - begun_ms) / 1e3);
	rollup_sum_free(fleet.counts);
	profile_cache_free(fleet.cache);
	store_close(fleet.store);
	json_decref(fleet.facts);
	return fleet.keys && fclose(fleet.keys) != 0;
}
