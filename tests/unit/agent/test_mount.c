/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "agent/probe/mount.h"
#include "tests/unit/unit.h"

static const char mounts[] =
	"22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n"
	"30 22 0:40 / /home rw,nosuid master:1 shared:2 - nfs4 server:/home rw,vers=4.2\n"
	"31 30 8:3 / /home/local rw - ext4 /dev/sda3 rw\n"
	"32 22 0:41 / /opt/with\\040space rw,noexec - tmpfs tmpfs rw\n"
	"33 22 0:42 / /opt/twice rw - cifs //server/x rw\n"
	"34 22 8:4 / /opt/twice rw - ext4 /dev/sda4 rw\n"
	"damaged line\n"
	"35 22 8:5 / /opt/nodash rw ext4 /dev/sda4 rw\n";

static void a_path_is_on_the_deepest_mount_above_it(void **state)
{
	(void)state;
	assert_int_equal(mount_at(mounts, "/opt/CASecureBrowser").place, MOUNT_LOCAL);
	assert_int_equal(mount_at(mounts, "/home/a/CASecureBrowser").place, MOUNT_NETWORK);
	assert_int_equal(mount_at(mounts, "/home").place, MOUNT_NETWORK);
	assert_int_equal(mount_at(mounts, "/home2/a").place, MOUNT_LOCAL);
	assert_int_equal(mount_at(mounts, "/home/local/a").place, MOUNT_LOCAL);
}

static void of_a_path_that_is_on_no_mount_nothing_is_known(void **state)
{
	(void)state;
	assert_true(mount_at(mounts, "/opt").is_known);
	assert_false(mount_at("", "/opt").is_known);
	assert_false(mount_at(strstr(mounts, "30 22"), "/opt/x").is_known);
}

static void the_later_of_two_mounts_on_one_folder_counts(void **state)
{
	(void)state;
	assert_int_equal(mount_at(mounts, "/opt/twice/x").place, MOUNT_LOCAL);
}

static void behind_fuse_may_be_anything(void **state)
{
	static const char fuse[] = "1 0 0:1 / /a rw - fuse.sshfs x rw\n"
				   "2 0 0:2 / /b rw - fuseblk /dev/sdb1 rw\n"
				   "3 0 0:3 / /c rw - fuse.new-cloud x rw\n"
				   "4 0 0:4 / /d rw - fuse x rw\n";

	(void)state;
	assert_int_equal(mount_at(fuse, "/a/x").place, MOUNT_NETWORK);
	assert_int_equal(mount_at(fuse, "/b/x").place, MOUNT_LOCAL);
	assert_int_equal(mount_at(fuse, "/c/x").place, MOUNT_ANYWHERE);
	assert_int_equal(mount_at(fuse, "/d/x").place, MOUNT_ANYWHERE);
}

static void an_escaped_space_is_a_space(void **state)
{
	(void)state;
	assert_true(mount_at(mounts, "/opt/with space/x").is_noexec);
	assert_false(mount_at(mounts, "/opt/without/x").is_noexec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_on_the_deepest_mount_above_it),
		cmocka_unit_test(of_a_path_that_is_on_no_mount_nothing_is_known),
		cmocka_unit_test(the_later_of_two_mounts_on_one_folder_counts),
		cmocka_unit_test(behind_fuse_may_be_anything),
		cmocka_unit_test(an_escaped_space_is_a_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
