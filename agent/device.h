/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What probes ask of a device: udev's property where udevd has seen the
 * device, and what the kernel says in sysfs where it has not.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libudev.h>

#include "common/base/base.h"
#include "common/base/err.h"

#define DEVICE_USB_ID_SIZE 10 /* "046d:0a44" */

/* udev_device_get_property_value() and udev_device_get_sysattr_value(), "" for none. */
const char *device_property(struct udev_device *device, const char *name);
const char *device_attr(struct udev_device *device, const char *name);

/*
 * Read numbers to the base @base, divided by @divider, from the beginning of
 * @text: the "3/46d/c52b" of an uevent, a "1920x1080". Returns how many there
 * are, at most @max; *@ret_rest, if not NULL, is what follows the last.
 */
size_t device_numbers(const char *text, char divider, int base, unsigned *values, size_t max,
		      const char **ret_rest);

/* The attribute as a whole number; false when there is none or it is no number. */
bool device_attr_int(struct udev_device *device, const char *name, int64_t *ret_value);

/*
 * Read a binary attribute (edid, descriptors) of at most @max_bytes. As
 * file_read_at(), but errors do not name the place in /sys.
 */
int device_read(struct udev_device *device, const char *name, size_t max_bytes, char **ret_bytes,
		size_t *ret_len, struct err *err) _must_check_;

/* The USB device that @device is or belongs to, valid as long as @device; NULL off USB. */
struct udev_device *device_usb(struct udev_device *device);

/*
 * "vendor:product" in lower-case hexadecimal; "" if @usb is NULL or does not say.
 * udev copies ids and names to what belongs to a USB device, so that these
 * functions work for a sound card or a printer node as well.
 */
const char *device_usb_id(struct udev_device *usb, char id[static DEVICE_USB_ID_SIZE]);

/* What the maker wrote into a USB device; "" if nothing. Owned by the caller. */
char *device_usb_maker(struct udev_device *usb) _must_check_;
char *device_usb_product(struct udev_device *usb) _must_check_;
/* Both, without naming the maker twice; owned by the caller. */
char *device_usb_name(struct udev_device *usb) _must_check_;

/* The word of the fact "bus" for the bus that @device is on, from its parents. */
const char *device_bus(struct udev_device *device);
