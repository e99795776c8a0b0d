/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A site's enrolment key, from a file or standard input and never from the
 * command line, where every user of the device could read it.
 */

#include "common/base/base.h"
#include "common/base/err.h"

/*
 * Read the key in @file, "-" for standard input. No error quotes it, not even a
 * damaged one. enroll_key_free() *@ret_key.
 * -EINVAL: there is none in it. Else what reading a file gives.
 */
int enroll_key_read(const char *file, char **ret_key, struct err *err) _must_check_;

/* Wipe it, then free it. NULL is fine. */
void enroll_key_free(char *key);
DEFINE_CLEANUP(char *, enroll_key_free);
