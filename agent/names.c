/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "agent/dmi.h"
#include "agent/label.h"
#include "agent/machine.h"
#include "agent/names.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define DMI "sys/class/dmi/id/"
#define DEVICE_TREE "sys/firmware/devicetree/base/"

static char *read_model(const char *root)
{
	_cleanup_free_ char *vendor = label_read(root, DMI "sys_vendor", "vendor");
	_cleanup_free_ char *product = label_read(root, DMI "product_name", "model");
	_cleanup_free_ char *both = NULL;

	if (!product[0]) {
		char *model = label_read(root, DEVICE_TREE "model", "model");

		if (model[0])
			return model;
		free(model);
		return label_read(root, "proc/device-tree/model", "model");
	}
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
		return label_read(root, "etc/hostname", "host_name");
	if (gethostname(name, sizeof(name)) < 0)
		return xstrdup("");
	return text_clean(name, strnlen(name, sizeof(name)), REPORT_NAME_MAX);
}

/* Only root may read it of DMI, and leaves it for us. */
static char *read_serial(const char *root)
{
	char *serial = machine_serial(root);
	struct dmi dmi = { 0 };

	if (serial[0] || dmi_read(root, &dmi, NULL) < 0)
		return serial;
	free(serial);
	serial = TAKE_PTR(dmi.serial);
	dmi_done(&dmi);
	return serial;
}

void names_read(const char *root, struct names *ret_names)
{
	*ret_names = (struct names){
		.host_name = read_host_name(root),
		.serial = read_serial(root),
		.asset_tag = label_read(root, DMI "chassis_asset_tag", "asset_tag"),
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
