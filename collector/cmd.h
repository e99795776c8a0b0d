/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The commands of testready-collector, each a file in collector/cmd/. */

#include "common/base/cli.h"

extern const struct cli_command cmd_serve, cmd_site_import, cmd_profile_publish,
	cmd_profile_what_if, cmd_profile_lint, cmd_profile_show, cmd_profile_diff,
	cmd_enrollment_key_add, cmd_enrollment_key_list, cmd_enrollment_key_revoke,
	cmd_import_reports, cmd_conflict_list, cmd_conflict_show, cmd_conflict_resolve,
	cmd_conflict_undo, cmd_certify, cmd_export, cmd_key_init, cmd_key_show;
extern const struct cli_command cmd_profile_list, cmd_profile_export, cmd_profile_withdraw,
	cmd_waiver_add, cmd_waiver_propose, cmd_waiver_give, cmd_waiver_decline, cmd_waiver_list,
	cmd_waiver_revoke;
extern const struct cli_command cmd_person_add, cmd_person_list, cmd_person_disable,
	cmd_person_enable, cmd_person_invite, cmd_person_renew, cmd_person_sign_on,
	cmd_person_second_factor, cmd_person_grant, cmd_person_ungrant;
extern const struct cli_command cmd_device_move, cmd_device_retire, cmd_device_restore,
	cmd_device_undo, cmd_device_cancel, cmd_device_show;
extern const struct cli_command cmd_site_template, cmd_site_list, cmd_site_show;
extern const struct cli_command cmd_lea_list, cmd_lea_show, cmd_lea_change;
extern const struct cli_command cmd_inventory_list;
extern const struct cli_command cmd_audit_verify, cmd_audit_list;
extern const struct cli_command cmd_person_import, cmd_token_add, cmd_token_list, cmd_token_revoke;
extern const struct cli_command cmd_backup, cmd_restore, cmd_check, cmd_compact;
