/* SPDX-License-Identifier: Apache-2.0 */
/* Two versions and two sets, one a line: comparing is a total order and sets do not lie. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_order(const char *a, const char *b)
{
	int order = version_compare(a, b);

	must((order < 0) == (version_compare(b, a) > 0));
	must((order == 0) == (version_compare(b, a) == 0));
	must(version_compare(a, a) == 0);
}

static void check_sets(const char *set, const char *other, const char *a, const char *b)
{
	/* Equal versions are in the same sets: 14 and 14.0. */
	must(version_compare(a, b) != 0 || version_set_has(set, a) == version_set_has(set, b));
	must(version_sets_meet(set, set));
	must(version_sets_meet(set, other) == version_sets_meet(other, set));
	must(!version_set_has(set, a) || !version_set_has(other, a) ||
	     version_sets_meet(set, other));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	char *rest = text;
	const char *a = strsep(&rest, "\n");
	const char *b = rest ? strsep(&rest, "\n") : "0";
	const char *set = rest ? strsep(&rest, "\n") : "1..";
	const char *other = rest ? rest : "1..";

	if (!version_is_valid(a) || !version_is_valid(b))
		return 0;
	check_order(a, b);
	if (version_set_check(set, NULL) == 0 && version_set_check(other, NULL) == 0)
		check_sets(set, other, a, b);
	return 0;
}
