/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/helper/say.h"
#include "common/base/text.h"

#define TEXT_MAX 1024

void say(json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
}

json_t *say_text(const char *text)
{
	char *clean = text_clean(text ? text : "", text ? strlen(text) : 0, TEXT_MAX);
	json_t *json = json_string(clean);

	free(clean);
	return json;
}

/* The last line. */
_Noreturn static void say_last(json_t *object)
{
	say(object);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): a helper has one thread */
	exit(fflush(stdout) != 0);
}

void say_end(void)
{
	say_last(json_pack("{s:b}", "end", 1));
}

void say_error(const char *fmt, ...)
{
	char why[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	say_last(json_pack("{s:o}", "error", say_text(why)));
}
