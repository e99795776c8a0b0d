/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Which version of a library is installed, by its file: no package manager is asked, and nothing
 * is loaded.
 */

#include "agent/env.h"
#include "agent/probe/library.h"
#include "common/base/base.h"
#include "common/base/err.h"

#define LIBRARY_VERSION_SIZE 64

/* A library of which a secure browser asks a version; ended by one without a name. */
struct library_known {
	const char *name;   /* as people call it */
	const char *soname; /* as programs ask for it */
	/*
	 * @path is its file below the root. 0, or -errno with what is not known in @err:
	 * -ENODATA: the file does not tell.
	 */
	int (*version)(const struct env *env, const char *path, char *ret_version, struct err *err);
};
extern const struct library_known libraries_known[];

/*
 * Parts of it. The version that ends the name of a file, "6.0.30" of libstdc++.so.6.0.30.
 * -ENODATA: @file_name is not @stem and three or more numbers joined by dots.
 */
int library_version_of_name(const char *file_name, const char *stem, char *ret_version,
			    struct err *err) _must_check_;

/*
 * GTK's release from libtool's numbers: 0.2406.32 is 3.24.38. (configure.ac of GTK 3: the second is
 * 100 times the minor version, plus micro version less interface age, the third is that age.)
 */
int library_version_of_gtk(const char *libtool, char *ret_version, struct err *err) _must_check_;

/*
 * The newest GLIBC_2.N among the symbol versions in the @len bytes of a libc.so.6: each release
 * of glibc brings one of its own.
 */
int library_version_of_glibc(const char *bytes, size_t len, char *ret_version,
			     struct err *err) _must_check_;
