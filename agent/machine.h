/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The fingerprint of this machine: what its maker wrote into it. Which kinds
 * there are, and which of them tell machines apart, is said in
 * agent/data/fingerprint_kinds.csv; what makers leave in a field instead of a
 * value in agent/data/placeholders.csv.
 */

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
