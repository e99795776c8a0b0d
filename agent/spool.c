/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/spool.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

/* Wide enough for every number, so that names sort as numbers do. */
#define NAME_DIGITS 19
#define NAME_SIZE (NAME_DIGITS + sizeof(".json"))

/* Far more than any limit; a folder with more files than this is not ours. */
#define LIST_MAX ((size_t)100000)

const struct spool_limits spool_limits_waiting = { .reports = 200, .bytes = 16 << 20 };
const struct spool_limits spool_limits_refused = { .reports = 20, .bytes = 2 << 20 };

struct spool {
	char *name;
	int dir_fd;
	struct spool_limits limits;
};

static const char *name_of(int64_t sequence, char name[static NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "%0*lld.json", NAME_DIGITS, (long long)sequence);
	return name;
}

/* The number that @name stands for; 0: not a report's name. */
static int64_t sequence_of(const char *name)
{
	size_t digits = strspn(name, "0123456789");
	long long sequence;

	if (digits != NAME_DIGITS || strcmp(name + digits, ".json") != 0)
		return 0;
	errno = 0;
	sequence = strtoll(name, NULL, 10);
	return errno ? 0 : sequence;
}

int spool_open(int parent_fd, const char *name, const struct spool_limits *limits,
	       struct spool **ret_spool, struct err *err)
{
	_cleanup_close_ int fd =
		openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct spool *spool;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(err, -errno, "cannot open the folder %s", name);
	if (st.st_mode & 077)
		return err_set(err, -EACCES, "the folder %s must have mode 0700, has %04o", name,
			       st.st_mode & 07777);

	spool = xcalloc(1, sizeof(*spool));
	spool->name = xstrdup(name);
	spool->dir_fd = TAKE_FD(fd);
	spool->limits = *limits;
	*ret_spool = spool;
	return 0;
}

void spool_close(struct spool *spool)
{
	if (!spool)
		return;
	close(spool->dir_fd);
	free(spool->name);
	free(spool);
}

