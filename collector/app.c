/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/act/act_account.h"
#include "collector/act/act_invite.h"
#include "collector/act/act_profile.h"
#include "collector/act/act_second_factor.h"
#include "collector/act/act_session.h"
#include "collector/act/act_token.h"
#include "collector/act/compose.h"
#include "collector/app.h"
#include "collector/http/limits.h"
#include "collector/store/store_known.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/eval/evaluate.h"

/* One page can keep one of them for as long as it takes, and another is not held up. */
#define PAGE_THREADS 2
#define PAGE_NICE 10 /* a page may take longer, a report that comes in meanwhile may not */
/* Each waits for the identity provider, and computes next to nothing. */
#define OUTSIDE_THREADS 4

/* Readers that nobody uses. */
struct readers {
	pthread_mutex_t lock; /* of those */
	struct reader *idle[READER_KIND_MAX_];
	char *store_url;
	pthread_mutex_t watch_lock;
	struct store *watched; /* that always the same connection is asked for its version */
	char run[ID_SIZE];     /* of this one start, as another's versions say nothing */
};
static_assert(TAGS_VERSION_SIZE == APP_VERSION_SIZE, "one size of versions");

static void reader_free(struct reader *reader)
{
	profile_cache_free(reader->profiles);
	store_close(reader->store);
	free(reader);
}

static int reader_open(const char *url, struct reader **ret_reader, struct err *err)
{
	struct store *store;
	int r = store_open(url, true, &store, err);

	/* Whatever it is, it is no "no such row", which callers would take -ENOENT for. */
	if (r < 0)
		return -EIO;
	*ret_reader = xcalloc(1, sizeof(**ret_reader));
	(*ret_reader)->store = store;
	(*ret_reader)->profiles = profile_cache_new();
	return 0;
}

int app_reader_take(struct app *app, enum reader_kind kind, struct reader **ret_reader,
		    struct err *err)
{
	struct readers *readers = app->readers;
	struct reader *reader;
	int r = 0;

	pthread_mutex_lock(&readers->lock);
	reader = readers->idle[kind];
	if (reader)
		readers->idle[kind] = reader->next;
	pthread_mutex_unlock(&readers->lock);
	if (!reader)
		r = reader_open(readers->store_url, &reader, err);
	if (r < 0)
		return r;
	reader->kind = kind;
	*ret_reader = reader;
	return 0;
}

void app_reader_give(struct app *app, struct reader *reader, int r)
{
	struct readers *readers = app->readers;

	store_rollback(reader->store);
	if (r < 0 && r != -ENOENT && r != -EINVAL) {
		reader_free(reader);
		return;
	}
	profile_cache_trim(reader->profiles);
	pthread_mutex_lock(&readers->lock);
	reader->next = readers->idle[reader->kind];
	readers->idle[reader->kind] = reader;
	pthread_mutex_unlock(&readers->lock);
}

int app_version(struct app *app, char ret_version[static APP_VERSION_SIZE], struct err *err)
{
	struct readers *readers = app->readers;
	struct store **watched = &readers->watched;
	int64_t version = 0;
	int r = 0;

	pthread_mutex_lock(&readers->watch_lock);
	if (!*watched)
		r = store_open(readers->store_url, true, watched, err);
	if (r >= 0)
		r = (*watched)->db->driver->version((*watched)->db, &version, err);
	pthread_mutex_unlock(&readers->watch_lock);
	if (r < 0)
		return -EIO;
	snprintf(ret_version, APP_VERSION_SIZE, "%.12s-%" PRId64, readers->run, version);
	return 0;
}

/* What this thread looks devices up with, from the first in a round to the end of the round. */
static _Thread_local struct {
	bool is_round;
	struct reader *reader; /* in a transaction; NULL: none was looked up yet */
} looks;

void app_round_begin(struct app *app)
{
	(void)app;
	looks.is_round = true;
}

void app_round_end(struct app *app)
{
	if (looks.reader)
		app_reader_give(app, looks.reader, 0);
	looks.reader = NULL;
	looks.is_round = false;
}

