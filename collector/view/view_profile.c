/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>

#include "collector/store/store_profile.h"
#include "collector/store/store_site.h"
#include "collector/view/view_profile.h"

int view_profile_body(const struct view *view, const char *device_id, char **ret_body,
		      char ret_version[static HASH_SIZE], struct err *err)
{
	_cleanup_(device_done) struct device device = { 0 };
	_cleanup_(site_done) struct site site = { 0 };
	int r = store_device_head(view->store, device_id, &device, err);

	if (r >= 0)
		r = store_site_get(view->store, device.site_code, &site, err);
	if (r < 0)
		return r;
	if (!site.has_window)
		return err_set(err, -ENOENT,
			       "The site of this device has no window yet, so no profile is for "
			       "it.");
	if (!site.window.profile_version[0])
		return err_set(err, -ENOENT,
			       "The profile '%.64s' of this device's site is not "
			       "published yet.",
			       site.window.profile_id);
	snprintf(ret_version, HASH_SIZE, "%s", site.window.profile_version);
	return store_profile_body(view->store, ret_version, ret_body, err);
}
