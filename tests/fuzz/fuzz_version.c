/* SPDX-License-Identifier: Apache-2.0 */
/* Two versions and a set, one a line: comparing is a total order and sets do not lie. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	char *rest = text;
	const char *a = strsep(&rest, "\n");
	const char *b = rest ? strsep(&rest, "\n") : "0";
	const char *set = rest ? rest : "1..";
	int order;

	if (!version_is_valid(a) || !version_is_valid(b))
		return 0;
	order = version_compare(a, b);
	if ((order < 0) != (version_compare(b, a) > 0) || version_compare(a, a) != 0)
		abort();
	if (version_set_check(set, NULL) == 0 && order == 0 &&
	    version_set_has(set, a) != version_set_has(set, b))
		abort();
	return 0;
}
