/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the HTTP threads, the writer and the routes share while the collector
 * serves. Everything here may be used from any thread.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "collector/act/act.h"
#include "collector/http/assets.h"
#include "collector/http/guard.h"
#include "collector/http/limits.h"
#include "collector/http/tags.h"
#include "collector/ingest/group_memo.h"
#include "collector/ingest/queue.h"
#include "collector/ingest/writer.h"
#include "collector/pool.h"
#include "collector/sign_on.h"
#include "collector/store/keeper.h"
#include "collector/store/store.h"
#include "collector/store/store_collector_key.h"
#include "common/base/base.h"
#include "common/base/err.h"

/*
 * What a reader is for. Those that serve devices do not keep in memory what pages need, and
 * there are few of each: HTTP threads, and threads of the pool with the exports beside them.
 */
enum reader_kind {
	READER_DEVICE,
	READER_PAGE,
	READER_KIND_MAX_,
};

/* A connection to read with, and what was parsed and signed on it; used by one thread at a time. */
struct reader {
	enum reader_kind kind;
	struct store *store;
	struct profile_cache *profiles;
	struct signatures signatures;
	struct reader *next; /* of those that nobody uses */
};

struct app_config {
	const char *store_url;
	const char *web_dir; /* or NULL */
	char token_hash[HASH_SIZE];
	const char *moved_url;   /* where this collector's successor is, or NULL */
	int64_t history_days;    /* how long changes of results are kept */
	bool has_no_rate_limit;  /* for load tests */
	struct sign_on *sign_on; /* taken on success; NULL: there is no identity provider */
};

struct readers;

/* Whose the files are that are being sent. */
struct export_places {
	pthread_mutex_t lock;
	uint64_t owners[LIMIT_EXPORTS]; /* numbers of keys; 0: a place that is free */
};

struct app {
	struct guard guard;
	struct assets *assets; /* NULL: no pages */
	struct queue *queue;
	struct writer *writer;
	struct group_memo *groups; /* of facts that came */
	struct keeper *keeper;     /* of the store's file */
	struct pool *pool;         /* which makes pages */
	struct pool *outside;      /* which asks the identity provider; NULL: there is none */
	struct sign_on *sign_on;   /* the same */
	struct tags *tags;         /* of pages that were made */
	struct readers *readers;
	char *moved_url; /* NULL: here */
	char move_signature[SIGNATURE_SIZE];
	char collector_key[COLLECTOR_PUBLIC_SIZE]; /* what agents know its signature by */
	char setup_code[SECRET_SIZE]; /* with which the first admin makes an account; "": there are
				       */
	atomic_uint n_checks;         /* of the store, whose request is not over */
	struct export_places exports;
};

/*
 * Open the store, with its migrations, read the pages and start the writer.
 * On success *@ret_app is owned by the caller: app_stop(), then app_free() it.
 */
int app_start(const struct app_config *config, struct app **ret_app, struct err *err) _must_check_;
/* -EUCLEAN: the store was found damaged, so nothing may be told from it any more. */
int app_check_store(struct app *app, struct err *err) _must_check_;
/* Take no more; all that was taken is answered, and no connection sleeps, when this returns. */
void app_stop(struct app *app);
void app_free(struct app *app);

/* Bytes of the store's files: of the database, and of its log of what is not in it yet. */
void app_store_bytes(const struct app *app, int64_t *ret_database, int64_t *ret_log);

/*
 * A round of a thread that takes requests: devices that come in it are looked up in one
 * transaction, which begins with the first of them. Nothing of it may last, as until an answer
 * that is put off.
 */
void app_round_begin(struct app *app);
void app_round_end(struct app *app);

/* A reader for the caller alone; app_reader_give() it. */
int app_reader_take(struct app *app, enum reader_kind kind, struct reader **ret_reader,
		    struct err *err) _must_check_;
/* @r: what came of using it; a reader that failed is closed. Ends a transaction. */
void app_reader_give(struct app *app, struct reader *reader, int r);

/*
 * What the store holds, as a text that is another one once anybody has changed it, this
 * collector or another program. To be asked for before what it is to stand for is read: then that
 * is at least as new.
 */
#define APP_VERSION_SIZE 48
int app_version(struct app *app, char ret_version[static APP_VERSION_SIZE],
		struct err *err) _must_check_;
