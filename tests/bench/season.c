/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a season leaves in the store: devices enrol and report once a day, in virtual time, by the
 * same calls as the collector's writer. Prints one line of JSON.
 *
 *     season STORE PROFILE-ID FACTS DEVICES DAYS CHANGES
 *
 * STORE has the profile published; FACTS has those of a device that is ready. CHANGES times, spread
 * over the season, a device has other facts than before: every other time something fails
 * that did not, and then does no more, and each time the free room on the disk is another.
 */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/act.h"
#include "collector/act/act_import.h"
#include "collector/act/act_known.h"
#include "common/base/civil.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/model/document.h"

#define DAY_MS INT64_C(86400000)
#define SITE_DEVICES 100
#define ROOM_DEVICES 30

enum {
	BATCH = 64, /* reports of a transaction, as where 64 devices report at once */
};

struct member {
	char id[ID_SIZE], host[24], serial[24];
	int n_changes;
	json_t *facts;
	char *text;
	char contents[HASH_SIZE];
};

struct season {
	struct store *store;
	struct profile_cache *cache;
	struct judges judges;
	const char *profile_id;
	json_t *facts;
	struct member *members;
	int64_t n_devices, n_days, n_changes;
	int64_t now_ms, n_reports, n_known, n_in_batch;
	struct err err;
};

#define must(season, call)                                                   \
	do {                                                                 \
		if ((call) < 0) {                                            \
			fprintf(stderr, "season: %s\n", (season)->err.text); \
			exit(1);                                             \
		}                                                            \
	} while (0)

static int64_t file_bytes(struct season *season, int64_t *ret_free)
{
	struct db_sizes sizes;

	must(season, season->store->db->driver->sizes(season->store->db, &sizes, &season->err));
	*ret_free = sizes.free_bytes;
	return sizes.file_bytes;
}

static void put_site(struct season *season, int64_t index)
{
	int32_t today = civil_of_ms(season->now_ms);
	char code[40], window_id[64];
	struct import_sites_count count = { 0 };
	struct site_row row = {
		.code = code,
		.name = "School",
		.lea_code = "1900000",
		.lea_name = "District",
		.has_window = true,
		.window = { .id = window_id,
			    .programme = "CAASPP",
			    .track = "",
			    .profile_id = (char *)season->profile_id,
			    .profile_version = "",
			    .first = today + (int32_t)season->n_days - 50,
			    .last = today + (int32_t)season->n_days },
	};

	snprintf(code, sizeof(code), "1900000%07" PRId64, index + 1);
	snprintf(window_id, sizeof(window_id), "window-%s", code);
	must(season, act_import_site(season->store, &row, season->now_ms, &count, &season->err));
}

static void fill_fingerprint(const struct member *member, struct fingerprint *fingerprint)
{
	fingerprint_add(fingerprint, FINGERPRINT_BOARD_SERIAL, true, member->serial);
	fingerprint_add(fingerprint, FINGERPRINT_PRODUCT_SERIAL, true, member->serial);
	fingerprint_add(fingerprint, FINGERPRINT_DISK_SERIAL, true, member->host);
}

static void enroll(struct season *season, int64_t index, const char *key)
{
	struct member *member = &season->members[index];
	struct enroll_answer answer = { 0 };
	struct enroll_request request = { .agent_version = VERSION,
					  .role = ROLE_STUDENT,
					  .has_fingerprint = true };
	char key_hash[HASH_SIZE], request_id[ID_SIZE];

	id_new(request_id);
	hash_hex(key, strlen(key), key_hash);
	snprintf(member->host, sizeof(member->host), "lab-%05" PRId64, index % SITE_DEVICES + 1);
	snprintf(member->serial, sizeof(member->serial), "SN%08" PRId64, index);
	request.key_hash = key_hash;
	request.request_id = request_id;
	request.names = (struct device_names){ member->host, member->serial, "", "ExampleBook 3" };
	fill_fingerprint(member, &request.fingerprint);
	must(season, act_enroll(season->store, &request, season->now_ms, &answer, &season->err));
	snprintf(member->id, ID_SIZE, "%s", answer.device_id);
	free(answer.site_code);
	free(answer.site_name);
}

static void enroll_all(struct season *season)
{
	char key[SECRET_SIZE] = "", code[40];

	must(season, store_begin(season->store, &season->err));
	for (int64_t i = 0; i < season->n_devices; i++) {
		if (i % SITE_DEVICES == 0) {
			const struct enrollment_grant grant = { code, 30, -1 };

			put_site(season, i / SITE_DEVICES);
			snprintf(code, sizeof(code), "1900000%07" PRId64, i / SITE_DEVICES + 1);
			must(season, act_enrollment_key_add(season->store, &grant, season->now_ms,
							    key, &season->err));
		}
		enroll(season, i, key);
	}
	must(season, store_commit(season->store, &season->err));
}

