/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A store in a temporary folder with a school in it, and words for what happens
 * there: devices enrol, report, age.
 */

#include "tests/unit/unit.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/act/act.h"
#include "collector/act/act_import.h"
#include "collector/act/act_profile.h"
#include "collector/store/store_device.h"
#include "collector/store/store_facts.h"
#include "collector/store/store_report.h"
#include "collector/store/store_site.h"
#include "common/base/civil.h"
#include "common/base/mem.h"

#define HOUR_MS (60 * 60 * 1000LL)
#define DAY_MS (24 * HOUR_MS)
#define NOON_MS 1800273600000LL /* 2027-01-18T12:00:00Z, long before the window */

#define SITE "0001"

struct school {
	char folder[64];
	char path[96];
	struct store *store;
	struct profile_cache *cache;
	int64_t now_ms;
	struct err err;
};

#define must(school, call)                                             \
	do {                                                           \
		int r_ = (call);                                       \
		if (r_ < 0)                                            \
			fail_msg("%s: %s", #call, (school)->err.text); \
	} while (0)

static inline void school_folder(struct school *school)
{
	strcpy(school->folder, "/tmp/testready-store-XXXXXX");
	assert_non_null(mkdtemp(school->folder));
	snprintf(school->path, sizeof(school->path), "%s/store.db", school->folder);
}

static inline int school_setup(void **state)
{
	struct school *school = xcalloc(1, sizeof(*school));

	school_folder(school);
	school->now_ms = NOON_MS;
	school->cache = profile_cache_new();
	must(school, store_open(school->path, false, &school->store, &school->err));
	*state = school;
	return 0;
}

static inline int school_teardown(void **state)
{
	struct school *school = *state;
	DIR *dir = opendir(school->folder);
	struct dirent *entry;

	store_close(school->store);
	profile_cache_free(school->cache);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	}
	closedir(dir);
	rmdir(school->folder);
	free(school);
	return 0;
}

/* --- files ---------------------------------------------------------------------- */

#define REQUIREMENT(id, severity, check, fix)                                                      \
	"{\"id\":\"" id "\",\"severity\":\"" severity "\",\"roles\":[\"student\"],\"title\":\"" id \
	"\",\"check\":" check ",\"fix\":{\"id\":\"" fix                                            \
	"\",\"text\":\"Do it.\",\"minutes\":5},\"source\":\"test\"}"
#define MEMORY(mib)                            \
	REQUIREMENT("memory.size", "required", \
		    "{\"fact\":\"memory.total_mib\",\"at_least\":" mib "}", "more-memory")
#define BROWSER(versions)                                                            \
	REQUIREMENT("browser.version", "required",                                   \
		    "{\"any\":\"browser.installs\",\"where\":{\"fact\":\"version\"," \
		    "\"version_in\":\"" versions "\"}}",                             \
		    "update-browser")
#define HEADPHONES                                     \
	REQUIREMENT("audio.headphones", "recommended", \
		    "{\"fact\":\"audio.headphones\",\"is\":\"present\"}", "plug-in")
#define SYSTEM \
	REQUIREMENT("os.supported", "required", "{\"fact\":\"os\",\"in_table\":\"os\"}", "upgrade")

#define PROFILE(id, hours, requirements)                                                      \
	"{\"profile\":\"" id "\",\"title\":\"Test\",\"source\":\"test\",\"freshness_hours\":" \
	"{\"default\":" hours ",\"last_week\":48,\"last_day\":24},\"certification\":"         \
	"{\"coverage_percent\":95,\"devices_percent\":95,\"browser_percent\":100,"            \
	"\"minimum_weekdays\":5},\"tables\":{\"os\":[{\"id\":\"debian\",\"version\":\"12\","  \
	"\"tier\":\"full\",\"until\":\"2027-04-30\"}]},\"requirements\":[" requirements "]}"

/* Of one id: the second asks for more, in another order, and has one more and one less. */
#define PROFILE_ONE PROFILE("p", "240", MEMORY("2048") "," BROWSER("14.0..") "," HEADPHONES)
#define PROFILE_TWO PROFILE("p", "96", SYSTEM "," BROWSER("14.0..") "," MEMORY("4096"))
#define PROFILE_OTHER PROFILE("q", "96", BROWSER("15.0..") "," MEMORY("1024"))

