/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * libcurl, loaded when it is first needed: it brings thirty libraries, which
 * would be more than half of the memory and time of a look at the device that
 * sends nothing. See docs/decisions/0013-libcurl-is-loaded-when-needed.md.
 *
 * A file that includes this writes curl_easy_init() and so on as usual; it
 * calls curl_load() before.
 */

#define CURL_DISABLE_TYPECHECK /* that of curl.h is for its own functions */
#include <curl/curl.h>

#include "common/base/base.h"
#include "common/base/err.h"

/* The functions that are used; one that is missing here does not link. */
/* clang-format off */
#define CURL_FUNCTIONS(do) \
	do(easy_cleanup) \
	do(easy_getinfo) \
	do(easy_init) \
	do(easy_perform) \
	do(easy_reset) \
	do(easy_setopt) \
	do(easy_strerror) \
	do(free) \
	do(slist_append) \
	do(slist_free_all) \
	do(url) \
	do(url_cleanup) \
	do(url_get) \
	do(url_set)
/* clang-format on */

#undef curl_easy_getinfo
#undef curl_easy_setopt

struct curl_library {
#define CURL_POINTER(name) __typeof__(curl_##name) *name;
	CURL_FUNCTIONS(CURL_POINTER)
#undef CURL_POINTER
};

/* Filled in by curl_load(), and never taken away again. */
extern struct curl_library curl_library;

/* Load libcurl if it is not yet. -ENOENT: @err says what to install. */
int curl_load(struct err *err) _must_check_;

#define curl_easy_cleanup curl_library.easy_cleanup
#define curl_easy_getinfo curl_library.easy_getinfo
#define curl_easy_init curl_library.easy_init
#define curl_easy_perform curl_library.easy_perform
#define curl_easy_reset curl_library.easy_reset
#define curl_easy_setopt curl_library.easy_setopt
#define curl_easy_strerror curl_library.easy_strerror
#define curl_free curl_library.free
#define curl_slist_append curl_library.slist_append
#define curl_slist_free_all curl_library.slist_free_all
#define curl_url curl_library.url
#define curl_url_cleanup curl_library.url_cleanup
#define curl_url_get curl_library.url_get
#define curl_url_set curl_library.url_set
