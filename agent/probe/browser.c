/* SPDX-License-Identifier: Apache-2.0 */
/*
 * browser: copies of the secure browser and which version each is. The version
 * comes from application.ini; a desktop entry's Version= is the format's, not
 * the browser's, and the application ID is that of Firefox.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/app_ini.h"
#include "agent/probe/browser_find.h"
#include "agent/probe/browser_program.h"
#include "agent/probe/browser_running.h"
#include "agent/probe/browser_version.h"
#include "agent/probe/fact.h"
#include "agent/probe/mount.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define ENTRIES_MAX 1000 /* desktop entries that can be right */

/* What is read once for all copies. */
struct sources {
	const struct env *env;
	struct library_cache cache;
	char *mountinfo; /* NULL: could not be read */
};

/*
 * The path as it is reported: whole below the system's folders, elsewhere
 * without what may be a person's name. Owned by the caller.
 */
static char *path_for_report(const char *path)
{
	static const char *const shown[] = { "opt/", "usr/", "etc/" };
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *below;

	for (size_t i = 0; i < ARRAY_SIZE(shown); i++) {
		if (text_starts(path, shown[i]) && !strstr(path, "/../"))
			return xasprintf("/%s", path);
	}
	if (text_starts(path, "root/"))
		return xasprintf("~/%s", name);
	if (!text_starts(path, "home/") || !(below = strchr(path + strlen("home/"), '/')))
		return xasprintf("…/%s", name);
	return xasprintf(below == slash ? "~/%s" : "~/…/%s", name);
}

static bool is_personal(const char *path)
{
	return text_starts(path, "home/") || text_starts(path, "root/");
}

/* The absolute path of the open folder as this machine's mounts know it; owned by the caller. */
static char *real_path(const struct env *env, const struct browser_found *found)
{
	char link[64], target[PATH_MAX], root[PATH_MAX];
	ssize_t len, root_len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", found->fd);
	len = readlink(link, target, sizeof(target));
	snprintf(link, sizeof(link), "/proc/self/fd/%d", env->root_fd);
	root_len = readlink(link, root, sizeof(root));
	if (len <= 0 || root_len <= 0 || len == (ssize_t)sizeof(target))
		return xasprintf("/%s", found->path);
	/* Below a test's root, what is mounted is told as if that were "/". */
	if (root_len > 1 && len > root_len && memcmp(target, root, (size_t)root_len) == 0)
		return xstrndup(target + root_len, (size_t)(len - root_len));
	return xstrndup(target, (size_t)len);
}

static void set_launch(json_t *item, const struct browser_program *program)
{
	json_t *missing = json_array();

	for (size_t i = 0; i < program->n_missing; i++) {
		_cleanup_free_ char *name =
			text_clean(program->missing[i], strlen(program->missing[i]), FACT_NAME_MAX);

		json_array_append_new(missing, json_string(name));
	}
	if (program->launch == LAUNCH_UNKNOWN) {
		json_decref(missing);
		fact_set_unknown(item, "launchable", "%s", program->why.text);
		fact_set_unknown(item, "why_not", "%s", program->why.text);
		fact_set_unknown(item, "missing_libraries", "%s", program->why.text);
		return;
	}
	fact_set_bool(item, "launchable", program->launch == LAUNCH_YES);
	fact_set_text(item, "why_not", program->why.text);
	fact_set_list(item, "missing_libraries", missing);
}

static void set_mount(const struct sources *sources, const struct browser_found *found,
		      json_t *item, struct browser_program *program)
{
	_cleanup_free_ char *path = real_path(sources->env, found);
	struct mount mount = { .is_known = false };

	if (sources->mountinfo)
		mount = mount_at(sources->mountinfo, path);
	if (!mount.is_known)
		fact_set_unknown(item, "on_network_mount", "what it is mounted on is not told");
	else if (mount.place == MOUNT_ANYWHERE)
		fact_set_unknown(item, "on_network_mount",
				 "it is on a FUSE file system that the agent does not know");
	else
		fact_set_bool(item, "on_network_mount", mount.place == MOUNT_NETWORK);
	if (!mount.is_known && program->launch == LAUNCH_YES) {
		program->launch = LAUNCH_UNKNOWN;
		err_set(&program->why, 0, "whether its file system is mounted noexec is not told");
	}
	if (mount.is_noexec && program->launch == LAUNCH_YES) {
		program->launch = LAUNCH_NO;
		err_set(&program->why, 0, "its file system is mounted noexec");
	}
}

/*
 * @why says why application.ini tells nothing; it is "" where it could be read.
 * @is_damaged: it is there, and what it says of the version is not known.
 */
static void set_app(json_t *item, const struct app_ini *app, const struct browser_version *version,
		    const char *why, bool is_damaged)
{
	const char *silent = why[0] ? why : "application.ini does not say";

	static const char *const sources[] = {
		[VERSION_FROM_INI] = "application.ini",
		[VERSION_FROM_TARBALL] = "tarball",
		[VERSION_FROM_FOLDER] = "folder",
		[VERSION_FROM_NOWHERE] = "nowhere",
	};

	fact_set_text(item, "product", version->product);
	fact_set_unknown(item, "vendor", "%s", silent);
	fact_set_text(item, "vendor", app->vendor);
	fact_set_unknown(item, "build", "%s", silent);
	fact_set_text(item, "build", app->build);
	fact_set_text(item, "version_from", sources[version->from]);
	if (app->version && app->version[0])
		fact_set_unknown(item, "version", "application.ini says '%.40s', which is none",
				 app->version);
	else
		fact_set_unknown(item, "version",
				 is_damaged ? "%s"
					    : "%s; the names of its folder and tarball do not say "
					      "it, or differ",
				 silent);
	fact_set_text(item, "version", version->version);
}

