/* SPDX-License-Identifier: Apache-2.0 */
/*
 * network: which servers the profile names can be reached, and how this device
 * is connected. Names of networks and addresses are never looked at.
 */
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "agent/device.h"
#include "agent/env.h"
#include "agent/helper.h"
#include "agent/probe.h"
#include "agent/probe/fact.h"
#include "agent/probe/network_endpoint.h"
#include "common/base/mem.h"
#include "common/base/text.h"

/* The helper gives servers three seconds. */
#define HELPER_ENDPOINTS_MS 4000
#define TIMEOUT_MS 6000

#define ETHERNET 1 /* ARPHRD_ETHER */
#define MAC_DIGITS 12

/* --- servers ---------------------------------------------------------------- */

static void set_endpoints(const struct env *env, json_t *facts)
{
	json_t *lines = NULL;
	struct err err;

	if (!env->endpoints) {
		fact_set_unknown(facts, "endpoints",
				 "no profile says which servers the test needs");
		return;
	}
	if (!env->endpoints[0])
		fact_set_list(facts, "endpoints", json_array());
	else if (helper_run(env, "network", env->endpoints, HELPER_ENDPOINTS_MS, &lines, &err) < 0)
		fact_set_list(facts, "endpoints", endpoints_unknown(env->endpoints, err.text));
	else
		fact_set_list(facts, "endpoints", endpoints_read(env->endpoints, lines));
	json_decref(lines);
}

/* --- interfaces -------------------------------------------------------------- */

/* A folder of an interface, or a link to one: what drivers of Wi-Fi have. */
static bool has_entry(struct udev_device *device, const char *name)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", udev_device_get_syspath(device), name);

	return access(path, F_OK) == 0;
}

static const char *kind_of(struct udev_device *device)
{
	const char *type = udev_device_get_devtype(device);
	int64_t hardware = 0;

	if (!type)
		type = "";
	if (strcmp(type, "wlan") == 0 || has_entry(device, "phy80211") ||
	    has_entry(device, "wireless"))
		return "wireless";
	if (strcmp(type, "wwan") == 0)
		return "mobile";
	if (!type[0] && device_attr_int(device, "type", &hardware) && hardware == ETHERNET)
		return "wired";
	return "other";
}

/* operstate, Documentation/ABI/testing/sysfs-class-net; drivers that do not say have a carrier. */
static void set_up(json_t *interface, struct udev_device *device)
{
	const char *state = device_attr(device, "operstate");
	const char *carrier = device_attr(device, "carrier");
	bool is_vague = strcmp(state, "unknown") == 0;

	if (state[0] && !is_vague)
		fact_set_bool(interface, "up", strcmp(state, "up") == 0);
	else if (is_vague && carrier[0])
		fact_set_bool(interface, "up", strcmp(carrier, "1") == 0);
	else
		fact_set_unknown(interface, "up",
				 "its driver does not say whether it is connected");
}

/* systemd names what it cannot place after its address: "enx0a1b2c3d4e5f". */
static void set_name(json_t *interface, const char *name)
{
	size_t len = strlen(name), n = 0;
	_cleanup_free_ char *plain = NULL;

	while (n < len && isxdigit((unsigned char)name[len - n - 1]))
		n++;
	if (n >= MAC_DIGITS)
		plain = xasprintf("%.*s\xe2\x80\xa6", (int)(len - n), name);
	fact_set_text(interface, "name", plain ? plain : name);
}

static int set_interfaces(const struct env *env, json_t *facts, struct err *err)
{
	struct udev_device *const *devices;
	json_t *interfaces;
	size_t n;
	int r = env_devices(env, "net", "*", &devices, &n, err);

	if (r < 0)
		return r;
	interfaces = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *interface;

		/* Bridges, tunnels, containers and the loopback belong to no device. */
		if (!udev_device_get_parent(devices[i]))
			continue;
		interface = json_object();
		set_name(interface, udev_device_get_sysname(devices[i]));
		json_object_set_new(interface, "kind", json_string(kind_of(devices[i])));
		set_up(interface, devices[i]);
		json_array_append_new(interfaces, interface);
	}
	fact_set_list(facts, "interfaces", interfaces);
	return 0;
}

static int network_run(const struct env *env, json_t *facts, struct err *err)
{
	struct err why;

	(void)err;
	set_endpoints(env, facts);
	if (set_interfaces(env, facts, &why) < 0)
		fact_set_unknown(facts, "interfaces", "%s", why.text);
	return 0;
}

const struct probe probe_network = {
	.name = "network",
	.run = network_run,
	.timeout_ms = TIMEOUT_MS,
};
