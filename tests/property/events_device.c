/* SPDX-License-Identifier: Apache-2.0 */
/* What devices do, and what people decide about two that are taken for one. */
#include "tests/property/events.h"

#include <errno.h>

#include "collector/act/act_known.h"
#include "collector/store/store_conflict.h"
#include "common/model/document.h"

/* With and without a name; letter case must not matter for a host. */
static const char *const hosts[] = { "", "", "h1", "H1", "h2", "h3", "h4", "h5", "h6", "h7", "h8" };
static const char *const serials[] = { "", "", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8" };
static const char *const tags[] = { "", "", "", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8" };

/* Each has numbers of its own, but two of a cheap make that have none and are alike. */
enum { MACHINES = 24 };

#define PICK(world, list) ((list)[pick(world, ARRAY_SIZE(list))])

static struct device_names pick_names(struct world *world)
{
	return (struct device_names){ PICK(world, hosts), PICK(world, serials), PICK(world, tags),
				      "" };
}

static struct likeness pick_likeness(struct world *world)
{
	static const char *const browsers[] = { NULL, "13.9", "14.1", "14.1", "15.0" };
	static const int memories[] = { 0, 1024, 3000, 8192, 8192 };

	return (struct likeness){ PICK(world, browsers), PICK(world, memories), pick(world, 2) };
}

/* NULL: there is none yet. */
static struct known *pick_device(struct world *world)
{
	if (world->n_devices > 0)
		return &world->devices[pick(world, (unsigned)world->n_devices)];
	say(world, "(there is no device)");
	return NULL;
}

static int place_of(const struct world *world, const struct known *device)
{
	return (int)(device - world->devices);
}

static struct fingerprint fingerprint_of(int machine)
{
	struct fingerprint fingerprint = { 0 };
	char text[16];

	snprintf(text, sizeof(text), "m%d", machine);
	fingerprint_add(&fingerprint, FINGERPRINT_BOARD_SERIAL, true, text);
	fingerprint_add(&fingerprint, FINGERPRINT_DISK_SERIAL, true, text);
	fingerprint_add(&fingerprint, FINGERPRINT_MAC, true, text);
	return fingerprint;
}

static void boot_text(int boot, char text[static REPORT_BOOT_ID_SIZE])
{
	snprintf(text, REPORT_BOOT_ID_SIZE, "00000000-0000-4000-8000-%012d", boot);
}

/* --- enrolling --------------------------------------------------------------------------- */

/* Who enrols again becomes the device that it was; anybody who knows that id, so do we. */
static struct known *find_known(struct world *world, const char *id)
{
	for (size_t i = 0; i < world->n_devices; i++) {
		if (strcmp(world->devices[i].id, id) == 0)
			return &world->devices[i];
	}
	return &world->devices[world->n_devices++];
}

void enroll(struct world *world)
{
	struct school *school = &world->school;
	const char *site = site_codes[pick(world, SITES)];
	const struct known *before = pick(world, 3) ? NULL : pick_device(world);
	int machine = before ? before->machine : (int)pick(world, MACHINES);
	char key[SECRET_SIZE], hash[HASH_SIZE];
	struct enroll_request request = {
		.key_hash = hash,
		.agent_version = "1.0",
		.role = (enum device_role)pick(world, ROLE_MAX_),
		.names = pick_names(world),
		.has_fingerprint = machine != 0,
		.previous_id = before && pick(world, 2) ? before->id : NULL,
	};
	struct enroll_answer answer;
	struct known *device;

	if (world->n_devices == DEVICES_MAX) {
		say(world, "(there are enough devices)");
		return;
	}
	if (pick(world, 2))
		request.role = ROLE_STUDENT;
	if (machine)
		request.fingerprint = fingerprint_of(machine);
	school_key(school, site, 1, key);
	hash_hex(key, strlen(key), hash);
	must(school, act_enroll(school->store, &request, school->now_ms, &answer, &school->err));
	device = find_known(world, answer.device_id);
	*device = (struct known){ .machine = machine };
	memcpy(device->id, answer.device_id, ID_SIZE);
	memcpy(device->key, answer.device_key, SECRET_SIZE);
	free(answer.site_code);
	free(answer.site_name);
	say(world, "machine %d (%s, '%s' '%s' '%s') enrols at %s%s as device %d%s", machine,
	    device_role_words[request.role], request.names.host_name, request.names.serial,
	    request.names.asset_tag, site, request.previous_id ? " with its old id" : "",
	    place_of(world, device), answer.is_taken_over ? ", which it was" : "");
}

/* --- reporting --------------------------------------------------------------------------- */

/*
 * All that a report of a device could change: its row, who it is, how often something was
 * noted, and the counts of its site.
 */
static char *all_of(struct world *world, const char *id)
{
	struct school *school = &world->school;
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;

	must(school,
	     db_query(
		     school->store->db,
		     "SELECT d.role || '|' || d.room || '|' || d.is_expected || '|' || d.asset_tag "
		     "|| '|' || d.serial || '|' || d.host_name || '|' || d.model || '|' || "
		     "d.agent_version || '|' || COALESCE(d.key_hash, '') || '|' || "
		     "COALESCE(d.seen_ms, 0) || '|' || COALESCE(d.seen_hour, 0) || '|' || d.state "
		     "|| '|' || d.since_ms || '|' || "
		     "d.profile_version || '|' || d.results || '|' || d.browser_result || '|' || "
		     "d.facts_hash || '|' || d.contents_digest || '|' || COALESCE(hex(d.past), '') "
		     "|| '|' || COALESCE(i.fingerprint || '|' || i.next_key_hash || '|' || "
		     "i.sent_hash || '|' || i.sequence_floor || '|' || i.is_taken_over || "
		     "i.is_shared || i.accepts_any, '') || '|' || "
		     "(SELECT count(*) FROM transition) || '|' || (SELECT count(*) FROM "
		     "device_note) || '|' || (SELECT count(*) FROM conflict) || '|' || "
		     "(c.conflict + 100 * (c.never_seen + 100 * (c.stale + 100 * (c.not_ready + "
		     "100 "
		     "* (c.unknown + 100 * (c.ready_with_warnings + 100 * c.ready)))))) "
		     "FROM device d JOIN site_count c ON c.site_code = d.site_code "
		     "LEFT JOIN device_identity i ON i.device_id = d.id WHERE d.id = $1",
		     &rows, &school->err, "t", id));
	return xstrdup(db_next(rows, &school->err) > 0 ? db_text(rows, 0) : "");
}

static void sql(struct world *world, const char *text)
{
	must(&world->school, db_exec(world->school.store->db, text, NULL, &world->school.err, ""));
}

/* As a report whose bytes are known is taken in: 1; or 0: it needs a look. */
static int take_known(struct world *world, const struct delivery *delivery,
		      struct contact_answer *ret_answer)
{
	struct school *school = &world->school;
	const struct moment moment = { school->store, school->cache, school->now_ms };
	const struct known_delivery known = { delivery->report, delivery->contents, "" };
	struct judges judges = { 0 };
	int r = act_known(&judges, &moment, &known, ret_answer, &school->err);

	must(school, r);
	judges_done(&judges);
	return r;
}

static void expect_same(const char *what, const char *known, const char *whole)
{
	if (strcmp(known, whole) != 0)
		fail_msg("%s of a known report:\n    %s, and as any report:\n    %s", what, known,
			 whole);
}

/*
 * Take a report in. Where its bytes are known it is taken in twice, and what that makes of
 * the store must be the same as what reading it makes.
 */
static void take(struct world *world, const struct delivery *delivery,
		 struct contact_answer *ret_answer)
{
	struct school *school = &world->school;
	_cleanup_free_ char *known = NULL, *whole = NULL;
	struct contact_answer answer = { 0 };

	sql(world, "SAVEPOINT known");
	if (take_known(world, delivery, &answer) > 0)
		known = all_of(world, delivery->report->device_id);
	sql(world, "ROLLBACK TO known");
	sql(world, "RELEASE known");
	must(school, act_report(school->store, school->cache, delivery, school->now_ms, ret_answer,
				&school->err));
	if (!known)
		return;
	n_known++;
	say(world, " (known)");
	whole = all_of(world, delivery->report->device_id);
	expect_same("the store", known, whole);
	expect_same("the state", device_state_words[answer.state],
		    device_state_words[ret_answer->state]);
	expect_same("the profile", answer.profile_version, ret_answer->profile_version);
	compare("the period", "known reports", answer.period_s, ret_answer->period_s);
	compare("the day", "known reports", answer.judged_for, ret_answer->judged_for);
}

/* What a device says beside its counters, as a digest. */
static void contents_of(const struct report *report, const char *facts_text,
			char contents[static HASH_SIZE])
{
	json_t *names = device_names_write(&report->device);
	json_t *fingerprint = fingerprint_write(&report->fingerprint);
	_cleanup_free_ char *names_text = document_canonical(names);
	_cleanup_free_ char *fingerprint_text = document_canonical(fingerprint);
	_cleanup_free_ char *all = xasprintf("%s %s %s", names_text, fingerprint_text, facts_text);

	json_decref(names);
	json_decref(fingerprint);
	hash_hex(all, strlen(all), contents);
}

static struct contact_answer deliver(struct world *world, const struct known *device, int machine,
				     const struct sent *sent, int64_t age_ms)
{
	json_t *facts = likeness_facts(&sent->like);
	_cleanup_free_ char *text = document_canonical(facts);
	struct fingerprint fingerprint = fingerprint_of(machine);
	char boot[REPORT_BOOT_ID_SIZE], contents[HASH_SIZE];
	const struct told told = { .boot_id = boot, .fingerprint = machine ? &fingerprint : NULL };
	struct report report;
	const struct delivery delivery = { &report, text, "", "", contents, NULL };
	struct contact_answer answer;

	boot_text(sent->boot, boot);
	school_head(device->id, sent->sequence, age_ms, &told, &report);
	report.device = sent->names;
	report.facts = facts;
	contents_of(&report, text, contents);
	say(world, ", report %d of boot %d (%s, %d MiB%s), %d hours old", (int)sent->sequence,
	    sent->boot, sent->like.browser ? sent->like.browser : "no browser",
	    sent->like.memory_mib, sent->like.has_headphones ? "" : ", no headphones",
	    (int)(age_ms / HOUR_MS));
	take(world, &delivery, &answer);
	json_decref(facts);
	say(world, ": %s", device_state_words[answer.state]);
	return answer;
}

static void remember(struct known *device, const struct sent *sent)
{
	memmove(device->sent + 1, device->sent, (SENT_MAX - 1) * sizeof(*sent));
	device->sent[0] = *sent;
	if (device->n_sent < SENT_MAX)
		device->n_sent++;
	device->is_undisturbed = true;
}

/* The next report of @device, most often as it was, as devices are. */
static void report_next(struct world *world, struct known *device, int64_t age_ms)
{
	struct sent sent = { ++device->sequence, device->boot, device->sent[0].like,
			     device->sent[0].names, STATE_UNKNOWN };

	if (device->n_sent == 0 || pick(world, 4) == 0)
		sent.like = pick_likeness(world);
	if (device->n_sent == 0 || pick(world, 8) == 0)
		sent.names = pick_names(world);
	if (pick(world, 6) == 0)
		sent.boot = ++device->boot;
	say(world, "device %d", place_of(world, device));
	sent.answered = deliver(world, device, device->machine, &sent, age_ms).state;
	remember(device, &sent);
}

void report(struct world *world)
{
	static const int64_t ages[] = { -1, 0, 0, 0, 0, 0, 0, 0, HOUR_MS, 3 * DAY_MS, 30 * DAY_MS };
	struct known *device = pick_device(world);

	if (device)
		report_next(world, device, PICK(world, ages));
}

/* It was seen, was away for long, and delivers what it saw soon after. */
void report_from_spool(struct world *world)
{
	struct known *device = pick_device(world);
	int64_t hours = 20 + pick(world, 300);

	if (!device)
		return;
	report_next(world, device, 0);
	world->school.now_ms += hours * HOUR_MS;
	say(world, "; %d hours later ", (int)hours);
	report_next(world, device, (hours - 1) * HOUR_MS);
}

/* The one text of all that is stored of a device. */
static char *stored(struct world *world, const struct known *device)
{
	struct school *school = &world->school;
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;

	must(school,
	     db_query(school->store->db,
		      "SELECT site_code || '|' || role || '|' || room || '|' || is_expected || '|' "
		      "|| asset_tag || '|' || serial || '|' || host_name || '|' || "
		      "COALESCE(seen_ms, 0) || '|' || state || '|' || since_ms || '|' || "
		      "profile_version || '|' || results || '|' || facts_hash "
		      "FROM device WHERE id = $1",
		      &rows, &school->err, "t", device->id));
	return xstrdup(db_next(rows, &school->err) > 0 ? db_text(rows, 0) : "");
}

/* What was answered and whose answer got lost comes again, and changes nothing. */
void report_again(struct world *world)
{
	struct known *device = pick_device(world);
	_cleanup_free_ char *before = NULL, *after = NULL;
	struct contact_answer answer;
	unsigned i;

	if (!device || device->n_sent == 0)
		return;
	i = pick(world, (unsigned)device->n_sent);
	say(world, "once more device %d", place_of(world, device));
	before = stored(world, device);
	answer = deliver(world, device, device->machine, &device->sent[i], 0);
	after = stored(world, device);
	if (!device->is_undisturbed)
		return;
	if (!answer.was_there)
		fail_msg("report %d is not known again", (int)device->sent[i].sequence);
	if (answer.state != device->sent[i].answered)
		fail_msg("report %d is answered with %s, and was with %s",
			 (int)device->sent[i].sequence, device_state_words[answer.state],
			 device_state_words[device->sent[i].answered]);
	if (strcmp(before, after) != 0)
		fail_msg("a report that came again changed\n    %s to\n    %s", before, after);
}

/* Its disk was copied: another machine, or one that boots between its boots, uses its key. */
void report_of_a_copy(struct world *world)
{
	struct known *device = pick_device(world);
	struct sent sent;
	int machine;

	if (!device)
		return;
	machine = pick(world, 2) ? device->machine : (int)pick(world, MACHINES);
	sent = (struct sent){ device->sequence + (int)pick(world, 3), (int)pick(world, 4) + 100,
			      pick_likeness(world), pick_names(world), STATE_UNKNOWN };
	if (sent.sequence == 0)
		sent.sequence = 1;
	if (sent.sequence > device->sequence)
		device->sequence = sent.sequence;
	say(world, "machine %d as device %d", machine, place_of(world, device));
	(void)deliver(world, device, machine, &sent, 0);
	device->is_undisturbed = false;
}

/* "The same as last time": true, or it names facts that are not known here. */
void heartbeat(struct world *world)
{
	struct school *school = &world->school;
	struct known *device = pick_device(world);
	struct likeness like;
	_cleanup_free_ char *text = NULL;
	struct contact_answer answer;
	struct heartbeat heartbeat;
	struct fingerprint fingerprint;
	char boot[REPORT_BOOT_ID_SIZE], hash[HASH_SIZE];
	struct told told = { .boot_id = boot };
	json_t *facts;

	if (!device)
		return;
	like = device->n_sent > 0 && pick(world, 5) ? device->sent[0].like : pick_likeness(world);
	facts = likeness_facts(&like);
	text = document_canonical(facts);
	json_decref(facts);
	hash_hex(text, strlen(text), hash);
	boot_text(device->boot, boot);
	fingerprint = fingerprint_of(device->machine);
	if (device->machine)
		told.fingerprint = &fingerprint;
	school_head(device->id, ++device->sequence, 0, &told, &heartbeat.head);
	heartbeat.facts_hash = hash;
	must(school, act_heartbeat(school->store, school->cache, &heartbeat, "", school->now_ms,
				   &answer, &school->err));
	device->is_undisturbed = false;
	say(world, "device %d, heartbeat %d: %s%s", place_of(world, device), (int)device->sequence,
	    device_state_words[answer.state], answer.wants_report ? ", and is to report" : "");
}

/* --- keys, and conflicts -------------------------------------------------------------- */

void next_key(struct world *world)
{
	struct school *school = &world->school;
	struct known *device = pick_device(world);
	char hash[HASH_SIZE];
	int r;

	if (!device)
		return;
	hash_hex(device->key, strlen(device->key), hash);
	r = act_device_key(school->store, device->id, hash, school->now_ms, device->key,
			   &school->err);
	if (r < 0 && r != -EACCES && r != -EALREADY)
		fail_msg("%s", school->err.text);
	world->is_refused = r < 0;
	device->is_undisturbed = false;
	say(world, "device %d asks for another key%s", place_of(world, device),
	    r < 0 ? ", and is refused" : "");
}

void decide(struct world *world)
{
	static const struct conflict_query all = { &sight_of_all, true, true, 0, NULL, 100 };
	struct school *school = &world->school;
	struct decision decision = { NULL, (enum conflict_resolution)pick(world, RESOLUTION_MAX_),
				     "ann" };
	struct conflict_list list;
	int r;

	must(school, store_conflict_list(school->store, &all, &list, &school->err));
	if (list.n_conflicts == 0) {
		say(world, "(there is no conflict)");
		conflict_list_done(&list);
		return;
	}
	decision.conflict_id = list.conflicts[pick(world, (unsigned)list.n_conflicts)].id;
	r = act_conflict_decide(school->store, school->cache, &decision, school->now_ms,
				&school->err);
	say(world, "conflict %.4s: %s%s", decision.conflict_id,
	    decision.resolution ? conflict_resolution_words[decision.resolution] : "undo",
	    r < 0 ? ", which is refused" : "");
	conflict_list_done(&list);
	if (r < 0 && r != -EALREADY)
		fail_msg("%s", school->err.text);
	world->is_refused = r < 0;
	for (size_t i = 0; i < world->n_devices; i++)
		world->devices[i].is_undisturbed = false;
}
