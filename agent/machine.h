/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The fingerprint of this machine: what its maker wrote into it. Which kinds
 * there are, and which of them tell machines apart, is said in
 * agent/data/fingerprint_kinds.csv; what makers leave in a field instead of a
 * value in agent/data/placeholders.csv.
 */

#include "common/base/base.h"
#include "common/model/fingerprint.h"

/*
 * Read the fingerprint of this machine, or, where @root is not "", of the one
 * that is recorded in the folder @root (sys/class/dmi/id, sys/class/net,
 * sys/class/block, etc/machine-id, proc/self/mountinfo, run/testready-agent).
 *
 * What cannot be read, says nothing, or is a placeholder is left out. Numbers
 * that only root may read come from /run/testready-agent/dmi.json, see dmi.h.
 */
void machine_fingerprint(const char *root, struct fingerprint *ret_fingerprint);

/*
 * Add the values that the data file looks for in @from ("dmi", "file", "disk",
 * "mac"; NULL: in all of them) to @fingerprint, as far as they can be read.
 */
void machine_fields(const char *root, const char *from, struct fingerprint *fingerprint);

/* The serial number on the label, "" if there is none that we may read. Owned by the caller. */
char *machine_serial(const char *root) _must_check_;
