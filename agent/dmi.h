/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Numbers that only root may read. The service is not root, so a one-shot that
 * is (`testready-agent read-dmi`) leaves them in a file before it starts: the
 * serial number, which reports name, and the hashes that the fingerprint is
 * made of. The system's UUID itself is in no file.
 */

#include "common/model/fingerprint.h"

#define DMI_FOLDER "/run/testready-agent"
#define DMI_FILE "dmi.json"
#define DMI_GROUP "testready-agent" /* who may read it besides root, if there is such a group */

struct dmi {
	char *serial; /* "" where there is none */
	struct fingerprint fingerprint;
};

/* Read the fields themselves, as far as we may. dmi_done() @ret_dmi. */
void dmi_look(const char *root, struct dmi *ret_dmi);

/*
 * Write and read DMI_FOLDER/DMI_FILE under @root. The folder is made if it is
 * not there; it must be ours. -EPERM: it is somebody else's. -EINVAL: the file
 * is damaged. On success dmi_done() @ret_dmi.
 */
int dmi_write(const char *root, const struct dmi *dmi, struct err *err) _must_check_;
int dmi_read(const char *root, struct dmi *ret_dmi, struct err *err) _must_check_;
void dmi_done(struct dmi *dmi);
