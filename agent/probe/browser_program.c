/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "agent/probe/browser_program.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define OBJECTS_MAX 64 /* programs and libraries of the browser's own */
#define LIST_MAX ((size_t)16 * 1024)

/* The browser's own files that are still to be looked at, the program before all others. */
struct walk {
	const struct browser_query *query;
	char *objects[OBJECTS_MAX];
	size_t n;
	struct elf kind; /* of the program, which is looked at first */
	struct browser_program *program;
};

static void fail(struct browser_program *program, const char *fmt, ...) _printf_(2, 3);
static void fail(struct browser_program *program, const char *fmt, ...)
{
	va_list ap;

	program->launch = LAUNCH_NO;
	va_start(ap, fmt);
	vsnprintf(program->why.text, sizeof(program->why.text), fmt, ap);
	va_end(ap);
}

/* @pattern with NAME replaced; owned by the caller. */
static char *file_name(const char *pattern, const char *name)
{
	const char *at = strstr(pattern, "NAME");

	if (!at)
		return xstrdup(pattern);
	return xasprintf("%.*s%s%s", (int)(at - pattern), pattern, name, at + strlen("NAME"));
}

/* The first file of @pattern and @names that there is, NULL for none; owned by the caller. */
static char *find_file(int folder_fd, const char *pattern, const char *const *names,
		       struct stat *ret_st)
{
	for (; *names; names++) {
		char *name = file_name(pattern, *names);

		if (!strchr(name, '/') && fstatat(folder_fd, name, ret_st, 0) == 0)
			return name;
		free(name);
	}
	return NULL;
}

bool browser_program_is_there(int folder_fd, const char *const *names, const char *launcher)
{
	struct stat st;
	_cleanup_free_ char *script = find_file(folder_fd, launcher, names, &st);
	_cleanup_free_ char *binary = find_file(folder_fd, "NAME", names, &st);

	return script || binary;
}

/* Whether all who have to start the browser have all of @rights, 04 to read and 01 to execute. */
static bool may(const struct browser_query *query, const struct stat *st, mode_t rights)
{
	mode_t needed = query->is_personal ? rights << 6 : rights;

	return (st->st_mode & needed) == needed;
}

/* Only root may find out: whoever else looks could not have come here. */
static bool check_folder(const struct browser_query *query, struct browser_program *program)
{
	struct stat st;

	if (fstat(query->folder_fd, &st) == 0 && !may(query, &st, 01))
		fail(program, "not everyone may enter its folder");
	return program->launch == LAUNCH_YES;
}

static bool check_file(const struct browser_query *query, const char *name, const char *what,
		       const struct stat *st, struct browser_program *program)
{
	if (!name)
		fail(program, "its %s is missing", what);
	else if (!S_ISREG(st->st_mode))
		fail(program, "%s is no file", name);
	else if (!may(query, st, 01))
		fail(program, "%s may not be executed", name);
	return program->launch == LAUNCH_YES;
}

/* A script is read by its shell, which has no more rights than the student. */
static bool check_launcher(const struct browser_query *query, const char *name,
			   const struct stat *st, struct browser_program *program)
{
	if (!check_file(query, name, "launcher", st, program))
		return false;
	if (st->st_size == 0)
		fail(program, "%s is empty", name);
	else if (!may(query, st, 04))
		fail(program, "%s may not be read", name);
	return program->launch == LAUNCH_YES;
}

/* Nothing that was found speaks against it, and not all could be looked at. */
static void leave_open(struct browser_program *program, const char *fmt, ...) _printf_(2, 3);
static void leave_open(struct browser_program *program, const char *fmt, ...)
{
	va_list ap;

	if (program->launch != LAUNCH_YES)
		return;
	program->launch = LAUNCH_UNKNOWN;
	va_start(ap, fmt);
	vsnprintf(program->why.text, sizeof(program->why.text), fmt, ap);
	va_end(ap);
}

static void add_object(struct walk *walk, const char *name)
{
	for (size_t i = 0; i < walk->n; i++) {
		if (strcmp(walk->objects[i], name) == 0)
			return;
	}
	if (walk->n < OBJECTS_MAX)
		walk->objects[walk->n++] = xstrdup(name);
	else
		leave_open(walk->program, "it has more than %d libraries of its own", OBJECTS_MAX);
}

static void add_missing(struct browser_program *program, const char *name)
{
	for (size_t i = 0; i < program->n_missing; i++) {
		if (strcmp(program->missing[i], name) == 0)
			return;
	}
	if (program->n_missing < BROWSER_MISSING_MAX)
		program->missing[program->n_missing++] = xstrdup(name);
}

static bool is_file(int dir_fd, const char *path)
{
	struct stat st;

	return fstatat(dir_fd, path, &st, 0) == 0 && S_ISREG(st.st_mode);
}

