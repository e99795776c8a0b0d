/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "agent/exported.h"
#include "agent/spool.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"

static void sign(const struct identity *identity, const char *body, char mac[static HASH_SIZE])
{
	unsigned char key[crypto_hash_sha256_BYTES], bytes[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;

	crypto_hash_sha256(key, (const unsigned char *)identity->device_key,
			   strlen(identity->device_key));
	crypto_auth_hmacsha256_init(&state, key, sizeof(key));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)body, strlen(body));
	crypto_auth_hmacsha256_final(&state, bytes);
	sodium_bin2hex(mac, HASH_SIZE, bytes, sizeof(bytes));
	sodium_memzero(key, sizeof(key));
	sodium_memzero(&state, sizeof(state));
}

char *exported_text(const struct identity *identity, const struct parcel *parcel)
{
	char mac[HASH_SIZE];
	json_t *json;
	char *text;

	sign(identity, parcel->body, mac);
	json = json_pack("{s:i, s:s, s:s, s:I, s:s, s:s}", "export", 1, "device_id",
			 parcel->device_id, "boot_id", parcel->boot_id, "sequence",
			 (json_int_t)parcel->sequence, "body", parcel->body, "mac", mac);
	text = document_canonical(json);
	json_decref(json);
	return text;
}

char *exported_name(const struct parcel *parcel)
{
	return xasprintf("testready-%s-%s-%lld.json", parcel->device_id, parcel->boot_id,
			 (long long)parcel->sequence);
}

/* Sticks have file systems without links; there the kernel looks and renames at once too. */
static int rename_new(int dir_fd, const char *from, const char *to)
{
	struct stat st;

	if (renameat2(dir_fd, from, dir_fd, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	/* Some that are on a network do not know how, and nobody else writes this name. */
	if (fstatat(dir_fd, to, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	return renameat(dir_fd, from, dir_fd, to) < 0 ? -errno : 0;
}

/* 1 if @name has @text in it. */
static int compare(int dir_fd, const char *name, const char *text, struct err *err)
{
	_cleanup_free_ char *there = NULL;
	size_t len;

	if (file_read_at(dir_fd, name, 2 * SPOOL_REPORT_MAX, &there, &len, NULL) >= 0 &&
	    len == strlen(text) && memcmp(there, text, len) == 0)
		return 1;
	return err_set(err, -EEXIST, "%s: is there already, with something else in it", name);
}

int exported_write(int dir_fd, const char *name, const char *text, struct err *err)
{
	/* A name of its own: file_write_at() replaces what is there, and may do so with this. */
	_cleanup_free_ char *half = xasprintf("%s.part", name);
	int r = file_write_at(dir_fd, half, text, strlen(text), 0600, err);

	if (r < 0)
		return r;
	r = rename_new(dir_fd, half, name);
	if (r >= 0 && fsync(dir_fd) < 0)
		r = -errno;
	if (r < 0) {
		(void)unlinkat(dir_fd, half, 0);
		return r == -EEXIST ? compare(dir_fd, name, text, err)
				    : err_errno(err, r, "%s", name);
	}
	return 0;
}
