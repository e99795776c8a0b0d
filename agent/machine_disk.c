/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/machine_disk.h"
#include "agent/probe/listing.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define BLOCK_FOLDER "/sys/class/block"
#define MOUNTINFO_MAX ((size_t)1024 * 1024)
#define UDEV_MAX ((size_t)64 * 1024)
#define LAYERS_MAX 8 /* encryption upon volumes upon RAID, and no more than can be right */
#define VALUE_MAX 255

/* What the kernel knows a disk by, below its folder: NVMe, SD card, SATA and SCSI. */
static const char *const attrs[] = { "device/serial", "device/cid", "wwid", "device/wwid" };

/* A name of the kernel's: one word and no path. */
struct block {
	char name[NAME_MAX + 1];
};

/* Take what is after the last slash of @path. */
static bool set_name(struct block *block, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	if (!name[0] || name[0] == '.' || strlen(name) > NAME_MAX)
		return false;
	memcpy(block->name, name, strlen(name) + 1);
	return true;
}

/* Where the link @path under @root leads; false: it is none. */
static bool follow(const char *root, const char *path, char target[static PATH_MAX])
{
	_cleanup_free_ char *full = xasprintf("%s%s", root, path);
	ssize_t n = readlink(full, target, PATH_MAX - 1);

	if (n <= 0)
		return false;
	target[n] = '\0';
	return true;
}

/* By the number of the device, which btrfs makes up, else by the name it was mounted by. */
static bool find_device(const char *root, const char *number, const char *source,
			struct block *block)
{
	_cleanup_free_ char *path = xasprintf("/sys/dev/block/%s", number);
	char target[PATH_MAX];

	if (follow(root, path, target))
		return set_name(block, target);
	if (!text_starts(source, "/dev/"))
		return false;
	/* "/dev/mapper/root" leads to "../dm-0". */
	return set_name(block, follow(root, source, target) ? target : source);
}

/* The device on which / is: "36 35 98:0 /sub / rw,noatime master:1 - ext4 /dev/sda2 rw" */
static bool find_root(const char *root, struct block *block)
{
	_cleanup_free_ char *path = xasprintf("%s/proc/self/mountinfo", root);
	_cleanup_free_ char *text = NULL;
	bool is_found = false;
	char *rest, *line;

	if (file_read_at(AT_FDCWD, path, MOUNTINFO_MAX, &text, NULL, NULL) < 0)
		return false;
	/* The last one covers those before. */
	for (rest = text; (line = strsep(&rest, "\n"));) {
		char number[32], at[2 + 1], source[PATH_MAX];
		const char *dash = strstr(line, " - ");

		if (dash && sscanf(line, "%*31s %*31s %31s %*s %2s", number, at) == 2 &&
		    strcmp(at, "/") == 0 && sscanf(dash, " - %*s %4095s", source) == 1)
			is_found = find_device(root, number, source, block);
	}
	return is_found;
}

/* One layer down: what a volume is made of, or the disk that a partition is on. */
static bool step_down(const char *root, struct block *block)
{
	_cleanup_free_ char *path = xasprintf("%s" BLOCK_FOLDER "/%s", root, block->name);
	_cleanup_free_ char *slaves = xasprintf("%s/slaves", path);
	_cleanup_free_ char *partition = xasprintf("%s/partition", path);
	_cleanup_free_ char *link = xasprintf(BLOCK_FOLDER "/%s", block->name);
	struct listing listing = { 0 };
	char target[PATH_MAX], *slash;
	bool is_down = false;

	if (listing_open(AT_FDCWD, slaves, &listing, NULL) >= 0) {
		const char *name = listing_next(&listing);

		is_down = name && set_name(block, name);
		listing_done(&listing);
	}
	if (is_down || access(partition, F_OK) < 0 || !follow(root, link, target))
		return is_down;
	/* "../../devices/…/block/sda/sda2": the disk's folder has the partition's in it. */
	slash = strrchr(target, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return set_name(block, target);
}

/* What udev made of it; its database is by number: "/run/udev/data/b8:0". */
static char *udev_serial(const char *root, const struct block *block)
{
	static const char key[] = "E:ID_SERIAL=";
	_cleanup_free_ char *number_path =
		xasprintf("%s" BLOCK_FOLDER "/%s/dev", root, block->name);
	_cleanup_free_ char *number = NULL, *path = NULL, *text = NULL;
	char *rest, *line;

	if (file_read_at(AT_FDCWD, number_path, 64, &number, NULL, NULL) < 0)
		return NULL;
	number[strcspn(number, "\n")] = '\0';
	path = xasprintf("%s/run/udev/data/b%s", root, number);
	if (strchr(number, '/') || file_read_at(AT_FDCWD, path, UDEV_MAX, &text, NULL, NULL) < 0)
		return NULL;
	for (rest = text; (line = strsep(&rest, "\n"));) {
		if (text_starts(line, key))
			return text_clean(line + strlen(key), strlen(line + strlen(key)),
					  VALUE_MAX);
	}
	return NULL;
}

size_t machine_disk(const char *root, char *values[static MACHINE_DISK_VALUES_MAX])
{
	struct block block;
	size_t n = 0;

	static_assert(ARRAY_SIZE(attrs) + 1 <= MACHINE_DISK_VALUES_MAX, "there is room for all");
	if (!find_root(root, &block))
		return 0;
	for (int i = 0; i < LAYERS_MAX && step_down(root, &block); i++)
		continue;
	for (size_t i = 0; i < ARRAY_SIZE(attrs); i++) {
		_cleanup_free_ char *path =
			xasprintf("%s" BLOCK_FOLDER "/%s/%s", root, block.name, attrs[i]);
		_cleanup_free_ char *text = NULL;

		if (file_read_at(AT_FDCWD, path, 4096, &text, NULL, NULL) >= 0)
			values[n++] = text_clean(text, strcspn(text, "\n"), VALUE_MAX);
	}
	values[n] = udev_serial(root, &block);
	return values[n] ? n + 1 : n;
}
