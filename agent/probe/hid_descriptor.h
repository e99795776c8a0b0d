/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * HID report descriptors (Device Class Definition for HID 1.11, section 6.2.2),
 * as far as to see what a device is for.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/base.h"

#define HID_DESCRIPTOR_MAX ((size_t)4096) /* HID_MAX_DESCRIPTOR_SIZE of the kernel */
#define HID_PAGE_BRAILLE 0x41             /* HID Usage Tables 1.3, chapter 20 */

/* Whether @len @bytes use the usage page @page, or a usage of it. */
bool hid_descriptor_has_page(const void *bytes, size_t len, uint16_t page);
