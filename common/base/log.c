/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/log.h"

enum { PLAIN_UNSET = -1 };
static int plain = PLAIN_UNSET;

void log_set_plain(bool is_plain)
{
	plain = is_plain;
}

void log_line(int level, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* One line is one record: what came from outside must not make two. */
	for (char *c = text; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
	}
	/* One write, so that lines of several threads do not mix. */
	if (plain == 1 || (plain == PLAIN_UNSET && isatty(STDERR_FILENO)))
		fprintf(stderr, "%s\n", text);
	else
		fprintf(stderr, "<%d>%s\n", level, text);
}
