/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock: the time zone, and whether something keeps the clock right.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/clock_zone.h"
#include "agent/probe/fact.h"
#include "agent/probe/presence.h"
#include "common/base/mem.h"

#define ZONE_FILE_MAX ((size_t)64 * 1024) /* the largest of tzdata has 4 KiB */

static const char localtime_path[] = "etc/localtime";

/* The zone that the link /etc/localtime points to, which must be there. Owned by the caller. */
static int zone_of_link(const struct env *env, const char *target, char **ret_zone, struct err *err)
{
	_cleanup_free_ char *zone = clock_zone_of_path(target);
	/* An absolute one counts from the root that we look at. */
	_cleanup_free_ char *file =
		target[0] == '/' ? xasprintf("%s", target + 1) : xasprintf("etc/%s", target);
	int r;

	if (!zone)
		return err_set(err, -EINVAL, "/%s points to nothing that names a time zone",
			       localtime_path);
	r = presence_of_file(env, file, err);
	if (r == 0)
		return err_set(err, -ENOENT, "the time zone %s of /%s is not installed", zone,
			       localtime_path);
	if (r > 0)
		*ret_zone = TAKE_PTR(zone);
	return r;
}

/*
 * The zone that /etc/timezone names, where /etc/localtime is a copy: Debian's
 * installer wrote both, and what changes one may forget the other, so that it
 * counts only if the two files are the same.
 */
static int zone_of_copy(const struct env *env, char **ret_zone, struct err *err)
{
	_cleanup_free_ char *text = NULL, *path = NULL;
	_cleanup_free_ char *here = NULL, *there = NULL;
	size_t here_len, there_len;
	int r = env_read(env, localtime_path, ZONE_FILE_MAX, &here, &here_len, err);

	if (r >= 0)
		r = env_read(env, "etc/timezone", PATH_MAX, &text, NULL, err);
	if (r < 0)
		return r;
	text[strcspn(text, "\r\n")] = '\0';
	if (!clock_zone_is_valid(text))
		return err_set(err, -EINVAL, "/etc/timezone names no time zone");
	path = xasprintf("usr/share/zoneinfo/%s", text);
	r = env_read(env, path, ZONE_FILE_MAX, &there, &there_len, err);
	if (r < 0)
		return r;
	if (here_len != there_len || memcmp(here, there, here_len) != 0)
		return err_set(err, -ESTALE, "/%s is not the time zone that /etc/timezone names",
			       localtime_path);
	*ret_zone = xstrdup(text);
	return 0;
}

static void set_time_zone(const struct env *env, json_t *facts)
{
	_cleanup_free_ char *zone = NULL;
	char target[PATH_MAX];
	struct err err = { 0 };
	ssize_t n = readlinkat(env->root_fd, localtime_path, target, sizeof(target));
	int r;

	if (n == (ssize_t)sizeof(target)) {
		r = err_set(&err, -ENAMETOOLONG, "/%s points too far", localtime_path);
	} else if (n >= 0) {
		target[n] = '\0';
		r = zone_of_link(env, target, &zone, &err);
	} else {
		/* EINVAL: it is no link. */
		r = errno == EINVAL ? zone_of_copy(env, &zone, &err)
				    : err_errno(&err, -errno, "/%s", localtime_path);
	}
	if (r < 0)
		fact_set_unknown(facts, "time_zone", "%s", err.text);
	else
		fact_set_text(facts, "time_zone", zone);
}

/* What systemd-timesyncd writes once it was answered. */
static bool timesync_says_so(const struct env *env)
{
	return presence_of(env, "run/systemd/timesync/synchronized", NULL) > 0;
}

/* A recorded machine has no more than that. */
static void set_synchronised_of_files(const struct env *env, json_t *facts)
{
	if (timesync_says_so(env))
		fact_set_bool(facts, "synchronised", true);
	else
		fact_set_unknown(facts, "synchronised",
				 "only the running machine knows whether its clock is kept right");
}

static void set_synchronised(const struct env *env, json_t *facts)
{
	struct timex timex = { .modes = 0 }; /* read only, which needs no right */
	int state, error;

	if (env->root[0]) {
		set_synchronised_of_files(env, facts);
		return;
	}
	state = adjtimex(&timex);
	error = errno;
	/* The sandbox of the service allows no call that could set the clock. */
	if (state < 0 && timesync_says_so(env))
		fact_set_bool(facts, "synchronised", true);
	else if (state < 0)
		fact_set_unknown(facts, "synchronised", "the kernel does not say: %s",
				 strerrordesc_np(error));
	else
		/* adjtimex(2): nothing has corrected it, or that was too long ago. */
		fact_set_bool(facts, "synchronised",
			      state != TIME_ERROR && !(timex.status & STA_UNSYNC));
}

static int clock_run(const struct env *env, json_t *facts, struct err *err)
{
	(void)err;
	set_time_zone(env, facts);
	set_synchronised(env, facts);
	return 0;
}

const struct probe probe_clock = { .name = "clock", .run = clock_run };
