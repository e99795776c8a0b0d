/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices as files, CSV or JSON, of a site or of all.
 */
#include "collector/api/devices.h"
#include "collector/api/export.h"
#include "collector/api/reading.h"
#include "collector/view/device_sheet.h"

static int open_file(const struct export_asked *asked, struct sheet **ret_sheet, struct err *err)
{
	struct device_sheet_asked sheet = { .kind = SHEET_DEVICES, .form = asked->form };
	struct device_filter filter;
	int r = devices_read(asked->req, &filter, &sheet.devices, err);

	return r < 0 ? r : device_sheet_open(asked->view, &sheet, ret_sheet, err);
}

static void answer(struct request *req, struct response *res, api_make *make)
{
	static const struct export_kind devices = { "devices", open_file };

	(void)make;
	export_now(req, res, &devices);
}

static void device_export(struct request *req, struct response *res)
{
	if (!reading_is_unchanged(req, res))
		read_later(req, res, answer, NULL);
}

static const char *const site_query[] = { DEVICES_SITE_QUERY, NULL };
static const char *const query[] = { DEVICES_QUERY, NULL };

const struct route api_export_routes[] = {
	{ "GET", "/v1/sites/:code/devices.csv", ACCESS_STAFF, MAY_SEE, site_query, 0,
	  device_export },
	{ "GET", "/v1/sites/:code/devices.json", ACCESS_STAFF, MAY_SEE, site_query, 0,
	  device_export },
	{ "GET", "/v1/devices.csv", ACCESS_STAFF, MAY_SEE, query, 0, device_export },
	{ "GET", "/v1/devices.json", ACCESS_STAFF, MAY_SEE, query, 0, device_export },
	{ 0 },
};
