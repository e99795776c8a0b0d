/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One line to stderr with the level in front as sd-daemon(3) reads it ("<4>").
 * Only a program's top functions log, once: the reason in words, and the ids at the end
 * as key=value. Never a secret, never the name of a person.
 */

#include <stdbool.h>
#include <stdint.h>
#include <syslog.h>

#include "common/base/base.h"

/* @level is LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO or LOG_DEBUG. */
void log_line(int level, const char *fmt, ...) _printf_(2, 3);

/*
 * What others can cause again and again is said so often in so long, and how much was left
 * out with the first line after that: whoever asks must not fill the disk.
 */
#define LOG_SELDOM_LINES 30
#define LOG_SELDOM_MS 60000

/* One for each kind of event; all zero at the start. */
struct log_seldom {
	int64_t since_ms;
	unsigned n_said;
	unsigned n_left_out;
};

/* Whether to say it at @now_ms, and how often it was not since it last was. PURE. */
bool log_seldom_may(struct log_seldom *seldom, int64_t now_ms, unsigned *ret_n_left_out);
/* log_line() if it may be said now. From any thread. */
void log_seldom(struct log_seldom *seldom, int level, const char *fmt, ...) _printf_(3, 4);

/* Leave the level away, for a person at a terminal. Default: by isatty(2). */
void log_set_plain(bool is_plain);
