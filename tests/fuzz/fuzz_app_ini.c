/* SPDX-License-Identifier: Apache-2.0 */
/* An application.ini that is taken has a name or a version; a refusal has a sentence. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/app_ini.h"
#include "agent/probe/browser_version.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	struct app_ini app;
	struct err err = { 0 };

	if (app_ini_parse(text, &app, &err) < 0) {
		if (!err.text[0])
			abort();
		return 0;
	}
	if (!app.name && !app.version)
		abort();
	if (app.name) {
		_cleanup_free_ char *product = browser_product_of_folder(app.name);
		_cleanup_free_ char *version = browser_version_of_folder(app.name, product);

		if (strlen(product) > strlen(app.name) ||
		    (version && strlen(version) + strlen(product) > strlen(app.name)))
			abort();
	}
	app_ini_done(&app);
	return 0;
}
