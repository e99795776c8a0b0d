/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/dconf.h"
#include "agent/probe/listing.h"
#include "agent/probe/software_screen.h"
#include "common/base/mem.h"
#include "common/base/text.h"

/* Sessions that follow the settings of GNOME; of others we know none that can be locked. */
static const char *const gnome_sessions[] = { "gnome*", "ubuntu*", "pop*" };

/* GNOME turns the screen off and locks it after idle-delay, and the device off after the others. */
static const struct {
	const char *folder, *key;
	bool is_screen;       /* a time locked to more than zero is certain to blank */
	const char *never[2]; /* values that mean never */
} settings[] = {
	{ "org/gnome/desktop/session", "idle-delay", true, { "uint32 0", "0" } },
	{ "org/gnome/settings-daemon/plugins/power",
	  "sleep-inactive-ac-type",
	  false,
	  { "'nothing'" } },
	{ "org/gnome/settings-daemon/plugins/power",
	  "sleep-inactive-battery-type",
	  false,
	  { "'nothing'" } },
};

static bool is_gnome(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(gnome_sessions); i++) {
		if (text_like(name, gnome_sessions[i]))
			return true;
	}
	return false;
}

/* 0: every session that can be chosen is one of GNOME's, and there is one. */
static int check_sessions(const struct env *env, struct err *err)
{
	static const char *const folders[] = { "usr/share/xsessions",
					       "usr/share/wayland-sessions" };
	bool has_gnome = false;

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		_cleanup_(listing_done) struct listing listing = { 0 };
		const char *name;
		int r = listing_open(env->root_fd, folders[i], &listing, err);

		if (r < 0 && r != -ENOENT)
			return r;
		while (r >= 0 && (name = listing_next(&listing))) {
			if (!text_ends(name, ".desktop"))
				continue;
			if (!is_gnome(name))
				return err_set(err, -ENODATA,
					       "each user sets it, and of the desktop %.64s the "
					       "agent does not know how",
					       name);
			has_gnome = true;
		}
		if (listing.is_cut)
			return err_set(err, -E2BIG, "/%s cannot be listed to its end", folders[i]);
	}
	if (!has_gnome)
		return err_set(err, -ENODATA, "no desktop is installed that the agent knows");
	return 0;
}

static bool is_never(const char *value, size_t setting)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings[setting].never); i++) {
		const char *never = settings[setting].never[i];

		if (never && strcmp(value, never) == 0)
			return true;
	}
	return false;
}

/* Whether @value is a time of seconds. */
static bool is_time(const char *value)
{
	if (text_starts(value, "uint32 "))
		value += strlen("uint32 ");
	return *value && strspn(value, "0123456789") == strlen(value);
}

int software_screen_blanks(const struct env *env, struct err *err)
{
	int r = check_sessions(env, err);
	bool is_certain = true;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(settings); i++) {
		_cleanup_free_ char *value = NULL;
		struct err why = { 0 };
		int found = dconf_locked_value(env, settings[i].folder, settings[i].key, &value,
					       is_certain ? err : &why);

		if (found >= 0 && is_never(value, i))
			continue;
		if (found >= 0 && settings[i].is_screen && is_time(value))
			return 1;
		if (found >= 0 && is_certain)
			err_set(err, -ENODATA,
				"/%s/%s is locked to '%.64s', which may turn the "
				"device off",
				settings[i].folder, settings[i].key, value);
		is_certain = false;
	}
	return r < 0 ? r : is_certain ? 0 : -ENODATA;
}
