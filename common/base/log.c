/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/log.h"

#define LINE_SIZE 1024

enum { PLAIN_UNSET = -1 };
static int plain = PLAIN_UNSET;

void log_set_plain(bool is_plain)
{
	plain = is_plain;
}

static void write_line(int level, const char *text)
{
	/* One write, so that lines of several threads do not mix. */
	if (plain == 1 || (plain == PLAIN_UNSET && isatty(STDERR_FILENO)))
		fprintf(stderr, "%s\n", text);
	else
		fprintf(stderr, "<%d>%s\n", level, text);
}

/* One line is one record: what came from outside must not make two. */
static _printf_(2, 0) void format(char text[static LINE_SIZE], const char *fmt, va_list ap)
{
	vsnprintf(text, LINE_SIZE, fmt, ap);
	for (char *c = text; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
	}
}

void log_line(int level, const char *fmt, ...)
{
	char text[LINE_SIZE];
	va_list ap;

	va_start(ap, fmt);
	format(text, fmt, ap);
	va_end(ap);
	write_line(level, text);
}

bool log_seldom_may(struct log_seldom *seldom, int64_t now_ms, unsigned *ret_n_left_out)
{
	if (seldom->n_said == 0 || now_ms - seldom->since_ms >= LOG_SELDOM_MS) {
		seldom->since_ms = now_ms;
		seldom->n_said = 0;
	}
	if (seldom->n_said == LOG_SELDOM_LINES) {
		seldom->n_left_out++;
		return false;
	}
	seldom->n_said++;
	*ret_n_left_out = seldom->n_left_out;
	seldom->n_left_out = 0;
	return true;
}

void log_seldom(struct log_seldom *seldom, int level, const char *fmt, ...)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	unsigned n_left_out = 0;
	char text[LINE_SIZE];
	va_list ap;
	bool may;

	pthread_mutex_lock(&lock);
	may = log_seldom_may(seldom, clock_boot_ms(), &n_left_out);
	pthread_mutex_unlock(&lock);
	if (!may)
		return;
	va_start(ap, fmt);
	format(text, fmt, ap);
	va_end(ap);
	if (n_left_out > 0)
		log_line(level, "%u more of the following kind were left out", n_left_out);
	write_line(level, text);
}