/* A reader for this one, or for all that are looked up in this round. */
static int take_look(struct app *app, struct reader **ret_reader, struct err *err)
{
	int r;

	if (looks.reader) {
		*ret_reader = looks.reader;
		return 0;
	}
	r = app_reader_take(app, READER_DEVICE, ret_reader, err);
	if (r < 0 || !looks.is_round)
		return r;
	r = store_begin((*ret_reader)->store, err);
	if (r < 0) {
		app_reader_give(app, *ret_reader, r);
		return -EIO;
	}
	looks.reader = *ret_reader;
	return 0;
}

static int find_device(void *arg, struct caller *caller, struct err *err)
{
	struct app *app = arg;
	struct reader *reader;
	int r = take_look(app, &reader, err);

	if (r < 0)
		return r;
	r = store_known_by_key(reader->store, caller->key_hash, caller->device_id, caller->contents,
			       err);
	if (looks.reader && (r >= 0 || r == -ENOENT))
		return r;
	looks.reader = NULL;
	app_reader_give(app, reader, r);
	return r;
}

/* --- sessions and tokens ------------------------------------------------------------- */

/* That a session or token was used, on its way to the writer. */
struct use_note {
	struct change change; /* first, so that it is the note */
	char key_hash[HASH_SIZE];
	char account_id[ID_SIZE]; /* of a session */
};

static int run_session_note(struct change *change, const struct moment *moment, struct err *err)
{
	struct use_note *note = (struct use_note *)change;

	return act_session_note(moment->store, note->key_hash, note->account_id, moment->now_ms,
				err);
}

static int run_token_note(struct change *change, const struct moment *moment, struct err *err)
{
	struct use_note *note = (struct use_note *)change;

	return store_token_note_use(moment->store, note->key_hash, moment->now_ms, err);
}

static void free_note(struct change *change)
{
	free(change);
}

/*
 * Nobody waits for it: one that finds no place is followed by another with the next request. A
 * session has one place, since a page asks for several things at once.
 */
static void note_use(struct app *app, const struct caller *caller,
		     int (*run)(struct change *, const struct moment *, struct err *))
{
	struct use_note *note = xcalloc(1, sizeof(*note));
	_cleanup_(job_freep) struct job *job = job_new(JOB_CHANGE, 0);

	note->change.run = run;
	note->change.free = free_note;
	memcpy(note->key_hash, caller->key_hash, HASH_SIZE);
	memcpy(note->account_id, caller->staff->account_id, ID_SIZE);
	job->change = &note->change;
	/* Of the hash from its other end, so that it is not the account's share of the queue. */
	job->owner = strtoull(caller->key_hash + HASH_SIZE - 1 - 16, NULL, 16) | 1;
	job->share = 1;
	job->done = job_free;
	if (queue_reserve(app->queue, job) >= 0)
		queue_add(app->queue, TAKE_PTR(job));
}

static int find_session(void *arg, struct caller *caller, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	struct app *app = arg;
	struct session session;
	struct reader *reader;
	int r = app_reader_take(app, READER_DEVICE, &reader, err);

	if (r < 0)
		return r;
	r = act_session_find(reader->store, caller->key_hash, caller->now_ms, &session, &account,
			     err);
	app_reader_give(app, reader, r);
	if (r < 0)
		return r;
	account_who(&account, caller->staff->who);
	memcpy(caller->staff->account_id, account.id, ID_SIZE);
	caller->staff->grants = account.grants;
	if (session_time_wants_note(session.seen_ms, caller->now_ms))
		note_use(app, caller, run_session_note);
	return 0;
}

static int find_token(void *arg, struct caller *caller, struct err *err)
{
	_cleanup_(api_token_done) struct api_token token = { 0 };
	struct app *app = arg;
	struct token_reach reach = { 0 };
	struct reader *reader;
	int r = app_reader_take(app, READER_DEVICE, &reader, err);

	if (r < 0)
		return r;
	/* One snapshot, so that the token is not of before and its owner of after a change. */
	r = store_begin(reader->store, err);
	if (r >= 0)
		r = store_token_by_hash(reader->store, caller->key_hash, &token, err);
	if (r >= 0)
		r = act_token_reach(reader->store, &token, caller->now_ms, &reach, err);
	app_reader_give(app, reader, r);
	if (r < 0)
		return r;
	if (reach.state != TOKEN_GOOD)
		return err_set(err, -ENOENT, "The token is over.");
	memcpy(caller->staff->who, reach.who, sizeof(reach.who));
	memcpy(caller->staff->account_id, token.account_id, ID_SIZE);
	memcpy(caller->staff->token_id, token.id, ID_SIZE);
	caller->staff->grants = reach.grants;
	if (token_wants_note(&token, caller->now_ms))
		note_use(app, caller, run_token_note);
	return 0;
}

