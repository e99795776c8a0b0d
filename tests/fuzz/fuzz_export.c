/* SPDX-License-Identifier: Apache-2.0 */
/* A file that an agent exported: what is taken has all its parts, and is nobody's by chance. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/io/export_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char key_hash[] =
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	struct export_file file;
	struct err err = { 0 };

	if (export_file_parse((const char *)data, size, &file, &err) < 0) {
		if (err.text[0] == '\0')
			abort();
		return 0;
	}
	if (!id_is_valid(file.device_id) || file.sequence < 1 || strlen(file.mac) != 64 ||
	    export_file_is_of(&file, "") || export_file_is_of(&file, "zz") ||
	    export_file_is_of(&file, key_hash))
		abort();
	export_file_done(&file);
	return 0;
}
