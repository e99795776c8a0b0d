/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "agent/device.h"
#include "agent/helper.h"
#include "agent/probe/bluetooth.h"
#include "common/base/mem.h"

#define BUS_SOCKET "/run/dbus/system_bus_socket"

unsigned bluetooth_major(const struct bluetooth_device *device)
{
	return device->class >> 8 & 0x1f;
}

unsigned bluetooth_minor(const struct bluetooth_device *device)
{
	return device->class >> 2 & 0x3f;
}

bool bluetooth_has(const struct bluetooth_device *device, unsigned uuid)
{
	for (size_t i = 0; i < device->n_uuids; i++) {
		if (device->uuids[i] == uuid)
			return true;
	}
	return false;
}

/* What stands between an owner and the device, as systems name it in the languages of schools. */
static const char *const after_owner[] = { "'s ", "’s ", "s' ", "s’ ", "的", "の", "의 " };
static const char *const before_owner[] = {
	" de ", " d'", " d’", " von ", " van ", " di ", " của "
};

void bluetooth_drop_owner(char *name)
{
	char *at;

	for (size_t i = 0; i < ARRAY_SIZE(after_owner); i++) {
		while ((at = strcasestr(name, after_owner[i]))) {
			at += strlen(after_owner[i]);
			memmove(name, at, strlen(at) + 1);
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(before_owner); i++) {
		at = strcasestr(name, before_owner[i]);
		if (at)
			*at = '\0';
	}
}

static bool parse_uuids(const json_t *uuids, struct bluetooth_device *device)
{
	const json_t *item;
	size_t i;

	if (!json_is_array(uuids) || json_array_size(uuids) > BLUETOOTH_UUIDS_MAX)
		return false;
	json_array_foreach (uuids, i, item) {
		const char *text = json_string_value(item);
		unsigned value;

		if (!text || strlen(text) != 4 ||
		    device_numbers(text, '\0', 16, &value, 1, NULL) != 1 || value > UINT16_MAX)
			return false;
		device->uuids[device->n_uuids++] = (uint16_t)value;
	}
	return true;
}

/* Fill *@device, which has a name only if this is true. */
static bool parse_device(const json_t *line, struct bluetooth_device *device)
{
	const char *name = json_string_value(json_object_get(line, "name"));
	const json_t *connected = json_object_get(line, "connected");
	const json_t *paired = json_object_get(line, "paired");
	const json_t *class = json_object_get(line, "class");
	json_int_t number = json_integer_value(class);

	*device = (struct bluetooth_device){ .is_connected = json_is_true(connected),
					     .is_paired = json_is_true(paired) };
	if (!name || !json_is_boolean(connected) || !json_is_boolean(paired) ||
	    (class && !json_is_integer(class)) || number < 0 || number > 0xffffff ||
	    !parse_uuids(json_object_get(line, "uuids"), device))
		return false;
	device->class = (unsigned)number;
	device->name = xstrdup(name);
	bluetooth_drop_owner(device->name);
	return true;
}

int bluetooth_parse(const json_t *lines, struct bluetooth_devices *ret_devices, struct err *err)
{
	_cleanup_(bluetooth_devices_done) struct bluetooth_devices devices = { 0 };
	const json_t *line;
	size_t i;

	devices.devices = xcalloc(json_array_size(lines) + 1, sizeof(*devices.devices));
	json_array_foreach (lines, i, line) {
		if (!parse_device(line, &devices.devices[devices.n]))
			return err_set(err, -EPROTO,
				       "the agent's helper 'bluez' did not answer as it should");
		devices.n++;
	}
	ret_devices->n = devices.n;
	ret_devices->devices = TAKE_PTR(devices.devices);
	devices.n = 0; /* they are the caller's now */
	return 0;
}

void bluetooth_devices_done(struct bluetooth_devices *devices)
{
	for (size_t i = 0; i < devices->n; i++)
		free(devices->devices[i].name);
	free(devices->devices);
	*devices = (struct bluetooth_devices){ 0 };
}

bool bluetooth_is_linked(const struct env *env)
{
	struct udev_device *const *devices;
	size_t n = 0;

	return env_devices(env, "bluetooth", "hci*:*", &devices, &n, NULL) < 0 || n > 0;
}

int bluetooth_read(const struct env *env, struct bluetooth_devices *ret_devices, struct err *err)
{
	_cleanup_free_ char *socket = xasprintf("%s%s", env->root, BUS_SOCKET);
	struct udev_device *const *adapters;
	json_t *lines;
	size_t n;
	int r = env_devices(env, "bluetooth", "hci*", &adapters, &n, err);

	if (r < 0)
		return r;
	if (n == 0) {
		*ret_devices = (struct bluetooth_devices){ 0 };
		return 0;
	}
	r = helper_run(env, "bluez", (const char *const[]){ socket, NULL }, HELPER_TIMEOUT_MS,
		       &lines, err);
	if (r < 0)
		return r;
	r = bluetooth_parse(lines, ret_devices, err);
	json_decref(lines);
	return r;
}
