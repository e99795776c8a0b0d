/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/eval/show.h"
#include "tests/unit/unit.h"

static char *flag_text(const char *name, bool value)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	show_flag(out, name, value);
	fclose(out);
	return text;
}

static void check_flags(const struct fact *facts)
{
	for (const struct fact *f = facts; f && f->name; f++) {
		_cleanup_free_ char *yes = flag_text(f->name, true);
		_cleanup_free_ char *no = flag_text(f->name, false);

		if (f->type == FACT_BOOL && (text_ends(yes, " yes") || text_ends(no, " no")))
			fail_msg("'%s' has no words in common/eval/show.c", f->name);
		check_flags(f->members);
	}
}

static void every_flag_has_words_of_its_own(void **state)
{
	(void)state;
	check_flags(facts_table);
}

static void what_has_no_words_says_yes_or_no(void **state)
{
	_cleanup_free_ char *text = flag_text("colour_blind", true);

	(void)state;
	assert_string_equal(text, "colour blind yes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_flag_has_words_of_its_own),
		cmocka_unit_test(what_has_no_words_says_yes_or_no),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
