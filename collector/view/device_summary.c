/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/view/device_summary.h"
#include "common/model/result.h"

/*
 * The first requirement at or behind the place (@severity, @index) with one of @results; both
 * move on to it. NULL: none.
 */
static const struct requirement *find_next(const struct profile *judge, const struct device *device,
					   unsigned results, unsigned *severity, size_t *index)
{
	for (; *severity < SEVERITY_MAX_; (*severity)++, *index = 0) {
		for (; *index < judge->n_requirements && device->results[*index]; (*index)++) {
			const struct requirement *requirement = &judge->requirements[*index];
			enum result result;

			if (requirement->severity == *severity &&
			    result_of_letter(device->results[*index], &result) >= 0 &&
			    (results >> result & 1))
				return requirement;
		}
	}
	return NULL;
}

size_t device_titles(const struct profile *judge, const struct device *device, unsigned results,
		     const char *ret_titles[static PROFILE_REQUIREMENTS_MAX])
{
	const struct requirement *requirement;
	unsigned severity = 0;
	size_t index = 0, n = 0;

	while (judge && (requirement = find_next(judge, device, results, &severity, &index))) {
		ret_titles[n++] = requirement->title;
		index++;
	}
	return n;
}

static json_t *title_list(const struct profile *judge, const struct device *device,
			  unsigned results)
{
	const char *titles[PROFILE_REQUIREMENTS_MAX];
	size_t n = device_titles(judge, device, results, titles);
	json_t *json = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(json, view_text(titles[i]));
	return json;
}

const char *device_next_action(const struct profile *judge, const struct device *device)
{
	/* What has to be done before anything else of it is known. */
	static const char *const by_state[STATE_MAX_] = {
		[STATE_CONFLICT] = "Find out which machines use its key, and decide the conflict.",
		[STATE_NEVER_SEEN] = "Enrol it and let it report.",
		[STATE_STALE] = "Start it and let it report.",
	};
	const struct requirement *requirement;
	unsigned severity = 0;
	size_t index = 0;

	if (by_state[device->state] || device->state == STATE_RETIRED || !judge)
		return by_state[device->state];
	requirement = find_next(judge, device, 1U << RESULT_FAIL, &severity, &index);
	return requirement ? requirement->fix.text : NULL;
}

json_t *device_summary(const struct profile *judge, const struct device *device,
		       const struct site *site)
{
	const char *action = device_next_action(judge, device);

	return json_pack("{s:s, s:o, s:o, s:s, s:o, s:b, s:s, s:o, s:o, s:o, s:o, s:o}", "id",
			 device->id, "names", view_device_names(device), "site",
			 view_named(site->code, site->name), "role", device_role_text(device->role),
			 "room", view_text(device->room), "expected", device->is_expected, "state",
			 device_state_words[device->state], "since", view_time(device->since_ms),
			 "seen_at", view_time(device->seen_ms), "needs",
			 title_list(judge, device, DEVICE_NEEDS), "waived",
			 title_list(judge, device, 1U << RESULT_WAIVED), "next_action",
			 action ? view_text(action) : json_null());
}
