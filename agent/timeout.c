/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "agent/timeout.h"

#define TIMEOUT_DEFAULT_MS 30000

int timeout_parse(const char *text, long *ret_ms, struct err *err)
{
	double seconds;
	char *end;

	if (!text) {
		*ret_ms = TIMEOUT_DEFAULT_MS;
		return 0;
	}
	seconds = strtod(text, &end);
	/* Written so that a NaN is refused. */
	if (end == text || *end || !(seconds >= 0.1 && seconds <= 300))
		return err_set(err, -EINVAL, "--timeout %s: expected 0.1 to 300 seconds", text);
	*ret_ms = (long)(seconds * 1000);
	return 0;
}
