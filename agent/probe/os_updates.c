/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Updates that wait: for the next start, or since they were installed.
 */
#include "agent/probe/os_updates.h"
#include "agent/probe/fact.h"
#include "agent/probe/os_automatic.h"
#include "agent/probe/presence.h"

/*
 * systemd.offline-updates(7): with this link the next start installs and does
 * nothing else; PackageKit, dnf and GNOME Software all set it. OSTree's file is
 * there from the download on, and shutting down makes it the next system
 * (ostree-finalize-staged.path).
 */
static const char *const staged_marks[] = { "system-update", "etc/system-update",
					    "run/ostree/staged-deployment" };

/*
 * Downloaded and not more: PackageKit's PK_OFFLINE_PREPARED_FILENAME, and what
 * dnf5 keeps for `dnf5 offline`. The dialog to shut down offers to install them.
 */
static const char *const prepared_marks[] = {
	"var/lib/PackageKit/prepared-update",
	"usr/lib/sysimage/libdnf5/offline/offline-transaction-state.toml",
};

/* 1: one of @marks is there, 0: none is, or why that cannot be told. */
static int any_of(const struct env *env, const char *const *marks, size_t n, struct err *err)
{
	int unsure = 0;

	for (size_t i = 0; i < n; i++) {
		int r = presence_of(env, marks[i], err);

		if (r > 0)
			return r;
		unsure = r < 0 ? r : unsure;
	}
	return unsure;
}

static void set_staged(const struct env *env, json_t *facts)
{
	struct err err = { 0 };
	int staged = any_of(env, staged_marks, ARRAY_SIZE(staged_marks), &err);
	int prepared = 0;

	if (staged == 0)
		prepared = any_of(env, prepared_marks, ARRAY_SIZE(prepared_marks), &err);
	if (staged < 0 || prepared < 0)
		fact_set_unknown(facts, "updates_staged", "%s", err.text);
	else if (prepared > 0)
		fact_set_unknown(facts, "updates_staged",
				 "updates are downloaded; whoever shuts this device down is "
				 "asked whether to install them");
	else
		fact_set_bool(facts, "updates_staged", staged > 0);
}

/* What notes that a restart is needed, and where it does. */
static const struct note {
	const char *writer, *mark;
} notes[] = {
	/* Debian and Ubuntu: packages call notify-reboot-required, kernels these hooks. */
	{ "usr/share/update-notifier/notify-reboot-required", "run/reboot-required" },
	{ "etc/kernel/postinst.d/unattended-upgrades", "run/reboot-required" },
	{ "etc/kernel/postinst.d/reboot-notifier", "run/reboot-required" },
	/* openSUSE: libzypp, for the packages that this file and its vendor's copy name. */
	{ "etc/zypp/needreboot", "run/reboot-needed" },
	{ "usr/share/zypp/needreboot", "run/reboot-needed" },
	{ "usr/etc/zypp/needreboot", "run/reboot-needed" },
	{ "run/ostree-booted", "run/ostree/staged-deployment" },
};

static void set_restart(const struct env *env, json_t *facts)
{
	bool is_noted = false, has_writer = false;
	struct err err = { 0 };
	int unsure = presence_of(env, "run", &err);

	if (unsure == 0)
		unsure = err_set(&err, -1, "there is no /run, where it would be noted");
	for (size_t i = 0; i < ARRAY_SIZE(notes); i++) {
		int mark = presence_of(env, notes[i].mark, &err);
		int writer = presence_of(env, notes[i].writer, &err);

		is_noted |= mark > 0;
		has_writer |= writer > 0;
		unsure = mark < 0 ? mark : writer < 0 ? writer : unsure;
	}
	if (is_noted)
		fact_set_bool(facts, "restart_required", true);
	else if (unsure < 0)
		fact_set_unknown(facts, "restart_required", "%s", err.text);
	else if (has_writer)
		fact_set_bool(facts, "restart_required", false);
	else
		fact_set_unknown(facts, "restart_required",
				 "this system does not note that it needs a restart");
}

void os_updates_set(const struct env *env, json_t *facts)
{
	set_staged(env, facts);
	set_restart(env, facts);
	os_automatic_set(env, facts);
}
