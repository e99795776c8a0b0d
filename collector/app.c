/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "collector/app.h"
#include "collector/http/limits.h"
#include "collector/store/store_device.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

#define READY_KEPT_MS 1000

/* Readers that nobody uses; there are never more than there are HTTP threads. */
struct readers {
	pthread_mutex_t lock;
	struct reader *idle;
	char *store_url;
};

/* A connection that writes nothing, to see whether it could. */
struct probe {
	pthread_mutex_t lock;
	struct store *store;
	int64_t checked_ms; /* by clock_boot_ms() */
	int result;
	struct err err;
};

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

int app_reader_take(struct app *app, struct reader **ret_reader, struct err *err)
{
	struct readers *readers = app->readers;
	struct reader *reader;
	int r = 0;

	pthread_mutex_lock(&readers->lock);
	reader = readers->idle;
	if (reader)
		readers->idle = reader->next;
	pthread_mutex_unlock(&readers->lock);
	if (!reader)
		r = reader_open(readers->store_url, &reader, err);
	if (r < 0)
		return r;
	r = store_begin(reader->store, err);
	if (r < 0) {
		reader_free(reader);
		return r;
	}
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
	pthread_mutex_lock(&readers->lock);
	reader->next = readers->idle;
	readers->idle = reader;
	pthread_mutex_unlock(&readers->lock);
}

static int find_device(void *arg, const char *key_hash, char ret_id[static ID_SIZE],
		       struct err *err)
{
	struct app *app = arg;
	struct reader *reader;
	int r = app_reader_take(app, &reader, err);

	if (r < 0)
		return r;
	r = store_device_by_key(reader->store, key_hash, ret_id, err);
	app_reader_give(app, reader, r);
	return r;
}

int app_check_ready(struct app *app, struct err *err)
{
	struct probe *probe = app->probe;
	int64_t now_ms = clock_boot_ms();
	int r;

	pthread_mutex_lock(&probe->lock);
	if (probe->checked_ms == 0 || now_ms - probe->checked_ms >= READY_KEPT_MS) {
		probe->result = store_check_writable(probe->store, &probe->err);
		probe->checked_ms = now_ms;
	}
	r = probe->result;
	if (r < 0)
		*err = probe->err;
	pthread_mutex_unlock(&probe->lock);
	return r;
}

static int open_stores(struct app *app, const char *url, struct err *err)
{
	struct store *store;
	int r = store_open(url, false, &store, err);

	if (r < 0)
		return r;
	r = store_open(url, false, &app->probe->store, err);
	if (r >= 0)
		r = writer_start(store, app->queue, &app->writer, err);
	if (r < 0)
		store_close(store);
	return r;
}

int app_start(const struct app_config *config, struct app **ret_app, struct err *err)
{
	struct app *app = xcalloc(1, sizeof(*app));
	int r = 0;

	app->readers = xcalloc(1, sizeof(*app->readers));
	app->readers->store_url = xstrdup(config->store_url);
	pthread_mutex_init(&app->readers->lock, NULL);
	app->probe = xcalloc(1, sizeof(*app->probe));
	pthread_mutex_init(&app->probe->lock, NULL);
	app->queue = queue_new(LIMIT_QUEUE_JOBS, LIMIT_QUEUE_BYTES);
	app->guard = (struct guard){ .find_device = find_device, .arg = app };
	memcpy(app->guard.token_hash, config->token_hash, sizeof(app->guard.token_hash));

	if (config->web_dir)
		r = assets_load(config->web_dir, &app->assets, err);
	if (r >= 0)
		r = open_stores(app, config->store_url, err);
	if (r < 0) {
		app_free(app);
		return r;
	}
	*ret_app = app;
	return 0;
}

void app_stop(struct app *app)
{
	queue_close(app->queue);
	writer_join(app->writer);
	app->writer = NULL;
}

void app_free(struct app *app)
{
	if (!app)
		return;
	while (app->readers->idle) {
		struct reader *reader = app->readers->idle;

		app->readers->idle = reader->next;
		reader_free(reader);
	}
	pthread_mutex_destroy(&app->readers->lock);
	free(app->readers->store_url);
	free(app->readers);
	store_close(app->probe->store);
	pthread_mutex_destroy(&app->probe->lock);
	free(app->probe);
	queue_free(app->queue);
	assets_free(app->assets);
	free(app);
}
