/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Bluetooth devices, as BlueZ knows them. The kernel shows adapters ("hci0")
 * and live links ("hci0:12"), but not what is at the other end of one.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "agent/env.h"
#include "common/base/base.h"
#include "common/base/err.h"

/* Services, by the short form of their UUID (Bluetooth Assigned Numbers 3.3). */
enum {
	BLUETOOTH_SERIAL_PORT = 0x1101,
	BLUETOOTH_HEADSET = 0x1108,
	BLUETOOTH_AUDIO_SINK = 0x110b,
	BLUETOOTH_HANDS_FREE = 0x111e,
	BLUETOOTH_HID = 0x1124,
	BLUETOOTH_HID_OVER_GATT = 0x1812,
	BLUETOOTH_AUDIO_STREAM = 0x184e, /* LE Audio */
	BLUETOOTH_HEARING_AID = 0xfdf0,  /* ASHA */
};

/* Major device classes (Assigned Numbers 2.8.1). */
enum {
	BLUETOOTH_MAJOR_COMPUTER = 0x01,
	BLUETOOTH_MAJOR_PHONE = 0x02,
	BLUETOOTH_MAJOR_NETWORK = 0x03,
	BLUETOOTH_MAJOR_AUDIO = 0x04,
};

#define BLUETOOTH_UUIDS_MAX 64

/* A device that is paired or connected; those that are merely near are nobody's business. */
struct bluetooth_device {
	char *name;        /* as its maker named it, without its owner's name; "" for none */
	bool is_connected; /* now */
	bool is_paired;    /* it may be switched off, or in another room */
	unsigned class;    /* Class of Device; 0: it has none, as over Low Energy */
	uint16_t uuids[BLUETOOTH_UUIDS_MAX];
	size_t n_uuids;
};

struct bluetooth_devices {
	struct bluetooth_device *devices;
	size_t n;
};

/*
 * Ask BlueZ for its devices. Without an adapter nobody is asked and there are
 * none. bluetooth_devices_done() *@ret_devices.
 *
 * A negative error is why BlueZ could not be asked, with @err for people: then
 * bluetooth_is_linked() still tells whether anything is connected at all.
 */
int bluetooth_read(const struct env *env, struct bluetooth_devices *ret_devices,
		   struct err *err) _must_check_;
void bluetooth_devices_done(struct bluetooth_devices *devices);

/* Whether the kernel has a live link to anything, or cannot say. */
bool bluetooth_is_linked(const struct env *env);

/*
 * What the helper bluez wrote. -EPROTO: that is not what it should.
 * bluetooth_devices_done() *@ret_devices.
 */
int bluetooth_parse(const json_t *lines, struct bluetooth_devices *ret_devices,
		    struct err *err) _must_check_;

/* Whether @device offers the service @uuid. */
bool bluetooth_has(const struct bluetooth_device *device, unsigned uuid);

unsigned bluetooth_major(const struct bluetooth_device *device);
unsigned bluetooth_minor(const struct bluetooth_device *device);

/* Cut "Maria's Magic Mouse" and "Magic Mouse de Maria" to "Magic Mouse", in place. */
void bluetooth_drop_owner(char *name);