static void closedirp(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* A DIR of its own, since reading moves the position that a descriptor shares. */
static DIR *open_entries(const struct spool *spool)
{
	_cleanup_close_ int fd = openat(spool->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (dir)
		(void)TAKE_FD(fd);
	return dir;
}

static int compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void spool_list_done(struct spool_list *list)
{
	free(list->sequences);
	*list = (struct spool_list){ 0 };
}

/* Add the entry @name if it is a report. */
static int take_entry(const struct spool *spool, const char *name, struct spool_list *list,
		      size_t *size, struct err *err)
{
	int64_t sequence = sequence_of(name);
	struct stat st;

	if (sequence <= 0 || fstatat(spool->dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISREG(st.st_mode))
		return 0;
	if (list->n == LIST_MAX)
		return err_set(err, -E2BIG, "the folder %s has more than %zu reports", spool->name,
			       LIST_MAX);
	list->sequences = xgrow(list->sequences, list->n, size, sizeof(*list->sequences));
	list->sequences[list->n++] = sequence;
	list->bytes += (size_t)st.st_size;
	return 0;
}

int spool_list(const struct spool *spool, struct spool_list *ret_list, struct err *err)
{
	_cleanup_(closedirp) DIR *dir = open_entries(spool);
	struct spool_list list = { 0 };
	size_t size = 0;
	int r = 0;

	if (!dir)
		return err_errno(err, -errno, "cannot read the folder %s", spool->name);
	for (;;) {
		struct dirent *entry;

		errno = 0;
		entry = readdir(dir); /* NOLINT(concurrency-mt-unsafe): a DIR of our own */
		if (!entry && errno)
			r = err_errno(err, -errno, "cannot read the folder %s", spool->name);
		if (!entry)
			break;
		r = take_entry(spool, entry->d_name, &list, &size, err);
		if (r < 0)
			break;
	}
	if (r < 0) {
		spool_list_done(&list);
		return r;
	}
	if (list.n > 0)
		qsort(list.sequences, list.n, sizeof(*list.sequences), compare);
	*ret_list = list;
	return 0;
}

/* Remove what file_write_at() leaves when it is cut off: ".NAME.tmp". */
static void sweep(struct spool *spool)
{
	_cleanup_(closedirp) DIR *dir = open_entries(spool);
	struct dirent *entry;

	/* NOLINTNEXTLINE(concurrency-mt-unsafe): a DIR of our own */
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' && text_ends(entry->d_name, ".tmp"))
			(void)unlinkat(spool->dir_fd, entry->d_name, 0);
	}
}

static size_t size_of(const struct spool *spool, int64_t sequence)
{
	char name[NAME_SIZE];
	struct stat st;

	if (fstatat(spool->dir_fd, name_of(sequence, name), &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	return (size_t)st.st_size;
}

/* Drop the oldest until the limits are kept, but never @newest. */
static int keep_limits(struct spool *spool, int64_t newest, size_t *ret_discarded, struct err *err)
{
	struct spool_list list = { 0 };
	size_t n, discarded = 0;
	int r = spool_list(spool, &list, err);

	n = list.n;
	for (size_t i = 0; i < list.n && r >= 0; i++) {
		if (n <= spool->limits.reports && list.bytes <= spool->limits.bytes)
			break;
		if (list.sequences[i] == newest)
			continue;
		list.bytes -= size_of(spool, list.sequences[i]);
		n--;
		r = spool_drop(spool, list.sequences[i], err);
		discarded += r >= 0;
	}
	spool_list_done(&list);
	*ret_discarded = discarded;
	return r;
}

int spool_add(struct spool *spool, int64_t sequence, const char *text, size_t len,
	      size_t *ret_discarded, struct err *err)
{
	char name[NAME_SIZE];
	int r;

	if (len > SPOOL_REPORT_MAX)
		return err_set(err, -E2BIG, "a report of %zu bytes, at most %zu", len,
			       SPOOL_REPORT_MAX);
	if (faccessat(spool->dir_fd, name_of(sequence, name), F_OK, 0) == 0)
		return err_set(err, -EEXIST, "%s/%s is there already", spool->name, name);
	sweep(spool);
	r = file_write_at(spool->dir_fd, name, text, len, 0600, err);
	if (r < 0)
		return err_prefix(err, r, "cannot write into the folder %s", spool->name);
	/* Only now: a report that could not be stored must not push out one that was. */
	return keep_limits(spool, sequence, ret_discarded, err);
}

int spool_read(const struct spool *spool, int64_t sequence, char **ret_text, size_t *ret_len,
	       struct err *err)
{
	char name[NAME_SIZE];

	return file_read_at(spool->dir_fd, name_of(sequence, name), SPOOL_REPORT_MAX, ret_text,
			    ret_len, err);
}

int64_t spool_stored_ms(const struct spool *spool, int64_t sequence)
{
	char name[NAME_SIZE];
	struct stat st;

	if (fstatat(spool->dir_fd, name_of(sequence, name), &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	return (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
}

int spool_drop(struct spool *spool, int64_t sequence, struct err *err)
{
	char name[NAME_SIZE];

	if (unlinkat(spool->dir_fd, name_of(sequence, name), 0) < 0 && errno != ENOENT)
		return err_errno(err, -errno, "cannot remove %s/%s", spool->name, name);
	if (fsync(spool->dir_fd) < 0)
		return err_errno(err, -errno, "%s", spool->name);
	return 0;
}

int spool_move(struct spool *from, struct spool *to, int64_t sequence, struct err *err)
{
	char name[NAME_SIZE];

	if (renameat(from->dir_fd, name_of(sequence, name), to->dir_fd, name) < 0)
		return err_errno(err, -errno, "cannot move %s/%s to %s", from->name, name,
				 to->name);
	/* The new name first: a power cut in between shows the report twice, not never. */
	if (fsync(to->dir_fd) < 0 || fsync(from->dir_fd) < 0)
		return err_errno(err, -errno, "%s", to->name);
	return 0;
}