/* Whether the folder holds the product that it is named after. */
static bool is_install(const struct browser_found *found, const struct app_ini *app,
		       const char *const *names)
{
	const struct browser_product *product = found->product;

	/* A stock Firefox in a folder of that name is no secure browser. */
	if (app->name)
		return browser_product_find(app->name) ||
		       (app->vendor && browser_product_is_from(product, app->vendor));
	return app->version || browser_program_is_there(found->fd, names, product->launcher);
}

/* One copy; NULL if the folder holds none, or may not be looked into, which @search notes. */
static json_t *install_read(const struct sources *sources, const struct browser_found *found,
			    struct browser_search *search)
{
	_cleanup_(app_ini_done) struct app_ini app = { 0 };
	_cleanup_(browser_version_done) struct browser_version version = { 0 };
	_cleanup_(browser_program_done) struct browser_program program = { 0 };
	_cleanup_free_ char *text = NULL, *path = path_for_report(found->path);
	const char *slash = strrchr(found->path, '/');
	const char *folder = slash ? slash + 1 : found->path;
	const char *names[4] = { NULL };
	struct browser_query query;
	struct err why = { 0 };
	size_t n = 0;
	json_t *item;
	bool is_damaged;
	int r;

	r = file_read_at(found->fd, "application.ini", APP_INI_MAX, &text, NULL, &why);
	if (r >= 0)
		r = app_ini_parse(text, &app, &why);
	is_damaged = r < 0 && r != -ENOENT;
	browser_version_read(sources->env, found->path, is_damaged ? NULL : &app, &version);
	if (app.name)
		names[n++] = app.name;
	names[n++] = folder;
	names[n++] = version.product;
	if (!is_install(found, &app, names)) {
		if (r < 0)
			browser_search_note(search, r);
		return NULL;
	}

	item = json_object();
	set_app(item, &app, &version, why.text, is_damaged);
	fact_set_text(item, "path", path);
	if (found->desktop_entries <= ENTRIES_MAX)
		fact_set_int(item, "desktop_entries", found->desktop_entries);
	else
		fact_set_unknown(item, "desktop_entries", "more than %d start it", ENTRIES_MAX);
	query = (struct browser_query){
		sources->env, &sources->cache,          found->fd,
		names,        found->product->launcher, is_personal(found->path)
	};
	browser_program_look(&query, &program);
	set_mount(sources, found, item, &program);
	set_launch(item, &program);
	return item;
}

static int compare_installs(const void *a, const void *b)
{
	static const char *const keys[] = { "path", "version", "build" };
	int order = 0;

	for (size_t i = 0; order == 0 && i < ARRAY_SIZE(keys); i++) {
		const char *of_a = json_string_value(json_object_get(*(json_t *const *)a, keys[i]));
		const char *of_b = json_string_value(json_object_get(*(json_t *const *)b, keys[i]));

		order = strcmp(of_a ? of_a : "", of_b ? of_b : "");
	}
	return order;
}

static void set_count(json_t *facts, size_t n, size_t unread)
{
	fact_set_int(facts, "unread_folders", (int64_t)unread);
	/* "One copy" is a promise that a second, older one is not started by accident. */
	if (unread > 0)
		fact_set_unknown(facts, "copies",
				 "%zu found, but %zu folders could not be looked into", n, unread);
	else
		fact_set_int(facts, "copies", (int64_t)n);
}

static void set_installs(const struct env *env, json_t *facts)
{
	_cleanup_(browser_search_freep) struct browser_search *search = browser_search_new(env);
	struct sources sources = { .env = env };
	json_t *items[BROWSER_FOUND_MAX];
	json_t *installs = json_array();
	size_t n = 0;

	library_cache_read(env, &sources.cache);
	(void)!env_read(env, "proc/self/mountinfo", MOUNTINFO_MAX, &sources.mountinfo, NULL, NULL);
	for (size_t i = 0; i < search->n; i++) {
		items[n] = install_read(&sources, &search->found[i], search);
		n += items[n] != NULL;
	}
	/* A folder's order changes by itself; what is said of a device that stands still must not.
	 */
	qsort(items, n, sizeof(void *), compare_installs);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(installs, items[i]);
	set_count(facts, n, search->unread);
	if (n == 0 && search->unread > 0) {
		json_decref(installs);
		fact_set_unknown(facts, "installs",
				 "none was found, but %zu folders could not be looked into",
				 search->unread);
	} else {
		fact_set_list(facts, "installs", installs);
	}
	library_cache_done(&sources.cache);
	free(sources.mountinfo);
}

static int browser_run(const struct env *env, json_t *facts, struct err *err)
{
	struct err why = { 0 };
	int r = browser_is_running(env, &why);

	(void)err;
	if (r < 0)
		fact_set_unknown(facts, "running", "%s", why.text);
	else
		fact_set_bool(facts, "running", r > 0);
	set_installs(env, facts);
	return 0;
}

const struct probe probe_browser = { .name = "browser", .run = browser_run };
