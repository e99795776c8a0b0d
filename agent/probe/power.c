/* SPDX-License-Identifier: Apache-2.0 */
/*
 * power: will the device last through a session.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/device.h"
#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/fact.h"

#define HEALTH_MAX 200

/* What the device runs on, as far as seen. */
struct supply {
	size_t n_offline; /* mains that say they are not plugged in */
	size_t n_batteries;
	bool is_online; /* mains are plugged in */
	bool is_charging;
	bool is_discharging;
};

/* A number of the uevent, "POWER_SUPPLY_CAPACITY=96", else of sysfs. */
static bool supply_int(struct udev_device *device, const char *property, const char *attr,
		       int64_t *ret_value)
{
	const char *text = device_property(device, property);
	char *end;

	if (!text[0])
		return device_attr_int(device, attr, ret_value);
	errno = 0;
	*ret_value = strtoll(text, &end, 10);
	return end != text && !*end && !errno;
}

static const char *supply_text(struct udev_device *device, const char *property, const char *attr)
{
	const char *text = device_property(device, property);

	return text[0] ? text : device_attr(device, attr);
}

/* @part in percent of @whole, in energy or in charge, whichever the battery counts in. */
static bool ratio(struct udev_device *device, const char *const names[2][4], int64_t *ret_percent)
{
	for (size_t i = 0; i < 2; i++) {
		int64_t part, whole;

		if (supply_int(device, names[i][0], names[i][1], &part) &&
		    supply_int(device, names[i][2], names[i][3], &whole) && part >= 0 &&
		    whole > 0 && whole < INT64_MAX / 400 && part / 2 <= whole) {
			/* Cut, as the kernel does: no battery is fuller than it is. */
			*ret_percent = part * 100 / whole;
			return true;
		}
	}
	return false;
}

static void set_percent(json_t *battery, struct udev_device *device, const char *status)
{
	static const char *const now_of_full[2][4] = {
		{ "POWER_SUPPLY_ENERGY_NOW", "energy_now", "POWER_SUPPLY_ENERGY_FULL",
		  "energy_full" },
		{ "POWER_SUPPLY_CHARGE_NOW", "charge_now", "POWER_SUPPLY_CHARGE_FULL",
		  "charge_full" },
	};
	int64_t percent;

	if (!supply_int(device, "POWER_SUPPLY_CAPACITY", "capacity", &percent) &&
	    !ratio(device, now_of_full, &percent))
		fact_set_unknown(battery, "percent", "the battery does not say its charge");
	else if (percent == 0 && strcmp(status, "Unknown") == 0)
		/* What a battery answers that does not know. */
		fact_set_unknown(battery, "percent", "the battery says 0 %% and no status");
	else if (percent < 0 || percent > 100)
		fact_set_unknown(battery, "percent", "the battery says %lld %%",
				 (long long)percent);
	else
		fact_set_int(battery, "percent", percent);
}

static void set_health(json_t *battery, struct udev_device *device)
{
	static const char *const full_of_design[2][4] = {
		{ "POWER_SUPPLY_ENERGY_FULL", "energy_full", "POWER_SUPPLY_ENERGY_FULL_DESIGN",
		  "energy_full_design" },
		{ "POWER_SUPPLY_CHARGE_FULL", "charge_full", "POWER_SUPPLY_CHARGE_FULL_DESIGN",
		  "charge_full_design" },
	};
	int64_t percent;

	if (ratio(device, full_of_design, &percent) && percent <= HEALTH_MAX)
		fact_set_int(battery, "health_percent", percent);
	else
		fact_set_unknown(battery, "health_percent",
				 "the battery does not say what it was designed for");
}

static json_t *battery_read(struct udev_device *device, struct supply *supply)
{
	static const char *const statuses[][2] = {
		{ "Charging", "charging" },
		{ "Discharging", "discharging" },
		{ "Full", "full" },
		{ "Not charging", "not_charging" },
	};
	const char *status = supply_text(device, "POWER_SUPPLY_STATUS", "status");
	json_t *battery = json_object();

	supply->n_batteries++;
	supply->is_charging |= strcmp(status, "Charging") == 0;
	supply->is_discharging |= strcmp(status, "Discharging") == 0;

	fact_set_text(battery, "name", udev_device_get_sysname(device));
	fact_set_unknown(battery, "status", "the battery says no status");
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
		if (strcmp(status, statuses[i][0]) == 0)
			fact_set_text(battery, "status", statuses[i][1]);
	}
	set_percent(battery, device, status);
	set_health(battery, device);
	return battery;
}

/* Before Linux 5.10 the uevent has no type, and a dump of udev's database nothing else. */
static const char *supply_type(struct udev_device *device)
{
	const char *type = supply_text(device, "POWER_SUPPLY_TYPE", "type");

	if (type[0])
		return type;
	if (device_property(device, "POWER_SUPPLY_TECHNOLOGY")[0])
		return "Battery";
	return device_property(device, "POWER_SUPPLY_ONLINE")[0] ? "Mains" : "";
}

/* Take one power supply into account; a battery of the device itself is returned. */
static json_t *supply_read(struct udev_device *device, struct supply *supply)
{
	const char *type = supply_type(device);
	int64_t value;

	/* Of a mouse or a headset. */
	if (strcmp(supply_text(device, "POWER_SUPPLY_SCOPE", "scope"), "Device") == 0)
		return NULL;
	if (strcmp(type, "Battery") == 0) {
		/* An empty bay. */
		if (supply_int(device, "POWER_SUPPLY_PRESENT", "present", &value) && value == 0)
			return NULL;
		return battery_read(device, supply);
	}
	if (strcmp(type, "Mains") == 0 || strncmp(type, "USB", 3) == 0 ||
	    strcmp(type, "Wireless") == 0) {
		if (!supply_int(device, "POWER_SUPPLY_ONLINE", "online", &value))
			return NULL;
		supply->is_online |= value > 0;
		supply->n_offline += value == 0;
	}
	return NULL;
}

static void set_source(json_t *facts, const struct supply *supply)
{
	/* No battery: it runs, so it is plugged in, whatever a supply says. */
	if (supply->is_online || supply->is_charging || supply->n_batteries == 0)
		fact_set_text(facts, "source", "mains");
	else if (supply->is_discharging || supply->n_offline > 0)
		fact_set_text(facts, "source", "battery");
	else
		fact_set_unknown(facts, "source",
				 "there is a battery, and nothing says whether it is in use");
}

static int power_run(const struct env *env, json_t *facts, struct err *err)
{
	struct supply supply = { 0 };
	struct udev_device *const *devices;
	json_t *batteries;
	size_t n;
	int r = env_devices(env, "power_supply", "*", &devices, &n, err);

	if (r < 0)
		return r;
	batteries = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *battery = supply_read(devices[i], &supply);

		if (battery)
			json_array_append_new(batteries, battery);
	}
	fact_set_list(facts, "batteries", batteries);
	set_source(facts, &supply);
	return 0;
}

const struct probe probe_power = { .name = "power", .run = power_run };
