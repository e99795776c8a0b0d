/* SPDX-License-Identifier: Apache-2.0 */
/*
 * braille: refreshable displays and embossers. An id that only braille devices
 * have is certain; the chip of a serial cable is at most possible, and only
 * when the device says the maker's name.
 */
#include <stdlib.h>
#include <string.h>

#include "agent/device.h"
#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/fact.h"
#include "agent/probe/hid_descriptor.h"
#include "agent/probe/plugged.h"
#include "common/base/mem.h"

struct display {
	const char *usb;
	const char *certainty;
	const char *driver;
	const char *models;
	const char *maker, *product, *hub; /* what must be so; NULL: anything */
};
static const struct display displays[] = {
#include "braille_displays.inc"
};

static bool hub_fits(const struct display *display, struct udev_device *usb)
{
	char id[DEVICE_USB_ID_SIZE];

	return !display->hub ||
	       strcmp(device_usb_id(udev_device_get_parent(usb), id), display->hub) == 0;
}

static bool display_fits(const struct display *display, const char *id, struct udev_device *usb)
{
	_cleanup_free_ char *maker = NULL, *product = NULL;

	if (strcmp(display->usb, id) != 0 || !hub_fits(display, usb))
		return false;
	if (display->maker) {
		maker = device_usb_maker(usb);
		if (strcmp(maker, display->maker) != 0)
			return false;
	}
	if (display->product) {
		product = device_usb_product(usb);
		if (strcmp(product, display->product) != 0)
			return false;
	}
	return true;
}

static json_t *display_write(const char *driver, const char *models, const char *certainty,
			     const char *usb_id)
{
	json_t *item = json_object();

	fact_set_text(item, "driver", driver ? driver : "");
	/* An id that stands for all models of its driver. */
	fact_set_text(item, "models", models ? models : driver);
	fact_set_text(item, "certainty", certainty);
	fact_set_text(item, "usb_id", usb_id);
	return item;
}

static int add_by_id(const struct env *env, json_t *items, struct err *err)
{
	struct udev_device *const *devices;
	size_t n;
	int r = env_devices(env, "usb", "*", &devices, &n, err);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		const char *type = udev_device_get_devtype(devices[i]);
		char id[DEVICE_USB_ID_SIZE];

		if (!type || strcmp(type, "usb_device") != 0)
			continue;
		(void)device_usb_id(devices[i], id);
		for (size_t j = 0; j < ARRAY_SIZE(displays); j++) {
			if (display_fits(&displays[j], id, devices[i]))
				json_array_append_new(
					items, display_write(displays[j].driver, displays[j].models,
							     displays[j].certainty, id));
		}
	}
	return r;
}

static bool is_listed(const json_t *items, const char *usb_id)
{
	for (size_t i = 0; usb_id[0] && i < json_array_size(items); i++) {
		const json_t *listed = json_object_get(json_array_get(items, i), "usb_id");

		if (strcmp(json_string_value(listed), usb_id) == 0)
			return true;
	}
	return false;
}

static bool is_hid_braille(struct udev_device *device)
{
	_cleanup_free_ char *bytes = NULL;
	size_t len;

	return device_read(device, "report_descriptor", HID_DESCRIPTOR_MAX, &bytes, &len, NULL) >=
		       0 &&
	       hid_descriptor_has_page(bytes, len, HID_PAGE_BRAILLE);
}

/* Displays that speak HID's own braille, over Bluetooth as well; no list has to know them. */
static int add_by_hid(const struct env *env, json_t *items, struct err *err)
{
	struct udev_device *const *devices;
	size_t n;
	int r = env_devices(env, "hid", "*", &devices, &n, err);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		char id[DEVICE_USB_ID_SIZE];

		if (!is_hid_braille(devices[i]))
			continue;
		(void)device_usb_id(device_usb(devices[i]), id);
		if (!is_listed(items, id))
			json_array_append_new(
				items, display_write("HID", device_property(devices[i], "HID_NAME"),
						     "certain", id));
	}
	return r;
}

static int set_embossers(const struct env *env, json_t *facts, struct err *err)
{
	_cleanup_(plugged_done) struct plugged plugged = { 0 };
	json_t *embossers;
	int r = plugged_read(env, &plugged, err);

	if (r < 0)
		return r;
	embossers = json_array();
	for (size_t i = 0; i < plugged.n; i++) {
		const struct plugged_printer *printer = &plugged.printers[i];
		json_t *item;

		if (!printer->embosser)
			continue;
		item = json_object();
		fact_set_unknown(item, "make_model", "the embosser does not say");
		fact_set_text(item, "make_model", printer->make_model);
		fact_set_text(item, "connection", printer->connection);
		fact_set_text(item, "certainty", printer->embosser);
		fact_set_text(item, "usb_id", printer->usb_id);
		json_array_append_new(embossers, item);
	}
	fact_set_list(facts, "embossers", embossers);
	return 0;
}

static int braille_run(const struct env *env, json_t *facts, struct err *err)
{
	json_t *items = json_array();
	int r = add_by_id(env, items, err);

	if (r >= 0)
		r = add_by_hid(env, items, err);
	if (r < 0) {
		json_decref(items);
		return r;
	}
	fact_set_list(facts, "displays", items);
	return set_embossers(env, facts, err);
}

const struct probe probe_braille = { .name = "braille", .run = braille_run };
