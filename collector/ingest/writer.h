/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The one thread that writes what devices send: it takes what has queued, puts it
 * into one transaction, and answers when that is on disk. What queues meanwhile is
 * the next transaction, so that a slow disk makes larger ones instead of a line.
 */

#include <stdint.h>

#include "collector/ingest/queue.h"
#include "collector/store/store.h"
#include "common/base/base.h"
#include "common/base/err.h"

struct writer;

/*
 * Start it on @store, which it takes, and @queue, which outlives it. Changes of results
 * that are older than @history_days are forgotten, see store_history_forget().
 * On success writer_join() *@ret_writer after queue_close(), then writer_free() it.
 */
int writer_start(struct store *store, struct queue *queue, int64_t history_days,
		 struct writer **ret_writer, struct err *err) _must_check_;
/*
 * What time the counts of the store stand for, @now_ms being now: now, while the
 * writer looks every minute which devices have become stale; the time of its last
 * look, when it could not for two minutes. From any thread.
 */
int64_t writer_as_of(const struct writer *writer, int64_t now_ms);
/* The same for a last look at @swept_ms. PURE. */
int64_t writer_as_of_look(int64_t swept_ms, int64_t now_ms);
/*
 * Over how many seconds devices are to spread that all come back at once: by how many
 * the store has, as of the last look. From any thread.
 */
int64_t writer_spread_s(const struct writer *writer);
/* Wait until everything queued is answered, and close the store. */
void writer_join(struct writer *writer);
/* After writer_join(), when nobody asks it any more. */
void writer_free(struct writer *writer);
