/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check: whether the store is whole, and whether what it counts is what is there.
 */
#include <errno.h>
#include <inttypes.h>

#include "collector/cmd/admin.h"
#include "collector/store/migrate.h"
#include "collector/store/verify.h"
#include "common/base/log.h"

struct examination {
	const char *store_url;
	bool is_quick, is_repair;
	int64_t n_found;
	struct verify verify;
};

static void print_found(void *arg, const char *what)
{
	struct examination *exam = arg;

	exam->n_found++;
	printf("%s\n", what);
}

/* Who mends something leaves a line of it in the log, where there is one. */
static void log_mended(void *arg, const char *what)
{
	print_found(arg, what);
	log_line(LOG_NOTICE, "mending: %s", what);
}

/* Whether the file is whole. It is closed when what is wrong with it is told. */
static int check_file(struct examination *exam, struct db **ret_db, struct err *err)
{
	const struct db_check how = { .depth = exam->is_quick ? DB_PAGES : DB_INDEXES,
				      .found = print_found,
				      .arg = exam };
	_cleanup_(db_closep) struct db *db = NULL;
	int r = db_open(exam->store_url, DB_LOOK, &db, err);

	if (r >= 0)
		r = db->driver->check(db, &how, err);
	if (r >= 0 && exam->n_found > 0)
		r = err_set(err, -EUCLEAN,
			    "%s: the store is damaged; stop the collector, keep this file and "
			    "restore a backup",
			    db->driver->path(db));
	if (r == -EUCLEAN && db)
		db->driver->note_damage(db->driver->path(db), "found by check");
	/* A mark of before is of another copy, or of a disk that was mended. */
	if (r >= 0 && !exam->is_quick)
		r = db->driver->forget_damage(db->driver->path(db), err);
	if (r >= 0)
		r = migrate_check(db, err);
	if (r >= 0)
		*ret_db = TAKE_PTR(db);
	return r;
}

static int look_at_rows(struct examination *exam, struct store *store, struct err *err)
{
	const struct db_check keys = { .depth = DB_KEYS, .found = print_found, .arg = exam };
	int r = verify_counts(store, &exam->verify, err);

	if (r >= 0 && !exam->is_quick)
		r = verify_facts(store, false, &exam->verify, err);
	if (r >= 0)
		r = store->db->driver->check(store->db, &keys, err);
	return r < 0 ? r : verify_references(store, &exam->verify, err);
}

/* What is left after it is what is wrong. */
static int repair_rows(struct examination *exam, struct err *err)
{
	_cleanup_(store_closep) struct store *store = NULL;
	int r = store_open_old(exam->store_url, &store, err);

	if (r < 0)
		return r;
	exam->verify.found = log_mended;
	r = verify_repair(store, &exam->verify, err);
	if (r >= 0 && !exam->is_quick)
		r = verify_facts(store, true, &exam->verify, err);
	if (r < 0)
		return r;
	exam->verify = (struct verify){ .found = print_found, .arg = exam };
	exam->n_found = 0;
	return look_at_rows(exam, store, err);
}

static int examine(struct examination *exam, struct err *err)
{
	_cleanup_(db_closep) struct db *db = NULL;
	struct store store;
	int r = check_file(exam, &db, err);

	if (r < 0)
		return r;
	store = (struct store){ .db = db };
	return exam->is_repair ? repair_rows(exam, err) : look_at_rows(exam, &store, err);
}

static int run(int argc, char *argv[])
{
	struct examination exam = { .verify = { .found = print_found, .arg = &exam } };
	const struct cli_option options[] = {
		{ "quick", NULL,
		  "compare neither indexes with rows nor facts with their hashes, which takes "
		  "longest",
		  NULL, &exam.is_quick },
		{ "repair", NULL,
		  "count anew where counts are wrong, ask devices anew for facts that are damaged",
		  NULL, &exam.is_repair },
		ADMIN_STORE_OPTION(&exam.store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_check, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	exam.store_url = admin_store_url(exam.store_url);
	r = examine(&exam, &err);
	if (r < 0) {
		(void)admin_fail(&cmd_check, &err);
		return r == -EUCLEAN ? ADMIN_REFUSED : CLI_USAGE;
	}
	printf("looked at %" PRId64 " devices of %" PRId64 " sites: %" PRId64 " thing%s wrong\n",
	       exam.verify.n_devices, exam.verify.n_sites, exam.n_found,
	       exam.n_found == 1 ? "" : "s");
	return admin_end(&cmd_check, exam.n_found > 0 ? ADMIN_REFUSED : CLI_OK);
}

const struct cli_command cmd_check = {
	.name = "check",
	.args = "",
	.summary = "whether the store is whole, and whether its counts are those of its devices",
	.run = run,
};
