/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit verify and list: what people changed, and whether that is all of it.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "collector/act/act_audit.h"
#include "collector/act/audit_chain.h"
#include "collector/cmd/admin.h"
#include "collector/io/table_out.h"
#include "common/base/civil.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define LISTED 50
#define LISTED_MAX 500
#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)
#define SHOWN_BYTES 2000 /* of one text, on a terminal */

/* Read-only, in one snapshot. */
static int look_at(const char *store_url, int (*work)(struct store *, void *, struct err *),
		   void *arg, struct err *err)
{
	_cleanup_(store_closep) struct store *store = NULL;
	int r = store_open(admin_store_url(store_url), true, &store, err);

	if (r >= 0)
		r = store_begin(store, err);
	return r < 0 ? r : work(store, arg, err);
}

/* --- verify ------------------------------------------------------------------- */

struct verification {
	const char *noted;
	struct audit_chain chain;
};

static int verify(struct store *store, void *arg, struct err *err)
{
	struct verification *verification = arg;

	return audit_chain_check(store, verification->noted, &verification->chain, err);
}

static int run_verify(int argc, char *argv[])
{
	struct verification verification = { 0 };
	const struct audit_chain *chain = &verification.chain;
	char first[CLOCK_TEXT_SIZE], last[CLOCK_TEXT_SIZE];
	const char *store_url = NULL;
	const struct cli_option options[] = {
		{ "noted", "HASH", "that was the newest once, and has to be in it",
		  &verification.noted, NULL },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_audit_verify, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (verification.noted && (strlen(verification.noted) != HASH_SIZE - 1 ||
				   strspn(verification.noted, "0123456789abcdef") != HASH_SIZE - 1))
		return admin_usage(&cmd_audit_verify,
				   "--noted takes a whole hash of 64 digits, as audit verify "
				   "prints it");
	r = look_at(store_url, verify, &verification, &err);
	if (r < 0) {
		(void)admin_fail(&cmd_audit_verify, &err);
		return r == -EUCLEAN ? ADMIN_REFUSED : CLI_USAGE;
	}
	if (chain->n_entries == 0) {
		printf("The audit log has no entries.\n");
		return admin_end(&cmd_audit_verify, CLI_OK);
	}
	printf("%" PRId64
	       " entries from %.10s to %.10s, each as it was written. The newest is\n%s\n"
	       "Note it elsewhere: with --noted it shows later that nothing up to it was cut "
	       "off.\n",
	       chain->n_entries, clock_text(chain->first_ms, first),
	       clock_text(chain->last_ms, last), chain->newest);
	return admin_end(&cmd_audit_verify, CLI_OK);
}

const struct cli_command cmd_audit_verify = {
	.name = "audit verify",
	.args = "",
	.summary = "whether the log of changes is as it was written",
	.run = run_verify,
};

/* --- list --------------------------------------------------------------------- */

struct listing {
	struct audit_query query;
	bool is_csv, is_json;
	struct audit_list list;
};

static int list(struct store *store, void *arg, struct err *err)
{
	struct listing *listing = arg;

	return store_audit_list(store, &listing->query, &listing->list, err);
}

/* What was stored as it came must not move the cursor. */
static void print_text(const char *before, const char *text)
{
	_cleanup_free_ char *clean = text_clean(text, strlen(text), SHOWN_BYTES);

	if (clean[0])
		printf("%s%s", before, clean);
}

static void print_entry(const struct audit_entry *entry)
{
	char at[CLOCK_TEXT_SIZE];

	printf("%" PRId64 "  %s  %s", entry->number, clock_text(entry->at_ms, at), entry->act);
	print_text("  ", entry->object);
	print_text("  by ", entry->who);
	print_text(" from ", entry->network);
	print_text("\n    before ", entry->before);
	print_text("\n    after  ", entry->after);
	printf("\n");
}

static void put_entry(struct table_out *out, const struct audit_entry *entry)
{
	char number[24], at[CLOCK_TEXT_SIZE];

	snprintf(number, sizeof(number), "%" PRId64, entry->number);
	table_out_text(out, number);
	table_out_text(out, clock_text(entry->at_ms, at));
	table_out_text(out, entry->who);
	table_out_text(out, entry->network);
	table_out_text(out, entry->act);
	table_out_text(out, entry->object);
	table_out_text(out, entry->lea_code);
	table_out_text(out, entry->site_code);
	table_out_text(out, entry->before);
	table_out_text(out, entry->after);
	table_out_text(out, entry->hash);
	table_out_row(out);
}

static void print_table(const struct listing *listing)
{
	static const char *const columns[] = { "number", "at",     "who",      "network",
					       "act",    "object", "lea_code", "site_code",
					       "before", "after",  "hash",     NULL };
	_cleanup_(table_out_done) struct table_out out;
	char as_of[CLOCK_TEXT_SIZE], buffer[4096];
	size_t n;

	table_out_begin(&out, listing->is_json ? TABLE_JSON : TABLE_CSV, columns, "entries",
			clock_text(clock_now_ms(), as_of));
	for (size_t i = 0; i < listing->list.n_entries; i++)
		put_entry(&out, &listing->list.entries[i]);
	table_out_end(&out);
	while ((n = table_out_take(&out, buffer, sizeof(buffer))) > 0)
		fwrite(buffer, 1, n, stdout);
}

/* From the first moment of @since to the last of @until, by UTC. */
static int read_days(const char *since, const char *until, struct audit_query *query,
		     struct err *err)
{
	int32_t day = 0;
	int r = since ? civil_parse(since, &day, err) : 0;

	if (r >= 0 && since)
		query->from_ms = day * DAY_MS;
	if (r >= 0 && until)
		r = civil_parse(until, &day, err);
	if (r >= 0 && until)
		query->until_ms = (day + 1) * DAY_MS;
	return r;
}

static bool is_act(const char *word)
{
	for (unsigned i = 0; audit_act_words[i]; i++) {
		if (strcmp(audit_act_words[i], word) == 0)
			return true;
	}
	return false;
}

static int refuse_act(const char *word)
{
	int r = admin_usage(&cmd_audit_list, "there is no kind of change '%.40s'", word);

	fprintf(stderr, "The kinds are");
	for (unsigned i = 0; audit_act_words[i]; i++)
		fprintf(stderr, "%s%s", i % 4 == 0 ? "\n  " : ", ", audit_act_words[i]);
	fprintf(stderr, "\n");
	return r;
}

static int print_list(const struct listing *listing)
{
	if (listing->is_csv || listing->is_json) {
		print_table(listing);
		return admin_end(&cmd_audit_list, CLI_OK);
	}
	for (size_t i = 0; i < listing->list.n_entries; i++)
		print_entry(&listing->list.entries[i]);
	if (listing->list.n_entries == 0)
		printf("None.\n");
	if (listing->list.n_entries == listing->query.limit)
		printf("There may be older ones: --before %" PRId64 " goes on.\n",
		       listing->list.entries[listing->list.n_entries - 1].number);
	return admin_end(&cmd_audit_list, CLI_OK);
}

static int run_list(int argc, char *argv[])
{
	struct listing listing = { .query.limit = LISTED };
	const char *store_url = NULL, *since = NULL, *until = NULL, *limit = NULL, *before = NULL;
	const struct cli_option options[] = {
		{ "since", "DAY", "not before this day (UTC)", &since, NULL },
		{ "until", "DAY", "not after this day (UTC)", &until, NULL },
		{ "act", "WORD", "only this kind, as waiver_given", &listing.query.act, NULL },
		{ "object", "ID", "only what was done to this", &listing.query.object, NULL },
		{ "before", "N", "only entries before number N", &before, NULL },
		{ "limit", "N", "the newest N, at most 500; default 50", &limit, NULL },
		{ "csv", NULL, "as CSV", NULL, &listing.is_csv },
		{ "json", NULL, "as JSON", NULL, &listing.is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	int64_t n = LISTED;
	size_t n_args;
	int r = cli_parse(&cmd_audit_list, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (limit && admin_parse_number(limit, 1, LISTED_MAX, &n) < 0)
		return admin_usage(&cmd_audit_list, "--limit is 1 to %d, not '%.20s'", LISTED_MAX,
				   limit);
	listing.query.limit = (size_t)n;
	if (before && admin_parse_number(before, 1, INT64_MAX, &listing.query.before) < 0)
		return admin_usage(&cmd_audit_list, "--before is a number, not '%.20s'", before);
	if (listing.query.act && !is_act(listing.query.act))
		return refuse_act(listing.query.act);
	r = read_days(since, until, &listing.query, &err);
	if (r < 0)
		return admin_usage(&cmd_audit_list, "%s", err.text);
	if (look_at(store_url, list, &listing, &err) < 0)
		return admin_fail(&cmd_audit_list, &err);
	r = print_list(&listing);
	audit_list_done(&listing.list);
	return r;
}

const struct cli_command cmd_audit_list = {
	.name = "audit list",
	.args = "",
	.summary = "who changed what, the newest first",
	.run = run_list,
};
