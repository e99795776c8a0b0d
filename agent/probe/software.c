/* SPDX-License-Identifier: Apache-2.0 */
/*
 * software: what a test needs besides its browser, and what runs or is set so that it disturbs one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/fact.h"
#include "agent/probe/font_find.h"
#include "agent/probe/library.h"
#include "agent/probe/library_version.h"
#include "agent/probe/processes.h"
#include "agent/probe/software_screen.h"
#include "common/base/mem.h"
#include "common/base/text.h"

/* A line of agent/data/applications.csv. */
static const struct application {
	const char *name, *kind;
	const char *process; /* pattern of the process's name */
} applications[] = {
#include "applications.inc"
};

/* A line of agent/data/web_browsers.csv. */
static const struct web_browser {
	const char *name, *program;
} web_browsers[] = {
#include "web_browsers.inc"
};

static void add_library(json_t *list, const struct env *env, const struct library_known *library,
			const char *path)
{
	char version[LIBRARY_VERSION_SIZE];
	struct err err = { 0 };
	json_t *item = json_object();

	fact_set_text(item, "name", library->name);
	if (library->version(env, path, version, &err) < 0)
		fact_set_unknown(item, "version", "%s", err.text);
	else
		fact_set_text(item, "version", version);
	json_array_append_new(list, item);
}

static void set_libraries(const struct env *env, json_t *facts)
{
	struct library_cache cache;
	struct utsname kernel;
	struct elf kind;
	json_t *list;

	if (uname(&kernel) < 0 || !library_kind(kernel.machine, &kind)) {
		fact_set_unknown(facts, "libraries",
				 "where libraries of this kind of processor are is not known");
		return;
	}
	library_cache_read(env, &cache);
	list = json_array();
	for (const struct library_known *library = libraries_known; library->name; library++) {
		_cleanup_free_ char *path = library_find(env, &cache, library->soname, &kind);

		if (path)
			add_library(list, env, library, path);
	}
	library_cache_done(&cache);
	fact_set_list(facts, "libraries", list);
}

static void set_web_browsers(const struct env *env, json_t *facts)
{
	const char *last = "";
	json_t *list = json_array();

	for (size_t i = 0; i < ARRAY_SIZE(web_browsers); i++) {
		const struct web_browser *browser = &web_browsers[i];
		struct stat st;
		int r;

		if (strcmp(browser->name, last) == 0)
			continue;
		r = fstatat(env->root_fd, browser->program, &st, 0);
		if (r == 0 && S_ISREG(st.st_mode)) {
			json_array_append_new(list, json_string(browser->name));
			last = browser->name;
		} else if (r < 0 && errno != ENOENT && errno != ENOTDIR && errno != ELOOP) {
			fact_set_unknown(facts, "web_browsers", "/%s: %s", browser->program,
					 strerrordesc_np(errno));
			json_decref(list);
			return;
		}
	}
	fact_set_texts(facts, "web_browsers", list);
}

static void set_fonts(const struct env *env, json_t *facts)
{
	_cleanup_free_ bool *found = xcalloc(n_fonts, sizeof(*found));
	struct err err = { 0 };
	json_t *list;

	if (fonts_find(env, found, &err) < 0) {
		fact_set_unknown(facts, "fonts", "not every folder of fonts could be read: %s",
				 err.text);
		return;
	}
	list = json_array();
	for (size_t i = 0; i < n_fonts; i++) {
		if (found[i])
			json_array_append_new(list, json_string(fonts[i].family));
	}
	fact_set_texts(facts, "fonts", list);
}

static bool see(void *user, const struct process *process)
{
	bool *is_running = user;

	for (size_t i = 0; i < ARRAY_SIZE(applications); i++) {
		const char *pattern = applications[i].process;

		/* The first letter spares nearly every comparison there is. */
		if (pattern[0] == process->name[0] && text_like(process->name, pattern))
			is_running[i] = is_running[i] || process_is_live(process);
	}
	return true;
}

static void set_running(const struct env *env, json_t *facts)
{
	bool is_running[ARRAY_SIZE(applications)] = { false };
	const char *last = "";
	struct err err = { 0 };
	json_t *list;

	if (processes_walk(env, see, is_running, &err) < 0) {
		fact_set_unknown(facts, "running", "%s", err.text);
		return;
	}
	list = json_array();
	for (size_t i = 0; i < ARRAY_SIZE(applications); i++) {
		const struct application *app = &applications[i];
		json_t *item;

		/* Some programs have several processes. */
		if (!is_running[i] || strcmp(app->name, last) == 0)
			continue;
		last = app->name;
		item = json_object();
		fact_set_text(item, "name", app->name);
		fact_set_text(item, "kind", app->kind);
		json_array_append_new(list, item);
	}
	fact_set_list(facts, "running", list);
}

static void set_screen_blanks(const struct env *env, json_t *facts)
{
	struct err err = { 0 };
	int blanks = software_screen_blanks(env, &err);

	if (blanks < 0)
		fact_set_unknown(facts, "screen_blanks", "%s", err.text);
	else
		fact_set_bool(facts, "screen_blanks", blanks > 0);
}

static int software_run(const struct env *env, json_t *facts, struct err *err)
{
	(void)err;
	set_libraries(env, facts);
	set_web_browsers(env, facts);
	set_fonts(env, facts);
	set_running(env, facts);
	set_screen_blanks(env, facts);
	return 0;
}

const struct probe probe_software = { .name = "software", .run = software_run };
