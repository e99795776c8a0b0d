/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>
#include <stdio.h>

#include "collector/cmd.h"
#include "common/base/cli.h"

/* In the order of a collector's year; `help` and the man page show them so. */
static const struct cli_command *const commands[] = {
	&cmd_serve,
	&cmd_site_import,
	&cmd_site_template,
	&cmd_site_list,
	&cmd_site_show,
	&cmd_lea_list,
	&cmd_lea_show,
	&cmd_lea_change,
	&cmd_inventory_list,
	&cmd_person_add,
	&cmd_person_list,
	&cmd_person_disable,
	&cmd_person_enable,
	&cmd_person_invite,
	&cmd_person_renew,
	&cmd_person_sign_on,
	&cmd_person_second_factor,
	&cmd_person_grant,
	&cmd_person_ungrant,
	&cmd_person_import,
	&cmd_token_add,
	&cmd_token_list,
	&cmd_token_revoke,
	&cmd_profile_lint,
	&cmd_profile_show,
	&cmd_profile_diff,
	&cmd_profile_what_if,
	&cmd_profile_publish,
	&cmd_profile_withdraw,
	&cmd_profile_list,
	&cmd_profile_export,
	&cmd_waiver_add,
	&cmd_waiver_propose,
	&cmd_waiver_give,
	&cmd_waiver_decline,
	&cmd_waiver_list,
	&cmd_waiver_revoke,
	&cmd_enrollment_key_add,
	&cmd_enrollment_key_list,
	&cmd_enrollment_key_revoke,
	&cmd_import_reports,
	&cmd_device_show,
	&cmd_device_move,
	&cmd_device_retire,
	&cmd_device_restore,
	&cmd_device_undo,
	&cmd_device_cancel,
	&cmd_conflict_list,
	&cmd_conflict_show,
	&cmd_conflict_resolve,
	&cmd_conflict_undo,
	&cmd_certify,
	&cmd_export,
	&cmd_backup,
	&cmd_restore,
	&cmd_check,
	&cmd_compact,
	&cmd_audit_verify,
	&cmd_audit_list,
	&cmd_key_init,
	&cmd_key_show,
	NULL,
};

int main(int argc, char *argv[])
{
	static const struct cli_program program = {
		.name = "testready-collector",
		.summary = "Takes reports of testing devices, judges them, and shows which schools "
			   "are ready.",
		.commands = commands,
	};

	if (sodium_init() < 0) {
		fputs("testready-collector: no source of random numbers\n", stderr);
		return CLI_USAGE;
	}
	return cli_main(&program, argc, argv);
}
