/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <microhttpd.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "collector/http/newcomer.h"
#include "collector/http/tls.h"
#include "common/base/base.h"

/*
 * So many handshakes at most, of half a millisecond each, before those who shook hands have their
 * turn again. The others keep theirs, in the order in which they came.
 */
#define TRIES_MAX 16

void newcomers_init(struct newcomers *newcomers, int epoll_fd)
{
	*newcomers = (struct newcomers){ .epoll_fd = epoll_fd };
	LIST_INIT(&newcomers->asleep);
	LIST_INIT(&newcomers->awake);
}

static int fd_of(const struct newcomer *newcomer)
{
	return MHD_get_connection_info(newcomer->connection, MHD_CONNECTION_INFO_CONNECTION_FD)
		->connect_fd;
}

static void list(struct newcomer_list *newcomers, struct newcomer *newcomer)
{
	if (newcomer->is_listed)
		LIST_REMOVE(newcomer, newcomers);
	LIST_INSERT_HEAD(newcomers, newcomer, newcomers);
	newcomer->is_listed = true;
}

void newcomers_add(struct newcomers *newcomers, struct newcomer *newcomer,
		   struct MHD_Connection *connection)
{
	newcomer->connection = connection;
	list(&newcomers->awake, newcomer);
}

void newcomers_remove(struct newcomers *newcomers, struct newcomer *newcomer)
{
	if (!newcomer->is_listed)
		return;
	LIST_REMOVE(newcomer, newcomers);
	newcomer->is_listed = false;
	if (newcomer->is_waited_for)
		(void)epoll_ctl(newcomers->epoll_fd, EPOLL_CTL_DEL, fd_of(newcomer), NULL);
}

static void wake(struct newcomers *newcomers, struct newcomer *newcomer)
{
	list(&newcomers->awake, newcomer);
	MHD_resume_connection(newcomer->connection);
}

void newcomers_wake(struct newcomers *newcomers)
{
	struct epoll_event events[TRIES_MAX];
	int n = epoll_wait(newcomers->epoll_fd, events, ARRAY_SIZE(events), 0);

	for (int i = 0; i < n; i++)
		wake(newcomers, events[i].data.ptr);
}

static bool waits_for_client(const struct newcomer *newcomer)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(newcomer->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);

	return info && tls_waits_for_client(info->tls_session);
}

/* Anew each time: what has come meanwhile, or was not looked at, is told then. */
static bool wait_for(struct newcomers *newcomers, struct newcomer *newcomer)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLONESHOT, .data.ptr = newcomer };
	int how = newcomer->is_waited_for ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

	if (epoll_ctl(newcomers->epoll_fd, how, fd_of(newcomer), &event) < 0)
		return false;
	newcomer->is_waited_for = true;
	return true;
}

void newcomers_sleep(struct newcomers *newcomers)
{
	struct newcomer *newcomer;

	while ((newcomer = LIST_FIRST(&newcomers->awake))) {
		/* Who cannot be waited for is left to the library. */
		if (!waits_for_client(newcomer) || !wait_for(newcomers, newcomer)) {
			newcomers_remove(newcomers, newcomer);
			continue;
		}
		MHD_suspend_connection(newcomer->connection);
		list(&newcomers->asleep, newcomer);
	}
}

void newcomers_wake_all(struct newcomers *newcomers)
{
	while (!LIST_EMPTY(&newcomers->asleep))
		wake(newcomers, LIST_FIRST(&newcomers->asleep));
}

void newcomers_done(struct newcomers *newcomers)
{
	assert(LIST_EMPTY(&newcomers->asleep) && LIST_EMPTY(&newcomers->awake));
	close(newcomers->epoll_fd);
}
