/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export: the reports that wait, as files, for a lab without a network.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "agent/cmd.h"
#include "agent/config.h"
#include "agent/exported.h"
#include "agent/spool.h"
#include "common/base/fd.h"
#include "common/base/log.h"
#include "common/base/mem.h"

struct exporting {
	struct state *state;
	struct spool *spool;
	struct identity identity;
	int dir_fd;
	size_t n_new, n_old, n_strange, n_damaged;
};

static void exporting_done(struct exporting *exporting)
{
	identity_done(&exporting->identity);
	spool_close(exporting->spool);
	state_close(exporting->state);
	if (exporting->dir_fd >= 0)
		close(exporting->dir_fd);
}

static int export_one(struct exporting *exporting, int64_t sequence, struct err *err)
{
	/* How old it is when it is read is not known here, so no age goes with it. */
	static const struct moment another_boot = { .boot_id = "" };
	_cleanup_free_ char *text = NULL, *file = NULL, *name = NULL;
	struct parcel parcel = { 0 };
	size_t len;
	int r = spool_read(exporting->spool, sequence, &text, &len, err);

	if (r >= 0)
		r = parcel_unpack(text, len, &another_boot, &parcel, err);
	if (r == -EINVAL || r == -E2BIG || r == -EFBIG) {
		exporting->n_damaged++;
		return 0;
	}
	if (r < 0)
		return r;
	if (strcmp(parcel.device_id, exporting->identity.device_id) != 0) {
		exporting->n_strange++;
		parcel_done(&parcel);
		return 0;
	}
	file = exported_text(&exporting->identity, &parcel);
	name = exported_name(&parcel);
	parcel_done(&parcel);
	r = exported_write(exporting->dir_fd, name, file, err);
	exporting->n_new += r == 0;
	exporting->n_old += r == 1;
	return r < 0 ? r : 0;
}

static int export_all(struct exporting *exporting, struct err *err)
{
	struct spool_list list = { 0 };
	int r = spool_list(exporting->spool, &list, err);

	for (size_t i = 0; r >= 0 && i < list.n; i++)
		r = export_one(exporting, list.sequences[i], err);
	spool_list_done(&list);
	return r;
}

static int open_all(struct exporting *exporting, const char *path, const char *to, struct err *err)
{
	int r = state_open_for_now(path, &exporting->state, err);

	if (r >= 0)
		r = identity_read(exporting->state, &exporting->identity, err);
	/* Nothing is delivered meanwhile, so what is exported is what waits. */
	if (r >= 0)
		r = state_lock(exporting->state, err);
	if (r >= 0)
		r = spool_open(exporting->state->dir_fd, STATE_DIR_SPOOL, &spool_limits_waiting,
			       &exporting->spool, err);
	/* A stick belongs to who plugged it in, and not to the service. */
	if (r >= 0)
		r = state_leave(err);
	if (r < 0)
		return r;
	exporting->dir_fd = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return exporting->dir_fd < 0 ? err_errno(err, -errno, "%s", to) : 0;
}

static void tell(const struct exporting *exporting, const char *to)
{
	printf("Exported %zu report%s to %s", exporting->n_new, exporting->n_new == 1 ? "" : "s",
	       to);
	if (exporting->n_old > 0)
		printf("; %zu more were there already", exporting->n_old);
	puts(".");
	if (exporting->n_strange > 0)
		printf("%zu reports of an earlier enrolment are left out.\n", exporting->n_strange);
	if (exporting->n_damaged > 0)
		printf("%zu reports are damaged and left out.\n", exporting->n_damaged);
	if (exporting->n_new + exporting->n_old > 0)
		printf("They also stay here until the collector has confirmed them. To read them "
		       "there: testready-collector import-reports DIR\n");
}

static int run_with(const struct config *config, const char *path, const char *to)
{
	struct exporting exporting = { .dir_fd = -1 };
	struct err err = { 0 };
	int status = CLI_OK;
	int r = open_all(&exporting, config_state_path(config, path), to, &err);

	if (r == -ENOENT && !exporting.state)
		(void)err_set(&err, r, "this device is not enrolled, so it has no reports");
	status = r == -ENOENT && !exporting.spool ? CMD_NOT_ENROLLED : CLI_USAGE;
	if (r >= 0) {
		r = export_all(&exporting, &err);
		if (r < 0)
			r = err_prefix(&err, r, "cannot write all of them into %s", to);
		tell(&exporting, to);
	}
	if (r < 0)
		log_line(LOG_ERR, "testready-agent export: %s", err.text);
	else
		status = exporting.n_damaged > 0 ? CMD_NOT_DONE : CLI_OK;
	exporting_done(&exporting);
	return status;
}

static int export_run(int argc, char *argv[])
{
	const char *path = NULL, *file = NULL, *to = NULL;
	const struct cli_option options[] = {
		{ "to", "DIR", "folder to write into, such as that of a stick", &to, NULL },
		{ "config", "FILE", CONFIG_SUMMARY, &file, NULL },
		{ "state", "DIR", "state folder; else $TESTREADY_STATE, else " STATE_DIR_DEFAULT,
		  &path, NULL },
		{ 0 },
	};
	struct config config = { 0 };
	struct err err = { 0 };
	size_t n_args;
	int status, r = cli_parse(&cmd_export, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (!to) {
		log_line(LOG_ERR,
			 "testready-agent export: give --to DIR, the folder to write into");
		return CLI_USAGE;
	}
	if (config_read(file, "", &config, &err) < 0) {
		log_line(LOG_ERR, "testready-agent export: %s", err.text);
		return CLI_USAGE;
	}
	status = run_with(&config, path, to);
	config_done(&config);
	return status;
}

const struct cli_command cmd_export = {
	.name = "export",
	.args = "--to DIR",
	.summary = "Write the reports that wait as files, for a lab without a network.",
	.run = export_run,
};
