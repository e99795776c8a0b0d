/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "agent/names.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define DMI "/sys/class/dmi/id/"
#define DEVICE_TREE "/sys/firmware/devicetree/base/"

/* What makers leave in DMI instead of a value; compared without case. */
static const char *const placeholders[] = {
	"to be filled by o.e.m.*",
	"default string*",
	"none",
	"n/a",
	"na",
	"not specified",
	"not applicable",
	"not available",
	"unknown",
	"undefined",
	"invalid",
	"empty",
	"oem",
	"o.e.m.",
	"system serial number",
	"system product name",
	"system manufacturer",
	"system version",
	"chassis serial number",
	"chassis asset tag",
	"asset tag",
	"asset-*",
	"no asset tag",
	"no asset information",
	"serial number",
	"123456789*",
	"0123456789*",
	"type1*serial*",
	"product name",
	"all series",
	"*not_set*",
	"xxxx*",
	NULL,
};

static bool is_placeholder(const char *text)
{
	_cleanup_free_ char *lower = xstrdup(text);

	for (char *c = lower; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	/* "0", "00000000", "........", "FFFF": one character and nothing else. */
	if (strspn(lower, (char[]){ lower[0], '\0' }) == strlen(lower) &&
	    (strlen(lower) > 3 || !strchr("123456789", lower[0])))
		return true;
	for (size_t i = 0; placeholders[i]; i++) {
		if (text_like(lower, placeholders[i]))
			return true;
	}
	return false;
}

/* The first line of the file @path below @root, fit to be shown; "" if it says nothing. */
static char *read_name(const char *root, const char *path)
{
	_cleanup_free_ char *full = xasprintf("%s%s", root, path);
	_cleanup_free_ char *text = NULL;
	char *name;

	if (file_read_at(AT_FDCWD, full, 4096, &text, NULL, NULL) < 0)
		return xstrdup("");
	name = text_clean(text, strcspn(text, "\r\n"), REPORT_NAME_MAX);
	if (is_placeholder(name))
		name[0] = '\0';
	return name;
}

/* The first of @paths (ended by NULL) that says something. */
static char *read_first(const char *root, const char *const *paths)
{
	for (; *paths; paths++) {
		_cleanup_free_ char *name = read_name(root, *paths);

		if (name[0])
			return TAKE_PTR(name);
	}
	return xstrdup("");
}

static char *read_model(const char *root)
{
	_cleanup_free_ char *vendor = read_name(root, DMI "sys_vendor");
	_cleanup_free_ char *product = read_name(root, DMI "product_name");
	_cleanup_free_ char *both = NULL;

	if (!product[0])
		return read_first(root, (const char *const[]){ DEVICE_TREE "model",
							       "/proc/device-tree/model", NULL });
	/* "HP" and "HP ProBook 445" would say it twice. */
	if (!vendor[0] || strncasecmp(product, vendor, strlen(vendor)) == 0)
		return TAKE_PTR(product);
	both = xasprintf("%s %s", vendor, product);
	return text_clean(both, strlen(both), REPORT_NAME_MAX);
}

static char *read_host_name(const char *root)
{
	char name[HOST_NAME_MAX + 1];

	if (root[0])
		return read_name(root, "/etc/hostname");
	if (gethostname(name, sizeof(name)) < 0)
		return xstrdup("");
	return text_clean(name, strnlen(name, sizeof(name)), REPORT_NAME_MAX);
}

void names_read(const char *root, struct names *ret_names)
{
	*ret_names = (struct names){
		.host_name = read_host_name(root),
		.serial = read_first(root,
				     (const char *const[]){ DMI "product_serial",
							    DEVICE_TREE "serial-number", NULL }),
		.asset_tag =
			read_first(root, (const char *const[]){ DMI "chassis_asset_tag", NULL }),
		.model = read_model(root),
	};
}

void names_done(struct names *names)
{
	free(names->host_name);
	free(names->serial);
	free(names->asset_tag);
	free(names->model);
	*names = (struct names){ 0 };
}

struct device_names names_view(const struct names *names)
{
	return (struct device_names){
		.host_name = names->host_name,
		.serial = names->serial,
		.asset_tag = names->asset_tag,
		.model = names->model,
	};
}
