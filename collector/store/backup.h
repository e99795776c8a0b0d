/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Copies of the store, and putting one in its place. A file gets its name when it is whole,
 * looked at and on the disk, so that a kill at any moment leaves what was there before, and
 * at most NAME.part, which the next one overwrites.
 */

#include <stdbool.h>
#include <stdint.h>

#include "collector/store/db.h"

/* What a store has. Two that have not the same are not the same store. */
struct summary {
	int64_t layout; /* the number of its newest migration */
	int64_t n_sites;
	int64_t n_devices;
	int64_t n_ready; /* expected devices that are, with warnings or without */
	int64_t bytes;   /* of the file */
};

int summary_read(struct db *db, struct summary *ret_summary, struct err *err) _must_check_;

/*
 * Write what the store @db has now, a connection to read without a transaction, to the file
 * @path, which gets mode 0600. Others may write to the store meanwhile: the copy is of the
 * moment at which it began. Without
 * @is_forced a file that is there stays. @is_quick: the copy is not compared with its
 * indexes, which takes as long as the copy itself.
 * -EEXIST: there is a file. -EUCLEAN: the store is damaged, and the copy was taken away.
 */
int backup_write(struct db *db, const char *path, bool is_forced, bool is_quick,
		 struct summary *ret_summary, struct err *err) _must_check_;

/* What came of backup_restore(). */
struct restored {
	struct summary summary;
	char *kept; /* where the store that was there is now; NULL: there was none; free() it */
};

/*
 * Make the file @from, after checking it, the store at @url. With @is_forced a store that is
 * there is kept beside it, named by @now_ms.
 * -EEXIST: there is a store. -EBUSY: somebody has it open. -EUCLEAN: @from is damaged.
 * -EMEDIUMTYPE: @from is not a store. -EPROTO: @from is of a newer version.
 */
int backup_restore(const char *from, const char *url, bool is_forced, int64_t now_ms,
		   struct restored *ret_restored, struct err *err) _must_check_;

/* What came of backup_compact(). */
struct compacted {
	int64_t before, after; /* in bytes */
	int64_t n_packed;      /* devices whose facts an older version had stored as text */
};

/*
 * Pack facts that are text still, write the store at @url anew, without what is free in it, and
 * put that in its place.
 * -EBUSY: somebody has it open.
 */
int backup_compact(const char *url, struct compacted *ret_compacted, struct err *err) _must_check_;
