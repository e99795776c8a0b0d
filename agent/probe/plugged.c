/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/embosser.h"
#include "agent/probe/ieee1284.h"
#include "agent/probe/plugged.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define PARPORTS_MAX 8
#define AUTOPROBE_MAX ((size_t)4096)

struct printer_port {
	const char *usb;
	const char *name;
};
static const struct printer_port ports[] = {
#include "printer_ports.inc"
};

/* One device on USB that may be a printer, while it is put together from its interfaces. */
struct candidate {
	char *path;              /* of the USB device */
	struct udev_device *usb; /* NULL if udev does not know it */
	char *id_1284;           /* "" if nobody asked it */
};

struct candidates {
	struct candidate *items;
	size_t n;
};

static void candidates_done(struct candidates *all)
{
	for (size_t i = 0; i < all->n; i++) {
		free(all->items[i].path);
		free(all->items[i].id_1284);
	}
	free(all->items);
}

/* The candidate at the USB device of @interface_path, added if it is new. */
static struct candidate *candidate_at(struct candidates *all, const char *interface_path,
				      struct udev_device *usb)
{
	const char *slash = strrchr(interface_path, '/');
	size_t len = slash ? (size_t)(slash - interface_path) : strlen(interface_path);
	struct candidate *found;

	for (size_t i = 0; i < all->n; i++) {
		if (strlen(all->items[i].path) == len &&
		    strncmp(all->items[i].path, interface_path, len) == 0)
			return &all->items[i];
	}
	all->items = xreallocarray(all->items, all->n + 1, sizeof(*all->items));
	found = &all->items[all->n++];
	*found = (struct candidate){ .path = xstrndup(interface_path, len),
				     .usb = usb,
				     .id_1284 = xstrdup("") };
	return found;
}

static bool is_printer_interface(struct udev_device *device)
{
	unsigned class[2];

	/* The kernel's uevent has decimals, sysfs hexadecimals. */
	if (device_numbers(device_property(device, "INTERFACE"), '/', 10, class, 2, NULL) == 2)
		return class[0] == 7 && class[1] == 1;
	return strcmp(device_attr(device, "bInterfaceClass"), "07") == 0 &&
	       strcmp(device_attr(device, "bInterfaceSubClass"), "01") == 0;
}

static bool is_known_embosser(struct udev_device *usb)
{
	char id[DEVICE_USB_ID_SIZE];
	struct embosser_query query = { device_usb_id(usb, id), false, "", "", "", "" };

	return id[0] && embosser_find(&query);
}

/* Note what the kernel's usblp has asked the printer for. */
static void take_1284(struct candidate *candidate, const char *id)
{
	if (candidate->id_1284[0] || !id[0])
		return;
	free(candidate->id_1284);
	candidate->id_1284 = xstrdup(id);
}

static void look_at_usb(struct udev_device *device, struct candidates *all)
{
	const char *path = udev_device_get_syspath(device);
	const char *type = udev_device_get_devtype(device);

	if (type && strcmp(type, "usb_device") == 0) {
		/* A dump of udev's database may lack the interfaces. */
		if (text_like(device_property(device, "ID_USB_INTERFACES"), "*:0701??:*") ||
		    is_known_embosser(device)) {
			_cleanup_free_ char *below = xasprintf("%s/", path);

			(void)candidate_at(all, below, device);
		}
	} else if (is_printer_interface(device)) {
		take_1284(candidate_at(all, path, device_usb(device)),
			  device_attr(device, "ieee1284_id"));
	}
}

/* A node of usblp, ".../1-3/1-3:1.0/usbmisc/lp0", which is there even without udevd. */
static void look_at_node(const struct env *env, struct udev_device *device, struct candidates *all)
{
	_cleanup_free_ char *path = xstrdup(udev_device_get_syspath(device));
	char *end = strstr(path, "/usbmisc/");
	struct udev_device *interface;

	if (!end)
		return;
	*end = '\0';
	interface = udev_device_new_from_syspath(env->udev, path);
	/* udev has copied what it knows of the USB device to the node. */
	(void)candidate_at(all, path, device_usb(device) ? device_usb(device) : device);
	if (interface) {
		take_1284(candidate_at(all, path, NULL), device_attr(interface, "ieee1284_id"));
		udev_device_unref(interface);
	}
}

