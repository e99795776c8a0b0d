/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A device as a row of lists and files. */

#include "collector/store/store_site.h"
#include "collector/view/view.h"

/* Results that something is to be done about; bits 1 << enum result. */
#define DEVICE_NEEDS (1U << RESULT_FAIL | 1U << RESULT_UNKNOWN)

/*
 * The titles of the requirements with one of the results 1 << enum result, the required ones
 * first. @judge, what judged @device, may be NULL. Returns how many; they are borrowed from @judge.
 */
size_t device_titles(const struct profile *judge, const struct device *device, unsigned results,
		     const char *ret_titles[static PROFILE_REQUIREMENTS_MAX]);

/*
 * What somebody does next about @device: what its state asks for, else the fix of the first
 * requirement that fails, the required ones first. NULL: nothing is known to be done. Borrowed
 * from @judge.
 */
const char *device_next_action(const struct profile *judge, const struct device *device);

/* The members of DeviceSummary; a new reference. */
json_t *device_summary(const struct profile *judge, const struct device *device,
		       const struct site *site);
