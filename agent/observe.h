/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

#include "common/base/err.h"

/*
 * Look at the machine under the folder @root (NULL: this one) with every
 * probe. The facts are owned by the caller. Fails only where @root is no folder.
 */
int observe(const char *root, json_t **ret_facts, struct err *err) _must_check_;