/* Publish, and judge nobody yet. */
static inline struct reach school_announce(struct school *school, const char *text)
{
	struct profile *profile = NULL;
	struct reach reach = { 0 };

	must(school, profile_parse(text, strlen(text), "test", &profile, &school->err));
	must(school,
	     act_publish(school->store, profile, text, school->now_ms, &reach, &school->err));
	profile_free(profile);
	return reach;
}

/* What act_rejudge() is given to do all, or one device. */
#define ALL_AT_ONCE ((const struct rejudge_budget){ INT64_MAX / 2, INT64_MAX })
#define ONE_DEVICE ((const struct rejudge_budget){ INT64_MAX / 2, 1 })

/* Judge all that is in the queue; how many devices. */
static inline int64_t school_judge(struct school *school)
{
	int64_t n_all = 0, n = 0;
	int r;

	do {
		r = act_rejudge(school->store, school->cache, school->now_ms, &ALL_AT_ONCE, &n,
				&school->err);
		must(school, r);
		n_all += n;
	} while (r > 0);
	return n_all;
}

static inline void school_publish(struct school *school, const char *text, int64_t *ret_n_judged)
{
	(void)school_announce(school, text);
	*ret_n_judged = school_judge(school);
}

/* A site whose window is from @first to @last; neither: it has none. */
static inline void school_site(struct school *school, const char *code, const char *profile_id,
			       const char *first, const char *last)
{
	_cleanup_free_ char *window_id = xasprintf("window-%s", code);
	struct import_sites_count count = { 0 };
	struct site_row row = {
		.code = code,
		.name = "Lincoln",
		.lea_code = "00",
		.lea_name = "Valley",
		.has_window = first != NULL,
		.window = { .id = window_id,
			    .programme = "P",
			    .track = "",
			    .profile_id = profile_id },
	};

	if (first) {
		must(school, civil_parse(first, &row.window.first, &school->err));
		must(school, civil_parse(last, &row.window.last, &school->err));
	}
	must(school, act_import_site(school->store, &row, school->now_ms, &count, &school->err));
}

/* The usual one: a site with profile and window in April 2027. */
static inline void school_open(struct school *school)
{
	int64_t n_judged;

	school_publish(school, PROFILE_ONE, &n_judged);
	school_site(school, SITE, "p", "2027-04-05", "2027-04-23");
}

/* --- devices --------------------------------------------------------------------- */

/* An enrolment key that is good for 30 days and @uses devices. */
static inline void school_key(struct school *school, const char *site_code, int64_t uses,
			      char key[static SECRET_SIZE])
{
	const struct enrollment_grant grant = { site_code, 30, uses };

	must(school,
	     act_enrollment_key_add(school->store, &grant, school->now_ms, key, &school->err));
}

static inline int school_try_enroll(struct school *school, const char *key,
				    const struct device_names *names, char id[static ID_SIZE])
{
	char hash[HASH_SIZE];
	struct enroll_request request = {
		.key_hash = hash,
		.agent_version = "1.0",
		.role = ROLE_STUDENT,
		.names = *names,
	};
	struct enroll_answer answer;
	int r;

	hash_hex(key, strlen(key), hash);
	r = act_enroll(school->store, &request, school->now_ms, &answer, &school->err);
	if (r < 0)
		return r;
	memcpy(id, answer.device_id, ID_SIZE);
	free(answer.site_code);
	free(answer.site_name);
	return 0;
}

static inline void school_enroll(struct school *school, const char *site_code,
				 const struct device_names *names, char id[static ID_SIZE])
{
	char key[SECRET_SIZE];

	school_key(school, site_code, 1, key);
	must(school, school_try_enroll(school, key, names, id));
}

#define BOOT_ID "00000000-0000-4000-8000-000000000001"

/* What a device is like; the requirements of the profiles above are about this. */
struct likeness {
	const char *browser; /* version; NULL: none is installed */
	int memory_mib;      /* 0: unknown */
	bool has_headphones;
};

#define GOOD ((struct likeness){ "14.1", 8192, true })

static inline json_t *likeness_facts(const struct likeness *like)
{
	json_t *installs = json_array();
	json_t *memory = like->memory_mib ? json_integer(like->memory_mib)
					  : json_pack("{s:s}", "unknown", "no /proc");

	if (like->browser)
		json_array_append_new(installs, json_pack("{s:s}", "version", like->browser));
	return json_pack("{s:{s:o}, s:{s:o}, s:{s:s}, s:{s:s, s:s}}", "memory", "total_mib", memory,
			 "browser", "installs", installs, "audio", "headphones",
			 like->has_headphones ? "present" : "absent", "os", "id", "debian",
			 "version_id", "12");
}

