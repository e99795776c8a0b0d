/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input: what a student types and points with, and assistive switches.
 */
#include <assert.h>
#include <ctype.h>
#include <linux/input.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/device.h"
#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/bluetooth.h"
#include "agent/probe/fact.h"
#include "agent/probe/input_kind.h"
#include "common/base/mem.h"
#include "common/base/text.h"

struct receiver {
	const char *usb;
	const char *name;
};
static const struct receiver receivers[] = {
#include "receivers.inc"
};

struct assistive_switch {
	const char *usb;
	const char *name;
};
static const struct assistive_switch switches[] = {
#include "switches.inc"
};

/* Who makes nothing that could be an assistive switch. */
struct input_maker {
	const char *vendor;
	const char *name;
};
static const struct input_maker makers[] = {
#include "input_makers.inc"
};

/* Keyboards and mice that a management controller pretends to have. */
struct console {
	const char *usb;
	const char *name;
};
static const struct console consoles[] = {
#include "consoles.inc"
};

/* In this order in the facts table; a device can be in several. */
enum list { LIST_KEYBOARDS, LIST_POINTERS, LIST_TOUCHSCREENS, LIST_SWITCHES, LIST_MAX_ };
static const char *const list_names[] = { "keyboards", "pointers", "touchscreens", "switches" };
static_assert(ARRAY_SIZE(list_names) == LIST_MAX_, "every list has a name");

/* One input device while it is looked at. */
struct input {
	char *name;
	unsigned bus; /* BUS_USB … of linux/input.h */
	char usb_id[DEVICE_USB_ID_SIZE];
	char vendor[5]; /* on USB and Bluetooth, "" else */
	bool is_listed[LIST_MAX_];
	bool may_be_switch;
	bool is_made_up; /* by a program: uinput */
};

struct input_lists {
	json_t *lists[LIST_MAX_];
	char *suspect; /* the name of one that could be a switch; NULL: there is none */
};

static const char *bus_word(const struct input *input)
{
	static const struct {
		unsigned bus;
		const char *word;
	} words[] = {
		{ BUS_USB, "usb" },         { BUS_BLUETOOTH, "bluetooth" },
		{ BUS_PCI, "pci" },         { BUS_I2C, "i2c" },
		{ BUS_I8042, "ps2" },       { BUS_HOST, "platform" },
		{ BUS_VIRTUAL, "virtual" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words) && !input->is_made_up; i++) {
		if (words[i].bus == input->bus)
			return words[i].word;
	}
	return input->is_made_up ? "virtual" : "other";
}

