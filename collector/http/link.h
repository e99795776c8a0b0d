/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The connections that there are, and since when each is waited for. Those that take too long
 * are cut: the library's own timeout starts anew with every byte.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include <sys/queue.h>

/* What a connection is waited for. */
enum stage {
	STAGE_NEW,
	STAGE_READING, /* the rest of a request */
	STAGE_WAITING, /* an answer that was put off */
	STAGE_ANSWERING,
	STAGE_STREAMING,
	STAGE_IDLE,
	STAGE_MAX_,
};

/* A connection, from its first to its last byte. */
struct link;

struct links {
	pthread_mutex_t lock; /* of what follows */
	LIST_HEAD(, link) links;
	size_t n_links;
	size_t max_links;
	bool is_tls;
};

/* @max_links is how many there can be at most. */
void links_init(struct links *links, size_t max_links, bool is_tls);
/* All of them were removed. */
void links_done(struct links *links);

/* The connection whose socket is @fd; owned by @links until links_remove(). From any thread. */
struct link *links_add(struct links *links, int fd);
/* Before its socket is closed. */
void links_remove(struct links *links, struct link *link);

/* From now on it is waited for @stage. NULL is taken for nothing. */
void link_stage(struct link *link, enum stage stage);

/* Cut those that took longer than docs/limits.md allows. From any thread. */
void links_cut_slow(struct links *links);