/* What a report has beside what its device is like. */
struct told {
	const char *boot_id;                   /* NULL: BOOT_ID */
	const struct fingerprint *fingerprint; /* NULL: none */
	const char *key_hash;                  /* NULL: it came otherwise */
};

static inline void school_head(const char *id, int64_t sequence, int64_t age_ms,
			       const struct told *told, struct report *report)
{
	*report = (struct report){
		.device_id = id,
		.agent_version = "1.0",
		.boot_id = told->boot_id ? told->boot_id : BOOT_ID,
		.sequence = sequence,
		.observed_ms = 1,
		.age_ms = age_ms,
		.has_fingerprint = told->fingerprint != NULL,
	};
	if (told->fingerprint)
		report->fingerprint = *told->fingerprint;
}

static inline enum device_state school_tell(struct school *school, const char *id, int64_t sequence,
					    int64_t age_ms, const struct told *told,
					    const struct likeness *like,
					    struct contact_answer *ret_answer)
{
	json_t *facts = likeness_facts(like);
	_cleanup_free_ char *text = document_canonical(facts);
	struct report report;
	struct delivery delivery = { &report, text, "", told->key_hash ? told->key_hash : "",
				     "",      NULL };

	school_head(id, sequence, age_ms, told, &report);
	report.device = (struct device_names){ "lab", "", "", "" };
	report.facts = facts;
	must(school, act_report(school->store, school->cache, &delivery, school->now_ms, ret_answer,
				&school->err));
	json_decref(facts);
	return ret_answer->state;
}

/* A report that was observed @age_ms before now. */
static inline enum device_state school_report(struct school *school, const char *id,
					      int64_t sequence, int64_t age_ms,
					      const struct device_names *names,
					      const struct likeness *like)
{
	json_t *facts = likeness_facts(like);
	_cleanup_free_ char *text = document_canonical(facts);
	struct report report;
	struct delivery delivery = { &report, text, "", "", "", NULL };
	struct contact_answer answer;

	school_head(id, sequence, age_ms, &(struct told){ 0 }, &report);
	report.device = *names;
	report.facts = facts;
	must(school, act_report(school->store, school->cache, &delivery, school->now_ms, &answer,
				&school->err));
	json_decref(facts);
	return answer.state;
}

/* Facts as a version stored them that did not pack them. */
static inline void school_unpack_facts(struct school *school)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;

	must(school, db_query(school->store->db, "SELECT device_id, body, packed FROM device_facts",
			      &rows, &school->err, ""));
	while (db_next(rows, &school->err) > 0) {
		_cleanup_free_ char *text = NULL, *id = xstrdup(db_text(rows, 0));

		must(school, store_facts_read(rows, 1, id, &text, &school->err));
		must(school, db_exec(school->store->db,
				     "UPDATE device_facts SET body = $2, packed = NULL "
				     "WHERE device_id = $1",
				     NULL, &school->err, "tt", id, text));
	}
}

/* What is stored of the device's facts, NULL for all devices, cannot be read any more. */
static inline void school_damage_facts(struct school *school, const char *id)
{
	must(school,
	     db_exec(school->store->db,
		     "UPDATE device_facts SET packed = substr(packed, 1, length(packed) - 1) "
		     "WHERE $1 IS NULL OR device_id = $1",
		     NULL, &school->err, "t", id));
}

static inline int64_t school_sweep(struct school *school)
{
	int64_t n_changed;

	must(school,
	     act_sweep(school->store, school->cache, school->now_ms, &n_changed, &school->err));
	return n_changed;
}

/* How many reports are remembered, of all devices. */
static inline size_t school_all_reports(struct school *school)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct past past;
	size_t n = 0, size;
	int r;

	must(school,
	     db_query(school->store->db, "SELECT past FROM device", &rows, &school->err, ""));
	while ((r = db_next(rows, &school->err)) > 0) {
		const void *bytes = db_bytes(rows, 0, &size);

		must(school, past_read(bytes, size, &past, &school->err));
		n += past.n_reports;
	}
	must(school, r);
	return n;
}

/* The one number of a query without parameters. */
static inline int64_t school_number(struct school *school, const char *sql)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;

	must(school, db_query(school->store->db, sql, &rows, &school->err, ""));
	assert_int_equal(db_next(rows, &school->err), 1);
	return db_int(rows, 0);
}
