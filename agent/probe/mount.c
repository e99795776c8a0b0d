/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/mount.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define FIELDS_MAX 32

static const char *const network_types[] = {
	"9p",
	"afs",
	"beegfs",
	"ceph",
	"cifs",
	"coda",
	"fuse.ceph-fuse",
	"fuse.curlftpfs",
	"fuse.davfs",
	"fuse.glusterfs",
	"fuse.gvfsd-fuse",
	"fuse.rclone",
	"fuse.s3fs",
	"fuse.sshfs",
	"gpfs",
	"lustre",
	"ncpfs",
	"nfs",
	"nfs4",
	"smb3",
	"smbfs",
	"virtiofs",
};

/* Of FUSE, anything may be behind the others. */
static const char *const local_fuse_types[] = {
	"fuse.bindfs",   "fuse.encfs",    "fuse.fuse-overlayfs", "fuse.gocryptfs",
	"fuse.mergerfs", "fuse.snapfuse", "fuse.squashfuse",     "fuseblk",
};

/* Split @line at spaces; the number of fields, at most FIELDS_MAX. */
static size_t split(char *line, char *fields[static FIELDS_MAX])
{
	size_t n = 0;
	char *save = NULL;

	for (char *f = strtok_r(line, " ", &save); f && n < FIELDS_MAX;
	     f = strtok_r(NULL, " ", &save))
		fields[n++] = f;
	return n;
}

/* "\040" for a space, in place. */
static void undo_octal(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (from[0] == '\\' && strspn(from + 1, "01234567") >= 3) {
			*to++ = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + from[3] - '0');
			from += 3;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
}

static bool is_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	if (strcmp(folder, "/") == 0)
		return true;
	return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static bool is_one_of(const char *type, const char *const *types, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(type, types[i]) == 0)
			return true;
	}
	return false;
}

static enum mount_place place_of(const char *type)
{
	if (is_one_of(type, network_types, ARRAY_SIZE(network_types)))
		return MOUNT_NETWORK;
	if (text_starts(type, "fuse") &&
	    !is_one_of(type, local_fuse_types, ARRAY_SIZE(local_fuse_types)))
		return MOUNT_ANYWHERE;
	return MOUNT_LOCAL;
}

static bool has_option(const char *options, const char *option)
{
	size_t len = strlen(option);

	for (const char *at = options; (at = strstr(at, option)); at += len) {
		if ((at == options || at[-1] == ',') && (at[len] == ',' || at[len] == '\0'))
			return true;
	}
	return false;
}

/* Where the optional fields end and "- TYPE SOURCE OPTIONS" begins; 0 if nowhere. */
static size_t find_dash(char *const fields[], size_t n)
{
	for (size_t i = 6; i + 1 < n; i++) {
		if (strcmp(fields[i], "-") == 0)
			return i;
	}
	return 0;
}

struct mount mount_at(const char *mountinfo, const char *path)
{
	_cleanup_free_ char *copy = xstrdup(mountinfo);
	struct mount found = { 0 };
	size_t found_len = 0;
	char *save = NULL;

	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *fields[FIELDS_MAX];
		size_t n = split(line, fields);
		size_t dash = find_dash(fields, n);

		if (dash == 0)
			continue;
		undo_octal(fields[4]);
		/* Of two on one folder the later one covers the earlier. */
		if (!is_below(path, fields[4]) || strlen(fields[4]) < found_len)
			continue;
		found_len = strlen(fields[4]);
		found.is_known = true;
		found.place = place_of(fields[dash + 1]);
		found.is_noexec = has_option(fields[5], "noexec");
	}
	return found;
}
