/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "collector/http/limits.h"
#include "collector/http/link.h"
#include "common/base/base.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

#define MS 1000

/* 0: for ever. */
static const int64_t stage_seconds[] = {
	[STAGE_NEW] = LIMIT_REQUEST_SECONDS,
	[STAGE_READING] = LIMIT_REQUEST_SECONDS,
	[STAGE_WAITING] = 0,
	[STAGE_ANSWERING] = LIMIT_ANSWER_SECONDS,
	[STAGE_STREAMING] = LIMIT_EXPORT_SECONDS,
	[STAGE_IDLE] = LIMIT_IDLE_SECONDS,
};
static_assert(ARRAY_SIZE(stage_seconds) == STAGE_MAX_, "every stage has its time");

struct link {
	LIST_ENTRY(link) links;
	int fd;
	_Atomic int64_t since; /* clock_boot_ms() * STAGE_MAX_ + stage, to be seen together */
};

void links_init(struct links *links, size_t max_links, bool is_tls)
{
	*links = (struct links){ .max_links = max_links, .is_tls = is_tls };
	pthread_mutex_init(&links->lock, NULL);
	LIST_INIT(&links->links);
}

void links_done(struct links *links)
{
	assert(LIST_EMPTY(&links->links));
	pthread_mutex_destroy(&links->lock);
}

void link_stage(struct link *link, enum stage stage)
{
	if (link)
		atomic_store_explicit(&link->since, clock_boot_ms() * STAGE_MAX_ + stage,
				      memory_order_relaxed);
}

struct link *links_add(struct links *links, int fd)
{
	struct link *link = xcalloc(1, sizeof(*link));

	link->fd = fd;
	link_stage(link, STAGE_NEW);
	pthread_mutex_lock(&links->lock);
	links->n_links++;
	LIST_INSERT_HEAD(&links->links, link, links);
	pthread_mutex_unlock(&links->lock);
	return link;
}

void links_remove(struct links *links, struct link *link)
{
	pthread_mutex_lock(&links->lock);
	links->n_links--;
	LIST_REMOVE(link, links);
	pthread_mutex_unlock(&links->lock);
	free(link);
}

/*
 * Past the library, which has no answer for this: it waits for the client, so that nothing
 * else is being sent; not over TLS, whose bytes only the library can make. Where the client's last
 * byte comes in this moment, it sees the end of the connection with or behind its answer, and asks
 * again.
 */
static void tell_too_slow(int fd)
{
#define TOO_SLOW                                                                                   \
	"{\"type\":\"urn:testready:problem:too-slow\",\"title\":\"The request came too slowly\","  \
	"\"status\":408,\"detail\":\"The request did not come in time; nothing of it was stored. " \
	"Send it again.\"}"
	static const char answer[] = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
				     "Content-Type: application/problem+json\r\n"
				     "Content-Length: 178\r\n\r\n" TOO_SLOW;

	static_assert(sizeof(TOO_SLOW) - 1 == 178, "the length that is told");
	(void)!send(fd, answer, sizeof(answer) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static int64_t stage_ms(enum stage stage, bool is_hurried)
{
	if (is_hurried && (stage == STAGE_NEW || stage == STAGE_IDLE))
		return (int64_t)LIMIT_HURRIED_SECONDS * MS;
	return stage_seconds[stage] ? stage_seconds[stage] * MS : INT64_MAX;
}

void links_cut_slow(struct links *links)
{
	int64_t now_ms = clock_boot_ms();
	struct link *link;
	bool is_hurried;

	/* Under the lock no connection is closed, so the descriptor is still its own. */
	pthread_mutex_lock(&links->lock);
	is_hurried = links->n_links > links->max_links / 4 * 3;
	LIST_FOREACH(link, &links->links, links)
	{
		int64_t since = atomic_load_explicit(&link->since, memory_order_relaxed);
		enum stage stage = (enum stage)(since % STAGE_MAX_);

		if (now_ms - since / STAGE_MAX_ < stage_ms(stage, is_hurried))
			continue;
		if (stage == STAGE_READING && !links->is_tls)
			tell_too_slow(link->fd);
		shutdown(link->fd, SHUT_RDWR);
	}
	pthread_mutex_unlock(&links->lock);
}
