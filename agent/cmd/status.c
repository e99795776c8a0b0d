/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status: who this device is, and whether everything was delivered. It changes
 * nothing, waits for nobody, and tells what it can whatever is broken.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "agent/attempt.h"
#include "agent/cmd.h"
#include "agent/config.h"
#include "agent/identity_settle.h"
#include "agent/machine.h"
#include "agent/parcel.h"
#include "agent/requirements_view.h"
#include "agent/spool.h"
#include "agent/time_json.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define PROBLEMS_MAX 8
/* A report has 256 KiB at most; with less than this it may not fit any more. */
#define DISK_FREE_MIN ((unsigned long long)1 << 20)

/* How many reports are in a spool, and the one that a person would ask about. */
struct heap {
	size_t n;
	int64_t sequence; /* the oldest that waits, the newest that was refused */
	int64_t stored_ms;
};

/* A state in which the collector keeps the reports, and counts none of them. */
#define STATE_CONFLICT "conflict"

struct status {
	const char *root;
	const char *path;
	struct config config;
	struct settlement settlement;
	struct err not_ours; /* why the identity is another machine's, or none is to be had; "" */
	char *elsewhere;     /* the collector that is configured, if it is another one; NULL */
	bool is_enrolled;
	struct identity identity;
	struct heap waiting, refused;
	struct refusal refusal; /* of refused.sequence */
	struct requirements_view requirements;
	bool has_service; /* it is running */
	bool was_tried;
	struct attempt attempt;
	struct err problems[PROBLEMS_MAX]; /* what is broken */
	size_t n_problems;
};

static void status_done(struct status *status)
{
	config_done(&status->config);
	free(status->elsewhere);
	settlement_done(&status->settlement);
	identity_done(&status->identity);
	refusal_done(&status->refusal);
	requirements_view_done(&status->requirements);
	attempt_done(&status->attempt);
}

static void add_problem(struct status *status, const struct err *err)
{
	if (status->n_problems < PROBLEMS_MAX)
		status->problems[status->n_problems++] = *err;
}

/* A folder that is not there yet has no reports in it. */
static int look_into(const struct state *state, const char *name, bool newest, struct heap *heap,
		     struct spool **ret_spool, struct err *err)
{
	struct spool_list list = { 0 };
	int r = spool_open(state->dir_fd, name, &spool_limits_waiting, ret_spool, err);

	if (r == -ENOENT)
		return 0;
	if (r >= 0)
		r = spool_list(*ret_spool, &list, err);
	if (r < 0)
		return r;
	heap->n = list.n;
	if (list.n > 0) {
		heap->sequence = list.sequences[newest ? list.n - 1 : 0];
		heap->stored_ms = spool_stored_ms(*ret_spool, heap->sequence);
	}
	spool_list_done(&list);
	return 0;
}

static int gather_spools(const struct state *state, struct status *status, struct err *err)
{
	_cleanup_(spool_closep) struct spool *waiting = NULL, *refused = NULL;
	_cleanup_free_ char *text = NULL;
	size_t len;
	int r = look_into(state, STATE_DIR_SPOOL, false, &status->waiting, &waiting, err);

	if (r >= 0)
		r = look_into(state, STATE_DIR_REFUSED, true, &status->refused, &refused, err);
	if (r < 0 || status->refused.n == 0)
		return r;
	if (spool_read(refused, status->refused.sequence, &text, &len, NULL) < 0)
		text = xcalloc(1, len = 1);
	parcel_refusal(text, len, &status->refusal);
	return 0;
}

static int check_disk(const struct state *state, struct err *err)
{
	struct statvfs st;

	if (fstatvfs(state->dir_fd, &st) < 0)
		return err_errno(err, -errno, "%s", state->path);
	if ((unsigned long long)st.f_bavail * st.f_frsize < DISK_FREE_MIN)
		return err_set(
			err, -ENOSPC,
			"the disk of %s is full: reports cannot be stored until there is room",
			state->path);
	return 0;
}