/* Whether @name is in a folder of the search path, in which $ORIGIN is the browser's. */
static bool is_on_path(const struct walk *walk, const struct elf *elf, const char *name)
{
	_cleanup_free_ char *copy = xstrdup(elf->run_path ? elf->run_path : "");
	char *save = NULL;

	for (char *dir = strtok_r(copy, ":", &save); dir; dir = strtok_r(NULL, ":", &save)) {
		_cleanup_free_ char *path = NULL;
		int fd = walk->query->env->root_fd;

		if (text_starts(dir, "$ORIGIN") || text_starts(dir, "${ORIGIN}")) {
			fd = walk->query->folder_fd;
			dir += text_starts(dir, "${") ? strlen("${ORIGIN}") : strlen("$ORIGIN");
		}
		dir += strspn(dir, "/");
		path = xasprintf("%s%s%s", dir, *dir ? "/" : "", name);
		if (library_is_at(fd, path, elf))
			return true;
	}
	return false;
}

static void check_needed(struct walk *walk, const struct elf *elf)
{
	for (size_t i = 0; i < elf->n_needed; i++) {
		const char *name = elf->needed[i];

		/* Its launcher sets LD_LIBRARY_PATH to the browser's own folder. */
		if (!strchr(name, '/') && library_is_at(walk->query->folder_fd, name, elf))
			add_object(walk, name);
		else if (!is_on_path(walk, elf, name) &&
			 !library_is_installed(walk->query->env, walk->query->cache, name, elf))
			add_missing(walk->program, name);
	}
}

static void check_kind(struct walk *walk, const char *name, const struct elf *elf)
{
	struct utsname kernel;

	if (uname(&kernel) == 0 && !elf_fits(elf, kernel.machine))
		fail(walk->program, "%s is built for another kind of processor than %s", name,
		     kernel.machine);
	/* Gecko loads its own libraries by their whole path, so that none is gone past. */
	else if (walk->kind.class && !elf_is_alike(elf, &walk->kind))
		fail(walk->program, "%s and %s are built for two kinds of processor", name,
		     walk->objects[0]);
	else if (elf->interpreter && !is_file(walk->query->env->root_fd,
					      elf->interpreter + strspn(elf->interpreter, "/")))
		fail(walk->program,
		     "%s needs %s, which is not installed (support for its kind of program)", name,
		     elf->interpreter);
}

/* Look at one file of the browser; what it needs of the browser's own comes after it. */
static void check_object(struct walk *walk, const char *name)
{
	_cleanup_close_ int fd =
		openat(walk->query->folder_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct elf elf;
	struct err err;

	if (fd < 0) {
		leave_open(walk->program, "%s: %s", name, strerrordesc_np(errno));
		return;
	}
	if (elf_parse(elf_read_fd, &fd, &elf, &err) < 0) {
		fail(walk->program, "%s: %s", name, err.text);
		return;
	}
	check_kind(walk, name, &elf);
	if (name == walk->objects[0])
		walk->kind = (struct elf){ .class = elf.class, .machine = elf.machine };
	check_needed(walk, &elf);
	elf_done(&elf);
}

/* Gecko loads its libraries itself; dependentlibs.list, beside the binary, names them. */
static void add_listed(struct walk *walk)
{
	_cleanup_free_ char *list = NULL;
	struct err err;
	char *save = NULL;
	int r = file_read_at(walk->query->folder_fd, "dependentlibs.list", LIST_MAX, &list, NULL,
			     &err);

	if (r < 0) {
		if (r != -ENOENT)
			leave_open(walk->program, "%s", err.text);
		if (is_file(walk->query->folder_fd, "libxul.so"))
			add_object(walk, "libxul.so");
		return;
	}
	for (char *name = strtok_r(list, "\r\n", &save); name;
	     name = strtok_r(NULL, "\r\n", &save)) {
		if (!strchr(name, '/') && is_file(walk->query->folder_fd, name))
			add_object(walk, name);
		else
			add_missing(walk->program, name);
	}
}

static void say_missing(struct browser_program *program)
{
	size_t len;

	if (program->n_missing == 0 || program->launch == LAUNCH_NO)
		return;
	fail(program, "libraries are not installed:");
	for (size_t i = 0; i < program->n_missing; i++) {
		len = strlen(program->why.text);
		snprintf(program->why.text + len, sizeof(program->why.text) - len, "%s %s",
			 i ? "," : "", program->missing[i]);
	}
}

void browser_program_look(const struct browser_query *query, struct browser_program *ret_program)
{
	struct stat script_st = { 0 }, binary_st = { 0 };
	_cleanup_free_ char *script =
		find_file(query->folder_fd, query->launcher, query->names, &script_st);
	_cleanup_free_ char *binary = find_file(query->folder_fd, "NAME", query->names, &binary_st);
	struct walk walk = { .query = query, .program = ret_program };

	*ret_program = (struct browser_program){ .launch = LAUNCH_YES };
	if (!check_folder(query, ret_program) ||
	    !check_launcher(query, script, &script_st, ret_program) ||
	    !check_file(query, binary, "program", &binary_st, ret_program))
		return;
	add_object(&walk, binary);
	add_listed(&walk);
	for (size_t i = 0; i < walk.n; i++) {
		if (ret_program->launch != LAUNCH_NO)
			check_object(&walk, walk.objects[i]);
	}
	for (size_t i = 0; i < walk.n; i++)
		free(walk.objects[i]);
	say_missing(ret_program);
}

void browser_program_done(struct browser_program *program)
{
	for (size_t i = 0; i < program->n_missing; i++)
		free(program->missing[i]);
	program->n_missing = 0;
}
