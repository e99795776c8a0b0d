/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "agent/probe/browser_product.h"
#include "agent/probe/browser_version.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static void assert_text(const char *actual, const char *expected)
{
	if (!expected) {
		assert_null(actual);
		return;
	}
	assert_non_null(actual);
	assert_string_equal(actual, expected);
}

static void a_folder_ends_in_its_version_or_does_not(void **state)
{
	static const struct {
		const char *folder, *product, *version;
	} cases[] = {
		{ "CASecureBrowser14.0", "CASecureBrowser", "14.0" },
		{ "SBACSecureBrowser6.5", "SBACSecureBrowser", "6.5" },
		{ "CASecureBrowser-15", "CASecureBrowser", "15" },
		{ "CASecureBrowser", "CASecureBrowser", NULL },
		{ "CASecureBrowser-old", "CASecureBrowser-old", NULL },
		{ "CASecureBrowser.", "CASecureBrowser", NULL },
		{ "CASecureBrowser14.", "CASecureBrowser", NULL },
		{ "14.0", "14.0", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *product = browser_product_of_folder(cases[i].folder);
		_cleanup_free_ char *version = browser_version_of_folder(cases[i].folder, product);

		assert_string_equal(product, cases[i].product);
		assert_text(version, cases[i].version);
	}
}

static void a_tarball_names_its_version_after_the_product(void **state)
{
	static const struct {
		const char *name, *version;
	} cases[] = {
		{ "CASecureBrowser14.0-2024-05-01-x86_64.tar.bz2", "14.0" },
		{ "CASecureBrowser12.5-2019-08-01.tar.bz2", "12.5" },
		{ "CASecureBrowser14.0.tar.bz2", "14.0" },
		{ "CASecureBrowser14.tgz", "14" },
		{ "CASecureBrowser.tar.bz2", NULL },
		{ "CASecureBrowser14.0.zip", NULL },
		{ "ORSecureBrowser14.0.tar.bz2", NULL },
		{ "CASecureBrowserBeta14.0.tar.bz2", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *version =
			browser_version_of_tarball(cases[i].name, "CASecureBrowser");

		assert_text(version, cases[i].version);
	}
}

static void a_product_is_known_by_its_name_and_vendor(void **state)
{
	const struct browser_product *product = browser_product_find("CASecureBrowser");

	(void)state;
	assert_non_null(product);
	assert_true(browser_product_is_from(product, "AIR"));
	assert_true(browser_product_is_from(product, "Cambium Assessment, Inc."));
	assert_false(browser_product_is_from(product, "Mozilla"));
	assert_non_null(browser_product_find("SmarterAppBrowser10"));
	assert_null(browser_product_find("Firefox"));
	assert_null(browser_product_find(""));
}

static void every_product_of_the_data_says_all_of_it(void **state)
{
	(void)state;
	assert_true(n_browser_products > 0);
	for (size_t i = 0; i < n_browser_products; i++) {
		const struct browser_product *product = &browser_products[i];

		assert_true(product->product && product->vendors && product->folders &&
			    product->launcher);
		assert_non_null(strstr(product->launcher, "NAME"));
	}
}

static void a_damaged_application_ini_is_not_replaced_by_names(void **state)
{
	struct env env;
	struct app_ini silent = { 0 };
	struct browser_version version;

	(void)state;
	assert_int_equal(env_init(&env, "/", NULL), 0);
	browser_version_read(&env, "none/CASecureBrowser14.0", &silent, &version);
	assert_int_equal(version.from, VERSION_FROM_FOLDER);
	assert_text(version.version, "14.0");
	browser_version_done(&version);
	browser_version_read(&env, "none/CASecureBrowser14.0", NULL, &version);
	assert_int_equal(version.from, VERSION_FROM_NOWHERE);
	assert_null(version.version);
	assert_string_equal(version.product, "CASecureBrowser");
	browser_version_done(&version);
	env_done(&env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_folder_ends_in_its_version_or_does_not),
		cmocka_unit_test(a_tarball_names_its_version_after_the_product),
		cmocka_unit_test(a_product_is_known_by_its_name_and_vendor),
		cmocka_unit_test(every_product_of_the_data_says_all_of_it),
		cmocka_unit_test(a_damaged_application_ini_is_not_replaced_by_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
