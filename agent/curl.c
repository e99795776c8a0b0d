/* SPDX-License-Identifier: Apache-2.0 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "agent/curl.h"

/* Its ABI since 7.16.0 of 2006; distributions with another TLS library keep the name. */
#define CURL_SONAME "libcurl.so.4"

struct curl_library curl_library;

static const struct {
	const char *name;
	size_t offset;
} functions[] = {
#define CURL_ROW(name) { "curl_" #name, offsetof(struct curl_library, name) },
	CURL_FUNCTIONS(CURL_ROW)
#undef CURL_ROW
};

int curl_load(struct err *err)
{
	static bool is_loaded;
	struct curl_library library = { 0 };
	void *handle;

	if (is_loaded)
		return 0;
	handle = dlopen(CURL_SONAME, RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		const char *why = dlerror(); /* NOLINT(concurrency-mt-unsafe): one thread */

		return err_set(err, -ENOENT,
			       "the library " CURL_SONAME
			       " is missing or broken (%s); install libcurl",
			       why);
	}
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++) {
		void *function = dlsym(handle, functions[i].name);

		if (!function) {
			dlclose(handle);
			return err_set(err, -ENOENT, CURL_SONAME " is too old: it has no %s()",
				       functions[i].name);
		}
		memcpy((char *)&library + functions[i].offset, &function, sizeof(function));
	}
	curl_library = library;
	is_loaded = true;
	return 0;
}