/* The agent finds it out at its next contact; a person who stands here wants to know now. */
static void check_machine(struct status *status)
{
	const struct identity *identity = &status->identity;
	_cleanup_free_ char *changes = NULL;
	struct fingerprint now = { 0 };

	if (identity_check_image(status->root, &status->not_ours) < 0)
		return;
	if (!status->is_enrolled || !identity->has_fingerprint)
		return;
	machine_fingerprint(status->root, &now);
	if (fingerprint_compare(&identity->fingerprint, &now) != FINGERPRINT_OTHER)
		return;
	changes = fingerprint_changes(&identity->fingerprint, &now);
	(void)err_set(&status->not_ours, -EUCLEAN,
		      "this disk was copied from another device, or the main board was replaced "
		      "(%s changed); the agent enrols anew at its next contact",
		      changes);
}

/* Who writes another address into the configuration may think that the device goes there. */
static void check_url(struct status *status)
{
	const struct identity *identity = &status->identity;
	_cleanup_free_ char *url = NULL;

	if (!status->is_enrolled || !status->config.url ||
	    http_url(status->config.url, &url, NULL) < 0)
		return;
	if (strcmp(url, identity->url) != 0 &&
	    !(identity->moved_from && strcmp(url, identity->moved_from) == 0))
		status->elsewhere = TAKE_PTR(url);
}

/* Every part stands for itself: one that is broken must not hide the others. */
static void gather(struct status *status)
{
	_cleanup_(state_closep) struct state *state = NULL;
	struct err err = { 0 };
	int r = state_open(status->path, false, &state, &err);

	if (r < 0) {
		if (r != -ENOENT)
			add_problem(status, &err);
		return;
	}
	r = identity_read(state, &status->identity, &err);
	status->is_enrolled = r >= 0;
	if (r < 0 && r != -ENOENT)
		add_problem(status, &err);
	if (settlement_read(state, &status->settlement, &err) < 0)
		add_problem(status, &err);
	if (gather_spools(state, status, &err) < 0)
		add_problem(status, &err);
	if (requirements_view_read(state, status->identity.device_id, &status->requirements, &err) <
	    0)
		add_problem(status, &err);
	status->has_service = state_has_service(state);
	r = attempt_read(state, &status->attempt, &err);
	status->was_tried = r >= 0;
	if (r < 0 && r != -ENOENT)
		add_problem(status, &err);
	/* The agent forgets it at its next contact. */
	if (status->is_enrolled && status->settlement.request_id[0] &&
	    identity_is_settled(&status->identity, &status->settlement, &status->attempt))
		settlement_done(&status->settlement);
	if (check_disk(state, &err) < 0)
		add_problem(status, &err);
}

static void print_heaps(const struct status *status)
{
	char at[CLOCK_TEXT_SIZE];

	if (status->waiting.n == 0)
		printf("Spool       nothing waits\n");
	else
		printf("Spool       %zu waiting, the oldest is report %lld of %s\n",
		       status->waiting.n, (long long)status->waiting.sequence,
		       clock_text(status->waiting.stored_ms, at));
	if (status->refused.n > 0)
		printf("Refused     %zu, the last is report %lld: %s\n"
		       "            When you have seen to it, delete the files in "
		       "%s/" STATE_DIR_REFUSED "\n",
		       status->refused.n, (long long)status->refused.sequence,
		       status->refusal.reason, status->path);
}

static void print_attempt(const struct attempt *attempt, int64_t now_ms)
{
	char at[CLOCK_TEXT_SIZE];

	printf("Last try    %s: %s\n", clock_text(attempt->at_ms, at), attempt->sentence);
	if (attempt->retry_at_ms > now_ms)
		printf("            The collector asks not to come back before %s.\n",
		       clock_text(attempt->retry_at_ms, at));
	if (attempt->delivered > 0 && attempt->delivered_ms != attempt->at_ms)
		printf("Delivered   report %lld at %s; the collector said: %s\n",
		       (long long)attempt->delivered, clock_text(attempt->delivered_ms, at),
		       attempt->state);
	if (attempt->discarded > 0)
		printf("Lost        %lld reports, since the spool was full\n",
		       (long long)attempt->discarded);
}

