/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * application.ini, in which a program built like Firefox says what it is. Its
 * ID= is left alone: builds of other makers keep that of Firefox.
 */

#include "common/base/base.h"
#include "common/base/err.h"

#define APP_INI_MAX ((size_t)64 * 1024)

/* Of the section [App]; NULL where it does not say. */
struct app_ini {
	char *vendor;
	char *name;
	char *version;
	char *build;
};

/* Read @text into *@ret_app: app_ini_done() it. -EINVAL: no [App] with a Name or a Version. */
int app_ini_parse(const char *text, struct app_ini *ret_app, struct err *err) _must_check_;
void app_ini_done(struct app_ini *app);
