/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/probe/browser_running.h"
#include "agent/probe/processes.h"
#include "tests/unit/agent/folder.h"
#include "tests/unit/unit.h"

/* The names of what is live, each followed by a space. */
static bool write_down(void *user, const struct process *process)
{
	char *names = user;

	if (process_is_live(process)) {
		strcat(names, process->name);
		strcat(names, " ");
	}
	return true;
}

static int walk(const char *folder, char *names)
{
	struct env env;
	struct err err = { 0 };
	int r;

	names[0] = '\0';
	assert_int_equal(env_init(&env, folder, &err), 0);
	r = processes_walk(&env, write_down, names, &err);
	env_done(&env);
	return r;
}

static void a_name_that_the_kernel_cut_is_told_whole(void **state)
{
	char names[8192];

	folder_write(*state, "proc/1/comm", "systemd\n");
	folder_write(*state, "proc/1/cmdline", "/sbin/init");
	assert_int_equal(walk(*state, names), 0);
	assert_string_equal(names, "systemd ");
	folder_write(*state, "proc/1/comm", "telegram-deskto\n");
	folder_write(*state, "proc/1/cmdline", "/usr/bin/telegram-desktop");
	assert_int_equal(walk(*state, names), 0);
	assert_string_equal(names, "telegram-desktop ");
}

static void what_a_process_says_of_itself_is_not_believed(void **state)
{
	char names[8192];

	folder_write(*state, "proc/1/comm", "exactly15letter\n");
	folder_write(*state, "proc/1/cmdline", "/usr/bin/anydesk");
	assert_int_equal(walk(*state, names), 0);
	assert_string_equal(names, "exactly15letter ");
}

static void what_has_ended_and_threads_of_the_kernel_do_not_count(void **state)
{
	char names[8192];

	folder_write(*state, "proc/1/comm", "a\n");
	folder_write(*state, "proc/1/stat", "1 (a) S 0 1 1 0 -1 4194560 1 2");
	assert_int_equal(walk(*state, names), 0);
	assert_string_equal(names, "a ");
	folder_write(*state, "proc/1/stat", "1 (a) S) Z 0 1 1 0 -1 4194560 1 2");
	assert_int_equal(walk(*state, names), 0);
	assert_string_equal(names, "");
	folder_write(*state, "proc/1/stat", "1 (a) I 2 0 0 0 -1 69238880 0 0");
	assert_int_equal(walk(*state, names), 0);
	assert_string_equal(names, "");
}

static void processes_that_are_hidden_are_not_taken_for_absent(void **state)
{
	char names[8192];
	char path[128];

	folder_write(*state, "proc/7/comm", "mine\n");
	assert_int_equal(walk(*state, names), -EACCES);
	folder_write(*state, "proc/1/comm", "init\n");
	assert_int_equal(walk(*state, names), 0);
	/* hidepid=1: they are listed, and their files cannot be read. */
	snprintf(path, sizeof(path), "%s/proc/9", (const char *)*state);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(walk(*state, names), 0);
	strcat(path, "/comm");
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(walk(*state, names), -EACCES);
}

static void a_browser_that_was_seen_runs_whatever_is_hidden(void **state)
{
	struct env env;
	struct err err = { 0 };

	folder_write(*state, "proc/7/comm", "CASecureBrowser\n");
	assert_int_equal(env_init(&env, *state, &err), 0);
	assert_int_equal(browser_is_running(&env, &err), 1);
	folder_write(*state, "proc/7/comm", "firefox\n");
	assert_int_equal(browser_is_running(&env, &err), -EACCES);
	folder_write(*state, "proc/1/comm", "init\n");
	assert_int_equal(browser_is_running(&env, &err), 0);
	env_done(&env);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_FOLDER(a_name_that_the_kernel_cut_is_told_whole),
		IN_A_FOLDER(what_a_process_says_of_itself_is_not_believed),
		IN_A_FOLDER(what_has_ended_and_threads_of_the_kernel_do_not_count),
		IN_A_FOLDER(processes_that_are_hidden_are_not_taken_for_absent),
		IN_A_FOLDER(a_browser_that_was_seen_runs_whatever_is_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
