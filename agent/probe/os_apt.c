/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/apt_conf.h"
#include "agent/probe/listing.h"
#include "agent/probe/os_apt.h"
#include "common/base/mem.h"
#include "common/base/text.h"

enum { ENABLE, LISTS, UPGRADE, INTERVALS_MAX };

static const struct {
	const char *name, *preset;
} intervals[INTERVALS_MAX] = {
	[ENABLE] = { "APT::Periodic::Enable", "1" },
	[LISTS] = { "APT::Periodic::Update-Package-Lists", "0" },
	[UPGRADE] = { "APT::Periodic::Unattended-Upgrade", "0" },
};

/* The last value that was set for each; NULL: its preset. */
struct settings {
	char *values[INTERVALS_MAX];
};

static void settings_done(struct settings *settings)
{
	for (size_t i = 0; i < INTERVALS_MAX; i++)
		free(settings->values[i]);
}

/* Whether "#clear @name" takes back @interval: it is the same, or above it. */
static bool is_cleared(const char *interval, const char *name)
{
	size_t len = strlen(name);

	return len > 0 && strncasecmp(interval, name, len) == 0 &&
	       (!interval[len] || interval[len] == ':');
}

static void take(void *user, const char *name, const char *value)
{
	struct settings *settings = user;

	for (size_t i = 0; i < INTERVALS_MAX; i++) {
		bool is_this = value ? strcasecmp(name, intervals[i].name) == 0
				     : is_cleared(intervals[i].name, name);

		if (!is_this)
			continue;
		free(settings->values[i]);
		settings->values[i] = value ? xstrdup(value) : NULL;
	}
}

/* 1: regularly, 0: never, -EINVAL: neither can be read from it. */
static int is_on(const struct settings *settings, size_t i, struct err *err)
{
	const char *value = settings->values[i] ? settings->values[i] : intervals[i].preset;
	size_t digits = strspn(value, "0123456789");
	bool is_zero = strspn(value, "0") == digits;

	if (strcmp(value, "always") == 0)
		return 1;
	if (digits == 0 || (value[digits] && (!strchr("smhd", value[digits]) || value[digits + 1])))
		return err_set(err, -EINVAL, "APT's setting %s is '%.32s', which is no interval",
			       intervals[i].name, value);
	return !is_zero;
}

static int read_one(const struct env *env, const char *path, struct settings *settings,
		    struct err *err)
{
	_cleanup_free_ char *text = NULL;
	int r = env_read(env, path, APT_CONF_MAX, &text, NULL, err);

	if (r < 0)
		return r;
	r = apt_conf_parse(text, take, settings, err);
	return r < 0 ? err_prefix(err, r, "/%s", path) : 0;
}

/* apt-pkg's GetListOfFilesInDir(): other names, such as 20auto-upgrades.ucf-dist, are left alone.
 */
static bool is_read_by_apt(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (const char *c = name; *c; c++) {
		if (!isalnum((unsigned char)*c) && !strchr("_-:.", *c))
			return false;
	}
	return name[0] != '.' && (!dot || strcmp(dot, ".conf") == 0);
}

int os_apt_read(const struct env *env, struct os_apt *ret_apt, struct err *err)
{
	_cleanup_(settings_done) struct settings settings = { 0 };
	_cleanup_(listing_paths_done) struct listing_paths files = { 0 };
	struct err missing = { 0 };
	int on[INTERVALS_MAX];
	int r = listing_paths_read(env->root_fd, "etc/apt/apt.conf.d", is_read_by_apt, &files, err);

	for (size_t i = 0; r >= 0 && i < files.n; i++)
		r = read_one(env, files.paths[i], &settings, err);
	if (r < 0)
		return r;
	r = read_one(env, "etc/apt/apt.conf", &settings, &missing);
	if (r < 0 && r != -ENOENT)
		return err_set(err, r, "%s", missing.text);
	for (size_t i = 0; i < INTERVALS_MAX; i++) {
		on[i] = is_on(&settings, i, err);
		if (on[i] < 0)
			return on[i];
	}
	*ret_apt = (struct os_apt){ on[ENABLE] && on[LISTS], on[ENABLE] && on[UPGRADE] };
	return 0;
}
