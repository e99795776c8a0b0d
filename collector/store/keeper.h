/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A thread that looks after the file of a store while a collector serves from it, with a
 * connection of its own: it writes what was committed from the log into the file, so that the
 * writer need not wait for that, and reads all of a large file once, for damage.
 */

#include "collector/store/store.h"

struct keeper;

/*
 * Look after the store at @url, which @writer commits to and which it watches: nobody may
 * use that while this runs, and it is closed before keeper_stop().
 * On success *@ret_keeper is owned by the caller: keeper_stop() it.
 */
int keeper_start(const char *url, struct store *writer, struct keeper **ret_keeper,
		 struct err *err) _must_check_;
void keeper_stop(struct keeper *keeper);
