/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "collector/store/seal.h"
#include "tests/unit/collector/school.h"

#define SECRET_TEXT "twenty bytes of it!!"

static char *sealed_by(struct school *school, const char *owner)
{
	char *text = NULL;

	must(school, seal_text(school->store, owner, SECRET_TEXT, 20, &text, &school->err));
	return text;
}

static int opens(struct school *school, const char *owner, const char *text)
{
	char data[20] = "";
	int r = seal_read(school->store, owner, text, data, sizeof(data), &school->err);

	if (r >= 0)
		assert_memory_equal(data, SECRET_TEXT, sizeof(data));
	return r;
}

static char *key_file(const struct school *school)
{
	return xasprintf("%s.key", school->path);
}

static void the_key_is_made_at_first_use_and_nobody_else_may_read_it(void **state)
{
	struct school *school = *state;
	_cleanup_free_ char *path = key_file(school);
	_cleanup_free_ char *text = NULL, *again = NULL;
	struct stat st;

	assert_int_equal(access(path, F_OK), -1);
	text = sealed_by(school, "ada");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, 32);
	again = sealed_by(school, "ada");
	assert_string_not_equal(text, again);
	assert_int_equal(opens(school, "ada", text), 0);
	assert_int_equal(opens(school, "ada", again), 0);
}

static void what_is_one_persons_opens_for_no_other_and_not_changed(void **state)
{
	struct school *school = *state;
	_cleanup_free_ char *text = sealed_by(school, "ada");

	assert_int_equal(opens(school, "bo", text), -EKEYREJECTED);
	assert_int_equal(opens(school, "ada", ""), -EKEYREJECTED);
	assert_int_equal(opens(school, "ada", "zz"), -EKEYREJECTED);
	text[60] = text[60] == '0' ? '1' : '0';
	assert_int_equal(opens(school, "ada", text), -EKEYREJECTED);
	text[60] = '\0';
	assert_int_equal(opens(school, "ada", text), -EKEYREJECTED);
}

static void a_key_that_is_wrong_is_named(void **state)
{
	struct school *school = *state;
	_cleanup_free_ char *path = key_file(school);
	_cleanup_free_ char *text = sealed_by(school, "ada");

	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(opens(school, "ada", text), -EKEYREJECTED);
	assert_non_null(strstr(school->err.text, "store.db.key: must have mode 0600"));
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(truncate(path, 31), 0);
	assert_int_equal(opens(school, "ada", text), -EKEYREJECTED);
	assert_non_null(strstr(school->err.text, "store.db.key is no key of 32 bytes"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(opens(school, "ada", text), -EKEYREJECTED);
	assert_non_null(strstr(school->err.text, "store.db.key is not there; put back"));
	free(sealed_by(school, "bo"));
	assert_int_equal(opens(school, "ada", text), -EKEYREJECTED);
	assert_non_null(strstr(school->err.text, "does not open with"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)
		TEST(the_key_is_made_at_first_use_and_nobody_else_may_read_it),
		TEST(what_is_one_persons_opens_for_no_other_and_not_changed),
		TEST(a_key_that_is_wrong_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
