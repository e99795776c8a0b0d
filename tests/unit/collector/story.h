/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A device whose reports and heartbeats are taken in both ways, known and read: that both leave
 * behind the same, to the last column of the last table, and answer the same.
 */

#include <sodium.h>

#include "collector/act/act_known.h"
#include "collector/store/store_conflict.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_known.h"
#include "common/model/facts.h"
#include "tests/unit/collector/random_check.h"
#include "tests/unit/collector/school.h"

static const char boots[][REPORT_BOOT_ID_SIZE] = {
	"00000000-0000-4000-8000-00000000000a",
	"00000000-0000-4000-8000-00000000000b",
	"00000000-0000-4000-8000-00000000000c",
	"00000000-0000-4000-8000-00000000000d",
};

/* A device and whoever else has its key. */
struct story {
	struct school *school;
	char id[ID_SIZE];
	char key_hash[HASH_SIZE];
	char next_key_hash[HASH_SIZE]; /* "": none was given */
	int64_t sequence;
	size_t boot, machine, like, names;
	bool is_incomplete;       /* an older agent, some of whose facts were made unknown */
	bool is_newer, is_silent; /* in its heartbeats: another version, no fingerprint */
	unsigned n_known, n_looked_at, n_known_beats, n_known_facts;
};

/* --- the whole store as text ------------------------------------------------------------ */

static inline void print_table(struct school *school, const char *table, FILE *out)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	_cleanup_(db_rows_closep) struct db_rows *columns = NULL;
	_cleanup_free_ char *sql = xasprintf("SELECT * FROM %s ORDER BY 1, 2", table);
	_cleanup_free_ char *of = xasprintf("SELECT name FROM pragma_table_info('%s')", table);
	int n = 0, r;

	must(school, db_query(school->store->db, of, &columns, &school->err, ""));
	while (db_next(columns, &school->err) > 0)
		n++;
	must(school, db_query(school->store->db, sql, &rows, &school->err, ""));
	while ((r = db_next(rows, &school->err)) > 0) {
		fprintf(out, "\n%s:", table);
		for (int i = 0; i < n; i++) {
			size_t size;
			const unsigned char *bytes = db_bytes(rows, i, &size);

			fputs(db_is_null(rows, i) ? " null" : " '", out);
			for (size_t at = 0; at < size; at++)
				fprintf(out, bytes[at] < 0x7f && bytes[at] >= ' ' ? "%c" : "%02x",
					bytes[at]);
			fputs("'", out);
		}
	}
	must(school, r);
}

static inline char *print_store(struct school *school)
{
	static const char *const tables[] = {
		"device",       "device_facts", "device_identity", "device_mark",
		"device_note",  "conflict",     "conflict_act",    "transition",
		"site_pattern", "site_count",   "rejudge",
	};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		print_table(school, tables[i], out);
	fclose(out);
	return text;
}

/* --- reports, both ways ------------------------------------------------------------------- */

static const struct likeness likes[] = {
	{ "14.1", 8192, true },
	{ "13.0", 8192, false },
	/* Other facts than the first, and the same results. */
	{ "14.1", 16384, true },
	{ "14.1.1", 8192, true },
};
static const struct device_names names[] = { { "lab", "S1", "", "M" }, { "lab-2", "", "A2", "" } };

static inline void fill_fingerprint(const struct story *story, struct report *report)
{
	static const char *const boards[] = { "b1", "b1", "b2" }, *const disks[] = { "d1", "d2",
										     "d3" };

	report->has_fingerprint = true;
	fingerprint_add(&report->fingerprint, FINGERPRINT_BOARD_SERIAL, true,
			boards[story->machine]);
	fingerprint_add(&report->fingerprint, FINGERPRINT_DISK_SERIAL, true, disks[story->machine]);
	fingerprint_add(&report->fingerprint, FINGERPRINT_MAC, true, "m1");
}

