/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The one thread that writes what devices send: it takes what has queued, puts it
 * into one transaction, and answers when that is on disk. What queues meanwhile is
 * the next transaction, so that a slow disk makes larger ones instead of a line.
 */

#include "collector/ingest/queue.h"
#include "collector/store/store.h"
#include "common/base/base.h"
#include "common/base/err.h"

struct writer;

/*
 * Start it on @store, which it takes, and @queue, which outlives it.
 * On success writer_join() *@ret_writer after queue_close().
 */
int writer_start(struct store *store, struct queue *queue, struct writer **ret_writer,
		 struct err *err) _must_check_;
/* Wait until everything queued is answered; free. */
void writer_join(struct writer *writer);
