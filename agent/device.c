/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/device.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"

const char *device_property(struct udev_device *device, const char *name)
{
	const char *value = udev_device_get_property_value(device, name);

	return value ? value : "";
}

const char *device_attr(struct udev_device *device, const char *name)
{
	const char *value = udev_device_get_sysattr_value(device, name);

	return value ? value : "";
}

size_t device_numbers(const char *text, char divider, int base, unsigned *values, size_t max,
		      const char **ret_rest)
{
	size_t n = 0;

	while (n < max) {
		char *end;
		unsigned long value;

		/* strtoul() would take a sign and white space as well. */
		if (!isxdigit((unsigned char)*text))
			break;
		errno = 0;
		value = strtoul(text, &end, base);
		if (end == text || errno || value > UINT_MAX)
			break;
		values[n++] = (unsigned)value;
		text = end;
		if (*text != divider || !*text)
			break;
		text++;
	}
	if (ret_rest)
		*ret_rest = text;
	return n;
}

bool device_attr_int(struct udev_device *device, const char *name, int64_t *ret_value)
{
	const char *text = device_attr(device, name);
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (end == text || *end || errno)
		return false;
	*ret_value = value;
	return true;
}

int device_read(struct udev_device *device, const char *name, size_t max_bytes, char **ret_bytes,
		size_t *ret_len, struct err *err)
{
	_cleanup_close_ int dir =
		open(udev_device_get_syspath(device), O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return err_errno(err, -errno, "%s", udev_device_get_sysname(device));
	return file_read_at(dir, name, max_bytes, ret_bytes, ret_len, err);
}

struct udev_device *device_usb(struct udev_device *device)
{
	const char *type = udev_device_get_devtype(device);

	if (type && strcmp(type, "usb_device") == 0)
		return device;
	return udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_device");
}

static bool pair(const char *vendor, const char *product, unsigned id[static 2])
{
	return device_numbers(vendor, '\0', 16, &id[0], 1, NULL) == 1 &&
	       device_numbers(product, '\0', 16, &id[1], 1, NULL) == 1;
}

const char *device_usb_id(struct udev_device *usb, char id[static DEVICE_USB_ID_SIZE])
{
	unsigned ids[2];

	id[0] = '\0';
	if (!usb)
		return id;
	/* The kernel's uevent, "46d/a44/100"; sysfs has two files for the same. */
	if (device_numbers(device_property(usb, "PRODUCT"), '/', 16, ids, 2, NULL) == 2 ||
	    pair(device_attr(usb, "idVendor"), device_attr(usb, "idProduct"), ids) ||
	    (strcmp(device_property(usb, "ID_BUS"), "usb") == 0 &&
	     pair(device_property(usb, "ID_VENDOR_ID"), device_property(usb, "ID_MODEL_ID"), ids)))
		snprintf(id, DEVICE_USB_ID_SIZE, "%04x:%04x", ids[0] & 0xffff, ids[1] & 0xffff);
	return id;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* "USB\x20Headset" as udev writes it in ID_MODEL_ENC; owned by the caller. */
static char *unescape(const char *text)
{
	char *plain = xstrdup(text);
	char *to = plain;

	for (const char *from = text; *from; from++) {
		if (from[0] == '\\' && from[1] == 'x' && hex_digit(from[2]) >= 0 &&
		    hex_digit(from[3]) >= 0) {
			*to++ = (char)(hex_digit(from[2]) * 16 + hex_digit(from[3]));
			from += 3;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	return plain;
}

static char *usb_text(struct udev_device *usb, const char *attr, const char *property)
{
	const char *text = device_attr(usb, attr);

	return text[0] ? xstrdup(text) : unescape(device_property(usb, property));
}

char *device_usb_maker(struct udev_device *usb)
{
	return usb_text(usb, "manufacturer", "ID_VENDOR_ENC");
}

char *device_usb_product(struct udev_device *usb)
{
	return usb_text(usb, "product", "ID_MODEL_ENC");
}

char *device_usb_name(struct udev_device *usb)
{
	_cleanup_free_ char *maker = device_usb_maker(usb);
	_cleanup_free_ char *product = device_usb_product(usb);

	if (!product[0])
		return TAKE_PTR(maker);
	/* udev puts the vendor's number where the maker wrote no name. */
	if (strspn(maker, "0123456789abcdef") == 4 && maker[4] == '\0')
		return TAKE_PTR(product);
	/* "Logitech Inc." makes "Logitech USB Headset": one word in common is enough. */
	if (strncasecmp(product, maker, strcspn(maker, " ,.")) == 0)
		return TAKE_PTR(product);
	return xasprintf("%s %s", maker, product);
}

const char *device_bus(struct udev_device *device)
{
	/* From the plug inwards: a USB device is below a PCI controller. */
	static const char *const buses[][2] = {
		{ "usb", "usb" },           { "bluetooth", "bluetooth" },
		{ "i2c", "i2c" },           { "serio", "ps2" },
		{ "pci", "pci" },           { "soc", "platform" },
		{ "platform", "platform" }, { "spi", "other" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(buses); i++) {
		if (udev_device_get_parent_with_subsystem_devtype(device, buses[i][0], NULL))
			return buses[i][1];
	}
	return strstr(udev_device_get_syspath(device), "/virtual/") ? "virtual" : "other";
}
