/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "collector/act/day_begin.h"
#include "collector/domain/zone.h"
#include "common/base/file.h"
#include "common/base/mem.h"

#define FOLDER "/usr/share/zoneinfo/"

int day_begin_ms(const char *zone_name, int32_t day, int64_t *ret_ms, struct err *err)
{
	_cleanup_free_ char *path = xasprintf(FOLDER "%s", zone_name), *bytes = NULL;
	struct err why = { 0 };
	struct zone zone;
	size_t len = 0;
	int r = 0;

	/* Names come from files of sites, and none leads out of the folder. */
	if (!zone_name[0] || zone_name[0] == '/' || strstr(zone_name, ".."))
		r = err_set(&why, -EINVAL, "that is no name of one");
	if (r >= 0)
		r = file_read_at(AT_FDCWD, path, ZONE_BYTES_MAX, &bytes, &len, &why);
	if (r >= 0)
		r = zone_parse(bytes, len, &zone, &why);
	if (r < 0)
		return err_set(
			err, -EINVAL,
			"When the day begins cannot be told, since the time zone '%s' of the "
			"site is not known here (%s). Do it without a day, on that day; or "
			"install tzdata on the collector.",
			zone_name, why.text);
	*ret_ms = zone_day_begin(&zone, day);
	return 0;
}
