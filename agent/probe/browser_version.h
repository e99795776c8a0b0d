/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Which version a copy of the browser is: by application.ini, else by the
 * tarball beside the folder, else by the end of the folder's name. Names that
 * differ, or a version in application.ini that is none, make it unknown.
 */

#include "agent/env.h"
#include "agent/probe/app_ini.h"
#include "common/base/base.h"

struct browser_version {
	char *product; /* never NULL after reading */
	char *version; /* NULL: nothing says */
	enum {
		VERSION_FROM_NOWHERE,
		VERSION_FROM_INI,
		VERSION_FROM_TARBALL,
		VERSION_FROM_FOLDER,
	} from;
};

/*
 * Of the copy in the folder @path below the root; browser_version_done() the
 * result. @app is empty where there is no application.ini, and NULL where one
 * is there that cannot be read: names might say something else than it does.
 */
void browser_version_read(const struct env *env, const char *path, const struct app_ini *app,
			  struct browser_version *ret_version);
void browser_version_done(struct browser_version *version);

/*
 * "14.0" of "CASecureBrowser14.0" (@product is "CASecureBrowser"), or of a
 * tarball "CASecureBrowser14.0-2024-05-01-x86_64.tar.bz2"; NULL if it is none.
 * Owned by the caller.
 */
char *browser_version_of_folder(const char *name, const char *product) _must_check_;
char *browser_version_of_tarball(const char *name, const char *product) _must_check_;

/* The name of a folder without the version at its end; owned by the caller. */
char *browser_product_of_folder(const char *name) _must_check_;