/* One of the two. */
struct visit {
	const struct delivery *delivery;
	const struct heartbeat *heartbeat;
	const char *key_hash;
};

static inline void whole(struct story *story, const struct visit *visit,
			 struct contact_answer *ret_answer)
{
	struct school *school = story->school;

	if (visit->heartbeat)
		must(school,
		     act_heartbeat(school->store, school->cache, visit->heartbeat, visit->key_hash,
				   school->now_ms, ret_answer, &school->err));
	else
		must(school, act_report(school->store, school->cache, visit->delivery,
					school->now_ms, ret_answer, &school->err));
}

/* For each group a number that no other value of it has; what is not there has 0. */
static inline void number_groups(const json_t *facts, uint64_t numbers[static FACTS_GROUPS_MAX])
{
	for (size_t i = 0; facts_table[i].name; i++) {
		const json_t *group = json_object_get(facts, facts_table[i].name);
		_cleanup_free_ char *text = group ? document_canonical(group) : NULL;
		char hash[HASH_SIZE] = "";

		numbers[i] = 0;
		if (!text)
			continue;
		hash_hex(text, strlen(text), hash);
		hash[16] = '\0';
		numbers[i] = strtoull(hash, NULL, 16);
	}
}

/* What is remembered of facts must be right for whoever has them, from visit to visit. */
static struct judges judges;

/* 2: but for its facts. */
static inline int known_report(const struct moment *moment, const struct delivery *delivery,
			       struct contact_answer *ret_answer, struct err *err)
{
	struct report head = *delivery->report;
	const struct known_delivery told = { &head, delivery->contents, delivery->key_hash };
	uint64_t numbers[FACTS_GROUPS_MAX];
	struct known_facts facts = { head.facts, delivery->facts_text, delivery->facts_hash,
				     numbers };
	int r;

	number_groups(head.facts, numbers);

	/* All that is read of it. */
	head.agent_version = NULL;
	head.device = (struct device_names){ 0 };
	head.fingerprint = (struct fingerprint){ 0 };
	head.has_fingerprint = false;
	head.facts = NULL;
	r = act_known(&judges, moment, &told, ret_answer, err);
	if (r == 0 && !delivery->sent_hash[0] &&
	    act_known_facts(&judges, moment, &told, &facts, ret_answer, err) > 0)
		r = 2;
	return r;
}

static inline int known(struct story *story, const struct visit *visit,
			struct contact_answer *ret_answer)
{
	struct school *school = story->school;
	const struct moment moment = { school->store, school->cache, school->now_ms };
	int r = visit->heartbeat ? act_known_heartbeat(&judges, &moment, visit->heartbeat,
						       visit->key_hash, ret_answer, &school->err)
				 : known_report(&moment, visit->delivery, ret_answer, &school->err);

	must(school, r);
	judges_forget(&judges);
	return r;
}

static inline void expect_same_answer(const struct contact_answer *a,
				      const struct contact_answer *b)
{
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->was_there, b->was_there);
	assert_int_equal(a->wants_report, b->wants_report);
	assert_int_equal(a->is_suspected, b->is_suspected);
	assert_int_equal(a->period_s, b->period_s);
	assert_string_equal(a->profile_id, b->profile_id);
	assert_string_equal(a->profile_version, b->profile_version);
	assert_int_equal(a->judged_for, b->judged_for);
}

static inline void compare(struct story *story, const struct visit *visit)
{
	struct school *school = story->school;
	_cleanup_free_ char *before = print_store(school), *one = NULL, *other = NULL;
	struct contact_answer short_answer = { 0 }, answer = { 0 };
	int is_known;

	must(school, store_begin(school->store, &school->err));
	is_known = known(story, visit, &short_answer);
	one = print_store(school);
	store_rollback(school->store);
	whole(story, visit, &answer);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device WHERE "
					       "seen_hour IS NOT seen_ms / 3600000"),
			 0);
	if (!is_known) {
		assert_string_equal(one, before);
		story->n_looked_at++;
		return;
	}
	other = print_store(school);
	assert_string_equal(one, other);
	expect_same_answer(&short_answer, &answer);
	story->n_known += !visit->heartbeat && is_known == 1;
	story->n_known_facts += is_known == 2;
	story->n_known_beats += visit->heartbeat != NULL;
}

