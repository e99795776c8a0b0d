/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prepare-image: make this device nobody, before its disk is copied to others.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "agent/cmd.h"
#include "agent/config.h"
#include "agent/identity_settle.h"
#include "agent/probe/listing.h"
#include "agent/state.h"
#include "common/base/log.h"
#include "common/base/mem.h"

/* What is the device's own, and what a person is told that it was. The key is the first. */
static const struct {
	const char *name, *what;
} files[] = {
	{ "identity.json", "identity" },
	{ "settlement.json", "enrolment under way" },
	{ "sequence", "number of the newest report" },
	{ "attempt.json", "last attempt to deliver" },
	{ "sent.json", "facts that were sent last" },
	{ STATE_FILE_PROFILE, "requirements" },
	{ STATE_FILE_REQUIREMENTS, "what the collector said about them" },
};

static const struct {
	const char *name, *what;
} folders[] = {
	{ STATE_DIR_SPOOL, "reports that waited" },
	{ STATE_DIR_REFUSED, "refused reports" },
};

struct erasing {
	const struct state *state;
	bool has_erased;
};

static void tell(struct erasing *erasing, const char *what, size_t n)
{
	printf("%s%s", erasing->has_erased ? ", " : "Erased: ", what);
	if (n > 0)
		printf(" (%zu)", n);
	erasing->has_erased = true;
}

/* 1: it is gone; 0: there was none. What a crash left half written goes with it. */
static int erase_file(int dir_fd, const char *path, const char *name, struct err *err)
{
	_cleanup_free_ char *half = xasprintf(".%s.tmp", name);

	if (unlinkat(dir_fd, half, 0) < 0 && errno != ENOENT)
		return err_errno(err, -errno, "cannot remove %s/%s", path, half);
	if (unlinkat(dir_fd, name, 0) < 0) {
		if (errno == ENOENT)
			return 0;
		return err_errno(err, -errno, "cannot remove %s/%s", path, name);
	}
	return 1;
}

/* How many files were in it, or -errno. Deleting while listing skips some: until none is left. */
static int erase_all(int dir_fd, const char *path, const char *folder, struct err *err)
{
	struct listing listing;
	int n = 0, n_before = -1;

	while (n != n_before) {
		const char *name;
		int r = listing_open(dir_fd, folder, &listing, err);

		if (r < 0)
			return r == -ENOENT ? 0 : r;
		n_before = n;
		while ((name = listing_next(&listing))) {
			if (unlinkat(listing_fd(&listing), name, 0) == 0)
				n++;
			else if (errno != ENOENT)
				r = err_errno(err, -errno, "cannot remove %s/%s/%s", path, folder,
					      name);
		}
		if (r >= 0 && fsync(listing_fd(&listing)) < 0)
			r = err_errno(err, -errno, "%s/%s", path, folder);
		listing_done(&listing);
		if (r < 0)
			return r;
	}
	return n;
}

static int erase(struct erasing *erasing, struct err *err)
{
	const struct state *state = erasing->state;

	/* The key goes first: whatever fails after it, no copy can speak for this device. */
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		int r = erase_file(state->dir_fd, state->path, files[i].name, err);

		if (r < 0)
			return r;
		if (r > 0)
			tell(erasing, files[i].what, 0);
	}
	if (fsync(state->dir_fd) < 0)
		return err_errno(err, -errno, "%s", state->path);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		int n = erase_all(state->dir_fd, state->path, folders[i].name, err);

		if (n < 0)
			return n;
		if (n > 0)
			tell(erasing, folders[i].what, (size_t)n);
	}
	return 0;
}

static int run_with(const struct config *config, const char *path, struct err *err)
{
	_cleanup_(state_closep) struct state *state = NULL;
	struct erasing erasing = { 0 };
	int r = state_open(config_state_path(config, path), false, &state, err);

	if (r == -ENOENT) {
		puts("There was nothing to erase.");
		return 0;
	}
	if (r >= 0)
		r = state_lock(state, err);
	if (r < 0)
		return r;
	erasing.state = state;
	r = erase(&erasing, err);
	if (erasing.has_erased)
		puts(r < 0 ? " (and then it failed)" : ".");
	else if (r >= 0)
		puts("There was nothing to erase.");
	return r;
}

static int prepare_image_run(int argc, char *argv[])
{
	const char *path = NULL, *file = NULL, *root = "";
	const struct cli_option options[] = {
		{ "config", "FILE", CONFIG_SUMMARY, &file, NULL },
		{ "state", "DIR", "state folder; else $TESTREADY_STATE, else " STATE_DIR_DEFAULT,
		  &path, NULL },
		{ "root", "DIR", "the machine recorded in this folder", &root, NULL },
		{ 0 },
	};
	struct config config = { 0 };
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_prepare_image, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	r = config_read(file, root, &config, &err);
	if (r >= 0)
		r = run_with(&config, path, &err);
	if (r >= 0 && identity_check_image(root, NULL) >= 0)
		printf("Switch this device off now and copy its disk. If the agent runs before "
		       "that, it enrols again unless %s" IMAGE_MASTER " is there.\n",
		       root);
	config_done(&config);
	if (r < 0)
		log_line(LOG_ERR, "testready-agent prepare-image: %s", err.text);
	return r < 0 ? CLI_USAGE : CLI_OK;
}

const struct cli_command cmd_prepare_image = {
	.name = "prepare-image",
	.args = "",
	.summary = "Erase who this device is, before its disk is copied to others.",
	.run = prepare_image_run,
};
