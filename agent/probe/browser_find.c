/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/probe/browser_find.h"
#include "agent/probe/desktop_entry.h"
#include "agent/probe/listing.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define PARTS_MAX 256 /* of a command for a shell */
#define LINKS_MAX 8   /* that lead to one another */

/* Where desktop entries are: installed ones, and what install-icon.sh leaves on a desktop. */
static const char *const entry_folders[] = {
	"/usr/share/applications",
	"/usr/local/share/applications",
	"/home/*/Desktop",
	"/home/*/.local/share/applications",
	"/root/Desktop",
	"/etc/skel/Desktop",
	"/etc/guest-session/skel/Desktop",
};

/* Where a command without a path is looked for; in the sbins no browser is. */
static const char *const bin_folders[] = { "usr/local/bin", "usr/bin" };

void browser_search_note(struct browser_search *search, int error)
{
	/* Not there, or a folder, FIFO, socket or giant in the place of a file. */
	static const int certain[] = { ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, EINVAL, EFBIG, ENXIO };

	for (size_t i = 0; i < ARRAY_SIZE(certain); i++) {
		if (error == -certain[i])
			return;
	}
	search->unread++;
}

/* Called for each entry @name of the folder @path, which is open as @fd. */
typedef void entry_fn(const struct env *env, struct browser_search *search, int fd,
		      const char *path, const char *name);

/* Add the folder @path and return it; NULL if it is none, or there are too many. */
static struct browser_found *found_add(const struct env *env, struct browser_search *search,
				       const char *path, const struct browser_product *product)
{
	_cleanup_close_ int fd = -1;
	struct browser_found *found;
	struct stat st;

	path += strspn(path, "/");
	fd = openat(env->root_fd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0) {
		browser_search_note(search, -errno);
		return NULL;
	}
	for (size_t i = 0; i < search->n; i++) {
		if (search->found[i].dev == st.st_dev && search->found[i].ino == st.st_ino)
			return &search->found[i];
	}
	if (search->n == BROWSER_FOUND_MAX) {
		search->unread++;
		return NULL;
	}
	found = &search->found[search->n++];
	*found = (struct browser_found){ .path = xstrdup(path),
					 .fd = TAKE_FD(fd),
					 .dev = st.st_dev,
					 .ino = st.st_ino,
					 .product = product };
	return found;
}

static void each_entry(const struct env *env, struct browser_search *search, const char *path,
		       entry_fn *fn)
{
	_cleanup_(listing_done) struct listing listing = { 0 };
	const char *name;
	int r = listing_open(env->root_fd, path + strspn(path, "/"), &listing, NULL);

	if (r < 0)
		browser_search_note(search, r);
	while (r >= 0 && (name = listing_next(&listing)))
		fn(env, search, listing_fd(&listing), path, name);
	search->unread += listing.is_cut;
}

/* Call @fn for the entries of the folders @pattern, in which one part may be "*". */
static void each_entry_like(const struct env *env, struct browser_search *search,
			    const char *pattern, entry_fn *fn)
{
	_cleanup_(listing_done) struct listing listing = { 0 };
	const char *star = strchr(pattern, '*');
	_cleanup_free_ char *above = NULL;
	const char *name;
	int r;

	if (!star) {
		each_entry(env, search, pattern, fn);
		return;
	}
	above = xstrndup(pattern, (size_t)(star - pattern));
	r = listing_open(env->root_fd, above + strspn(above, "/"), &listing, NULL);
	if (r < 0)
		browser_search_note(search, r);
	while (r >= 0 && (name = listing_next(&listing))) {
		_cleanup_free_ char *path = xasprintf("%s%s%s", above, name, star + 1);

		each_entry(env, search, path, fn);
	}
	search->unread += listing.is_cut;
}

/* A folder whose name is that of a product. */
static void look_at_name(const struct env *env, struct browser_search *search, int fd,
			 const char *path, const char *name)
{
	const struct browser_product *product = browser_product_find(name);
	_cleanup_free_ char *full = NULL;
	struct stat st;

	if (!product)
		return;
	if (fstatat(fd, name, &st, 0) < 0) {
		browser_search_note(search, -errno);
		return;
	}
	if (!S_ISDIR(st.st_mode))
		return;
	full = xasprintf("%s/%s", path, name);
	(void)found_add(env, search, full, product);
}

/* Where the link @path leads, with a slash in front; NULL if it is none. Owned by the caller. */
static char *link_target(const struct env *env, const char *path)
{
	char target[PATH_MAX];
	const char *name = strrchr(path, '/') + 1;
	ssize_t len = readlinkat(env->root_fd, path + strspn(path, "/"), target, sizeof(target));

	if (len <= 0 || len == (ssize_t)sizeof(target))
		return NULL;
	if (target[0] == '/')
		return xstrndup(target, (size_t)len);
	return xasprintf("%.*s%.*s", (int)(name - path), path, (int)len, target);
}

/* The program @word with a path: looked up where commands are, if it is a link there. */
static char *resolve_command(const struct env *env, const char *word)
{
	if (word[0] == '/')
		return xstrdup(word);
	for (size_t i = 0; !strchr(word, '/') && i < ARRAY_SIZE(bin_folders); i++) {
		_cleanup_free_ char *path = xasprintf("/%s/%s", bin_folders[i], word);
		char *target = link_target(env, path);

		if (target)
			return target;
	}
	return NULL;
}

