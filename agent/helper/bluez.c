/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bluez SOCKET: the Bluetooth devices that BlueZ knows, asked over the message
 * bus that listens on SOCKET. One line for each that is paired or connected:
 *
 *   {"name":"UFO","connected":false,"paired":true,"class":2360344,
 *    "uuids":["1108","110b"],"icon":"audio-headphones"}
 *
 * Addresses are not told, and the alias, which its owner wrote, is not either.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <systemd/sd-bus.h>

#include "agent/helper/say.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/text.h"

/* Below HELPER_TIMEOUT_MS, so that there is time to say that nobody answered. */
#define ANSWER_MS 700
#define DEVICES_MAX 256 /* that are told; services and what is merely near by are many more */
#define UUIDS_MAX 65    /* one more than the agent takes, so that it sees that it is too many */

/* What follows the number in the long form of an assigned UUID (Core 3B 2.5.1). */
#define UUID_BASE "-0000-1000-8000-00805f9b34fb"

struct device {
	json_t *line;
	bool is_device;
};

/* The path as a value of a bus address; D-Bus Specification, "Server Addresses". */
static char *address_of(const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_/.";
	char *address = xcalloc(strlen(path) * 3 + sizeof("unix:path="), 1);
	char *to = address + sprintf(address, "unix:path=");

	for (const char *c = path; *c; c++)
		to += sprintf(to, strchr(plain, *c) ? "%c" : "%%%02x", (unsigned char)*c);
	return address;
}

static int read_uuids(sd_bus_message *reply, json_t *line)
{
	json_t *uuids = json_array();
	const char *uuid;
	int r = sd_bus_message_enter_container(reply, 'v', "as");

	if (r >= 0)
		r = sd_bus_message_enter_container(reply, 'a', "s");
	while (r >= 0 && (r = sd_bus_message_read(reply, "s", &uuid)) > 0) {
		if (strlen(uuid) == 8 + strlen(UUID_BASE) && text_starts(uuid, "0000") &&
		    text_ends(uuid, UUID_BASE) && json_array_size(uuids) < UUIDS_MAX)
			json_array_append_new(uuids, json_stringn(uuid + 4, 4));
	}
	json_object_set_new(line, "uuids", uuids);
	if (r >= 0)
		r = sd_bus_message_exit_container(reply);
	return r >= 0 ? sd_bus_message_exit_container(reply) : r;
}

static int read_text(sd_bus_message *reply, const char *member, json_t *line)
{
	const char *text;
	int r = sd_bus_message_read(reply, "v", "s", &text);

	if (r >= 0)
		json_object_set_new(line, member, say_text(text));
	return r;
}

static int read_bool(sd_bus_message *reply, const char *member, json_t *line)
{
	int value;
	int r = sd_bus_message_read(reply, "v", "b", &value);

	if (r >= 0)
		json_object_set_new(line, member, json_boolean(value));
	return r;
}

static int read_class(sd_bus_message *reply, json_t *line)
{
	uint32_t value;
	int r = sd_bus_message_read(reply, "v", "u", &value);

	if (r >= 0)
		json_object_set_new(line, "class", json_integer(value & 0xffffff));
	return r;
}

static int read_property(sd_bus_message *reply, json_t *line)
{
	const char *name;
	int r = sd_bus_message_read(reply, "s", &name);

	if (r < 0)
		return r;
	if (strcmp(name, "Name") == 0)
		return read_text(reply, "name", line);
	if (strcmp(name, "Icon") == 0)
		return read_text(reply, "icon", line);
	if (strcmp(name, "Connected") == 0)
		return read_bool(reply, "connected", line);
	if (strcmp(name, "Paired") == 0)
		return read_bool(reply, "paired", line);
	if (strcmp(name, "Class") == 0)
		return read_class(reply, line);
	if (strcmp(name, "UUIDs") == 0)
		return read_uuids(reply, line);
	return sd_bus_message_skip(reply, "v");
}

/* One interface of an object: "s" and "a{sv}". */
static int read_interface(sd_bus_message *reply, struct device *device)
{
	const char *name;
	int r = sd_bus_message_read(reply, "s", &name);

	if (r < 0)
		return r;
	if (strcmp(name, "org.bluez.Device1") != 0)
		return sd_bus_message_skip(reply, "a{sv}");
	device->is_device = true;
	r = sd_bus_message_enter_container(reply, 'a', "{sv}");
	while (r >= 0 && (r = sd_bus_message_enter_container(reply, 'e', "sv")) > 0) {
		r = read_property(reply, device->line);
		if (r >= 0)
			r = sd_bus_message_exit_container(reply);
	}
	return r >= 0 ? sd_bus_message_exit_container(reply) : r;
}

/* What merely advertises itself near by belongs to somebody else. */
static bool is_told(const struct device *device)
{
	return device->is_device && (json_is_true(json_object_get(device->line, "connected")) ||
				     json_is_true(json_object_get(device->line, "paired")));
}

