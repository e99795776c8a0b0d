/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The service: sleeps, and sends out a child for each errand that is due.
 */

#include <stdint.h>

#include "common/base/err.h"

struct service_settings {
	const char *state;  /* option; NULL */
	const char *root;   /* folder to look at; NULL: this machine */
	const char *config; /* file; NULL */
	long timeout_ms;    /* of one answer */
	int64_t settle_ms;  /* how long it must be calm after something was plugged in */
	int64_t start_ms;   /* within which the first contact comes */
};

/*
 * Run until SIGTERM. -EBUSY: it runs already. Else what prevents it from
 * starting: the configuration, or the state folder. @err is a whole sentence.
 */
int service_run(const struct service_settings *settings, struct err *err) _must_check_;
