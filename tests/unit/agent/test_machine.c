/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "agent/dmi.h"
#include "agent/machine.h"
#include "agent/machine_disk.h"
#include "agent/machine_mac.h"
#include "common/model/placeholder.h"
#include "tests/unit/agent/folder.h"
#include "tests/unit/unit.h"

#define DMI "sys/class/dmi/id/"

/* Make @path inside @folder a link to @target; the folders on the way are made. */
static void folder_link(const char *folder, const char *path, const char *target)
{
	_cleanup_free_ char *full = xasprintf("%s/%s", folder, path);

	folder_write(folder, path, "");
	if (unlink(full) < 0 || symlink(target, full) < 0)
		abort();
}

static size_t count(const struct fingerprint *fingerprint, enum fingerprint_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < fingerprint->n; i++)
		n += fingerprint->values[i].kind == kind;
	return n;
}

static void a_machine_is_known_by_what_its_maker_wrote(void **state)
{
	struct fingerprint fingerprint;

	folder_write(*state, DMI "product_uuid", "4c4c4544-0051-4a10-8051-b4c04f4d5132\n");
	folder_write(*state, DMI "board_serial", "/9QJMQ52/CN129633AB0123/\n");
	folder_write(*state, DMI "chassis_serial", "None\n");
	folder_write(*state, "etc/machine-id", "0a1b2c3d4e5f60718293a4b5c6d7e8f9\n");
	machine_fingerprint(*state, &fingerprint);

	assert_int_equal(fingerprint.n, 3);
	assert_int_equal(count(&fingerprint, FINGERPRINT_PRODUCT_UUID), 1);
	assert_int_equal(count(&fingerprint, FINGERPRINT_BOARD_SERIAL), 1);
	assert_int_equal(count(&fingerprint, FINGERPRINT_MACHINE_ID), 1);
	for (size_t i = 0; i < fingerprint.n; i++)
		assert_int_equal(fingerprint.values[i].is_strong,
				 fingerprint.values[i].kind != FINGERPRINT_MACHINE_ID);
}