/* What it has from now on; every other time without headphones and with too little memory. */
static void change(struct season *season, int64_t index)
{
	struct member *member = &season->members[index];
	json_t *facts = json_deep_copy(season->facts);
	bool is_failing = member->n_changes++ % 2 == 1;

	json_object_set_new(json_object_get(facts, "disk"), "free_bytes",
			    json_integer(100000000000 + index * 8192 + member->n_changes * 4096));
	if (is_failing) {
		json_object_set_new(json_object_get(facts, "audio"), "headphones",
				    json_string("absent"));
		json_object_set_new(json_object_get(facts, "memory"), "total_mib",
				    json_integer(512));
	}
	json_decref(member->facts);
	free(member->text);
	member->facts = facts;
	member->text = document_canonical(facts);
	/* In the place of the digest of the bytes, which are those of no request here. */
	hash_hex(member->text, strlen(member->text), member->contents);
}

/* As collector/ingest/writer.c does it. */
static void take(struct season *season, const struct member *member, const struct report *report)
{
	const struct moment moment = { season->store, season->cache, season->now_ms };
	const struct known_delivery known = { report, member->contents, "" };
	const struct delivery delivery = { .report = report,
					   .facts_text = member->text,
					   .sent_hash = "",
					   .key_hash = "",
					   .contents = member->contents };
	struct contact_answer answer;
	int r = act_known(&season->judges, &moment, &known, &answer, &season->err);

	must(season, r);
	season->n_known += r;
	if (r == 0)
		must(season, act_report(season->store, season->cache, &delivery, season->now_ms,
					&answer, &season->err));
	season->n_reports++;
}

/* Each day is a boot. */
static void report(struct season *season, int64_t index, int64_t day)
{
	const struct member *member = &season->members[index];
	char boot_id[64];
	struct report report = { .device_id = member->id,
				 .agent_version = VERSION,
				 .boot_id = boot_id,
				 .sequence = day + 1,
				 .observed_ms = season->now_ms - 2000,
				 .age_ms = 2000,
				 .device = { member->host, member->serial, "", "ExampleBook 3" },
				 .has_fingerprint = true,
				 .facts = member->facts };

	snprintf(boot_id, sizeof(boot_id), "%08" PRIx64 "-0000-4000-8000-%012" PRIx64, day, index);
	fill_fingerprint(member, &report.fingerprint);
	if (season->n_in_batch == 0)
		must(season, store_begin(season->store, &season->err));
	take(season, member, &report);
	if (++season->n_in_batch == BATCH) {
		must(season, store_commit(season->store, &season->err));
		judges_forget(&season->judges);
		season->n_in_batch = 0;
	}
}

static void run_day(struct season *season, int64_t day)
{
	int64_t n_changed;

	/* In an order of its own each day: by a step that has no divisor in common with any number.
	 */
	for (int64_t i = 0; i < season->n_devices; i++) {
		int64_t index = (i * 1000003 + day * 7919) % season->n_devices;
		int64_t due = (day + index) * season->n_changes / season->n_days;
		int64_t before = (day - 1 + index) * season->n_changes / season->n_days;

		if (day == 0 || due != before)
			change(season, index);
		season->now_ms += 1;
		report(season, index, day);
	}
	if (season->n_in_batch > 0)
		must(season, store_commit(season->store, &season->err));
	judges_forget(&season->judges);
	season->n_in_batch = 0;
	must(season,
	     act_sweep(season->store, season->cache, season->now_ms, &n_changed, &season->err));
	season->now_ms += DAY_MS - season->n_devices;
}

int main(int argc, char *argv[])
{
	struct season season = { .now_ms = clock_now_ms() };
	int64_t empty, bytes, free_bytes;

	if (argc != 7 || sodium_init() < 0) {
		fprintf(stderr, "usage: season STORE PROFILE-ID FACTS DEVICES DAYS CHANGES\n");
		return 1;
	}
	season.profile_id = argv[2];
	season.facts = json_load_file(argv[3], 0, NULL);
	season.n_devices = atoll(argv[4]);
	season.n_days = atoll(argv[5]);
	season.n_changes = atoll(argv[6]);
	if (!season.facts || season.n_devices < 1 || season.n_days < 1)
		return 1;
	season.members = xcalloc((size_t)season.n_devices, sizeof(*season.members));
	season.cache = profile_cache_new();
	must(&season, store_open(argv[1], false, &season.store, &season.err));
	/* Nobody needs this on the disk. */
	must(&season, season.store->db->driver->script(season.store->db, "PRAGMA synchronous = OFF",
						       &season.err));
	empty = file_bytes(&season, &free_bytes);
	enroll_all(&season);
	for (int64_t day = 0; day < season.n_days; day++)
		run_day(&season, day);
	bytes = file_bytes(&season, &free_bytes);
	printf("{\"devices\": %" PRId64 ", \"reports\": %" PRId64 ", \"known\": %" PRId64
	       ", \"bytes\": %" PRId64 ", \"free\": %" PRId64 "}\n",
	       season.n_devices, season.n_reports, season.n_known, bytes - empty, free_bytes);
	for (int64_t i = 0; i < season.n_devices; i++) {
		json_decref(season.members[i].facts);
		free(season.members[i].text);
	}
	free(season.members);
	judges_done(&season.judges);
	profile_cache_free(season.cache);
	store_close(season.store);
	json_decref(season.facts);
	return 0;
}
