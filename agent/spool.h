/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Spool
 *
 * A folder of reports, one file each, named by their number. A report is on
 * disk before spool_add() returns and leaves by spool_drop(), so a crash or a
 * dead network never loses one. It is bounded in files and bytes: past that
 * the oldest goes, and the caller is told.
 *
 * Whoever changes a spool holds the lock of the state folder.
 */

#include <stddef.h>
#include <stdint.h>

#include "common/base/base.h"
#include "common/base/err.h"

struct spool_limits {
	size_t reports;
	size_t bytes;
};

/* Half a year of one report a day, or a week of one an hour. */
extern const struct spool_limits spool_limits_waiting;
/* Kept for a person to look at, so the newest few will do. */
extern const struct spool_limits spool_limits_refused;

struct spool;

/*
 * Open the folder @name in @parent_fd, which must be ours alone (mode 0700).
 * What a crash left half written is ignored, and removed by the next spool_add().
 *
 * On success *@ret_spool is owned by the caller: spool_close() it.
 * -ENOENT: there is none. -EACCES: others can look into it.
 */
int spool_open(int parent_fd, const char *name, const struct spool_limits *limits,
	       struct spool **ret_spool, struct err *err) _must_check_;
void spool_close(struct spool *spool);
DEFINE_CLEANUP(struct spool *, spool_close);

struct spool_list {
	int64_t *sequences; /* the oldest, which has the smallest number, first */
	size_t n;
	size_t bytes;
};

/* On success spool_list_done() @ret_list. */
int spool_list(const struct spool *spool, struct spool_list *ret_list,
	       struct err *err) _must_check_;
void spool_list_done(struct spool_list *list);

/*
 * Store @len bytes of @text durably as @sequence, which must be greater than 0
 * and not be there yet. *@ret_discarded counts the oldest reports that had to
 * go to stay within the limits; the new one never goes.
 *
 * -EEXIST: there is one. -E2BIG: over SPOOL_REPORT_MAX. -ENOSPC: the disk is full.
 */
#define SPOOL_REPORT_MAX ((size_t)300 * 1024)
int spool_add(struct spool *spool, int64_t sequence, const char *text, size_t len,
	      size_t *ret_discarded, struct err *err) _must_check_;

/* *@ret_text is owned by the caller and ends in a NUL. @ret_len may be NULL. */
int spool_read(const struct spool *spool, int64_t sequence, char **ret_text, size_t *ret_len,
	       struct err *err) _must_check_;

/* When @sequence was stored, in ms since 1970 by the device's clock; 0: there is none. */
int64_t spool_stored_ms(const struct spool *spool, int64_t sequence);

/* Remove @sequence durably. That it is gone already is no error. */
int spool_drop(struct spool *spool, int64_t sequence, struct err *err) _must_check_;

/* Move @sequence as it is to another spool, durably. Makes no room there. */
int spool_move(struct spool *from, struct spool *to, int64_t sequence,
	       struct err *err) _must_check_;