/* --- start --------------------------------------------------------------------------- */

/* Where nobody has an account, the code with which the first one is made. */
static int prepare_setup(struct app *app, struct store *store, struct err *err)
{
	int r = store_begin(store, err);

	if (r < 0)
		return r;
	r = act_setup_begin(store, clock_now_ms(), app->setup_code, err);
	if (r >= 0)
		r = store_commit(store, err);
	if (r < 0)
		store_rollback(store);
	return r;
}

/*
 * Devices report whatever became of the key that second factors are sealed with, so a lost one is
 * told and does not keep the collector from starting. Of people only how many they are.
 */
static void tell_lost_factors(struct store *store)
{
	_cleanup_(json_decrefp) json_t *logins = NULL;
	struct err why = { 0 }, err = { 0 };

	if (act_second_factor_lost(store, &logins, &why, &err) < 0)
		log_line(LOG_ERR, "second factors cannot be checked: %s", err.text);
	else if (json_array_size(logins) > 0)
		log_line(LOG_ERR,
			 "%s. Until then %zu of those with a second factor sign in with a recovery "
			 "code only; \"testready-collector person second-factor\" lists them and "
			 "says what to do",
			 why.text, json_array_size(logins));
}

/*
 * Every agent pins the key when it enrols, so it is there before the first one does:
 * those that enrolled without one could never be told of a successor.
 */
static int prepare_key(struct app *app, struct store *store, struct err *err)
{
	struct collector_key key;
	int r = store_begin(store, err);

	if (r < 0)
		return r;
	r = act_collector_key_make(store, clock_now_ms(), err);
	if (r >= 0)
		r = store_collector_key_get(store, &key, err);
	if (r >= 0 && app->moved_url)
		r = act_move_sign(store, app->moved_url, app->move_signature, err);
	if (r >= 0)
		r = store_commit(store, err);
	if (r < 0) {
		store_rollback(store);
		return r;
	}
	memcpy(app->collector_key, key.public_key, sizeof(app->collector_key));
	explicit_bzero(&key, sizeof(key));
	return 0;
}

/* Stored results of another judge are put into the queue before anybody reads them. */
static int prepare_results(struct store *store, struct err *err)
{
	int r = store_begin(store, err);

	if (r < 0)
		return r;
	r = act_rejudge_evaluator(store, EVALUATOR_VERSION, clock_now_ms(), err);
	if (r >= 0)
		r = store_commit(store, err);
	if (r < 0)
		store_rollback(store);
	return r;
}

/*
 * What an older composer made is composed anew. Where something in force does not fit any more,
 * sites stay judged by what they were, which is as true as it was; it is tried again at the next
 * start.
 */
static int prepare_compositions(struct store *store, struct err *err)
{
	int r = store_begin(store, err);

	if (r < 0)
		return r;
	r = act_compose_anew(store, COMPOSER_VERSION, clock_now_ms(), err);
	if (r >= 0)
		r = store_commit(store, err);
	if (r < 0)
		store_rollback(store);
	if (r != -EINVAL && r != -E2BIG)
		return r;
	log_line(LOG_ERR,
		 "what sites are judged by could not be composed anew, so they are judged by what "
		 "an older version composed: %s",
		 err->text);
	return 0;
}

static int start_writer(struct app *app, const struct app_config *config, struct err *err)
{
	struct store *store;
	int r = store_open(config->store_url, false, &store, err);

	if (r < 0)
		return r;
	r = prepare_key(app, store, err);
	if (r >= 0)
		r = prepare_results(store, err);
	if (r >= 0)
		r = prepare_compositions(store, err);
	if (r >= 0)
		r = prepare_setup(app, store, err);
	if (r >= 0)
		tell_lost_factors(store);
	if (r >= 0)
		r = keeper_start(config->store_url, store, &app->keeper, err);
	if (r >= 0)
		r = writer_start(store, app->queue, config->history_days, &app->writer, err);
	if (r < 0)
		store_close(store);
	return r;
}

