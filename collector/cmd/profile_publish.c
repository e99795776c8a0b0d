/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile publish: judge by this profile from now on.
 */
#include <errno.h>
#include <fcntl.h>

#include "collector/cmd/change.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/mem.h"

struct publication {
	const struct profile *profile;
	const char *body;
	struct reach reach;
};

static int publish(struct store *store, void *arg, struct err *err)
{
	struct publication *publication = arg;

	return act_publish(store, publication->profile, publication->body, clock_now_ms(),
			   &publication->reach, err);
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
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_free_ char *body = NULL;
	struct publication publication;
	struct err err = { 0 };
	size_t n_args, len;
	int r = cli_parse(&cmd_profile_publish, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(&cmd_profile_publish, "name one profile's file");
	r = file_read_at(AT_FDCWD, argv[1], PROFILE_BYTES_MAX, &body, &len, &err);
	if (r < 0)
		return admin_fail(&cmd_profile_publish, &err);
	r = profile_parse(body, len, argv[1], &profile, &err);
	if (r < 0) {
		fprintf(stderr, "%s\nNothing was published.\n", err.text);
		return ADMIN_REFUSED;
	}
	publication = (struct publication){ .profile = profile, .body = body };
	r = admin_run(store_url, publish, &publication, &err);
	if (r < 0)
		return admin_fail(&cmd_profile_publish, &err);
	printf("Published %s, version %.8s. ", profile->id, profile->version);
	return change_end(&cmd_profile_publish, store_url, &publication.reach, is_wait);
}

const struct cli_command cmd_profile_publish = {
	.name = "profile publish",
	.args = "FILE",
	.summary = "judge devices by this profile from now on",
	.run = run,
};
