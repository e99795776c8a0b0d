/* SPDX-License-Identifier: Apache-2.0 */
/* An IEEE 1284 id, and the rules for embossers that read it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/embosser.h"
#include "agent/probe/ieee1284.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *id = xstrndup((const char *)data, size);
	_cleanup_free_ char *made = ieee1284_make_model(id);
	_cleanup_free_ char *maker = ieee1284_value(id, ieee1284_maker);
	_cleanup_free_ char *model = ieee1284_value(id, ieee1284_model);
	const struct embosser_query query = { "", true, maker ? maker : "", model ? model : "",
					      id, id };

	if (!made != !model || (made && (strlen(made) > size || !made[0])))
		abort();
	(void)embosser_find(&query);
	return 0;
}