static int start_threads(struct app *app, const struct app_config *config, struct err *err)
{
	static const struct pool_config pool = { PAGE_THREADS, LIMIT_READS, LIMIT_READS_STAFF,
						 PAGE_NICE };
	static const struct pool_config outside = { OUTSIDE_THREADS, LIMIT_SIGN_ONS,
						    LIMIT_SIGN_ONS_NETWORK, 0 };
	int r = pool_start(&pool, &app->pool, err);

	if (r >= 0 && config->sign_on)
		r = pool_start(&outside, &app->outside, err);
	return r < 0 ? r : start_writer(app, config, err);
}

int app_start(const struct app_config *config, struct app **ret_app, struct err *err)
{
	struct app *app = xcalloc(1, sizeof(*app));
	int r = 0;

	app->readers = xcalloc(1, sizeof(*app->readers));
	app->readers->store_url = xstrdup(config->store_url);
	id_new(app->readers->run);
	pthread_mutex_init(&app->readers->lock, NULL);
	pthread_mutex_init(&app->readers->watch_lock, NULL);
	pthread_mutex_init(&app->exports.lock, NULL);
	app->queue = queue_new(LIMIT_QUEUE_JOBS, LIMIT_QUEUE_BYTES);
	app->tags = tags_new();
	app->groups = group_memo_new(LIMIT_GROUPS_BYTES);
	app->guard = (struct guard){ .find_device = find_device,
				     .find_session = find_session,
				     .find_token = find_token,
				     .arg = app };
	if (!config->has_no_rate_limit)
		app->guard.buckets = buckets_new(LIMIT_RATE_KEYS);
	memcpy(app->guard.token_hash, config->token_hash, sizeof(app->guard.token_hash));

	app->moved_url = config->moved_url ? xstrdup(config->moved_url) : NULL;
	if (config->web_dir)
		r = assets_load(config->web_dir, &app->assets, err);
	if (r >= 0)
		r = start_threads(app, config, err);
	if (r < 0) {
		app_free(app);
		return r;
	}
	app->sign_on = config->sign_on;
	*ret_app = app;
	return 0;
}

int app_check_store(struct app *app, struct err *err)
{
	return db_check_damage(app->readers->store_url, err);
}

static int64_t file_bytes(const char *path, const char *suffix)
{
	_cleanup_free_ char *name = xasprintf("%s%s", path, suffix);
	struct stat st;

	return stat(name, &st) < 0 ? 0 : (int64_t)st.st_size;
}

void app_store_bytes(const struct app *app, int64_t *ret_database, int64_t *ret_log)
{
	const char *url = app->readers->store_url;
	const char *path = text_starts(url, "sqlite:") ? url + strlen("sqlite:") : url;

	*ret_database = file_bytes(path, "");
	*ret_log = file_bytes(path, "-wal");
}

static void stop_pool(struct pool *pool)
{
	if (!pool)
		return;
	pool_close(pool);
	pool_join(pool);
}

void app_stop(struct app *app)
{
	queue_close(app->queue, clock_boot_ms() + (int64_t)LIMIT_STOP_SECONDS * 1000);
	/* What it brings finds no place any more. */
	if (app->sign_on)
		sign_on_stop(app->sign_on);
	writer_join(app->writer);
	stop_pool(app->outside);
	stop_pool(app->pool);
}

void app_free(struct app *app)
{
	if (!app)
		return;
	/* Where app_start() failed. */
	stop_pool(app->outside);
	stop_pool(app->pool);
	pool_free(app->outside);
	pool_free(app->pool);
	sign_on_free(app->sign_on);
	for (size_t i = 0; i < READER_KIND_MAX_; i++) {
		while (app->readers->idle[i]) {
			struct reader *reader = app->readers->idle[i];

			app->readers->idle[i] = reader->next;
			reader_free(reader);
		}
	}
	store_close(app->readers->watched);
	pthread_mutex_destroy(&app->readers->watch_lock);
	pthread_mutex_destroy(&app->readers->lock);
	pthread_mutex_destroy(&app->exports.lock);
	free(app->readers->store_url);
	free(app->readers);
	queue_free(app->queue);
	group_memo_free(app->groups);
	/* What it took last is still being answered after app_stop(), and asks it for the time. */
	writer_free(app->writer);
	keeper_stop(app->keeper);
	tags_free(app->tags);
	assets_free(app->assets);
	buckets_free(app->guard.buckets);
	free(app->moved_url);
	explicit_bzero(app->setup_code, sizeof(app->setup_code));
	free(app);
}
