/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices as files, CSV or JSON, of a site or of all.
 */
#include "collector/api/devices.h"
#include "collector/api/export.h"
#include "collector/api/reading.h"
#include "collector/view/sheet.h"
#include "common/base/mem.h"

/* The filter is borrowed by the sheet as long as that is read. */
struct devices_file {
	struct device_filter filter;
	struct sheet *sheet;
};

static ssize_t read_file(void *source, char *buffer, size_t max, struct err *err)
{
	return sheet_read(((struct devices_file *)source)->sheet, buffer, max, err);
}

static void free_file(void *source)
{
	struct devices_file *file = source;

	sheet_free(file->sheet);
	free(file);
}

static int open_file(const struct export_asked *asked, struct export_source *ret_source,
		     struct err *err)
{
	struct sheet_asked sheet = { .kind = SHEET_DEVICES,
				     .format = asked->format,
				     .as_of_ms = asked->as_of_ms };
	struct devices_file *file = xcalloc(1, sizeof(*file));
	int r = devices_read(asked->req, &file->filter, &sheet.devices, err);

	if (r >= 0)
		r = sheet_open(asked->view, &sheet, &file->sheet, err);
	if (r < 0) {
		free(file);
		return r;
	}
	*ret_source = (struct export_source){ file, read_file, free_file };
	return 0;
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
