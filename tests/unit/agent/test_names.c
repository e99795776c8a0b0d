/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/names.h"
#include "tests/unit/agent/folder.h"
#include "tests/unit/unit.h"

#define DMI "sys/class/dmi/id/"

static void a_laptop_is_named_as_on_its_label(void **state)
{
	struct names names;

	folder_write(*state, DMI "product_serial", "5CD1234XYZ\n");
	folder_write(*state, DMI "chassis_asset_tag", "  LUSD-00417 \n");
	folder_write(*state, DMI "sys_vendor", "Dell Inc.\n");
	folder_write(*state, DMI "product_name", "Latitude 3190\n");
	folder_write(*state, "etc/hostname", "room104-12\n");

	names_read(*state, &names);

	assert_string_equal(names.serial, "5CD1234XYZ");
	assert_string_equal(names.asset_tag, "LUSD-00417");
	assert_string_equal(names.model, "Dell Inc. Latitude 3190");
	assert_string_equal(names.host_name, "room104-12");
	names_done(&names);
}

static void a_maker_is_not_said_twice(void **state)
{
	struct names names;

	folder_write(*state, DMI "sys_vendor", "HP\n");
	folder_write(*state, DMI "product_name", "HP ProBook 445 G7\n");

	names_read(*state, &names);

	assert_string_equal(names.model, "HP ProBook 445 G7");
	names_done(&names);
}

static void a_device_tree_names_a_board_without_dmi(void **state)
{
	struct names names;

	folder_write(*state, "sys/firmware/devicetree/base/model",
		     "Raspberry Pi 4 Model B Rev 1.4");
	folder_write(*state, "sys/firmware/devicetree/base/serial-number", "10000000abcdef01");

	names_read(*state, &names);

	assert_string_equal(names.model, "Raspberry Pi 4 Model B Rev 1.4");
	assert_string_equal(names.serial, "10000000abcdef01");
	names_done(&names);
}

static void a_placeholder_is_no_name(void **state)
{
	static const char *const placeholders[] = {
		"To Be Filled By O.E.M.\n",
		"Default string\n",
		"None\n",
		"none",
		"N/A",
		"0",
		"00000000",
		"...........",
		"System Serial Number",
		"Not Specified",
		"123456789",
		"",
		"\n",
		"  \n",
		"xxxxxxx",
		"FFFFFFFF",
	};
	struct names names;

	for (size_t i = 0; i < ARRAY_SIZE(placeholders); i++) {
		folder_write(*state, DMI "product_serial", placeholders[i]);
		names_read(*state, &names);
		assert_string_equal(names.serial, "");
		names_done(&names);
	}
}

static void short_names_are_names(void **state)
{
	static const char *const good[] = { "7", "12", "111", "A1", "None of your business 7" };
	struct names names;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		folder_write(*state, DMI "chassis_asset_tag", good[i]);
		names_read(*state, &names);
		assert_string_equal(names.asset_tag, good[i]);
		names_done(&names);
	}
}

static void nothing_there_is_nothing_said(void **state)
{
	struct names names;

	names_read(*state, &names);

	assert_string_equal(names.serial, "");
	assert_string_equal(names.asset_tag, "");
	assert_string_equal(names.model, "");
	assert_string_equal(names.host_name, "");
	names_done(&names);
}

static void what_makers_write_is_cleaned_and_cut(void **state)
{
	struct names names;
	char large[2000];

	memset(large, 'A', sizeof(large));
	memcpy(large, "\xff\x1b[2J", 5);
	large[sizeof(large) - 1] = '\0';
	folder_write(*state, DMI "product_name", large);

	names_read(*state, &names);

	assert_true(strlen(names.model) <= REPORT_NAME_MAX);
	assert_null(strchr(names.model, '\x1b'));
	names_done(&names);
}

static void this_machine_has_a_host_name(void **state)
{
	struct names names;

	(void)state;
	names_read("", &names);

	assert_true(names.host_name[0] != '\0');
	names_done(&names);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, folder_make, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_laptop_is_named_as_on_its_label),
		TEST(a_maker_is_not_said_twice),
		TEST(a_device_tree_names_a_board_without_dmi),
		TEST(a_placeholder_is_no_name),
		TEST(short_names_are_names),
		TEST(nothing_there_is_nothing_said),
		TEST(what_makers_write_is_cleaned_and_cut),
		TEST(this_machine_has_a_host_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
