/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Printers and embossers that are plugged in, with or without a driver. The
 * printer and the braille probe both tell of them.
 */

#include <stddef.h>

#include "agent/device.h"
#include "agent/env.h"
#include "common/base/base.h"
#include "common/base/err.h"

struct plugged_printer {
	char *name;                      /* as its maker names it; NULL: it does not say */
	char *make_model;                /* NULL: it does not say */
	const char *connection;          /* a word of the facts table */
	char usb_id[DEVICE_USB_ID_SIZE]; /* "" off USB, or if it does not say */
	const char *embosser;            /* how certain it is an embosser; NULL: it is a printer */
};

struct plugged {
	struct plugged_printer *printers;
	size_t n;
};

/* All of them, in *@ret_plugged: plugged_done() it. */
int plugged_read(const struct env *env, struct plugged *ret_plugged, struct err *err) _must_check_;
void plugged_done(struct plugged *plugged);