/* What a device sends whose key, numbers and likeness are those of @story. */
static inline void report(struct story *story, int64_t sequence, size_t boot, int64_t age_ms,
			  const char *key_hash)
{
	json_t *facts = likeness_facts(&likes[story->like]);
	_cleanup_free_ char *text = document_canonical(facts);
	_cleanup_free_ char *around = xasprintf("%zu %zu", story->names, story->machine);
	char contents[HASH_SIZE], facts_hash[HASH_SIZE];
	struct report report;
	const struct delivery delivery = { &report,  text,     story->is_incomplete ? "0123" : "",
					   key_hash, contents, facts_hash };

	hash_hex(around, strlen(around), contents);
	hash_hex(text, strlen(text), facts_hash);
	memcpy(contents + CONTENTS_AROUND, facts_hash, CONTENTS_AROUND);
	school_head(story->id, sequence, age_ms, &(struct told){ .boot_id = boots[boot] }, &report);
	/* Where the age is not known, the clock is ahead of ours. */
	report.observed_ms = story->school->now_ms + (age_ms < 0 ? HOUR_MS : -age_ms);
	report.device = names[story->names];
	report.facts = facts;
	fill_fingerprint(story, &report);
	compare(story, &(struct visit){ .delivery = &delivery });
	json_decref(facts);
}

/* What its heartbeat says, of its facts or of @facts_hash. */
static inline void beat(struct story *story, int64_t sequence, size_t boot, int64_t age_ms,
			const char *facts_hash)
{
	json_t *facts = likeness_facts(&likes[story->like]);
	_cleanup_free_ char *text = document_canonical(facts);
	char hash[HASH_SIZE];
	struct heartbeat heartbeat = { .facts_hash = facts_hash ? facts_hash : hash };
	struct report *head = &heartbeat.head;

	hash_hex(text, strlen(text), hash);
	json_decref(facts);
	school_head(story->id, sequence, age_ms, &(struct told){ .boot_id = boots[boot] }, head);
	head->observed_ms = story->school->now_ms + (age_ms < 0 ? HOUR_MS : -age_ms);
	head->agent_version = story->is_newer ? "1.1" : "1.0";
	if (!story->is_silent)
		fill_fingerprint(story, head);
	compare(story, &(struct visit){ .heartbeat = &heartbeat, .key_hash = story->key_hash });
}

static inline void the_next(struct story *story)
{
	report(story, ++story->sequence, story->boot, 0, story->key_hash);
}

static inline void next_of_likeness(struct story *story, size_t like)
{
	story->like = like;
	the_next(story);
}

static inline void a_heartbeat(struct story *story)
{
	beat(story, ++story->sequence, story->boot, 0, NULL);
}

static inline void another_boot(struct story *story)
{
	story->boot = random_below(ARRAY_SIZE(boots));
	the_next(story);
}

static inline void renamed(struct story *story)
{
	struct school *school = story->school;
	_cleanup_(device_done) struct device before = { 0 }, after = { 0 };

	must(school, store_device_head(school->store, story->id, &before, &school->err));
	device_copy(&before, &after);
	device_set(&after.host_name, "by-hand");
	device_set(&after.serial, "by-hand");
	must(school, store_device_update(school->store, &before, &after, &school->err));
}

static inline void another_key(struct story *story)
{
	struct school *school = story->school;
	char key[SECRET_SIZE];

	if (act_device_key(school->store, story->id, story->key_hash, school->now_ms, key,
			   &school->err) < 0)
		return;
	hash_hex(key, strlen(key), story->next_key_hash);
	the_next(story);
}
