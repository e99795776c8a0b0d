/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/probe/dconf.h"
#include "agent/probe/listing.h"
#include "agent/probe/settings.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define SOURCES_MAX 16 /* of one profile */

/* dconf(7): "locks" is a folder of its own. */
static bool is_keyfile(const char *name)
{
	return name[0] != '.' && strcmp(name, "locks") != 0;
}

/* Whether one of the lines of @text is @path. */
static bool has_line(const char *text, const char *path)
{
	size_t len = strlen(path);

	for (const char *line = text; *line; line += *line == '\n') {
		size_t line_len = strcspn(line, "\n");

		if (line_len >= len && strncmp(line, path, len) == 0 &&
		    strspn(line + len, " \t\r") == line_len - len)
			return true;
		line += line_len;
	}
	return false;
}

/* Which key is asked for. */
struct query {
	const struct env *env;
	const char *folder, *key;
};

/* What one database says of it, or all of them. */
struct said {
	bool is_locked;
	char *value; /* NULL: nothing */
};

static void said_done(struct said *said)
{
	free(said->value);
}

static int check_compiled(const struct env *env, const char *database, const char *file,
			  struct err *err)
{
	_cleanup_free_ char *path = xasprintf("etc/dconf/db/%s", database);
	struct stat source, compiled;

	if (fstatat(env->root_fd, file, &source, 0) < 0 ||
	    fstatat(env->root_fd, path, &compiled, 0) < 0 || source.st_mtime > compiled.st_mtime)
		return err_set(err, -ESTALE, "/%s is newer than /%s: run 'dconf update'", file,
			       path);
	return 0;
}

/* Later files overrule earlier ones (dconf(7), "KEY FILES"). */
static int read_values(const struct query *query, const char *database, struct said *said,
		       struct err *err)
{
	_cleanup_free_ char *dir = xasprintf("etc/dconf/db/%s.d", database);
	_cleanup_(listing_paths_done) struct listing_paths files = { 0 };
	int r = listing_paths_read(query->env->root_fd, dir, is_keyfile, &files, err);

	for (size_t i = 0; r >= 0 && i < files.n; i++) {
		_cleanup_free_ char *text = NULL;
		char *value;

		r = env_read(query->env, files.paths[i], SETTINGS_MAX, &text, NULL, err);
		value = r >= 0 ? settings_value(text, query->folder, query->key) : NULL;
		if (!value)
			continue;
		free(said->value);
		said->value = value;
		r = check_compiled(query->env, database, files.paths[i], err);
	}
	return r;
}

static int read_locks(const struct query *query, const char *database, struct said *said,
		      struct err *err)
{
	_cleanup_free_ char *dir = xasprintf("etc/dconf/db/%s.d/locks", database);
	_cleanup_free_ char *path = xasprintf("/%s/%s", query->folder, query->key);
	_cleanup_(listing_paths_done) struct listing_paths files = { 0 };
	int r = listing_paths_read(query->env->root_fd, dir, is_keyfile, &files, err);

	for (size_t i = 0; r >= 0 && i < files.n; i++) {
		_cleanup_free_ char *text = NULL;

		r = env_read(query->env, files.paths[i], SETTINGS_MAX, &text, NULL, err);
		if (r < 0 || !has_line(text, path))
			continue;
		said->is_locked = true;
		r = check_compiled(query->env, database, files.paths[i], err);
	}
	return r;
}

/*
 * Take what the next @database of the profile says into @all. A lock holds for
 * the databases above it, so the last one with a lock decides, and after it
 * the first one that says a value.
 */
static int take_database(const struct query *query, const char *database, struct said *all,
			 struct err *err)
{
	_cleanup_(said_done) struct said said = { 0 };
	int r = read_values(query, database, &said, err);

	if (r >= 0)
		r = read_locks(query, database, &said, err);
	if (r < 0)
		return r;
	if (said.is_locked || (all->is_locked && !all->value)) {
		free(all->value);
		all->value = TAKE_PTR(said.value);
		all->is_locked = true;
	}
	return 0;
}

/* The name in a line "system-db:local" of a profile, owned by the caller; NULL: it is none. */
static char *system_database(const char *line, size_t len)
{
	static const char prefix[] = "system-db:";
	size_t name_len = len > strlen(prefix) ? strcspn(line + strlen(prefix), " \t\r\n#") : 0;
	char *name;

	if (name_len == 0 || name_len > 64 || !text_starts(line, prefix))
		return NULL;
	name = xstrndup(line + strlen(prefix), name_len);
	if (strchr(name, '/') || name[0] == '.') {
		free(name);
		return NULL;
	}
	return name;
}

static int read_profile(const struct query *query, const char *profile, struct said *all,
			struct err *err)
{
	size_t n = 0;
	int r = 0;

	for (const char *line = profile; r >= 0 && *line; line += *line == '\n') {
		size_t len = strcspn(line, "\n");
		_cleanup_free_ char *database = system_database(line, len);

		line += len;
		if (!database)
			continue;
		if (n++ == SOURCES_MAX)
			return err_set(err, -E2BIG, "dconf's profile has more than %d databases",
				       SOURCES_MAX);
		r = take_database(query, database, all, err);
	}
	return r;
}

int dconf_locked_value(const struct env *env, const char *folder, const char *key, char **ret_value,
		       struct err *err)
{
	const struct query query = { env, folder, key };
	_cleanup_free_ char *profile = NULL;
	_cleanup_(said_done) struct said said = { 0 };
	struct err missing = { 0 };
	int r = env_read(env, "etc/dconf/profile/user", SETTINGS_MAX, &profile, NULL, &missing);

	if (r < 0 && r != -ENOENT)
		return err_set(err, r, "%s", missing.text);
	r = profile ? read_profile(&query, profile, &said, err) : 0;
	if (r < 0)
		return r;
	if (!said.value)
		return err_set(err, -ENOENT, "each user sets /%s/%s: dconf does not lock it",
			       folder, key);
	*ret_value = TAKE_PTR(said.value);
	return 0;
}
