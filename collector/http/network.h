/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Where a request comes from: the other end of its connection, or, where that is a proxy that the
 * collector was told to trust, who that says it is. Anybody else's X-Forwarded-* mean nothing.
 * PURE.
 */

#include <stdbool.h>
#include <stddef.h>

#include "common/base/base.h"
#include "common/base/err.h"

#define NETWORK_SIZE 46 /* an address of either family as text, and NUL */
#define PROXIES_MAX 16

struct sockaddr;

/* Networks, each as an IPv6 address (IPv4 as ::ffff:a.b.c.d) and how many of its bits count. */
struct proxies {
	struct {
		unsigned char bytes[16];
		unsigned n_bits;
	} networks[PROXIES_MAX];
	size_t n_networks;
};

/* Read "10.0.0.0/8,::1,192.0.2.7". -EINVAL, -E2BIG. */
int proxies_parse(const char *text, struct proxies *ret_proxies, struct err *err) _must_check_;

/* The address of @peer as text, "" for a family that is not of the internet. */
void network_text(const struct sockaddr *peer, char ret_text[static NETWORK_SIZE]);

/*
 * Who asked, in *@network, which comes with the address of the connection's other end: the last
 * of @forwarded_for (the field X-Forwarded-For, or NULL) that is no trusted proxy, as far as each
 * behind it is one. Ports that a proxy adds, as in "192.0.2.7:4711" and "[2001:db8::7]:4711", are
 * not of it. Where the field cannot be read, what was known stays.
 * Returns whether the other end is a trusted proxy, so that its X-Forwarded-Proto counts.
 */
bool network_forwarded(const struct proxies *proxies, const char *forwarded_for,
		       char network[static NETWORK_SIZE]);
