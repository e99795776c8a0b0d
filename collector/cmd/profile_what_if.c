/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile what-if: what publishing a profile or a supplement would change, and nothing
 * is changed.
 */
#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "collector/cmd/admin.h"
#include "collector/cmd/file_lint.h"
#include "collector/cmd/what_if_print.h"
#include "common/base/clock.h"

/* Whoever waits for longer than a breath is told how far it is. */
#define PROGRESS_MS 1000

enum {
	WHAT_IF_CHANGES = 1, /* something would be otherwise */
};

struct asked {
	struct profile_file file;
	struct what_if_subject subject;
	bool is_csv, is_terminal, is_shown;
	int64_t shown_ms;
};

static void take_device(void *arg, const struct what_if_device *device)
{
	const struct asked *asked = arg;

	if (asked->is_csv)
		what_if_print_csv(device);
}

static void show_progress(void *arg, int64_t n_done, int64_t n_all)
{
	struct asked *asked = arg;
	int64_t now_ms = clock_boot_ms();

	if (!asked->is_terminal || now_ms - asked->shown_ms < PROGRESS_MS)
		return;
	fprintf(stderr, "\rLooked at %" PRId64 " of %" PRId64 " devices", n_done, n_all);
	asked->shown_ms = now_ms;
	asked->is_shown = true;
}

/* What could not be published has no what-if. */
static int check(struct store *store, const struct profile_file *file, struct err *err)
{
	int r = file_lint(store, file, err);

	return r > 0 ? err_set(err, -EINVAL, "%s would not be published: see above", file->name)
		     : r;
}

/* On one moment of the store, which is open to be read only. */
static int look(const char *store_url, struct asked *asked, struct what_if *ret_what_if,
		struct err *err)
{
	_cleanup_(store_closep) struct store *store = NULL;
	const struct what_if_request request = {
		.profile = asked->file.profile,
		.supplement = asked->file.supplement,
		.now_ms = clock_now_ms(),
		.device = take_device,
		.progress = show_progress,
		.arg = asked,
	};
	int r = store_open(admin_store_url(store_url), true, &store, err);

	if (r >= 0)
		r = store_begin(store, err);
	if (r < 0)
		return r;
	r = check(store, &asked->file, err);
	if (r >= 0 && asked->is_csv)
		what_if_print_csv_head();
	if (r >= 0)
		r = act_what_if(store, &request, ret_what_if, err);
	store_rollback(store);
	if (asked->is_shown)
		fputs("\r\033[K", stderr);
	return r;
}

static void print(const struct what_if *what_if, const struct asked *asked, bool is_json,
		  bool is_all)
{
	if (is_json)
		what_if_print_json(what_if, &asked->subject);
	else if (asked->is_csv)
		what_if_print_sentence(stderr, what_if, &asked->subject);
	else
		what_if_print(what_if, &asked->subject, is_all);
}

static struct what_if_subject subject_of(const struct profile_file *file)
{
	if (file->supplement)
		return (struct what_if_subject){ file->name, file->supplement->profile_id,
						 file->supplement->version };
	return (struct what_if_subject){ file->name, file->profile->id, file->profile->version };
}

static int answer(const char *name, const char *store_url, struct asked *asked, bool is_json,
		  bool is_all)
{
	_cleanup_(what_if_done) struct what_if what_if = { 0 };
	struct err err = { 0 };

	if (profile_file_open(name, &asked->file) < 0)
		return admin_fail(&cmd_profile_what_if, &asked->file.refusal);
	asked->subject = subject_of(&asked->file);
	if (look(store_url, asked, &what_if, &err) < 0)
		return admin_fail(&cmd_profile_what_if, &err);
	print(&what_if, asked, is_json, is_all);
	return admin_end(&cmd_profile_what_if,
			 what_if_changes(&what_if) ? WHAT_IF_CHANGES : CLI_OK);
}

static int run(int argc, char *argv[])
{
	struct asked asked = { .is_terminal = isatty(STDERR_FILENO), .shown_ms = clock_boot_ms() };
	const char *store_url = NULL;
	bool is_json = false, is_all = false;
	const struct cli_option options[] = {
		{ "all", NULL, "show all sites, not only the 20 most harmed", NULL, &is_all },
		{ "devices", NULL, "print the devices that would change, as CSV", NULL,
		  &asked.is_csv },
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	size_t n_args;
	int r = cli_parse(&cmd_profile_what_if, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(&cmd_profile_what_if,
				   "name the file of one profile or supplement");
	if (is_json && asked.is_csv)
		return admin_usage(&cmd_profile_what_if, "use --json or --devices, not both");
	r = answer(argv[1], store_url, &asked, is_json, is_all);
	profile_file_done(&asked.file);
	return r;
}

const struct cli_command cmd_profile_what_if = {
	.name = "profile what-if",
	.args = "FILE",
	.summary = "what publishing this would change; exit 1 if anything would",
	.run = run,
};