/* The text in lower case; owned by the caller. */
static char *lower(const char *text)
{
	char *copy = xstrdup(text);

	for (char *c = copy; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

/* The words that makers use; the name of a wired device has none of them. */
static bool says_wireless(const char *name)
{
	static const char *const patterns[] = { "*wireless*", "*cordless*", "*2.4g*", "*receiver*",
						"*bluetooth*" };
	_cleanup_free_ char *low = lower(name);

	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		if (text_like(low, patterns[i]))
			return true;
	}
	return false;
}

static bool is_receiver(const char *usb_id)
{
	for (size_t i = 0; i < ARRAY_SIZE(receivers); i++) {
		if (strcmp(receivers[i].usb, usb_id) == 0)
			return true;
	}
	return false;
}

static bool is_wireless(const struct input *input, struct udev_device *device)
{
	char plug_id[DEVICE_USB_ID_SIZE];

	if (input->bus == BUS_BLUETOOTH)
		return true;
	if (input->bus != BUS_USB)
		return false;
	/* Behind a Logitech receiver the keyboard has an id of its own. */
	return says_wireless(input->name) || is_receiver(input->usb_id) ||
	       is_receiver(device_usb_id(device_usb(device), plug_id));
}

static bool is_switch_id(const char *usb_id)
{
	for (size_t i = 0; usb_id[0] && i < ARRAY_SIZE(switches); i++) {
		if (switches[i].usb && strcmp(switches[i].usb, usb_id) == 0)
			return true;
	}
	return false;
}

static bool is_switch(const struct input *input)
{
	_cleanup_free_ char *low = lower(input->name);

	for (size_t i = 0; i < ARRAY_SIZE(switches); i++) {
		if (switches[i].name && text_like(low, switches[i].name))
			return true;
	}
	return is_switch_id(input->usb_id);
}

static bool is_console(const char *usb_id)
{
	for (size_t i = 0; i < ARRAY_SIZE(consoles); i++) {
		if (strcmp(consoles[i].usb, usb_id) == 0)
			return true;
	}
	return false;
}

static bool is_of_known_maker(const char *vendor)
{
	for (size_t i = 0; i < ARRAY_SIZE(makers); i++) {
		if (strcmp(makers[i].vendor, vendor) == 0)
			return true;
	}
	return false;
}

static const char *bits(struct udev_device *device, const char *property, const char *attr)
{
	const char *text = device_property(device, property);

	return text[0] ? text : device_attr(device, attr);
}

static bool says(struct udev_device *device, const char *property)
{
	return strcmp(device_property(device, property), "1") == 0;
}

static struct input_kind kind_of(struct udev_device *device)
{
	struct input_kind kind;
	struct input_bits all;

	if (device_property(device, "ID_INPUT")[0]) {
		kind.is_keyboard = says(device, "ID_INPUT_KEYBOARD");
		kind.is_pointer = says(device, "ID_INPUT_MOUSE") ||
				  says(device, "ID_INPUT_TOUCHPAD") ||
				  says(device, "ID_INPUT_POINTINGSTICK");
		kind.is_touchscreen = says(device, "ID_INPUT_TOUCHSCREEN");
		kind.is_joystick = says(device, "ID_INPUT_JOYSTICK");
		return kind;
	}
	all.ev = bits(device, "EV", "capabilities/ev");
	all.key = bits(device, "KEY", "capabilities/key");
	all.rel = bits(device, "REL", "capabilities/rel");
	all.abs = bits(device, "ABS", "capabilities/abs");
	all.prop = bits(device, "PROP", "properties");
	input_kind_of(&all, &kind);
	return kind;
}

/* The uevent says NAME="…" with the quotes. */
static char *input_name(struct udev_device *device)
{
	const char *name = device_property(device, "NAME");
	size_t len = strlen(name);

	if (len >= 2 && name[0] == '"' && name[len - 1] == '"')
		return xstrndup(name + 1, len - 2);
	return xstrdup(device_attr(device, "name"));
}

static bool read_ids(struct udev_device *device, unsigned ids[static 3])
{
	static const char *const attrs[] = { "id/bustype", "id/vendor", "id/product" };

	for (size_t i = 0; i < ARRAY_SIZE(attrs); i++) {
		if (device_numbers(device_attr(device, attrs[i]), '\0', 16, &ids[i], 1, NULL) != 1)
			return false;
	}
	return true;
}

/* Bus, vendor and product: where the device is attached, and who made it. */
static void input_identify(struct udev_device *device, struct input *input)
{
	unsigned ids[3];

	if (device_numbers(device_property(device, "PRODUCT"), '/', 16, ids, 3, NULL) != 3 &&
	    !read_ids(device, ids))
		return;
	input->bus = ids[0];
	if (input->bus == BUS_USB)
		snprintf(input->usb_id, sizeof(input->usb_id), "%04x:%04x", ids[1] & 0xffff,
			 ids[2] & 0xffff);
	if (input->bus == BUS_USB || input->bus == BUS_BLUETOOTH)
		snprintf(input->vendor, sizeof(input->vendor), "%04x", ids[1] & 0xffff);
}

static void input_read(struct udev_device *device, struct input *input)
{
	struct input_kind kind = kind_of(device);

	*input = (struct input){ .name = input_name(device) };
	/* What a program made up, which may claim any bus; Bluetooth's uhid is elsewhere. */
	input->is_made_up = strstr(udev_device_get_syspath(device), "/devices/virtual/input/");
	input_identify(device, input);
	if (input->bus == BUS_BLUETOOTH)
		bluetooth_drop_owner(input->name);
	input->is_listed[LIST_SWITCHES] = is_switch(input);
	/* They claim to be a keyboard or a mouse; nobody here types or points with them. */
	if (!input->is_listed[LIST_SWITCHES] && !is_console(input->usb_id)) {
		input->is_listed[LIST_KEYBOARDS] = kind.is_keyboard;
		input->is_listed[LIST_POINTERS] = kind.is_pointer;
	}
	input->is_listed[LIST_TOUCHSCREENS] = kind.is_touchscreen;
	/* What is built in, on whatever bus, is no switch. */
	input->may_be_switch = input->vendor[0] &&
			       (kind.is_keyboard || kind.is_pointer || kind.is_joystick) &&
			       !input->is_listed[LIST_SWITCHES] && !is_console(input->usb_id) &&
			       !is_of_known_maker(input->vendor);
}

/* A keyboard with several interfaces gives several devices of one name. */
static bool is_twin(const json_t *list, const json_t *item)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (json_string_value(json_object_get(item, "usb_id"))[0] &&
		    json_equal(json_array_get(list, i), item))
			return true;
	}
	return false;
}