static void print_identity(const struct status *status)
{
	const struct identity *identity = &status->identity;

	if (status->is_enrolled)
		printf("Device      %s, role %s\nSite        %s (%s)\nCollector   %s%s%s%s\n",
		       identity->device_id, device_role_text(identity->role), identity->site_name,
		       identity->site_code, identity->url,
		       identity->moved_from ? " (moved from " : "",
		       identity->moved_from ? identity->moved_from : "",
		       identity->moved_from ? ")" : "");
	if (status->elsewhere)
		printf("            The configuration names %s, another collector; to go there: "
		       "testready-agent enroll --again\n",
		       status->elsewhere);
	if (status->is_enrolled)
		return;
	if (status->n_problems == 0 && status->settlement.request_id[0])
		printf("Device      not enrolled\n");
	else if (status->n_problems == 0)
		printf("Device      not enrolled; run testready-agent enroll --url URL --key-file "
		       "FILE\n");
}

/* Why this device is not, or will not stay, who it seems to be. */
static void print_trouble(const struct status *status)
{
	const struct settlement *settlement = &status->settlement;
	char at[CLOCK_TEXT_SIZE];

	if (status->not_ours.text[0])
		printf("Identity    %s\n", status->not_ours.text);
	if (settlement->request_id[0] && settlement->why)
		printf("Identity    %s\n", settlement->why);
	if (settlement->previous[0])
		printf("            It was device %s until then.\n", settlement->previous);
	if (settlement->trouble)
		printf("Enrolment   %s: %s\n", clock_text(settlement->tried_ms, at),
		       settlement->trouble);
	if (settlement->moved)
		printf("Move        %s\n", settlement->moved);
	if (strcmp(status->attempt.state, STATE_CONFLICT) == 0)
		printf("Conflict    The collector has reports of two machines under this device. "
		       "None of them counts until somebody settles that there.\n");
}

static void print_plan(const struct status *status)
{
	char at[CLOCK_TEXT_SIZE];

	if (status->is_enrolled && !status->has_service)
		printf("Next        never, since the service is not running (systemctl start "
		       "testready-agent); testready-agent report delivers now\n");
	else if (status->has_service && status->attempt.next_ms > 0)
		printf("Next        %s\n", clock_text(status->attempt.next_ms, at));
	for (size_t i = 0; i < status->config.n_quiet; i++) {
		const struct quiet_hours *quiet = &status->config.quiet[i];

		printf("%s%02d:%02d to %02d:%02d%s", i == 0 ? "Quiet       " : ", ",
		       quiet->start_min / 60, quiet->start_min % 60, quiet->end_min / 60,
		       quiet->end_min % 60, i + 1 == status->config.n_quiet ? "\n" : "");
	}
}

static void print_plain(const struct status *status)
{
	print_identity(status);
	print_trouble(status);
	if (status->is_enrolled || status->requirements.profile_id[0])
		requirements_view_print(&status->requirements, stdout);
	if (status->is_enrolled || status->waiting.n > 0 || status->refused.n > 0)
		print_heaps(status);
	if (status->was_tried)
		print_attempt(&status->attempt, clock_now_ms());
	else if (status->is_enrolled)
		printf("Last try    none yet; run testready-agent report\n");
	print_plan(status);
	for (size_t i = 0; i < status->n_problems; i++)
		printf("Broken      %s\n", status->problems[i].text);
}

/* null where there is nothing under way. */
static json_t *settlement_json(const struct status *status)
{
	const struct settlement *settlement = &status->settlement;

	if (!settlement->request_id[0] && !settlement->moved)
		return json_null();
	return json_pack("{s:b, s:s, s:s, s:s, s:o, s:s}", "enrolling",
			 settlement->request_id[0] != '\0', "previous_device_id",
			 settlement->previous, "why", settlement->why ? settlement->why : "",
			 "trouble", settlement->trouble ? settlement->trouble : "", "tried_at",
			 time_json(settlement->tried_ms), "moved",
			 settlement->moved ? settlement->moved : "");
}

static json_t *quiet_json(const struct config *config)
{
	json_t *list = json_array();

	for (size_t i = 0; i < config->n_quiet; i++) {
		const struct quiet_hours *quiet = &config->quiet[i];
		char text[32];

		snprintf(text, sizeof(text), "%02d:%02d-%02d:%02d", quiet->start_min / 60,
			 quiet->start_min % 60, quiet->end_min / 60, quiet->end_min % 60);
		json_array_append_new(list, json_string(text));
	}
	return list;
}

