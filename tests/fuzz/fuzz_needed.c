/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts without what a profile does not look at: whatever the text is, nothing is read or
 * written outside of it; and where it is canonical facts, they are judged alike.
 */
#include "common/eval/needed.h"
#include "common/model/facts.h"
#include "tests/fuzz/judged.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char asked[] =
	"{\"profile\":\"p\",\"title\":\"t\",\"freshness_hours\":{},\"endpoints\":[\"a.example\"],"
	"\"tables\":{\"os\":[{\"id\":\"ubuntu\",\"version\":\"22..\",\"tier\":\"full\"}]},"
	"\"requirements\":[{\"id\":\"a\",\"title\":\"t\",\"source\":\"s\",\"severity\":"
	"\"required\","
	"\"roles\":[\"student\"],\"check\":{\"all_of\":["
	"{\"fact\":\"memory.total_mib\",\"at_least\":1},{\"count\":\"display.screens\",\"at_"
	"least\":1},"
	"{\"fact\":\"os\",\"in_table\":\"os\"},{\"any\":\"network.endpoints\",\"where\":"
	"{\"fact\":\"reachable\",\"is\":true}},{\"any\":\"os.desktops\",\"where\":{\"fact\":\".\","
	"\"is\":\"gnome\"}}]},\"fix\":{\"id\":\"f\",\"text\":\"f\",\"minutes\":1}}]}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct profile *profile;
	static struct needed *needed;
	_cleanup_free_ char *text = xcalloc(size + 1, 1), *left = xcalloc(size + 1, 1);
	enum result result;
	size_t left_len = 0;
	json_t *json;

	if (!profile) {
		must(profile_parse(asked, sizeof(asked) - 1, "p", &profile, NULL) >= 0);
		needed = needed_of(profile);
	}
	memcpy(text, data, size);
	if (needed_text(needed, (const char *)data, size, left, &left_len) >= 0)
		must(left_len <= size);
	json = json_loadb(text, size, 0, NULL);
	if (json) {
		evaluate(profile, json, ROLE_STUDENT, 20700, &result);
		judged_by_needed(profile, json, ROLE_STUDENT, 20700, &result);
	}
	json_decref(json);
	return 0;
}
