/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The `descriptors` file of a USB device in sysfs: what its interfaces are for
 * (USB 2.0, chapter 9.6) and which ends of sound it has (Universal Serial Bus
 * Device Class Definition for Terminal Types 1.0).
 */

#include <stdbool.h>
#include <stddef.h>

#include "common/base/base.h"

#define USB_DESCRIPTORS_MAX ((size_t)64 * 1024)

struct usb_functions {
	bool has_video;       /* an interface of class 0e: a camera */
	bool has_printer;     /* an interface 07/01 */
	bool has_headset;     /* terminals 0402 */
	bool has_handset;     /* 0401 */
	bool has_headphones;  /* 0302 */
	bool has_loudspeaker; /* 0304 to 0306, 0403 to 0405: made for a room or a desk */
	bool has_microphone;  /* 0201 to 0206 */
};

/* Read @len @bytes as far as they make sense; what is cut off is not there. */
void usb_descriptors_parse(const void *bytes, size_t len, struct usb_functions *ret_functions);
