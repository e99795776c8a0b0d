/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#include "collector/cmd/change.h"
#include "collector/store/store_rejudge.h"
#include "common/base/clock.h"
#include "common/base/text.h"

/* Long enough to be worth its commit, short enough for a collector that serves beside. */
#define SLICE_US INT64_C(20000)
/* A collector that waits for the lock of the store asks for it every few ms. */
#define PAUSE_NS 5000000L
#define PROGRESS_MS 500

int change_audience(const struct change_scope *scope, bool has_state, struct audience *ret_audience)
{
	if (!!scope->site + !!scope->lea + scope->is_state != 1 || (scope->is_state && !has_state))
		return -EINVAL;
	if (scope->site)
		*ret_audience = (struct audience){ SCOPE_SITE, scope->site };
	else if (scope->lea)
		*ret_audience = (struct audience){ SCOPE_LEA, scope->lea };
	else
		*ret_audience = (struct audience){ SCOPE_STATE, "" };
	return 0;
}

void change_prepare(const char *store_url,
		    int (*look)(struct store *reader, void *arg, struct err *err), void *arg)
{
	_cleanup_(store_closep) struct store *reader = NULL;

	if (store_open(admin_store_url(store_url), true, &reader, NULL) < 0 ||
	    store_begin(reader, NULL) < 0)
		return;
	(void)!look(reader, arg, NULL);
	store_rollback(reader);
}

int change_refuse(const struct cli_command *command, int r, const struct err *err,
		  const char *nothing)
{
	bool is_refused = r == -EINVAL || r == -ENOENT || r == -E2BIG || r == -EALREADY;

	if (!is_refused)
		return admin_fail(command, err);
	fprintf(stderr, "%s\n%s\n", err->text, nothing);
	return ADMIN_REFUSED;
}

static void show_progress(int64_t n_done, int64_t n_all)
{
	fprintf(stderr, "\rJudged %" PRId64 " of %" PRId64 " devices again", n_done, n_all);
}

/* Judge until the queue is empty; *@ret_n: how many. */
static int judge_all(struct store *store, int64_t *ret_n, struct err *err)
{
	static const struct rejudge_budget slice = { SLICE_US, INT64_MAX };
	static const struct timespec pause = { .tv_nsec = PAUSE_NS };
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	int64_t shown_ms = clock_boot_ms(), n_done = 0, n;
	bool is_terminal = isatty(STDERR_FILENO), is_shown = false;
	struct rejudge_left left;
	int r = store_rejudge_left(store, NULL, &left, err);

	while (r >= 0) {
		n = 0;
		r = act_rejudge(store, cache, clock_now_ms(), &slice, &n, err);
		n_done += n;
		if (r <= 0)
			break;
		if (is_terminal && clock_boot_ms() - shown_ms >= PROGRESS_MS) {
			show_progress(n_done, left.n_devices > n_done ? left.n_devices : n_done);
			shown_ms = clock_boot_ms();
			is_shown = true;
		}
		nanosleep(&pause, NULL);
	}
	if (is_shown)
		fputs("\n", stderr);
	*ret_n = n_done;
	return r;
}

static void print_reach(const struct reach *reach)
{
	if (reach->n_sites == 0)
		printf("No site is judged otherwise than before.\n");
	else
		printf("%" PRId64 " site%s %s judged otherwise from now on: ", reach->n_sites,
		       text_plural(reach->n_sites), reach->n_sites == 1 ? "is" : "are");
	if (reach->n_sites > 0 && reach->n_devices == 0)
		printf("no device there has reported yet.\n");
	else if (reach->n_sites > 0)
		printf("%" PRId64 " device%s %s to be judged again.\n", reach->n_devices,
		       text_plural(reach->n_devices), reach->n_devices == 1 ? "is" : "are");
	if (reach->n_too_short > 0)
		printf("At %" PRId64 " site%s it does not count: the window there ends after it.\n",
		       reach->n_too_short, text_plural(reach->n_too_short));
}

int change_end(const struct cli_command *command, const char *store_url, const struct reach *reach,
	       bool is_wait)
{
	_cleanup_(store_closep) struct store *store = NULL;
	struct err err = { 0 };
	int64_t n = 0;
	int r;

	print_reach(reach);
	if (reach->n_devices > 0 && !is_wait)
		printf("The collector does that while it serves; profile list shows how far it "
		       "is.\n");
	if (!is_wait)
		return admin_end(command, CLI_OK);
	fflush(stdout);
	r = store_open_old(admin_store_url(store_url), &store, &err);
	if (r >= 0)
		r = judge_all(store, &n, &err);
	if (r < 0)
		return admin_fail(command, &err);
	printf("Judged %" PRId64 " device%s again; nothing waits any more.\n", n, text_plural(n));
	return admin_end(command, CLI_OK);
}