static void input_add(struct input_lists *lists, struct udev_device *device)
{
	struct input input;
	json_t *item;
	bool is_any = false;

	input_read(device, &input);
	for (size_t i = 0; i < LIST_MAX_; i++)
		is_any |= input.is_listed[i];
	if (input.may_be_switch && !lists->suspect)
		lists->suspect = text_clean(input.name, strlen(input.name), FACT_NAME_MAX);
	if (is_any) {
		item = json_object();
		fact_set_text(item, "name", input.name);
		fact_set_text(item, "bus", bus_word(&input));
		fact_set_text(item, "usb_id", input.usb_id);
		fact_set_bool(item, "wireless", is_wireless(&input, device));
		for (size_t i = 0; i < LIST_MAX_; i++) {
			if (input.is_listed[i] && !is_twin(lists->lists[i], item))
				json_array_append(lists->lists[i], item);
		}
		json_decref(item);
	}
	free(input.name);
}

static bool has_usb_id(const json_t *list, const char *usb_id)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *listed = json_object_get(json_array_get(list, i), "usb_id");

		if (strcmp(json_string_value(listed), usb_id) == 0)
			return true;
	}
	return false;
}

/* An eye tracker is no input device for the kernel, and a switch interface need not be one. */
static int add_usb_switches(const struct env *env, json_t *list, struct err *err)
{
	struct udev_device *const *devices;
	size_t n;
	int r = env_devices(env, "usb", "*", &devices, &n, err);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		const char *type = udev_device_get_devtype(devices[i]);
		_cleanup_free_ char *name = NULL;
		char id[DEVICE_USB_ID_SIZE];
		json_t *item;

		if (!type || strcmp(type, "usb_device") != 0 ||
		    !is_switch_id(device_usb_id(devices[i], id)) || has_usb_id(list, id))
			continue;
		name = device_usb_name(devices[i]);
		item = json_object();
		fact_set_text(item, "name", name);
		fact_set_text(item, "bus", "usb");
		fact_set_text(item, "usb_id", id);
		fact_set_bool(item, "wireless", false);
		json_array_append_new(list, item);
	}
	return r;
}

static int lists_read(const struct env *env, struct input_lists *lists, struct err *err)
{
	struct udev_device *const *devices;
	size_t n;
	int r = env_devices(env, "input", "input*", &devices, &n, err);

	for (size_t i = 0; r >= 0 && i < n; i++)
		input_add(lists, devices[i]);
	return r < 0 ? r : add_usb_switches(env, lists->lists[LIST_SWITCHES], err);
}

static void lists_done(struct input_lists *lists)
{
	for (size_t i = 0; i < LIST_MAX_; i++)
		json_decref(lists->lists[i]);
	free(lists->suspect);
}

static int input_run(const struct env *env, json_t *facts, struct err *err)
{
	_cleanup_(lists_done) struct input_lists lists = { 0 };
	int r;

	for (size_t i = 0; i < LIST_MAX_; i++)
		lists.lists[i] = json_array();
	r = lists_read(env, &lists, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < LIST_MAX_; i++)
		fact_set_list(facts, list_names[i], json_incref(lists.lists[i]));
	/* A list is complete or unknown. With one found, that one is there is what counts. */
	if (lists.suspect && json_array_size(lists.lists[LIST_SWITCHES]) == 0)
		fact_set_unknown(
			facts, "switches",
			"an assistive switch can look like any keyboard, mouse or "
			"joystick, and the maker of \"%s\" is not known to make only these",
			lists.suspect);
	return 0;
}

const struct probe probe_input = { .name = "input", .run = input_run };
