/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "collector/io/export_file.h"
#include "common/model/document.h"

#define LAYOUT 1
#define DEPTH_MAX 2
#define MAC_DIGITS (crypto_auth_hmacsha256_BYTES * (size_t)2)

static int read_file(const struct node *root, struct export_file *file, struct err *err)
{
	static const char *const members[] = { "export", "device_id", "boot_id", "sequence",
					       "body",   "mac",       NULL };
	struct node layout = node_member(root, "export");
	struct node device_id = node_member(root, "device_id");
	struct node boot_id = node_member(root, "boot_id");
	struct node sequence = node_member(root, "sequence");
	struct node body = node_member(root, "body");
	struct node mac = node_member(root, "mac");
	int64_t number;
	int r = node_object(root, members, err);

	if (r >= 0)
		r = node_int(&layout, LAYOUT, LAYOUT, &number, err);
	if (r >= 0)
		r = node_text(&device_id, ID_SIZE - 1, &file->device_id, err);
	if (r >= 0 && !id_is_valid(file->device_id))
		r = node_error(&device_id, err, "not a device id: 32 hexadecimal digits");
	if (r >= 0)
		r = node_text(&boot_id, REPORT_BOOT_ID_SIZE - 1, &file->boot_id, err);
	if (r >= 0)
		r = node_int(&sequence, 1, INT64_MAX, &file->sequence, err);
	if (r >= 0)
		r = node_text(&body, REPORT_BYTES_MAX, &file->body, err);
	if (r >= 0)
		r = node_text(&mac, MAC_DIGITS, &file->mac, err);
	if (r >= 0 && (strlen(file->mac) != MAC_DIGITS ||
		       strspn(file->mac, "0123456789abcdef") != MAC_DIGITS))
		r = node_error(&mac, err, "expected %zu hexadecimal digits", MAC_DIGITS);
	return r;
}

int export_file_parse(const char *text, size_t len, struct export_file *ret_file, struct err *err)
{
	static const struct document_limits limits = { .bytes = EXPORT_BYTES_MAX,
						       .depth = DEPTH_MAX };
	struct export_file file = { 0 };
	struct node root = { .key = "", .source = text };
	int r = document_parse(text, len, &limits, &file.json, err);

	root.value = file.json;
	if (r >= 0)
		r = read_file(&root, &file, err);
	if (r < 0) {
		export_file_done(&file);
		return r;
	}
	*ret_file = file;
	return 0;
}

void export_file_done(struct export_file *file)
{
	json_decref(file->json);
	*file = (struct export_file){ 0 };
}

bool export_file_is_of(const struct export_file *file, const char *key_hash)
{
	unsigned char key[(HASH_SIZE - 1) / 2], mac[crypto_auth_hmacsha256_BYTES];
	char digits[MAC_DIGITS + 1];
	crypto_auth_hmacsha256_state state;
	size_t len;

	if (sodium_hex2bin(key, sizeof(key), key_hash, strlen(key_hash), NULL, &len, NULL) < 0 ||
	    len != sizeof(key))
		return false;
	crypto_auth_hmacsha256_init(&state, key, sizeof(key));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)file->body,
				      strlen(file->body));
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_bin2hex(digits, sizeof(digits), mac, sizeof(mac));
	return secret_equal(digits, file->mac);
}
