/* SPDX-License-Identifier: Apache-2.0 */
/* Settings of the system: APT's, key files, the time zone, voices of espeak-ng. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/apt_conf.h"
#include "agent/probe/clock_zone.h"
#include "agent/probe/settings.h"
#include "agent/probe/speech_espeak.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(void *user, const char *name, const char *value)
{
	size_t *n = user;

	*n += strlen(name) + (value ? strlen(value) : 0);
	if (value && strlen(name) > APT_CONF_NAME_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	_cleanup_free_ char *value = settings_value(text, "commands", "apply_updates");
	_cleanup_free_ char *zone = clock_zone_of_path(text);
	_cleanup_free_ char *dictionary = speech_espeak_dictionary(text);
	struct err err = { 0 };
	size_t n = 0;

	if (apt_conf_parse(text, take, &n, &err) < 0 && !err.text[0])
		abort();
	if (value && strlen(value) >= strlen(text))
		abort();
	if (zone && (!clock_zone_is_valid(zone) || strstr(zone, "..")))
		abort();
	if (dictionary && strpbrk(dictionary, "/. \n"))
		abort();
	return 0;
}
