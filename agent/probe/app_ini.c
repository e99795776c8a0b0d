/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "agent/probe/app_ini.h"
#include "common/base/mem.h"

/* Not const: inih hands it on as void *. */
static int take(void *user, const char *section, const char *name, const char *value)
{
	struct app_ini *app = user;
	const struct {
		const char *name;
		char **into;
	} wanted[] = {
		{ "Vendor", &app->vendor },
		{ "Name", &app->name },
		{ "Version", &app->version },
		{ "BuildID", &app->build },
	};

	if (strcmp(section, "App") != 0)
		return 1;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		/* inih calls us once more for a line that is indented; the first one counts. */
		if (strcmp(name, wanted[i].name) == 0 && !*wanted[i].into)
			*wanted[i].into = xstrdup(value ? value : "");
	}
	return 1;
}

int app_ini_parse(const char *text, struct app_ini *ret_app, struct err *err)
{
	struct app_ini app = { 0 };
	int line = ini_parse_string(text, take, &app);

	/* A line that inih cannot read says nothing about those that it can. */
	if (line == -2) {
		app_ini_done(&app);
		return err_set(err, -ENOMEM, "application.ini: out of memory");
	}
	if (!app.name && !app.version) {
		app_ini_done(&app);
		return err_set(err, -EINVAL, "application.ini has no [App] with a Name or Version");
	}
	*ret_app = app;
	return 0;
}

void app_ini_done(struct app_ini *app)
{
	free(app->vendor);
	free(app->name);
	free(app->version);
	free(app->build);
	*app = (struct app_ini){ 0 };
}
