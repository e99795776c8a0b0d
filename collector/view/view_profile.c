/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/store/store_site.h"
#include "collector/view/view_profile.h"

void profile_document_done(struct profile_document *document)
{
	free(document->body);
	*document = (struct profile_document){ 0 };
}

int view_profile_document(const struct view *view, const char *device_id,
			  struct profile_document *ret_document, struct err *err)
{
	_cleanup_(device_done) struct device device = { 0 };
	_cleanup_(site_done) struct site site = { 0 };
	struct profile_document document = { 0 };
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
			       "The profile '%.64s' of this device's site is not published yet.",
			       site.window.profile_id);
	snprintf(document.profile_id, sizeof(document.profile_id), "%s", site.window.profile_id);
	snprintf(document.version, sizeof(document.version), "%s", site.window.profile_version);
	r = store_profile_body(view->store, document.version, &document.body, err);
	if (r >= 0)
		*ret_document = document;
	return r;
}
