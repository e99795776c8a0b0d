/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/view/view.h"

/* A part of what is published, by id. */
int view_profiles(const struct view *view, const struct page *page, json_t **ret_json,
		  struct err *err) _must_check_;

/*
 * The requirements of the published profile @id in words; with @site_code those that the
 * site is judged by. -EINVAL: another profile judges the site, or none.
 */
int view_published_profile(const struct view *view, const char *id, const char *site_code,
			   json_t **ret_json, struct err *err) _must_check_;

/* A part of everything that was ever published of @id, the newest first. */
int view_profile_versions(const struct view *view, const char *id, const struct page *page,
			  json_t **ret_json, struct err *err) _must_check_;