static json_t *identity_json(const struct identity *identity)
{
	return json_pack("{s:s, s:s, s:{s:s, s:s}, s:s, s:o}", "device_id", identity->device_id,
			 "role", device_role_text(identity->role), "site", "code",
			 identity->site_code, "name", identity->site_name, "url", identity->url,
			 "enrolled_at", time_json(identity->enrolled_ms));
}

static json_t *attempt_json(const struct attempt *attempt)
{
	return json_pack("{s:o, s:I, s:s, s:o, s:I, s:o, s:s, s:I}", "at",
			 time_json(attempt->at_ms), "http_status", (json_int_t)attempt->http_status,
			 "sentence", attempt->sentence, "retry_at", time_json(attempt->retry_at_ms),
			 "delivered", (json_int_t)attempt->delivered, "delivered_at",
			 time_json(attempt->delivered_ms), "state", attempt->state, "discarded",
			 (json_int_t)attempt->discarded);
}

static void print_json(const struct status *status)
{
	json_t *problems = json_array();
	json_t *json = json_pack(
		"{s:o, s:{s:I, s:I, s:o}, s:{s:I, s:I, s:s}, s:o, s:o}", "identity",
		status->is_enrolled ? identity_json(&status->identity) : json_null(), "waiting",
		"count", (json_int_t)status->waiting.n, "oldest",
		(json_int_t)status->waiting.sequence, "oldest_at",
		time_json(status->waiting.stored_ms), "refused", "count",
		(json_int_t)status->refused.n, "newest", (json_int_t)status->refused.sequence,
		"reason", status->refusal.reason ? status->refusal.reason : "", "last_try",
		status->was_tried ? attempt_json(&status->attempt) : json_null(), "problems",
		problems);

	json_object_set_new(json, "requirements", requirements_view_json(&status->requirements));
	json_object_set_new(json, "settlement", settlement_json(status));
	json_object_set_new(json, "not_ours", json_string(status->not_ours.text));
	json_object_set_new(json, "elsewhere",
			    json_string(status->elsewhere ? status->elsewhere : ""));
	json_object_set_new(json, "next_at", time_json(status->attempt.next_ms));
	json_object_set_new(json, "service", json_boolean(status->has_service));
	json_object_set_new(json, "quiet_hours", quiet_json(&status->config));
	for (size_t i = 0; i < status->n_problems; i++) {
		const char *problem = status->problems[i].text;
		_cleanup_free_ char *clean = text_clean(problem, strlen(problem), 512);

		json_array_append_new(problems, json_string(clean));
	}
	json_dumpf(json, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(json);
}

/* What a program that looks after many devices acts on. The first that fits counts. */
static int exit_status(const struct status *status)
{
	if (status->n_problems > 0)
		return CLI_USAGE;
	if (!status->is_enrolled || status->not_ours.text[0])
		return CMD_NOT_ENROLLED;
	if (status->waiting.n > 0 || status->refused.n > 0 || status->settlement.request_id[0] ||
	    strcmp(status->attempt.state, STATE_CONFLICT) == 0 ||
	    requirements_view_is_behind(&status->requirements))
		return CMD_NOT_DONE;
	return CLI_OK;
}

static int status_run(int argc, char *argv[])
{
	const char *path = NULL, *file = NULL, *root = NULL;
	bool is_json = false;
	const struct cli_option options[] = {
		{ "json", NULL, "for programs", NULL, &is_json },
		{ "config", "FILE", CONFIG_SUMMARY, &file, NULL },
		{ "state", "DIR", "state folder; else $TESTREADY_STATE, else " STATE_DIR_DEFAULT,
		  &path, NULL },
		{ "root", "DIR", "the machine recorded in this folder", &root, NULL },
		{ 0 },
	};
	struct status status = { 0 };
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_status, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	status.root = root ? root : "";
	if (config_read(file, status.root, &status.config, &err) < 0)
		add_problem(&status, &err);
	status.path = config_state_path(&status.config, path);
	gather(&status);
	check_machine(&status);
	check_url(&status);
	if (is_json)
		print_json(&status);
	else
		print_plain(&status);
	r = exit_status(&status);
	status_done(&status);
	return r;
}

const struct cli_command cmd_status = {
	.name = "status",
	.args = "",
	.summary = "Say who this device is and whether everything was delivered.",
	.run = status_run,
};
