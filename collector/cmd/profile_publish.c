/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile publish: judge by this profile, or supplement to one, from now on.
 */
#include <errno.h>
#include <string.h>

#include "collector/act/prepare.h"
#include "collector/cmd/change.h"
#include "collector/cmd/file_lint.h"
#include "collector/store/store_profile.h"
#include "common/base/clock.h"

struct offer {
	const struct profile_file *file;
	struct prepared prepared;
	struct reach reach;
	bool is_named; /* some window names the profile */
};

static int look_for_windows(struct store *store, struct offer *offer, struct err *err)
{
	const char *id = offer->file->supplement ? offer->file->supplement->profile_id
						 : offer->file->profile->id;
	int r = store_profile_is_named(store, id, err);

	offer->is_named = r > 0;
	return r < 0 ? r : 0;
}

static int publish(struct store *store, void *arg, struct err *err)
{
	struct offer *offer = arg;
	const struct moment moment = { store, NULL, clock_now_ms() };
	const struct profile_file *file = offer->file;
	int r = file_lint(store, file, err);

	if (r != 0)
		return r;
	if (file->supplement) {
		r = act_prepared_put(store, file->supplement->profile_id, &offer->prepared,
				     moment.now_ms, err);
		if (r >= 0)
			r = asked_supplement_publish(store, admin_actor(), file->supplement,
						     moment.now_ms, &offer->reach, err);
	} else {
		r = asked_publish(&moment, admin_actor(), file->profile, file->text, &offer->reach,
				  err);
	}
	return r < 0 ? r : look_for_windows(store, offer, err);
}

static void print_published(const struct offer *offer)
{
	const struct profile_file *file = offer->file;
	const struct supplement *supplement = file->supplement;

	if (supplement)
		printf("Published the supplement of %s %s to %s, version %.8s. ",
		       supplement->scope == SCOPE_LEA ? "LEA" : "site", supplement->scope_code,
		       supplement->profile_id, supplement->version);
	else
		printf("Published %s, version %.8s. ", file->profile->id, file->profile->version);
	/* A slip in its year makes another profile, and the sites stay with the old one. */
	if (!offer->is_named)
		printf("No site has a window of %s yet: windows name it in what site import takes "
		       "in. ",
		       supplement ? supplement->profile_id : file->profile->id);
}

/*
 * Compose before the transaction that publishes, during which no report is taken. Where that
 * fails, publishing fails as well, or finds less made: it says what is wrong.
 */
static void prepare(const char *store_url, const struct profile *profile)
{
	_cleanup_(store_closep) struct store *store = NULL, *reader = NULL;
	const char *url = admin_store_url(store_url);

	if (store_open_old(url, &store, NULL) >= 0 && store_open(url, true, &reader, NULL) >= 0)
		(void)!act_prepare(reader, store, profile, clock_now_ms(), NULL);
}

static int look(struct store *reader, void *arg, struct err *err)
{
	struct offer *offer = arg;

	return act_supplement_prepare(reader, offer->file->supplement, &offer->prepared, err);
}

static int run_file(const char *name, const char *store_url, bool is_wait)
{
	static const char nothing[] = "Nothing was published.";
	_cleanup_(profile_file_done) struct profile_file file = { 0 };
	struct offer offer = { .file = &file };
	struct err err = { 0 };
	int r = profile_file_open(name, &file);

	if (!file.text)
		return admin_fail(&cmd_profile_publish, &file.refusal);
	if (r < 0)
		return change_refuse(&cmd_profile_publish, -EINVAL, &file.refusal, nothing);
	if (file.profile)
		prepare(store_url, file.profile);
	else
		change_prepare(store_url, look, &offer);
	r = admin_run(store_url, publish, &offer, &err);
	prepared_done(&offer.prepared);
	if (r > 0)
		fprintf(stderr, "%s\n", nothing);
	if (r != 0)
		return r > 0 ? ADMIN_REFUSED
			     : change_refuse(&cmd_profile_publish, r, &err, nothing);
	print_published(&offer);
	return change_end(&cmd_profile_publish, store_url, &offer.reach, is_wait);
}

static int run(int argc, char *argv[])
{
	const char *store_url = NULL;
	bool is_wait = false;
	const struct cli_option options[] = {
		CHANGE_WAIT_OPTION(&is_wait),
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	size_t n_args;
	int r = cli_parse(&cmd_profile_publish, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(&cmd_profile_publish,
				   "name the file of one profile or supplement");
	return run_file(argv[1], store_url, is_wait);
}

const struct cli_command cmd_profile_publish = {
	.name = "profile publish",
	.args = "FILE",
	.summary = "judge devices by this profile, or supplement to one, from now on",
	.run = run,
};
