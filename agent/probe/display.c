/* SPDX-License-Identifier: Apache-2.0 */
/*
 * display: screens that are connected and what they can show. The mode that is
 * set now is not in sysfs; the native one is what a test is judged by.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/device.h"
#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/edid.h"
#include "agent/probe/fact.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define EDID_MAX ((size_t)32 * 1024) /* 256 blocks */
#define INCHES_MAX 1000
#define PX_MAX 65535

/* "card0-eDP-1" is the connector eDP-1; NULL for the card itself. */
static const char *connector_name(struct udev_device *device)
{
	const char *dash = strchr(udev_device_get_sysname(device), '-');

	return dash ? dash + 1 : NULL;
}

static bool is_internal(const char *connector)
{
	return text_starts(connector, "eDP") || text_starts(connector, "LVDS") ||
	       text_starts(connector, "DSI");
}

static bool is_connected(struct udev_device *device)
{
	const char *status = device_attr(device, "status");

	/* Old VGA ports cannot tell; one that shows a picture has been told so. */
	if (strcmp(status, "unknown") == 0)
		return strcmp(device_attr(device, "enabled"), "enabled") == 0;
	return strcmp(status, "connected") == 0;
}

/* The whole diagonal, rounded; without libm for one square root. */
static int diagonal_in(const struct edid *edid)
{
	int64_t square = (int64_t)edid->width_mm * edid->width_mm +
			 (int64_t)edid->height_mm * edid->height_mm;
	int inches = 0;

	/* Compared at half inches: (i + 1/2) inches is (2 i + 1) · 12.7 mm. */
	while (inches < INCHES_MAX &&
	       (int64_t)(2 * inches + 1) * (2 * inches + 1) * 127 * 127 <= square * 100)
		inches++;
	return inches;
}

/* A panel without EDID has one mode; any other screen gets a list made up by the kernel. */
static bool set_panel_mode(json_t *screen, struct udev_device *device)
{
	unsigned px[2];

	if (device_numbers(device_attr(device, "modes"), 'x', 10, px, 2, NULL) != 2 || px[0] < 1 ||
	    px[0] > PX_MAX || px[1] < 1 || px[1] > PX_MAX)
		return false;
	fact_set_int(screen, "width_px", px[0]);
	fact_set_int(screen, "height_px", px[1]);
	return true;
}

static void set_edid(json_t *screen, struct udev_device *device, bool internal)
{
	static const char *const names[] = { "name", "width_px", "height_px", "diagonal_in" };
	_cleanup_free_ char *bytes = NULL;
	struct edid edid;
	struct err err;
	size_t len = 0;
	int r = device_read(device, "edid", EDID_MAX, &bytes, &len, &err);

	bool is_silent = r == -ENOENT || (r >= 0 && len == 0);

	if (is_silent)
		r = err_set(&err, -ENOENT, "the screen does not describe itself (no EDID)");
	if (r >= 0)
		r = edid_parse(bytes, len, &edid, &err);
	if (r < 0) {
		for (size_t i = 0; i < ARRAY_SIZE(names); i++)
			fact_set_unknown(screen, names[i], "%s", err.text);
		if (internal && is_silent)
			(void)set_panel_mode(screen, device);
		return;
	}
	fact_set_text(screen, "name", edid.name);
	fact_set_int(screen, "width_px", edid.width_px);
	fact_set_int(screen, "height_px", edid.height_px);
	if (edid.width_mm > 0)
		fact_set_int(screen, "diagonal_in", diagonal_in(&edid));
	else
		fact_set_unknown(screen, "diagonal_in", "the screen does not say its size");
}

static json_t *screen_read(struct udev_device *device, const char *connector)
{
	const char *enabled = device_attr(device, "enabled");
	bool internal = is_internal(connector);
	json_t *screen = json_object();

	fact_set_text(screen, "connector", connector);
	fact_set_bool(screen, "internal", internal);
	if (enabled[0])
		fact_set_bool(screen, "enabled", strcmp(enabled, "enabled") == 0);
	set_edid(screen, device, internal);
	return screen;
}

/* @untold is a connector of which the kernel does not say whether a screen is there, or NULL. */
static void set_screens(json_t *facts, json_t *screens, size_t n_connectors, const char *untold)
{
	if (n_connectors > 0 && !untold) {
		fact_set_list(facts, "screens", screens);
		return;
	}
	json_decref(screens);
	/* A driver that does not set modes in the kernel has screens, and lists none. */
	if (n_connectors == 0)
		fact_set_unknown(facts, "screens",
				 "the graphics driver does not tell the kernel where screens are "
				 "connected");
	else
		fact_set_unknown(facts, "screens",
				 "%.40s does not tell whether a screen is connected", untold);
}

static int display_run(const struct env *env, json_t *facts, struct err *err)
{
	struct udev_device *const *devices;
	json_t *screens;
	const char *untold = NULL;
	size_t n, n_connectors = 0;
	int r = env_devices(env, "drm", "card*", &devices, &n, err);

	if (r < 0)
		return r;
	screens = json_array();
	for (size_t i = 0; i < n; i++) {
		const char *connector = connector_name(devices[i]);

		/* Writeback is a way to copy the picture into memory. */
		if (!connector || text_starts(connector, "Writeback"))
			continue;
		n_connectors++;
		if (!untold && !device_attr(devices[i], "status")[0])
			untold = connector;
		if (is_connected(devices[i]))
			json_array_append_new(screens, screen_read(devices[i], connector));
	}
	set_screens(facts, screens, n_connectors, untold);
	return 0;
}

const struct probe probe_display = { .name = "display", .run = display_run };
