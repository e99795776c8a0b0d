/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os: which system this is, for the support tables of a profile, and what its
 * updates are about to do.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/fact.h"
#include "agent/probe/listing.h"
#include "agent/probe/os_release.h"
#include "agent/probe/os_updates.h"
#include "agent/probe/text_set.h"
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

/* Add the sessions of one folder to @names. A folder that is not there has none. */
static int sessions_add(const struct env *env, const char *path, struct text_set *names,
			struct err *err)
{
	static const char suffix[] = ".desktop";
	_cleanup_(listing_done) struct listing listing = { 0 };
	const char *name;
	int r = listing_open(env->root_fd, path, &listing, err);

	if (r < 0)
		return r == -ENOENT || r == -ENOTDIR ? 0 : r;
	while (names->n < SESSIONS_MAX && (name = listing_next(&listing))) {
		size_t len = strlen(name);

		if (len < sizeof(suffix) || !text_ends(name, suffix))
			continue;
		text_set_add(names, name, len - strlen(suffix));
	}
	if (names->n == SESSIONS_MAX || listing.is_cut)
		return err_set(err, -E2BIG, "%s cannot be listed to its end", path);
	return 0;
}

static void set_desktops(const struct env *env, json_t *facts)
{
	static const char *const folders[] = { "usr/share/xsessions",
					       "usr/share/wayland-sessions" };
	_cleanup_(text_set_done) struct text_set names = { 0 };
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		if (sessions_add(env, folders[i], &names, &err) < 0) {
			fact_set_unknown(facts, "desktops", "%s", err.text);
			return;
		}
	}
	/* The same desktop for X11 and for Wayland is one. */
	fact_set_list(facts, "desktops", text_set_json(&names));
}

static int os_run(const struct env *env, json_t *facts, struct err *err)
{
	struct utsname name;

	if (uname(&name) < 0)
		return err_errno(err, -errno, "uname");
	set_os_release(env, facts);
	set_desktops(env, facts);
	os_updates_set(env, facts);
	fact_set_text(facts, "arch", name.machine);
	fact_set_text(facts, "kernel", name.release);
	return 0;
}

const struct probe probe_os = { .name = "os", .run = os_run };
