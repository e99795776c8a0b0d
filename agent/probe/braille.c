/* SPDX-License-Identifier: Apache-2.0 */
/*
 * braille: refreshable displays and embossers. An id that only braille devices
 * have is certain; the chip of a serial cable is at most possible, and only
 * when the device says the maker's name.
 */
#include <errno.h>
#include <linux/input.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "agent/device.h"
#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/bluetooth.h"
#include "agent/probe/fact.h"
#include "agent/probe/hid_descriptor.h"
#include "agent/probe/plugged.h"
#include "common/base/mem.h"

struct display {
	const char *usb;
	const char *certainty;
	const char *driver;
	const char *models;
	const char *maker, *product; /* what the device must say; NULL: anything */
};
static const struct display displays[] = {
#include "braille_displays.inc"
};

struct bluetooth_name {
	const char *prefix;
	const char *driver;
	const char *models;
};
static const struct bluetooth_name bluetooth_names[] = {
#include "braille_bluetooth.inc"
};

/* The displays that were found, and what has to be known so that none is told of twice. */
struct found {
	json_t *items;
	json_t *usb_paths;                          /* their places on USB, as members */
	bool is_named[ARRAY_SIZE(bluetooth_names)]; /* one of the name told of itself by HID */
};

static void found_done(struct found *found)
{
	json_decref(found->items);
	json_decref(found->usb_paths);
}

static bool display_fits(const struct display *display, const char *id, struct udev_device *usb)
{
	_cleanup_free_ char *maker = NULL, *product = NULL;

	if (strcmp(display->usb, id) != 0)
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

/* A new item; without a word of the connection where @connection is NULL. */
static json_t *display_write(const char *driver, const char *models, const char *connection,
			     const char *certainty, const char *usb_id)
{
	json_t *item = json_object();

	fact_set_text(item, "driver", driver ? driver : "");
	/* An id that stands for all models of its driver. */
	fact_set_text(item, "models", models ? models : driver);
	fact_set_unknown(item, "connection", "the display does not say how it is attached");
	fact_set_text(item, "connection", connection);
	fact_set_text(item, "certainty", certainty);
	fact_set_text(item, "usb_id", usb_id);
	return item;
}

static int add_by_id(const struct env *env, struct found *found, struct err *err)
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
			if (!display_fits(&displays[j], id, devices[i]))
				continue;
			json_array_append_new(found->items,
					      display_write(displays[j].driver, displays[j].models,
							    "usb", displays[j].certainty, id));
			json_object_set_new(found->usb_paths, udev_device_get_syspath(devices[i]),
					    json_true());
		}
	}
	return r;
}

static bool is_hid_braille(struct udev_device *device)
{
	_cleanup_free_ char *bytes = NULL;
	size_t len;

	return device_read(device, "report_descriptor", HID_DESCRIPTOR_MAX, &bytes, &len, NULL) >=
		       0 &&
	       hid_descriptor_has_page(bytes, len, HID_PAGE_BRAILLE);
}

static bool begins_with(const char *name, const char *prefix)
{
	return strncasecmp(name, prefix, strlen(prefix)) == 0;
}

static void note_name(struct found *found, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(bluetooth_names); i++)
		found->is_named[i] |= begins_with(name, bluetooth_names[i].prefix);
}

/* "usb" or "bluetooth" by the bus in "0005:00001C71:0000CE01" (BUS_ of linux/input.h); else NULL.
 */
static const char *hid_connection(struct udev_device *device)
{
	unsigned bus = 0;

	(void)device_numbers(device_property(device, "HID_ID"), ':', 16, &bus, 1, NULL);
	return bus == BUS_USB ? "usb" : bus == BUS_BLUETOOTH ? "bluetooth" : NULL;
}

static void hid_add(struct found *found, struct udev_device *device)
{
	struct udev_device *usb = device_usb(device);
	_cleanup_free_ char *name = xstrdup(device_property(device, "HID_NAME"));
	const char *connection = hid_connection(device);
	char id[DEVICE_USB_ID_SIZE];

	/* A display can have several interfaces. */
	if (usb && json_object_get(found->usb_paths, udev_device_get_syspath(usb)))
		return;
	if (usb)
		json_object_set_new(found->usb_paths, udev_device_get_syspath(usb), json_true());
	if (connection && strcmp(connection, "bluetooth") == 0) {
		bluetooth_drop_owner(name);
		note_name(found, name);
	}
	json_array_append_new(found->items, display_write("HID", name, connection, "certain",
							  device_usb_id(usb, id)));
}

/* Displays that speak HID's own braille, over Bluetooth as well; no list has to know them. */
static int add_by_hid(const struct env *env, struct found *found, struct err *err)
{
	struct udev_device *const *devices;
	size_t n;
	int r = env_devices(env, "hid", "*", &devices, &n, err);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (is_hid_braille(devices[i]))
			hid_add(found, devices[i]);
	}
	return r;
}

static void bluetooth_add(struct found *found, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(bluetooth_names); i++) {
		const struct bluetooth_name *known = &bluetooth_names[i];

		if (!begins_with(name, known->prefix))
			continue;
		if (!found->is_named[i])
			json_array_append_new(found->items,
					      display_write(known->driver, known->models,
							    "bluetooth", "possible", ""));
		return;
	}
}

/*
 * What is connected over Bluetooth has no id that tells of braille, only its
 * name. Fails when something is connected that may be a display and nobody
 * tells what it is.
 */
static int add_by_name(const struct env *env, struct found *found, struct err *err)
{
	_cleanup_(bluetooth_devices_done) struct bluetooth_devices all = { 0 };
	struct err why = { 0 };
	int r = bluetooth_read(env, &all, &why);

	if (r < 0 && bluetooth_is_linked(env))
		return err_set(err, r,
			       "something is connected by Bluetooth that may be a display: %s",
			       why.text);
	for (size_t i = 0; i < all.n; i++) {
		const struct bluetooth_device *device = &all.devices[i];

		/* "Focus" are also headphones. */
		if (!device->is_connected || bluetooth_major(device) == BLUETOOTH_MAJOR_AUDIO)
			continue;
		if (!device->name[0])
			return err_set(err, -ENODATA,
				       "something is connected by Bluetooth that may be a display "
				       "and does not say its name");
		bluetooth_add(found, device->name);
	}
	return 0;
}

static int set_displays(const struct env *env, json_t *facts, struct err *err)
{
	_cleanup_(found_done) struct found found = { .items = json_array(),
						     .usb_paths = json_object() };
	struct err why = { 0 };
	int r = add_by_id(env, &found, err);

	if (r >= 0)
		r = add_by_hid(env, &found, err);
	if (r < 0)
		return r;
	if (add_by_name(env, &found, &why) < 0)
		fact_set_unknown(facts, "displays", "%s", why.text);
	else
		fact_set_list(facts, "displays", json_incref(found.items));
	return 0;
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
	int r = set_displays(env, facts, err);

	return r < 0 ? r : set_embossers(env, facts, err);
}

const struct probe probe_braille = { .name = "braille", .run = braille_run };
