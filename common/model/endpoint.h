/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A server that a profile names: "host" or "host:port". Every device that has
 * the profile tries it, so it can be a host name and a port and nothing else:
 * no scheme, no path, no user, no address.
 */

#include <stdint.h>

#include "common/base/base.h"
#include "common/base/err.h"

#define ENDPOINT_PORT_DEFAULT 443
#define ENDPOINT_HOST_MAX 253                /* RFC 1035, 2.3.4, without the last dot */
#define ENDPOINT_MAX (ENDPOINT_HOST_MAX + 6) /* bytes, with ":65535" */
#define ENDPOINT_HOST_SIZE (ENDPOINT_HOST_MAX + 1)

struct endpoint {
	char host[ENDPOINT_HOST_SIZE]; /* a host name of RFC 1123, 2.1, in lower case */
	uint16_t port;
};

/* Read @text. -EINVAL: @err says what is wrong with it and what would be right. */
int endpoint_parse(const char *text, struct endpoint *ret_endpoint, struct err *err) _must_check_;
