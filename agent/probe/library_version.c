/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/probe/library_version.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define GLIBC_BYTES_MAX ((size_t)16 * 1024 * 1024) /* it has 2 MiB, with debug symbols more */
#define FILE_NAME_SIZE 256
#define NUMBER_MAX 99999

/* "6.0.30": numbers and nothing else; how many, or 0. */
static size_t count_numbers(const char *text)
{
	size_t n = 0;

	for (const char *at = text;; at++) {
		size_t digits = strspn(at, "0123456789");

		if (digits == 0)
			return 0;
		n++;
		at += digits;
		if (*at == '\0')
			return n;
		if (*at != '.')
			return 0;
	}
}

int library_version_of_name(const char *file_name, const char *stem, char *ret_version,
			    struct err *err)
{
	const char *numbers = file_name + strlen(stem);

	if (!text_starts(file_name, stem) || count_numbers(numbers) < 3 ||
	    strlen(numbers) >= LIBRARY_VERSION_SIZE)
		return err_set(err, -ENODATA, "the name of its file, %s, tells no version",
			       file_name);
	snprintf(ret_version, LIBRARY_VERSION_SIZE, "%s", numbers);
	return 0;
}

int library_version_of_gtk(const char *libtool, char *ret_version, struct err *err)
{
	unsigned long major, age, revision;
	char *end;

	if (count_numbers(libtool) != 3)
		return err_set(err, -ENODATA, "libgtk-3.so.%s tells no version", libtool);
	major = strtoul(libtool, &end, 10);
	age = strtoul(end + 1, &end, 10);
	revision = strtoul(end + 1, &end, 10);
	if (major != 0 || age > NUMBER_MAX || revision > NUMBER_MAX)
		return err_set(err, -ENODATA, "libgtk-3.so.%s tells no version", libtool);
	snprintf(ret_version, LIBRARY_VERSION_SIZE, "3.%lu.%lu", age / 100, age % 100 + revision);
	return 0;
}

int library_version_of_glibc(const char *bytes, size_t len, char *ret_version, struct err *err)
{
	static const char mark[] = "GLIBC_2.";
	const char *end = bytes + len, *at = bytes;
	unsigned long newest = 0;

	while ((at = memmem(at, (size_t)(end - at), mark, strlen(mark)))) {
		unsigned long minor = 0;

		at += strlen(mark);
		for (; at < end && *at >= '0' && *at <= '9' && minor <= NUMBER_MAX; at++)
			minor = minor * 10 + (unsigned long)(*at - '0');
		newest = minor > newest && minor <= NUMBER_MAX ? minor : newest;
	}
	if (newest == 0)
		return err_set(err, -ENODATA, "its file names no version");
	snprintf(ret_version, LIBRARY_VERSION_SIZE, "2.%lu", newest);
	return 0;
}

/* The name of the file that the link @path is, or its own: what the linker made of the soname. */
static void file_name_of(const struct env *env, const char *path, char *ret_name)
{
	char target[FILE_NAME_SIZE];
	ssize_t len = readlinkat(env->root_fd, path, target, sizeof(target) - 1);
	const char *slash;

	target[len > 0 ? len : 0] = '\0';
	if (len <= 0)
		snprintf(target, sizeof(target), "%s", path);
	slash = strrchr(target, '/');
	snprintf(ret_name, FILE_NAME_SIZE, "%s", slash ? slash + 1 : target);
}

static int glibc_version(const struct env *env, const char *path, char *ret_version,
			 struct err *err)
{
	_cleanup_free_ char *bytes = NULL;
	size_t len;
	int r = env_read(env, path, GLIBC_BYTES_MAX, &bytes, &len, err);

	return r < 0 ? r : library_version_of_glibc(bytes, len, ret_version, err);
}

static int libstdcxx_version(const struct env *env, const char *path, char *ret_version,
			     struct err *err)
{
	char name[FILE_NAME_SIZE];

	file_name_of(env, path, name);
	return library_version_of_name(name, "libstdc++.so.", ret_version, err);
}

static int gtk_version(const struct env *env, const char *path, char *ret_version, struct err *err)
{
	char name[FILE_NAME_SIZE], libtool[LIBRARY_VERSION_SIZE];
	int r;

	file_name_of(env, path, name);
	r = library_version_of_name(name, "libgtk-3.so.", libtool, err);
	return r < 0 ? r : library_version_of_gtk(libtool, ret_version, err);
}

const struct library_known libraries_known[] = {
	{ "glibc", "libc.so.6", glibc_version },
	{ "libstdc++", "libstdc++.so.6", libstdcxx_version },
	{ "GTK", "libgtk-3.so.0", gtk_version },
	{ 0 },
};
