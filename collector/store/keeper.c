/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "collector/store/keeper.h"
#include "common/base/mem.h"

enum {
	/*
	 * A step of what goes into the file: 4 MiB. More at once is what a commit's sync would
	 * wait for; in smaller steps pages that change often are written more often.
	 */
	STEP_PAGES = 1000,
	IDLE_S = 60, /* nothing was committed for so long: the log can go */
	/* What could not be written, as on a full disk, is left alone for so long. */
	FAILED_S = 10,
	NICE = 10,
};

struct keeper {
	pthread_t thread;
	struct db *db;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int64_t n_pages, n_done; /* in the log, and of these in the file as well; below lock */
	atomic_bool is_over;
};

/* In the writer's thread, after each commit. */
static void note_commit(void *arg, int64_t n_pages)
{
	struct keeper *keeper = arg;

	pthread_mutex_lock(&keeper->lock);
	/* The log began anew. */
	if (n_pages < keeper->n_pages)
		keeper->n_done = 0;
	keeper->n_pages = n_pages;
	if (n_pages - keeper->n_done >= STEP_PAGES)
		pthread_cond_signal(&keeper->changed);
	pthread_mutex_unlock(&keeper->lock);
}

static bool go_on(void *arg)
{
	return !atomic_load(&((struct keeper *)arg)->is_over);
}

static void note_damage(void *arg, const char *what)
{
	struct db *db = ((struct keeper *)arg)->db;

	db->driver->note_damage(db->driver->path(db), what);
}

/* What was small enough was looked at before it was served from. */
static void check(struct keeper *keeper)
{
	const struct db_check how = {
		.depth = DB_PAGES, .go_on = go_on, .found = note_damage, .arg = keeper
	};
	struct db_sizes sizes;

	/* What cannot be read at all is marked by the driver. */
	if (keeper->db->driver->sizes(keeper->db, &sizes, NULL) >= 0 &&
	    sizes.file_bytes > DB_SMALL_BYTES &&
	    keeper->db->driver->check(keeper->db, &how, NULL) < 0)
		return;
}

/*
 * Wait for enough to do; 1: there is, 0: nothing was committed for long, -1: it is over. After a
 * failure it waits whatever there is: who tries at once would do nothing else until there is room.
 */
static int wait(struct keeper *keeper, bool has_failed, int64_t *ret_n_pages)
{
	struct timespec until;
	int r = 0;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += has_failed ? FAILED_S : IDLE_S;
	pthread_mutex_lock(&keeper->lock);
	while (go_on(keeper) && r != ETIMEDOUT &&
	       (has_failed || keeper->n_pages - keeper->n_done < STEP_PAGES))
		r = pthread_cond_timedwait(&keeper->changed, &keeper->lock, &until);
	*ret_n_pages = keeper->n_pages;
	r = has_failed || r != ETIMEDOUT;
	pthread_mutex_unlock(&keeper->lock);
	return go_on(keeper) ? r : -1;
}

static void *keeper_main(void *arg)
{
	struct keeper *keeper = arg;
	bool has_failed = false;
	int64_t n_pages;
	int r;

	/* Of this thread; where it is not allowed, it is as fast as the others. */
	(void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
	check(keeper);
	while ((r = wait(keeper, has_failed, &n_pages)) >= 0) {
		/* What fails here the writer meets as well, and tells. */
		has_failed = keeper->db->driver->settle(keeper->db, r == 0, NULL) < 0;
		if (has_failed)
			continue;
		pthread_mutex_lock(&keeper->lock);
		if (keeper->n_done < n_pages && n_pages <= keeper->n_pages)
			keeper->n_done = n_pages;
		pthread_mutex_unlock(&keeper->lock);
	}
	return NULL;
}

static void keeper_free(struct keeper *keeper)
{
	db_close(keeper->db);
	pthread_cond_destroy(&keeper->changed);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper);
}

int keeper_start(const char *url, struct store *writer, struct keeper **ret_keeper, struct err *err)
{
	struct keeper *keeper = xcalloc(1, sizeof(*keeper));
	pthread_condattr_t attr;
	int r;

	pthread_mutex_init(&keeper->lock, NULL);
	pthread_condattr_init(&attr);
	/* So that nobody who sets the clock makes it wait for years. */
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&keeper->changed, &attr);
	pthread_condattr_destroy(&attr);
	r = db_open(url, DB_KEEP, &keeper->db, err);
	if (r >= 0) {
		r = pthread_create(&keeper->thread, NULL, keeper_main, keeper);
		r = r ? err_errno(err, -r, "the keeper's thread") : 0;
	}
	if (r < 0) {
		keeper_free(keeper);
		return r;
	}
	writer->db->driver->watch(writer->db, note_commit, keeper);
	*ret_keeper = keeper;
	return 0;
}

void keeper_stop(struct keeper *keeper)
{
	if (!keeper)
		return;
	atomic_store(&keeper->is_over, true);
	pthread_mutex_lock(&keeper->lock);
	pthread_cond_signal(&keeper->changed);
	pthread_mutex_unlock(&keeper->lock);
	pthread_join(keeper->thread, NULL);
	keeper_free(keeper);
}