static int candidates_read(const struct env *env, struct candidates *all, struct err *err)
{
	struct udev_device *const *devices;
	size_t n;
	int r = env_devices(env, "usb", "*", &devices, &n, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		look_at_usb(devices[i], all);
	r = env_devices(env, "usbmisc", "lp*", &devices, &n, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		look_at_node(env, devices[i], all);
	return 0;
}

/* An adapter with a parallel port says that it is a printer; an id means that one answers. */
static bool is_bare_port(const char *usb_id, const char *id_1284)
{
	for (size_t i = 0; !id_1284[0] && i < ARRAY_SIZE(ports); i++) {
		if (strcmp(ports[i].usb, usb_id) == 0)
			return true;
	}
	return false;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* Name the printer by @id_1284 and @usb, of which either may be missing. */
static void printer_name(struct plugged_printer *printer, struct udev_device *usb,
			 const char *id_1284)
{
	_cleanup_free_ char *maker = ieee1284_value(id_1284, ieee1284_maker);
	_cleanup_free_ char *model = ieee1284_value(id_1284, ieee1284_model);
	_cleanup_free_ char *usb_maker = usb ? device_usb_maker(usb) : xstrdup("");
	_cleanup_free_ char *usb_product = usb ? device_usb_product(usb) : xstrdup("");
	const struct embosser_query query = { printer->usb_id, true,      or_empty(maker),
					      or_empty(model), usb_maker, usb_product };
	const struct embosser_rule *rule = embosser_find(&query);

	printer->make_model = ieee1284_make_model(id_1284);
	if (!printer->make_model && usb_product[0])
		printer->make_model = device_usb_name(usb);
	if (usb_product[0])
		printer->name = TAKE_PTR(usb_product);
	else
		printer->name = TAKE_PTR(model);
	if (!rule)
		return;
	printer->embosser = rule->certainty;
	if (rule->make_model) {
		free(printer->make_model);
		printer->make_model = xstrdup(rule->make_model);
	}
}

static struct plugged_printer *plugged_add(struct plugged *plugged, const char *connection)
{
	struct plugged_printer *printer;

	plugged->printers =
		xreallocarray(plugged->printers, plugged->n + 1, sizeof(*plugged->printers));
	printer = &plugged->printers[plugged->n++];
	*printer = (struct plugged_printer){ .connection = connection };
	return printer;
}

/*
 * A parallel port is no printer, but the kernel asks at boot who is there:
 * Documentation/admin-guide/parport.rst, autoprobe.
 */
static void read_parports(const struct env *env, struct plugged *plugged)
{
	for (int i = 0; i < PARPORTS_MAX; i++) {
		_cleanup_free_ char *id = NULL, *model = NULL;
		char path[64];

		snprintf(path, sizeof(path), "proc/sys/dev/parport/parport%d/autoprobe", i);
		if (env_read(env, path, AUTOPROBE_MAX, &id, NULL, NULL) < 0)
			return;
		model = ieee1284_value(id, ieee1284_model);
		if (model && !strcasestr(model, "unknown"))
			printer_name(plugged_add(plugged, "parallel"), NULL, id);
	}
}

int plugged_read(const struct env *env, struct plugged *ret_plugged, struct err *err)
{
	_cleanup_(candidates_done) struct candidates all = { 0 };
	struct plugged plugged = { 0 };
	int r = candidates_read(env, &all, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < all.n; i++) {
		const struct candidate *candidate = &all.items[i];
		char usb_id[DEVICE_USB_ID_SIZE];
		struct plugged_printer *printer;

		if (is_bare_port(device_usb_id(candidate->usb, usb_id), candidate->id_1284))
			continue;
		printer = plugged_add(&plugged, "usb");
		memcpy(printer->usb_id, usb_id, sizeof(usb_id));
		printer_name(printer, candidate->usb, candidate->id_1284);
	}
	read_parports(env, &plugged);
	*ret_plugged = plugged;
	return 0;
}

void plugged_done(struct plugged *plugged)
{
	for (size_t i = 0; i < plugged->n; i++) {
		free(plugged->printers[i].name);
		free(plugged->printers[i].make_model);
	}
	free(plugged->printers);
	*plugged = (struct plugged){ 0 };
}
