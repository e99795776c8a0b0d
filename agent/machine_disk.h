/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The number that the maker of the disk below / gave it.
 */

#include <stddef.h>

#include "common/base/base.h"

#define MACHINE_DISK_VALUES_MAX 5

/*
 * Where the disk is known by several numbers (its own, a name of the whole
 * world's, what udev made of them), all of them, since one of them may be
 * there only later. Each is owned by the caller.
 */
size_t machine_disk(const char *root, char *values[static MACHINE_DISK_VALUES_MAX]) _must_check_;
