/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/probe/fact.h"
#include "agent/probe/listing.h"
#include "agent/probe/os_apt.h"
#include "agent/probe/os_automatic.h"
#include "agent/probe/presence.h"
#include "agent/probe/settings.h"
#include "common/base/mem.h"

/* What is known so far. Something that installs makes it certain, whatever else is not known. */
struct finding {
	bool is_system; /* a package manager that we know is here */
	const char *by; /* what installs updates; NULL: nothing that was found */
	struct err why; /* what could not be told; "" if all could */
};

/* Timers that install when they are on: always, or if a setting says so. */
static const struct timer {
	const char *unit, *by;
	const char *file, *group, *key; /* NULL: always */
	const char *words[4];
} timers[] = {
	/* clang-format off */
	/* dnf-automatic(8): this one overrules the setting; -download and -notifyonly never install. */
	{ .unit = "dnf-automatic-install.timer", .by = "dnf-automatic" },
	/* dnf-automatic(8) and dnf5-automatic(8); apply_updates is off where it is not set. */
	{ .unit = "dnf-automatic.timer", .by = "dnf-automatic", .file = "etc/dnf/automatic.conf",
	  .group = "commands", .key = "apply_updates", .words = { "yes", "true", "1", "on" } },
	{ .unit = "dnf5-automatic.timer", .by = "dnf5-automatic", .file = "etc/dnf/automatic.conf",
	  .group = "commands", .key = "apply_updates", .words = { "yes", "true", "1", "on" } },
	/* rpm-ostreed.conf(5) */
	{ .unit = "rpm-ostreed-automatic.timer", .by = "rpm-ostree", .file = "etc/rpm-ostreed.conf",
	  .group = "Daemon", .key = "AutomaticUpdatePolicy", .words = { "stage", "apply" } },
	{ .unit = "transactional-update.timer", .by = "transactional-update" },
	{ .unit = "os-update.timer", .by = "os-update" },
	{ .unit = "mintupdate-automation-upgrade.timer", .by = "mintupdate" },
	/* clang-format on */
};

/* Whether the link at @path ends in "/null", which is how systemd masks a unit. */
static bool is_masked(const struct env *env, const char *path)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(env->root_fd, path, target, sizeof(target));

	return n == (ssize_t)strlen("/dev/null") && memcmp(target, "/dev/null", (size_t)n) == 0;
}

/* 1: the timer @unit starts with the system, 0: it does not, or why that cannot be told. */
static int timer_is_on(const struct env *env, const char *unit, struct err *err)
{
	static const char *const wants[] = { "etc/systemd/system/timers.target.wants",
					     "usr/lib/systemd/system/timers.target.wants",
					     "etc/systemd/system/multi-user.target.wants" };
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "etc/systemd/system/%s", unit);
	if (is_masked(env, path))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(wants); i++) {
		int r;

		snprintf(path, sizeof(path), "%s/%s", wants[i], unit);
		r = presence_of(env, path, err);
		if (r != 0)
			return r;
	}
	return 0;
}

/* 1: the setting of @timer makes it install, 0: it does not, or why that cannot be told. */
static int timer_installs(const struct env *env, const struct timer *timer, struct err *err)
{
	_cleanup_free_ char *text = NULL, *value = NULL;
	struct err missing = { 0 };
	int r;

	if (!timer->file)
		return 1;
	r = env_read(env, timer->file, SETTINGS_MAX, &text, NULL, &missing);
	if (r < 0)
		return r == -ENOENT ? 0 : err_set(err, r, "%s", missing.text);
	value = settings_value(text, timer->group, timer->key);
	for (size_t i = 0; value && i < ARRAY_SIZE(timer->words) && timer->words[i]; i++) {
		if (strcasecmp(value, timer->words[i]) == 0)
			return 1;
	}
	return 0;
}

static void look_at_timers(const struct env *env, struct finding *finding)
{
	for (size_t i = 0; i < ARRAY_SIZE(timers); i++) {
		int r = timer_is_on(env, timers[i].unit, &finding->why);

		if (r > 0)
			r = timer_installs(env, &timers[i], &finding->why);
		if (r > 0 && !finding->by)
			finding->by = timers[i].by;
	}
}

/* Whether something runs APT's daily script: systemd's timer @unit, or cron where there is no
 * systemd. */
static int apt_runs(const struct env *env, const char *unit, struct err *err)
{
	static const char *const systemd[] = { "usr/lib/systemd/systemd", "lib/systemd/systemd",
					       NULL };
	int r = timer_is_on(env, unit, err);

	if (r != 0)
		return r;
	r = presence_of_any(env, systemd, err);
	if (r != 0)
		return r < 0 ? r : 0;
	return presence_of(env, "etc/cron.daily/apt-compat", err);
}

/* unattended-upgrades; what it needs is asked for in the order of what it costs. */
static int apt_installs(const struct env *env, struct finding *finding)
{
	struct os_apt apt;
	int r = presence_of_program(env, "usr/bin/unattended-upgrade", &finding->why);

	if (r <= 0)
		return r;
	r = os_apt_read(env, &apt, &finding->why);
	if (r < 0 || !apt.installs)
		return r;
	r = apt_runs(env, "apt-daily-upgrade.timer", &finding->why);
	if (r <= 0)
		return r;
	r = apt.looks ? apt_runs(env, "apt-daily.timer", &finding->why) : 0;
	if (r == 0)
		return err_set(&finding->why, -ENODATA,
			       "unattended-upgrades installs updates, but APT does not look for "
			       "them by itself: it waits for someone who does");
	return r;
}

/* snapd keeps whether its updates are held in a file that only root may read (state.json). */
static void look_at_snapd(const struct env *env, struct finding *finding)
{
	static const char *const programs[] = { "usr/lib/snapd/snapd", "usr/libexec/snapd/snapd",
						NULL };
	_cleanup_(listing_done) struct listing listing = { 0 };
	int r = presence_of_any(env, programs, &finding->why);
	const char *name;

	if (r <= 0)
		return;
	/* Mounted snaps; a snapd without any has nothing to update. */
	if (listing_open(env->root_fd, "snap", &listing, NULL) < 0)
		return;
	while ((name = listing_next(&listing))) {
		if (strcmp(name, "bin") == 0 || strcmp(name, "README") == 0)
			continue;
		err_set(&finding->why, -ENODATA,
			"snapd updates snaps by itself unless that is held, which only root may "
			"see");
		return;
	}
}

void os_automatic_set(const struct env *env, json_t *facts)
{
	static const char *const systems[] = { "etc/apt", "etc/dnf", "etc/zypp",
					       "etc/rpm-ostreed.conf" };
	struct finding finding = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(systems); i++)
		finding.is_system |= presence_of(env, systems[i], &finding.why) > 0;
	if (finding.is_system) {
		look_at_timers(env, &finding);
		if (apt_installs(env, &finding) > 0)
			finding.by = "unattended-upgrades";
		look_at_snapd(env, &finding);
	}
	if (!finding.is_system && !finding.why.text[0])
		err_set(&finding.why, -ENOENT,
			"the agent does not know how this system is updated");

	if (finding.by || !finding.why.text[0]) {
		fact_set_bool(facts, "automatic_updates", finding.by != NULL);
		fact_set_text(facts, "automatic_updates_by", finding.by ? finding.by : "");
		return;
	}
	fact_set_unknown(facts, "automatic_updates", "%s", finding.why.text);
	fact_set_unknown(facts, "automatic_updates_by", "%s", finding.why.text);
}
