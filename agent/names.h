/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a person would look for on the device's label: serial number, asset
 * tag, model, and the name it calls itself.
 */

#include "common/model/report.h"

struct names {
	char *host_name, *serial, *asset_tag, *model;
};

/*
 * Read the names of this machine, or, where @root is not "", of the one that
 * is recorded in the folder @root (sys/class/dmi/id, sys/firmware/devicetree,
 * etc/hostname). What cannot be read, or is a placeholder that the maker left
 * in, is "". names_done() @ret_names.
 */
void names_read(const char *root, struct names *ret_names);
void names_done(struct names *names);

/* For reports. Valid as long as @names. */
struct device_names names_view(const struct names *names);