/* The product that the program @path is of, by its name or its folder's; NULL for none. */
static const struct browser_product *product_of_program(const char *path)
{
	_cleanup_free_ char *copy = xstrdup(path);
	char *base = strrchr(copy, '/');
	const struct browser_product *product;
	const char *folder;

	*base++ = '\0';
	if (text_ends(base, ".sh"))
		base[strlen(base) - 3] = '\0';
	product = browser_product_find(base);
	if (product)
		return product;
	folder = strrchr(copy, '/');
	return folder ? browser_product_find(folder + 1) : NULL;
}

static bool is_folder(const struct env *env, const char *path)
{
	struct stat st;

	return fstatat(env->root_fd, path + strspn(path, "/"), &st, 0) == 0 && S_ISDIR(st.st_mode);
}

/* The program @path, or what it is a link to, is of the product that is returned; NULL: of none. */
static const struct browser_product *follow_links(const struct env *env, char **path)
{
	const struct browser_product *product = product_of_program(*path);
	_cleanup_free_ char *at = xstrdup(*path);

	for (int i = 0; i < LINKS_MAX; i++) {
		char *target = is_folder(env, at) ? NULL : link_target(env, at);
		const struct browser_product *other;

		if (!target)
			break;
		free(at);
		at = target;
		other = product_of_program(at);
		if (!other)
			continue;
		product = other;
		free(*path);
		*path = xstrdup(at);
	}
	return product;
}

/* The folder of the program that @command names, or is (a shell may go there first); NULL: none. */
static struct browser_found *found_by_command(const struct env *env, struct browser_search *search,
					      const char *command)
{
	_cleanup_free_ char *program = resolve_command(env, command);
	const struct browser_product *product = program ? follow_links(env, &program) : NULL;

	if (!product)
		return NULL;
	if (!is_folder(env, program))
		*strrchr(program, '/') = '\0';
	return found_add(env, search, program, product);
}

/* A word of Exec= is a program, or what a shell would make several words of: sh -c "cd /; X". */
static struct browser_found *found_by_word(const struct env *env, struct browser_search *search,
					   const char *word)
{
	static const char breaks[] = " \t\r\n;&|()<>'\"`=";
	struct browser_found *found = found_by_command(env, search, word);
	_cleanup_free_ char *copy = NULL;
	char *save = NULL;
	size_t n = 0;

	if (found || !strpbrk(word, breaks))
		return found;
	copy = xstrdup(word);
	for (char *part = strtok_r(copy, breaks, &save); part && !found;
	     part = strtok_r(NULL, breaks, &save)) {
		if (n++ == PARTS_MAX) {
			search->unread++;
			break;
		}
		found = found_by_command(env, search, part);
	}
	return found;
}

/* A desktop entry: what it starts is the best pointer to where the browser is. */
static void look_at_entry(const struct env *env, struct browser_search *search, int fd,
			  const char *path, const char *name)
{
	_cleanup_(desktop_exec_done) struct desktop_exec exec = { 0 };
	_cleanup_free_ char *text = NULL;
	int r;

	(void)path;
	if (!text_ends(name, ".desktop"))
		return;
	r = file_read_at(fd, name, DESKTOP_ENTRY_MAX, &text, NULL, NULL);
	if (r < 0) {
		browser_search_note(search, r);
		return;
	}
	desktop_exec_parse(text, &exec);
	/* What comes after the words that are looked at may be a copy. */
	search->unread += exec.is_cut;
	/* Not the first word alone: it may be "env", or a shell. */
	for (size_t i = 0; i < exec.n; i++) {
		struct browser_found *found = found_by_word(env, search, exec.words[i]);

		if (!found)
			continue;
		found->desktop_entries++;
		return;
	}
}

/* Whether an earlier product names the same folder. */
static bool is_repeated(size_t product, const char *folder)
{
	for (size_t i = 0; i < product; i++) {
		const char *folders = browser_products[i].folders;
		const char *at = strstr(folders, folder);
		size_t len = strlen(folder);

		if (at && (at == folders || at[-1] == ';') && (at[len] == ';' || at[len] == '\0'))
			return true;
	}
	return false;
}

struct browser_search *browser_search_new(const struct env *env)
{
	struct browser_search *search = xcalloc(1, sizeof(*search));

	for (size_t i = 0; i < n_browser_products; i++) {
		_cleanup_free_ char *folders = xstrdup(browser_products[i].folders);
		char *save = NULL;

		for (char *f = strtok_r(folders, ";", &save); f; f = strtok_r(NULL, ";", &save)) {
			if (!is_repeated(i, f))
				each_entry_like(env, search, f, look_at_name);
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(entry_folders); i++)
		each_entry_like(env, search, entry_folders[i], look_at_entry);
	return search;
}

void browser_search_free(struct browser_search *search)
{
	if (!search)
		return;
	for (size_t i = 0; i < search->n; i++) {
		free(search->found[i].path);
		close(search->found[i].fd);
	}
	free(search);
}
