/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "collector/http/loop.h"
#include "collector/http/newcomer.h"
#include "common/base/fd.h"
#include "common/base/mem.h"

enum {
	QUIET_ROUNDS = 16, /* without waiting, and then for each ms that is waited longer */
	QUIET_MS_MAX = 10,
};

/* What the thread is to do besides. */
enum wish {
	WISH_NONE,
	WISH_CLOSE,
	WISH_END,
};

struct loop {
	pthread_t thread;
	struct MHD_Daemon *daemon; /* the thread's, while that runs */
	struct loop_hooks hooks;
	int epoll_fd; /* the library's */
	int wake_fd;
	struct newcomers newcomers;
	unsigned n_quiet;     /* rounds since anything happened */
	bool has_room;        /* that the library has not seen */
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t closed;
	STAILQ_HEAD(sleeper_list, sleeper) woken;
	enum wish wish;
	bool is_closed;
	int listen_fd; /* once it is closed */
};

/*
 * Until when nothing has to be done, in ms as poll() takes them. The library says "at once" where
 * something is at hand, but also, again and again, where a client does not take what is said in
 * a TLS handshake. That it does is an event; so after many rounds in which there was none each
 * waits a little.
 */
static int timeout_ms(const struct loop *loop)
{
	MHD_UNSIGNED_LONG_LONG ms;
	unsigned quiet_ms;

	quiet_ms = loop->n_quiet / QUIET_ROUNDS;
	if (MHD_get_timeout(loop->daemon, &ms) != MHD_YES)
		return -1;
	if (ms == 0)
		return quiet_ms < QUIET_MS_MAX ? (int)quiet_ms : QUIET_MS_MAX;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

/* Wait for something, or for a wish. */
static void wait_for_events(struct loop *loop)
{
	struct pollfd fds[] = {
		{ .fd = loop->epoll_fd, .events = POLLIN },
		{ .fd = loop->wake_fd, .events = POLLIN },
		{ .fd = loop->newcomers.epoll_fd, .events = POLLIN },
	};
	eventfd_t n;

	/* Interrupted: there is nothing, and the next round sees what there is. */
	if (poll(fds, ARRAY_SIZE(fds), loop->has_room ? 0 : timeout_ms(loop)) <= 0) {
		if (loop->n_quiet < QUIET_ROUNDS * QUIET_MS_MAX)
			loop->n_quiet++;
		return;
	}
	loop->n_quiet = 0;
	if (fds[1].revents)
		(void)eventfd_read(loop->wake_fd, &n);
	if (fds[2].revents)
		newcomers_wake(&loop->newcomers);
}

/* In this thread, since the library changes what it waits for without a lock. */
static void close_listening(struct loop *loop)
{
	int fd = MHD_quiesce_daemon(loop->daemon);

	pthread_mutex_lock(&loop->lock);
	loop->listen_fd = fd;
	loop->is_closed = true;
	pthread_cond_signal(&loop->closed);
	pthread_mutex_unlock(&loop->lock);
}

/* Of all that were woken; they go on in the next round. */
static void resume(struct sleeper *sleeper)
{
	while (sleeper) {
		struct sleeper *next = STAILQ_NEXT(sleeper, sleepers);

		MHD_resume_connection(sleeper->connection);
		sleeper = next;
	}
}

static enum wish take_wishes(struct loop *loop)
{
	struct sleeper *woken;
	enum wish wish;

	pthread_mutex_lock(&loop->lock);
	woken = STAILQ_FIRST(&loop->woken);
	STAILQ_INIT(&loop->woken);
	wish = loop->wish;
	loop->wish = WISH_NONE;
	pthread_mutex_unlock(&loop->lock);
	resume(woken);
	return wish;
}

static void *loop_main(void *arg)
{
	struct loop *loop = arg;
	enum wish wish;

	do {
		wait_for_events(loop);
		wish = take_wishes(loop);
		if (wish == WISH_CLOSE)
			close_listening(loop);
		loop->has_room = false;
		loop->hooks.begin(loop->hooks.app);
		(void)MHD_run(loop->daemon);
		newcomers_sleep(&loop->newcomers);
		loop->hooks.end(loop->hooks.app);
	} while (wish != WISH_END);
	return NULL;
}

int loop_start(struct MHD_Daemon *daemon, const struct loop_hooks *hooks, struct loop **ret_loop,
	       struct err *err)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
	_cleanup_close_ int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	_cleanup_close_ int newcomers_fd = epoll_create1(EPOLL_CLOEXEC);
	struct loop *loop;
	int r;

	if (!info || wake_fd < 0 || newcomers_fd < 0)
		return err_set(err, -EIO,
			       "the HTTP server cannot wait for connections; are there "
			       "enough file descriptors (ulimit -n)?");
	loop = xcalloc(1, sizeof(*loop));
	loop->daemon = daemon;
	loop->hooks = *hooks;
	loop->epoll_fd = info->epoll_fd;
	loop->wake_fd = wake_fd;
	newcomers_init(&loop->newcomers, newcomers_fd);
	pthread_mutex_init(&loop->lock, NULL);
	pthread_cond_init(&loop->closed, NULL);
	STAILQ_INIT(&loop->woken);
	*ret_loop = loop;
	r = pthread_create(&loop->thread, NULL, loop_main, loop);
	if (r != 0) {
		*ret_loop = NULL;
		free(loop);
		return err_errno(err, -r, "cannot start a thread of the HTTP server");
	}
	(void)TAKE_FD(wake_fd);
	(void)TAKE_FD(newcomers_fd);
	return 0;
}

