/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What /etc/apt says about updates that APT installs by itself.
 */

#include <stdbool.h>

#include "agent/env.h"
#include "common/base/base.h"
#include "common/base/err.h"

struct os_apt {
	bool looks;    /* lists of what there is are fetched regularly */
	bool installs; /* unattended-upgrade is run regularly */
};

/*
 * Read APT's settings in APT's order. As /usr/lib/apt/apt.systemd.daily does
 * with them: an interval of 0 is never, and APT::Periodic::Enable stands above
 * all. Whether something runs that script is not looked at.
 *
 * -ENOTSUP, -EINVAL: a file or a value that we cannot read; @err names it.
 */
int os_apt_read(const struct env *env, struct os_apt *ret_apt, struct err *err) _must_check_;
