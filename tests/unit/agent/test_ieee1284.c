/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "agent/probe/ieee1284.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static void maker_and_model_are_named_once(void **state)
{
	static const struct {
		const char *id, *make_model;
	} cases[] = {
		{ "MFG:Canon;MDL:LBP6000;", "Canon LBP6000" },
		{ "MFG:HP;MDL:HP LaserJet 4;", "HP LaserJet 4" },
		{ "MFG:Hewlett-Packard;MDL:HP LaserJet 4", "HP LaserJet 4" },
		{ "MFG:Hewlett-Packard;MDL:HPX 4", "Hewlett-Packard HPX 4" },
		{ "MANUFACTURER: Index Braille AB ;\n MODEL: Basic-D ;",
		  "Index Braille AB Basic-D" },
		{ "mdl:only a model", "only a model" },
		{ "MFG:x;DES:described", "x described" },
		{ "MFG:x;MDL: ;DES:y", "x y" },
		{ "MFG:x;CMD:MDL:no;", NULL },
		{ "", NULL },
		{ ";;:;MDL", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *made = ieee1284_make_model(cases[i].id);

		if (cases[i].make_model) {
			assert_non_null(made);
			assert_string_equal(made, cases[i].make_model);
		} else {
			assert_null(made);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maker_and_model_are_named_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
