/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/store/seal.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"

#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define SEALED_MAX (NONCE_BYTES + SEAL_BYTES_MAX + TAG_BYTES)

char *seal_key_path(struct store *store)
{
	return xasprintf("%s.key", store->db->driver->path(store->db));
}

static int make_key(const char *path, unsigned char key[static KEY_BYTES], struct err *err)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *folder =
		slash ? xstrndup(path, (size_t)(slash - path) + 1) : xstrdup(".");
	_cleanup_close_ int dir_fd = open(folder, O_DIRECTORY | O_RDONLY | O_CLOEXEC);

	if (dir_fd < 0)
		return err_errno(err, -errno, "%s", folder);
	randombytes_buf(key, KEY_BYTES);
	return file_write_at(dir_fd, slash ? slash + 1 : path, key, KEY_BYTES, 0600, err);
}

/* -ENOENT: there is none yet. */
static int read_key(const char *path, unsigned char key[static KEY_BYTES], struct err *err)
{
	_cleanup_free_ char *text = NULL;
	struct stat st;
	size_t len;
	int r = file_read_at(AT_FDCWD, path, KEY_BYTES, &text, &len, err);

	if (r == -EFBIG || (r >= 0 && len != KEY_BYTES))
		r = err_set(err, -EKEYREJECTED,
			    "%s is no key of %d bytes; put back the file that belongs to the store",
			    path, (int)KEY_BYTES);
	if (r >= 0 && (stat(path, &st) < 0 || (st.st_mode & 077) != 0))
		r = err_set(err, -EKEYREJECTED,
			    "%s: must have mode 0600, so that nobody else reads it", path);
	if (r >= 0)
		memcpy(key, text, KEY_BYTES);
	if (text)
		sodium_memzero(text, len);
	return r;
}

int seal_text(struct store *store, const char *owner, const void *data, size_t len, char **ret_text,
	      struct err *err)
{
	_cleanup_free_ char *path = seal_key_path(store);
	unsigned char key[KEY_BYTES], sealed[SEALED_MAX];
	unsigned long long sealed_len;
	int r = read_key(path, key, err);

	assert(len <= SEAL_BYTES_MAX);
	if (r == -ENOENT)
		r = make_key(path, key, err);
	if (r < 0)
		return r;
	randombytes_buf(sealed, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_BYTES, &sealed_len, data, len,
						   (const unsigned char *)owner, strlen(owner),
						   NULL, sealed, key);
	sodium_memzero(key, sizeof(key));
	sealed_len += NONCE_BYTES;
	*ret_text = xcalloc(sealed_len * 2 + 1, 1);
	sodium_bin2hex(*ret_text, sealed_len * 2 + 1, sealed, sealed_len);
	return 0;
}

int seal_read(struct store *store, const char *owner, const char *text, void *ret_data, size_t len,
	      struct err *err)
{
	_cleanup_free_ char *path = seal_key_path(store);
	unsigned char key[KEY_BYTES], sealed[SEALED_MAX], data[SEAL_BYTES_MAX];
	size_t sealed_len = 0;
	int r = read_key(path, key, err);

	assert(len <= SEAL_BYTES_MAX);
	if (r == -ENOENT)
		return err_set(err, -EKEYREJECTED,
			       "%s is not there; put back the file that belongs to the store",
			       path);
	if (r < 0)
		return r;
	if (sodium_hex2bin(sealed, sizeof(sealed), text, strlen(text), NULL, &sealed_len, NULL) <
		    0 ||
	    sealed_len != NONCE_BYTES + len + TAG_BYTES ||
	    crypto_aead_xchacha20poly1305_ietf_decrypt(
		    data, NULL, NULL, sealed + NONCE_BYTES, sealed_len - NONCE_BYTES,
		    (const unsigned char *)owner, strlen(owner), sealed, key) < 0)
		r = err_set(err, -EKEYREJECTED, "what was sealed does not open with %s", path);
	else
		memcpy(ret_data, data, len);
	sodium_memzero(key, sizeof(key));
	sodium_memzero(data, sizeof(data));
	return r;
}