/* One object: its path, and its interfaces. Counts in *@n_told what is told. */
static int read_object(sd_bus_message *reply, size_t *n_told)
{
	struct device device = { 0 };
	int r = sd_bus_message_skip(reply, "o");

	device.line = json_pack("{s:s, s:b, s:b, s:[], s:s}", "name", "", "connected", 0, "paired",
				0, "uuids", "icon", "");
	if (r >= 0)
		r = sd_bus_message_enter_container(reply, 'a', "{sa{sv}}");
	while (r >= 0 && (r = sd_bus_message_enter_container(reply, 'e', "sa{sv}")) > 0) {
		r = read_interface(reply, &device);
		if (r >= 0)
			r = sd_bus_message_exit_container(reply);
	}
	if (r >= 0)
		r = sd_bus_message_exit_container(reply);
	if (r >= 0 && is_told(&device)) {
		r = ++*n_told > DEVICES_MAX ? -E2BIG : r;
		say(json_incref(device.line));
	}
	json_decref(device.line);
	return r;
}

static int read_objects(sd_bus_message *reply)
{
	size_t n_told = 0;
	int r = sd_bus_message_enter_container(reply, 'a', "{oa{sa{sv}}}");

	while (r >= 0 && (r = sd_bus_message_enter_container(reply, 'e', "oa{sa{sv}}")) > 0) {
		r = read_object(reply, &n_told);
		if (r >= 0)
			r = sd_bus_message_exit_container(reply);
	}
	return r;
}

/* sd_bus_call() would wait for the bus's greeting as long as it takes. */
static int greet(sd_bus *bus, int64_t deadline_ms)
{
	int r;

	while ((r = sd_bus_is_ready(bus)) == 0) {
		int64_t left_ms = deadline_ms - clock_boot_ms();

		if (left_ms <= 0)
			return -ETIMEDOUT;
		r = sd_bus_process(bus, NULL);
		if (r == 0)
			r = sd_bus_wait(bus, (uint64_t)left_ms * 1000);
		if (r < 0)
			return r;
	}
	return r;
}

static int connect_to(const char *path, int64_t deadline_ms, sd_bus **ret_bus)
{
	_cleanup_free_ char *address = address_of(path);
	int r = sd_bus_new(ret_bus);

	if (r >= 0)
		r = sd_bus_set_address(*ret_bus, address);
	if (r >= 0)
		r = sd_bus_set_bus_client(*ret_bus, 1);
	if (r >= 0)
		r = sd_bus_start(*ret_bus);
	return r >= 0 ? greet(*ret_bus, deadline_ms) : r;
}

/* The answer, owned by the caller. */
static sd_bus_message *ask(sd_bus *bus, int64_t deadline_ms)
{
	_cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
	sd_bus_message *reply = NULL;
	int64_t left_ms = deadline_ms - clock_boot_ms();
	int r = sd_bus_message_new_method_call(bus, &call, "org.bluez", "/",
					       "org.freedesktop.DBus.ObjectManager",
					       "GetManagedObjects");

	/* To look must not start what an administrator stopped. */
	if (r >= 0)
		r = sd_bus_message_set_auto_start(call, 0);
	if (r >= 0)
		r = sd_bus_call(bus, call, left_ms > 0 ? (uint64_t)left_ms * 1000 : 1, &error,
				&reply);
	if (sd_bus_error_has_name(&error, SD_BUS_ERROR_SERVICE_UNKNOWN) ||
	    sd_bus_error_has_name(&error, SD_BUS_ERROR_NAME_HAS_NO_OWNER))
		say_error("BlueZ, which knows the Bluetooth devices, is not running");
	if (sd_bus_error_has_name(&error, SD_BUS_ERROR_ACCESS_DENIED))
		say_error("BlueZ does not let the agent ask for Bluetooth devices");
	if (r == -ETIMEDOUT || sd_bus_error_has_name(&error, SD_BUS_ERROR_NO_REPLY))
		say_error("BlueZ did not say in time which Bluetooth devices there are");
	if (r < 0)
		say_error("BlueZ did not say which Bluetooth devices there are: %s",
			  strerrordesc_np(-r));
	return reply;
}

int main(int argc, char **argv)
{
	int64_t deadline_ms = clock_boot_ms() + ANSWER_MS;
	sd_bus_message *reply;
	sd_bus *bus = NULL;
	int r;

	/* Our own keys need no random seed, and a recorded machine's /dev/urandom never answers. */
	json_object_seed(1);
	if (argc != 2)
		say_error("usage: bluez SOCKET");
	r = connect_to(argv[1], deadline_ms, &bus);
	if (r == -ETIMEDOUT)
		say_error("the system's message bus did not answer, so BlueZ could not be asked");
	if (r < 0)
		say_error("the system's message bus, and so BlueZ, cannot be asked: %s",
			  strerrordesc_np(-r));
	reply = ask(bus, deadline_ms);
	r = read_objects(reply);
	sd_bus_message_unref(reply);
	sd_bus_unref(bus);
	if (r == -E2BIG)
		say_error("BlueZ knows more than %d devices that are paired", DEVICES_MAX);
	if (r < 0)
		say_error("BlueZ told of its devices in a way that cannot be understood");
	say_end();
}
