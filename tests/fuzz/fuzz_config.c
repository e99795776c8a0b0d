/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of configuration. What is taken is taken again, as it is printed, and means
 * the same; what is refused has a sentence with the file's name.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/config.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *print(const struct config *config)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	config_print(config, out);
	fclose(out);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config config = { 0 }, again = { 0 };
	_cleanup_free_ char *text = xcalloc(size + 1, 1);
	struct err err = { 0 };

	memcpy(text, data, size);
	if (config_parse(text, size, "fuzz.conf", &config, &err) < 0) {
		if (strncmp(err.text, "fuzz.conf:", 10) != 0)
			abort();
	} else {
		_cleanup_free_ char *first = print(&config), *second = NULL;

		if (config_parse(first, strlen(first), "printed", &again, &err) < 0)
			abort();
		second = print(&again);
		if (strcmp(first, second) != 0 || config.n_quiet != again.n_quiet ||
		    config.n_pins > CONFIG_PINS_MAX || config.n_quiet > CONFIG_QUIET_MAX)
			abort();
	}
	config_done(&config);
	config_done(&again);
	return 0;
}
