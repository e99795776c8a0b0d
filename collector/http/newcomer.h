/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Connections over TLS that have not shaken hands yet. libmicrohttpd tries every handshake that
 * has begun again in each of its rounds, whether its client has said anything or not: a hundred at
 * once cost each other more than they cost themselves. So they sleep, and each is tried when there
 * is something from its client. All of this is for the loop's thread alone.
 */

#include <stdbool.h>

#include <sys/queue.h>

struct MHD_Connection;

/* In what lives as long as the connection. */
struct newcomer {
	LIST_ENTRY(newcomer) newcomers;
	struct MHD_Connection *connection;
	bool is_listed;
	bool is_waited_for; /* by epoll, once each time it sleeps */
};

struct newcomers {
	int epoll_fd; /* can be read when one of them is to be tried */
	LIST_HEAD(newcomer_list, newcomer) asleep;
	struct newcomer_list awake; /* until the library has looked at them */
};

/* @epoll_fd is closed by newcomers_done(). */
void newcomers_init(struct newcomers *newcomers, int epoll_fd);
/* Nobody sleeps any more: they all go on with the library, which may then be stopped. */
void newcomers_wake_all(struct newcomers *newcomers);
/* All of them were removed. */
void newcomers_done(struct newcomers *newcomers);

/* A connection that has just come, whose first bytes nobody has seen. */
void newcomers_add(struct newcomers *newcomers, struct newcomer *newcomer,
		   struct MHD_Connection *connection);
/* Before its socket is closed; also if it is none any more. */
void newcomers_remove(struct newcomers *newcomers, struct newcomer *newcomer);

/* Before the library looks: let some of those go on whose clients have said something. */
void newcomers_wake(struct newcomers *newcomers);
/* After it has looked: who still waits for its client sleeps, and who has shaken hands is none. */
void newcomers_sleep(struct newcomers *newcomers);
