/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os: which system this is, for the support tables of a profile.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/fact.h"
#include "agent/probe/os_release.h"
#include "common/base/fd.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define OS_RELEASE_MAX ((size_t)64 * 1024)
#define SESSIONS_MAX 1000 /* entries of a folder */

/* In the order of os-release(5). */
static const char *const os_release_paths[] = { "etc/os-release", "usr/lib/os-release" };

static void set_os_release(const struct env *env, json_t *facts)
{
	static const char *const keys[][2] = {
		{ "id", "ID" },
		{ "version_id", "VERSION_ID" },
		{ "name", "PRETTY_NAME" },
	};
	_cleanup_free_ char *text = NULL;
	struct err err = { 0 };
	int r = -ENOENT;

	for (size_t i = 0; r == -ENOENT && i < ARRAY_SIZE(os_release_paths); i++)
		r = env_read(env, os_release_paths[i], OS_RELEASE_MAX, &text, NULL, &err);

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		_cleanup_free_ char *value = text ? os_release_value(text, keys[i][1]) : NULL;

		if (value)
			fact_set_text(facts, keys[i][0], value);
		else if (text)
			fact_set_unknown(facts, keys[i][0], "os-release does not say %s",
					 keys[i][1]);
		else
			fact_set_unknown(facts, keys[i][0], "%s", err.text);
	}
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct names {
	char **names;
	size_t n;
};

static void names_done(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->names[i]);
	free(names->names);
}

/* Add the sessions of one folder to @names. A folder that is not there has none. */
static int sessions_add(const struct env *env, const char *path, struct names *names,
			struct err *err)
{
	static const char suffix[] = ".desktop";
	int fd = openat(env->root_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		int r = -errno;

		if (fd >= 0)
			close(fd);
		return r == -ENOENT || r == -ENOTDIR ? 0 : err_errno(err, r, "%s", path);
	}
	while (names->n < SESSIONS_MAX && (entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);

		if (len < sizeof(suffix) || !text_ends(entry->d_name, suffix))
			continue;
		names->names = xreallocarray(names->names, names->n + 1, sizeof(char *));
		names->names[names->n++] =
			text_clean(entry->d_name, len - strlen(suffix), FACT_NAME_MAX);
	}
	closedir(dir);
	return 0;
}

static void set_desktops(const struct env *env, json_t *facts)
{
	static const char *const folders[] = { "usr/share/xsessions",
					       "usr/share/wayland-sessions" };
	_cleanup_(names_done) struct names names = { 0 };
	json_t *desktops;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		if (sessions_add(env, folders[i], &names, &err) < 0) {
			fact_set_unknown(facts, "desktops", "%s", err.text);
			return;
		}
	}
	if (names.n > 0)
		qsort(names.names, names.n, sizeof(char *), compare);
	desktops = json_array();
	for (size_t i = 0; i < names.n; i++) {
		/* The same desktop for X11 and for Wayland is one. */
		if (i == 0 || strcmp(names.names[i], names.names[i - 1]) != 0)
			json_array_append_new(desktops, json_string(names.names[i]));
	}
	fact_set_list(facts, "desktops", desktops);
}

static int os_run(const struct env *env, json_t *facts, struct err *err)
{
	struct utsname name;

	if (uname(&name) < 0)
		return err_errno(err, -errno, "uname");
	set_os_release(env, facts);
	set_desktops(env, facts);
	fact_set_text(facts, "arch", name.machine);
	fact_set_text(facts, "kernel", name.release);
	return 0;
}

const struct probe probe_os = { .name = "os", .run = os_run };
