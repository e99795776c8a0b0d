/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of devices, of a site and across sites.
 */
#include <errno.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/api/devices.h"
#include "collector/view/view_devices.h"

/* What a parameter names of a closed set: its words, ended by NULL, and how it is called. */
struct vocabulary {
	const char *parameter;
	const char *a_word; /* "a state of a device" */
	const char *const *words;
};

/* The place of the @len bytes of @text among @words; -1: not there. */
static int find_word(const char *const *words, const char *text, size_t len)
{
	for (int i = 0; words[i]; i++) {
		if (strlen(words[i]) == len && strncmp(words[i], text, len) == 0)
			return i;
	}
	return -1;
}

/* "ready,ready_with_warnings": the bits of the words; 0 where the parameter is not there. */
static int read_words(const struct request *req, const struct vocabulary *vocabulary,
		      unsigned *ret_bits, struct err *err)
{
	const char *text = request_query(req, vocabulary->parameter);
	const char *name = vocabulary->parameter;
	unsigned bits = 0;

	*ret_bits = 0;
	if (!text)
		return 0;
	while (*text) {
		size_t len = strcspn(text, ",");
		int i = find_word(vocabulary->words, text, len);

		if (i < 0)
			return err_set(err, -EINVAL,
				       "'%.*s' is not %s; /v1/openapi.json lists them.",
				       (int)(len < 30 ? len : 30), text, vocabulary->a_word);
		bits |= 1U << i;
		text += len;
		if (*text == ',' && *++text == '\0')
			return err_set(err, -EINVAL, "%s ends in a comma; name one more %s.", name,
				       name);
	}
	if (!bits)
		return err_set(err, -EINVAL, "%s is empty; name a %s, or leave it away.", name,
			       name);
	*ret_bits = bits;
	return 0;
}

/* -1 where it is not there. */
static int read_flag(const struct request *req, const char *name, int *ret_flag, struct err *err)
{
	const char *text = request_query(req, name);

	*ret_flag = -1;
	if (text && strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return err_set(err, -EINVAL, "%s is true or false, not '%.20s'.", name, text);
	if (text)
		*ret_flag = strcmp(text, "true") == 0;
	return 0;
}

static int read_sort(const struct request *req, enum device_sort *ret_sort, struct err *err)
{
	const char *text = request_query(req, "sort");
	int i = text ? find_word(device_sort_words, text, strlen(text)) : DEVICE_SORT_PLACE;

	if (i < 0)
		return err_set(err, -EINVAL,
			       "sort is place, state, host_name or seen, not '%.20s'.", text);
	*ret_sort = (enum device_sort)i;
	return 0;
}

static int read_filter(const struct request *req, struct device_filter *ret_filter, struct err *err)
{
	static const struct vocabulary states = { "state", "a state of a device",
						  device_state_words };
	static const struct vocabulary results = { "result", "a result", result_words };
	static const struct vocabulary roles = { "role", "a role of a device", device_role_words };
	struct device_filter filter = { .fix = request_query(req, "fix"),
					.requirement = request_query(req, "requirement"),
					.passes = request_query(req, "passes"),
					.room = request_query(req, "room"),
					.waives = request_query(req, "waives"),
					.model = request_query(req, "model"),
					.lea = request_query(req, "lea"),
					.profile = request_query(req, "profile") };
	int r = read_words(req, &states, &filter.states, err);

	if (r >= 0)
		r = read_words(req, &results, &filter.results, err);
	if (r >= 0)
		r = read_words(req, &roles, &filter.roles, err);
	if (r >= 0)
		r = read_flag(req, "expected", &filter.is_expected, err);
	if (r >= 0)
		r = read_flag(req, "waived", &filter.is_waived, err);
	if (r >= 0)
		*ret_filter = filter;
	return r;
}

int devices_read(const struct request *req, struct device_filter *ret_filter,
		 struct device_asked *ret_asked, struct err *err)
{
	const char *code = request_param(req, "code");
	enum device_sort sort = DEVICE_SORT_PLACE;
	int r = read_filter(req, ret_filter, err);

	if (r >= 0)
		r = read_sort(req, &sort, err);
	if (r < 0)
		return r;
	*ret_asked =
		(struct device_asked){ code ? code : request_query(req, "site"), ret_filter, sort };
	return 0;
}

static int make_list(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	struct device_filter filter;
	struct device_asked asked;
	struct page page;
	int r = api_page(req, &page, err);

	if (r >= 0)
		r = devices_read(req, &filter, &asked, err);
	return r < 0 ? r : view_device_list(view, &asked, &page, ret_json, err);
}

static void device_list(struct request *req, struct response *res)
{
	api_answer(req, res, make_list);
}

static const char *const site_query[] = { "limit", "cursor", DEVICES_SITE_QUERY, NULL };
static const char *const query[] = { "limit", "cursor", DEVICES_QUERY, NULL };

const struct route api_devices_routes[] = {
	{ "GET", "/v1/sites/:code/devices", ACCESS_STAFF, MAY_SEE, site_query, 0, device_list },
	{ "GET", "/v1/devices", ACCESS_STAFF, MAY_SEE, query, 0, device_list },
	{ 0 },
};