static void what_many_machines_share_is_no_fingerprint(void **state)
{
	static const struct {
		const char *kind, *text;
		bool is_placeholder;
	} cases[] = {
		{ "product_uuid", "03000200-0400-0500-0006-000700080009", true },
		{ "product_uuid", "03000200-0400-0500-0006-00070008000A", false },
		{ "product_uuid", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", true },
		{ "board_serial", "To be filled by O.E.M.", true },
		{ "board_serial", "Default string", true },
		{ "board_serial", "0000000", true },
		{ "board_serial", "SN-12345", true },
		{ "board_serial", "PF1ABCDE", false },
		{ "mac", "00:50:56:c0:00:08", true },
		{ "mac", "00:50:56:a0:00:08", false },
		{ "disk_serial", "QM00001", true },
		{ "disk_serial", "S3YJNX0K123456", false },
		/* A field's own placeholder is a value elsewhere. */
		{ "product_serial", "uninitialized", false },
		{ "machine_id", "uninitialized", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(placeholder_is(cases[i].kind, cases[i].text),
				 cases[i].is_placeholder);
}

/* An interface of sysfs. */
static void interface(const char *folder, const char *name, const char *at, const char *bus,
		      const char *mac, const char *assigned)
{
	_cleanup_free_ char *link = xasprintf("sys/class/net/%s", name);
	_cleanup_free_ char *to = xasprintf("../../devices/%s/net/%s", at, name);
	_cleanup_free_ char *address = xasprintf("sys/devices/%s/net/%s/address", at, name);
	_cleanup_free_ char *type = xasprintf("sys/devices/%s/net/%s/addr_assign_type", at, name);
	_cleanup_free_ char *device = xasprintf("sys/devices/%s/net/%s/device", at, name);
	_cleanup_free_ char *subsystem = xasprintf("sys/devices/%s/subsystem", at);
	_cleanup_free_ char *bus_path = xasprintf("../../bus/%s", bus);

	folder_write(folder, address, mac);
	folder_write(folder, type, assigned);
	folder_link(folder, device, "../..");
	folder_link(folder, subsystem, bus_path);
	folder_link(folder, link, to);
}

static void only_permanent_addresses_of_what_is_built_in_count(void **state)
{
	char macs[MACHINE_MACS_MAX][MACHINE_MAC_SIZE];
	const char *folder = *state;

	interface(folder, "wlp2s0", "pci0/0000:02:00.0", "pci", "a4:34:d9:00:00:01\n", "0\n");
	interface(folder, "enp1s0", "pci0/0000:01:00.0", "pci", "00:1b:21:0a:0b:0c\n", "0\n");
	interface(folder, "enx0", "pci0/usb1/1-1", "usb", "00:e0:4c:11:22:33\n", "0\n");
	interface(folder, "random", "pci0/0000:03:00.0", "pci", "a4:34:d9:00:00:02\n", "3\n");
	interface(folder, "local", "pci0/0000:04:00.0", "pci", "52:54:00:12:34:56\n", "0\n");
	interface(folder, "dock", "pci0/0000:05:00.0", "pci", "a4:34:d9:00:00:03\n", "0\n");
	folder_write(folder, "sys/devices/pci0/0000:05:00.0/removable", "removable\n");
	interface(folder, "short", "pci0/0000:06:00.0", "pci", "a4:34\n", "0\n");
	interface(folder, "veth0", "virtual/x", "pci", "a4:34:d9:00:00:04\n", "0\n");

	assert_int_equal(machine_macs(folder, macs), 2);
	assert_string_equal(macs[0], "00:1b:21:0a:0b:0c");
	assert_string_equal(macs[1], "a4:34:d9:00:00:01");
}

static void expect_disk(const char *folder, const char *const *expected)
{
	char *values[MACHINE_DISK_VALUES_MAX];
	size_t n = machine_disk(folder, values);

	for (size_t i = 0; i < n; i++) {
		assert_non_null(expected[i]);
		assert_string_equal(values[i], expected[i]);
		free(values[i]);
	}
	assert_null(expected[n]);
}

static void the_disk_below_encryption_and_a_partition_is_found(void **state)
{
	const char *folder = *state;

	folder_write(folder, "proc/self/mountinfo",
		     "20 1 0:20 / /proc rw - proc proc rw\n"
		     "36 1 254:0 / / rw,noatime shared:1 - ext4 /dev/mapper/root rw\n"
		     "40 36 8:1 / /boot rw - ext4 /dev/sda1 rw\n");
	folder_link(folder, "sys/dev/block/254:0", "../../devices/virtual/block/dm-0");
	folder_write(folder, "sys/class/block/dm-0/slaves/nvme0n1p2", "");
	folder_link(folder, "sys/class/block/nvme0n1p2", "../../devices/nvme0/nvme0n1/nvme0n1p2");
	folder_write(folder, "sys/devices/nvme0/nvme0n1/nvme0n1p2/partition", "2\n");
	folder_link(folder, "sys/class/block/nvme0n1", "../../devices/nvme0/nvme0n1");
	folder_write(folder, "sys/devices/nvme0/nvme0n1/device/serial", "S4EVNX0R123456  \n");
	folder_write(folder, "sys/devices/nvme0/nvme0n1/wwid", "eui.0025385b01234567\n");
	folder_write(folder, "sys/devices/nvme0/nvme0n1/dev", "259:0\n");
	folder_write(folder, "run/udev/data/b259:0",
		     "S:disk/by-id/x\nE:ID_SERIAL=Samsung_SSD_S4EV\n");

	expect_disk(folder, (const char *const[]){ "S4EVNX0R123456", "eui.0025385b01234567",
						   "Samsung_SSD_S4EV", NULL });
}

static void a_disk_of_btrfs_is_found_by_its_name(void **state)
{
	const char *folder = *state;

	folder_write(folder, "proc/self/mountinfo",
		     "36 1 0:25 /@ / rw - btrfs /dev/sda2 rw,subvol=/@\n");
	folder_link(folder, "sys/class/block/sda2", "../../devices/ata1/block/sda/sda2");
	folder_write(folder, "sys/devices/ata1/block/sda/sda2/partition", "2\n");
	folder_link(folder, "sys/class/block/sda", "../../devices/ata1/block/sda");
	folder_write(folder, "sys/devices/ata1/block/sda/device/wwid", "naa.5002538e40a1b2c3\n");

	expect_disk(folder, (const char *const[]){ "naa.5002538e40a1b2c3", NULL });
}

static void a_machine_without_a_disk_or_with_nonsense_has_no_number(void **state)
{
	static const char *const texts[] = {
		"",
		"\n - \n",
		"36 1 0:25 / / rw - overlay overlay rw\n",
		"36 1 0:25 / / rw - x /dev/.. rw\n",
		"36 1 0:25 / / rw - x /dev/ rw\n",
		"36 1 ../../../etc / / rw - x none rw\n",
	};

	expect_disk(*state, (const char *const[]){ NULL });
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		folder_write(*state, "proc/self/mountinfo", texts[i]);
		expect_disk(*state, (const char *const[]){ NULL });
	}
}

static void layers_that_go_round_in_circles_end(void **state)
{
	folder_write(*state, "proc/self/mountinfo", "36 1 0:25 / / rw - x /dev/dm-0 rw\n");
	folder_write(*state, "sys/class/block/dm-0/slaves/dm-1", "");
	folder_write(*state, "sys/class/block/dm-1/slaves/dm-0", "");
	expect_disk(*state, (const char *const[]){ NULL });
}

static void what_root_left_is_used_where_we_may_not_look(void **state)
{
	struct fingerprint as_root, as_service;
	_cleanup_free_ char *run = xasprintf("%s/run", (const char *)*state);
	_cleanup_free_ char *uuid = xasprintf("%s/" DMI "product_uuid", (const char *)*state);
	struct err err = { 0 };
	struct dmi dmi;

	folder_write(*state, DMI "product_uuid", "4c4c4544-0051-4a10-8051-b4c04f4d5132\n");
	folder_write(*state, DMI "product_serial", "SN-1\n");
	machine_fingerprint(*state, &as_root);
	assert_int_equal(mkdir(run, 0755), 0);
	dmi_look(*state, &dmi);
	assert_string_equal(dmi.serial, "SN-1");
	assert_int_equal(dmi_write(*state, &dmi, &err), 0);
	dmi_done(&dmi);

	assert_int_equal(unlink(uuid), 0);
	machine_fingerprint(*state, &as_service);
	assert_int_equal(as_service.n, as_root.n);
	assert_int_equal(fingerprint_compare(&as_service, &as_root), FINGERPRINT_SAME);
	assert_memory_equal(as_service.values[0].hash, as_root.values[0].hash,
			    FINGERPRINT_HASH_SIZE);
}

static void what_is_no_file_of_root_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"[]",
		"{}",
		"{\"dmi\":2,\"serial\":\"\",\"fingerprint\":[]}",
		"{\"dmi\":1,\"serial\":1,\"fingerprint\":[]}",
		"{\"dmi\":1,\"serial\":\"\",\"fingerprint\":[1]}",
		"{\"dmi\":1,\"serial\":\"\",\"fingerprint\":[],\"more\":1}",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct fingerprint fingerprint;
		struct err err = { 0 };
		struct dmi dmi;

		folder_write(*state, "run/testready-agent/dmi.json", texts[i]);
		assert_int_equal(dmi_read(*state, &dmi, &err), -EINVAL);
		machine_fingerprint(*state, &fingerprint);
		assert_int_equal(fingerprint.n, 0);
	}
}

#define test(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_many_machines_share_is_no_fingerprint),
		test(a_machine_is_known_by_what_its_maker_wrote),
		test(only_permanent_addresses_of_what_is_built_in_count),
		test(the_disk_below_encryption_and_a_partition_is_found),
		test(a_disk_of_btrfs_is_found_by_its_name),
		test(a_machine_without_a_disk_or_with_nonsense_has_no_number),
		test(layers_that_go_round_in_circles_end),
		test(what_root_left_is_used_where_we_may_not_look),
		test(what_is_no_file_of_root_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
