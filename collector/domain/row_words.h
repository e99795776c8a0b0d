/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "common/model/profile.h"

/*
 * A row of a table for people, but for its tier: "ubuntu 18.04, until 2023-05-31". PURE. Owned by
 * the caller.
 */
char *row_words(const struct profile_row *row) _must_check_;
