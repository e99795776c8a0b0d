/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A report as a file, for a lab without a network. The collector believes it as
 * it would the device: by a signature with the device's key.
 */

#include "agent/identity.h"
#include "agent/parcel.h"

/*
 * {"export":1,"device_id","boot_id","sequence","body","mac"}: the body of the request as
 * text, and its HMAC-SHA-256 in hexadecimal, whose key are the 32 bytes of the SHA-256
 * of the text of @identity's device key: what a collector has of it. Owned by the caller.
 */
char *exported_text(const struct identity *identity, const struct parcel *parcel) _must_check_;

/* "testready-DEVICE-BOOT-SEQUENCE.json", the same for the same report. Owned by the caller. */
char *exported_name(const struct parcel *parcel) _must_check_;

/*
 * Write @text durably into the folder @dir_fd, as @name and only if there is no
 * such file. 1: it is there already, and the same. -EEXIST: another is there.
 */
int exported_write(int dir_fd, const char *name, const char *text, struct err *err) _must_check_;
