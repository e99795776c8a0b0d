/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile publish: judge by this profile, or supplement to one, from now on.
 */
#include <errno.h>
#include <fcntl.h>

#include "collector/cmd/change.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/mem.h"

/* What is to be published: one of the two. */
struct publication {
	const char *body;
	struct profile *profile;
	struct supplement *supplement;
	struct reach reach;
};

static int publish(struct store *store, void *arg, struct err *err)
{
	struct publication *publication = arg;

	if (publication->supplement)
		return act_supplement_publish(store, publication->supplement, clock_now_ms(),
					      &publication->reach, err);
	return act_publish(store, publication->profile, publication->body, clock_now_ms(),
			   &publication->reach, err);
}

static int parse(const char *text, size_t len, const char *file, struct publication *publication,
		 struct err *err)
{
	if (supplement_is_one(text, len))
		return supplement_parse(text, len, file, &publication->supplement, err);
	return profile_parse(text, len, file, &publication->profile, err);
}

static void print_published(const struct publication *publication)
{
	const struct supplement *supplement = publication->supplement;

	if (supplement)
		printf("Published the supplement of %s %s to %s, version %.8s. ",
		       supplement->scope == SCOPE_LEA ? "LEA" : "site", supplement->scope_code,
		       supplement->profile_id, supplement->version);
	else
		printf("Published %s, version %.8s. ", publication->profile->id,
		       publication->profile->version);
}

static int run_file(const char *file, const char *store_url, bool is_wait)
{
	_cleanup_(supplement_freep) struct supplement *supplement = NULL;
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_free_ char *body = NULL;
	struct publication publication = { 0 };
	struct err err = { 0 };
	size_t len;
	int r = file_read_at(AT_FDCWD, file, PROFILE_BYTES_MAX, &body, &len, &err);

	if (r < 0)
		return admin_fail(&cmd_profile_publish, &err);
	publication.body = body;
	r = parse(body, len, file, &publication, &err);
	supplement = publication.supplement;
	profile = publication.profile;
	if (r >= 0)
		r = admin_run(store_url, publish, &publication, &err);
	if (r < 0)
		return change_refuse(&cmd_profile_publish, r, &err, "Nothing was published.");
	print_published(&publication);
	return change_end(&cmd_profile_publish, store_url, &publication.reach, is_wait);
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