void loop_came(struct loop *loop, struct newcomer *newcomer, struct MHD_Connection *connection)
{
	newcomers_add(&loop->newcomers, newcomer, connection);
}

void loop_goes(struct loop *loop, struct newcomer *newcomer)
{
	newcomers_remove(&loop->newcomers, newcomer);
}

/*
 * Where it had as many as it may, the library waits for its listening socket again from its next
 * round on, which nothing else might bring about.
 */
void loop_has_room(struct loop *loop)
{
	loop->has_room = true;
}

static void tell(struct loop *loop, enum wish wish)
{
	pthread_mutex_lock(&loop->lock);
	loop->wish = wish;
	pthread_mutex_unlock(&loop->lock);
	(void)eventfd_write(loop->wake_fd, 1);
}

void loop_wake(struct sleeper *sleeper)
{
	struct loop *loop = sleeper->loop;
	bool is_first;

	pthread_mutex_lock(&loop->lock);
	is_first = STAILQ_EMPTY(&loop->woken);
	STAILQ_INSERT_TAIL(&loop->woken, sleeper, sleepers);
	pthread_mutex_unlock(&loop->lock);
	/* Who came first told it, and it takes all that are there. */
	if (is_first)
		(void)eventfd_write(loop->wake_fd, 1);
}

int loop_close(struct loop *loop)
{
	int fd;

	tell(loop, WISH_CLOSE);
	pthread_mutex_lock(&loop->lock);
	while (!loop->is_closed)
		pthread_cond_wait(&loop->closed, &loop->lock);
	fd = loop->listen_fd;
	pthread_mutex_unlock(&loop->lock);
	return fd;
}

void loop_end(struct loop *loop)
{
	if (!loop)
		return;
	tell(loop, WISH_END);
	pthread_join(loop->thread, NULL);
	/* In its last round an answer that is still sent may have slept and been woken. */
	resume(STAILQ_FIRST(&loop->woken));
	newcomers_wake_all(&loop->newcomers);
	MHD_stop_daemon(loop->daemon);
	newcomers_done(&loop->newcomers);
	close(loop->wake_fd);
	pthread_cond_destroy(&loop->closed);
	pthread_mutex_destroy(&loop->lock);
	free(loop);
}
