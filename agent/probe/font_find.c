/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "agent/probe/font_find.h"
#include "agent/probe/font_name.h"
#include "agent/probe/listing.h"
#include "common/base/fd.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define FOLDERS_MAX 512
#define DEPTH_MAX 8
#define FONT_BYTES_MAX ((off_t)64 * 1024 * 1024) /* collections of Chinese have 20 MiB */
#define CONFIG_MAX ((size_t)64 * 1024)

const struct font fonts[] = {
#include "fonts.inc"
};
const size_t n_fonts = ARRAY_SIZE(fonts);

/* The <dir>s of fontconfig's fonts.conf, without those below a home folder. */
static const char *const folders[] = { "usr/share/fonts", "usr/local/share/fonts",
				       "usr/share/X11/fonts" };

struct walk {
	bool *found;
	struct {
		dev_t dev;
		ino_t ino;
	} seen[FOLDERS_MAX];
	size_t n_seen;
	int unsure; /* 0, or the error of what could not be looked at */
	struct err why;
};

/* Remember what could not be looked at, and why; what is gone or no folder is no font. */
static void unsure(struct walk *walk, int r, const struct err *why)
{
	if (r == -ENOENT || r == -ENOTDIR || r == -ELOOP)
		return;
	walk->unsure = r;
	walk->why = *why;
}

/* A file in memory, of which only the pages are there that were looked at. */
struct map {
	void *bytes;
	size_t len;
};

static void map_done(struct map *map)
{
	if (map->bytes)
		munmap(map->bytes, map->len);
}

/*
 * Not read as a whole, since one of all of Unicode has 23 MiB. If its disk fails
 * meanwhile, the probe ends and its facts are unknown.
 */
static int map_font(int dir_fd, const char *name, struct map *ret_map, struct err *err)
{
	_cleanup_close_ int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	void *bytes;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(err, -errno, "%s", name);
	if (!S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "%s: not a regular file", name);
	if (st.st_size > FONT_BYTES_MAX)
		return err_set(err, -EFBIG, "%s: larger than %jd bytes", name,
			       (intmax_t)FONT_BYTES_MAX);
	if (st.st_size == 0)
		return 0;
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return err_errno(err, -errno, "%s", name);
	*ret_map = (struct map){ bytes, (size_t)st.st_size };
	return 0;
}

/* Whether @name is surely a file: opening it as a folder to find out costs more than its name does.
 */
static bool is_file_name(const char *name)
{
	static const char *const suffixes[] = { ".ttf", ".otf", ".ttc",  ".pcf",   ".gz",
						".pfb", ".afm", ".t1",   ".woff",  ".woff2",
						".pfm", ".enc", ".dir",  ".scale", ".conf",
						".txt", ".bdf", ".uuid", ".alias" };

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		size_t len = strlen(name), suffix_len = strlen(suffixes[i]);

		if (len > suffix_len && strcasecmp(name + len - suffix_len, suffixes[i]) == 0)
			return true;
	}
	return false;
}

static void look_at_file(struct walk *walk, int dir_fd, const char *name)
{
	char lower[256];
	size_t n = 0;

	for (; name[n] && n < sizeof(lower) - 1; n++)
		lower[n] = (char)tolower((unsigned char)name[n]);
	lower[n] = '\0';
	for (size_t i = 0; i < n_fonts; i++) {
		_cleanup_(map_done) struct map map = { 0 };
		struct err err = { 0 };
		int r;

		if (walk->found[i] || !text_like(lower, fonts[i].file))
			continue;
		r = map_font(dir_fd, name, &map, &err);
		if (r >= 0)
			walk->found[i] = font_has_family(map.bytes, map.len, fonts[i].family);
		else
			unsure(walk, r, &err);
	}
}

/*
 * 1: the open folder is a new one, 0: we were there (a link leads back), -E2BIG: there are too
 * many.
 */
static int enter(struct walk *walk, int fd, int depth, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(err, -errno, "a folder of fonts");
	for (size_t i = 0; i < walk->n_seen; i++) {
		if (walk->seen[i].dev == st.st_dev && walk->seen[i].ino == st.st_ino)
			return 0;
	}
	if (depth == DEPTH_MAX)
		return err_set(err, -E2BIG, "there are folders in more than %d folders", DEPTH_MAX);
	if (walk->n_seen == FOLDERS_MAX)
		return err_set(err, -E2BIG, "there are more than %d folders", FOLDERS_MAX);
	walk->seen[walk->n_seen].dev = st.st_dev;
	walk->seen[walk->n_seen++].ino = st.st_ino;
	return 1;
}

/* DEPTH_MAX bounds how deep this calls itself. */
static void look_at_folder(struct walk *walk, int dir_fd, const char *path, int depth)
{
	_cleanup_(listing_done) struct listing listing = { 0 };
	struct err err = { 0 };
	const char *name;
	int r = listing_open(dir_fd, path, &listing, &err);

	if (r >= 0)
		r = enter(walk, listing_fd(&listing), depth, &err);
	if (r < 0)
		unsure(walk, r, &err);
	if (r <= 0)
		return;
	while ((name = listing_next(&listing))) {
		if (is_file_name(name))
			look_at_file(walk, listing_fd(&listing), name);
		else
			look_at_folder(walk, listing_fd(&listing), name, depth + 1);
	}
	if (listing.is_cut) {
		r = err_set(&err, -E2BIG, "a folder cannot be listed to its end");
		unsure(walk, r, &err);
	}
}

/* The folders that were added for this device, which we do not follow. */
static int has_own_folders(const struct env *env, struct err *err)
{
	static const char path[] = "etc/fonts/local.conf";
	_cleanup_free_ char *text = NULL;
	int r = env_read(env, path, CONFIG_MAX, &text, NULL, err);

	if (r < 0)
		return r == -ENOENT || r == -ENOTDIR ? 0 : r;
	if (strstr(text, "<dir"))
		return err_set(err, -ENOTSUP, "/%s names folders of its own", path);
	return 0;
}

int fonts_find(const struct env *env, bool *found, struct err *err)
{
	_cleanup_free_ struct walk *walk = xcalloc(1, sizeof(*walk));
	bool has_all = true;
	int r;

	memset(found, 0, n_fonts * sizeof(*found));
	walk->found = found;
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		look_at_folder(walk, env->root_fd, folders[i], 0);
	for (size_t i = 0; i < n_fonts; i++)
		has_all &= found[i];
	if (has_all)
		return 0;
	if (walk->unsure < 0)
		return err_set(err, walk->unsure, "%s", walk->why.text);
	r = has_own_folders(env, err);
	return r < 0 ? r : 0;
}
