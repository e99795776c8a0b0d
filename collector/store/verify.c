/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/store_site.h"
#include "collector/store/verify.h"
#include "common/base/mem.h"

/* --- counts of a site -------------------------------------------------------------- */

#define FRESH "('not_ready', 'unknown', 'ready_with_warnings', 'ready')"

/* The columns of site_count, and the devices that each counts. */
/* clang-format off */
static const struct {
	const char *column, *what, *of;
} counts[] = {
	{ "conflict", "in conflict", "is_expected = 1 AND state = 'conflict'" },
	{ "never_seen", "never seen", "is_expected = 1 AND state = 'never_seen'" },
	{ "stale", "stale", "is_expected = 1 AND state = 'stale'" },
	{ "not_ready", "not ready", "is_expected = 1 AND state = 'not_ready'" },
	{ "unknown", "unknown", "is_expected = 1 AND state = 'unknown'" },
	{ "ready_with_warnings", "ready with warnings",
	  "is_expected = 1 AND state = 'ready_with_warnings'" },
	{ "ready", "ready", "is_expected = 1 AND state = 'ready'" },
	{ "browser_exempt", "that need no browser",
	  "is_expected = 1 AND state <> 'retired' AND browser_result = 'not_applicable'" },
	{ "browser_current", "with a current browser",
	  "is_expected = 1 AND browser_result = 'pass' AND state IN " FRESH },
	{ "unexpected", "unexpected", "is_expected <> 1 AND state <> 'retired'" },
};
/* clang-format on */

#define COUNTED "is_expected = 1 AND state <> 'retired'"
#define PATTERN "room, state, profile_version, results"

/* Text of statements that are made of the table above, once. */
struct sql {
	char *count_devices, *read_counts, *write_counts;
};

static void sql_done(struct sql *sql)
{
	free(sql->count_devices);
	free(sql->read_counts);
	free(sql->write_counts);
}

static void sql_init(struct sql *sql)
{
	_cleanup_free_ char *sums = xstrdup("count(*)"), *columns = xstrdup("site_code"),
			    *sets = xstrdup("site_code = site_code");

	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		char *longer = xasprintf("%s, COALESCE(sum(CASE WHEN %s THEN 1 ELSE 0 END), 0)",
					 sums, counts[i].of);

		free(sums);
		sums = longer;
		longer = xasprintf("%s, %s", columns, counts[i].column);
		free(columns);
		columns = longer;
		longer = xasprintf("%s, %s = (SELECT count(*) FROM device WHERE "
				   "device.site_code = $1 AND %s)",
				   sets, counts[i].column, counts[i].of);
		free(sets);
		sets = longer;
	}
	sql->count_devices = xasprintf("SELECT %s FROM device WHERE site_code = $1", sums);
	sql->read_counts = xasprintf("SELECT %s FROM site_count WHERE site_code = $1", columns);
	sql->write_counts = xasprintf("UPDATE site_count SET %s WHERE site_code = $1", sets);
}

static void tell(struct verify *verify, const char *fmt, ...) _printf_(2, 3);
static void tell(struct verify *verify, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	verify->found(verify->arg, text);
}

/* 1: they differ, and it was told. */
static int compare_counts(struct store *store, const struct sql *sql, const char *code,
			  struct verify *verify, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *is = NULL, *told = NULL;
	bool has_row, differs = false;
	int r = db_query(store->db, sql->count_devices, &is, err, "t", code);

	if (r >= 0)
		r = db_next(is, err);
	if (r >= 0)
		r = db_query(store->db, sql->read_counts, &told, err, "t", code);
	if (r >= 0)
		r = db_next(told, err);
	if (r < 0)
		return r;
	has_row = r > 0;
	verify->n_devices += db_int(is, 0);
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		int64_t n = db_int(is, (int)i + 1), n_told = has_row ? db_int(told, (int)i + 1) : 0;

		if (n == n_told)
			continue;
		differs = true;
		tell(verify,
		     "site %s: %" PRId64 " devices %s are counted, but there are %" PRId64
		     "; count anew with check --repair",
		     code, n_told, counts[i].what, n);
	}
	if (!has_row)
		tell(verify, "site %s: it has no counts; count anew with check --repair", code);
	return differs || !has_row;
}

/* --- patterns of a site ------------------------------------------------------------- */

static const char devices_sql[] = "SELECT " PATTERN ", count(*) FROM device WHERE site_code = $1 "
				  "AND " COUNTED " GROUP BY " PATTERN " ORDER BY " PATTERN;
static const char patterns_sql[] =
	"SELECT " PATTERN ", n FROM site_pattern WHERE site_code = $1 ORDER BY " PATTERN;

enum {
	PATTERN_COLUMNS = 4,
	PATTERN_N = PATTERN_COLUMNS,
	TOLD_MAX = 3, /* patterns of a site; more say no more */
};

/* By their columns, in the order of both queries; one that has no more is the last. */
static int compare_rows(struct db_rows *a, bool has_a, struct db_rows *b, bool has_b)
{
	int order = 0;

	if (!has_a || !has_b)
		return (has_b ? 1 : 0) - (has_a ? 1 : 0);
	for (int i = 0; i < PATTERN_COLUMNS && order == 0; i++)
		order = strcmp(db_text(a, i), db_text(b, i));
	return order;
}

static void tell_pattern(struct verify *verify, const char *code, struct db_rows *rows,
			 int64_t n_told, int64_t n)
{
	tell(verify,
	     "site %s: %" PRId64
	     " devices of room '%s' are counted as %s with the results '%.64s', "
	     "but there are %" PRId64 "; count anew with check --repair",
	     code, n_told, db_text(rows, 0), db_text(rows, 1), db_text(rows, 3), n);
}

/* Rows that are read in their order; @has: there is one, there is no more, or an error. */
struct reading {
	struct db_rows *rows;
	int has;
};

static void read_on(struct reading *reading, bool is_wanted, struct err *err)
{
	if (is_wanted && reading->has >= 0)
		reading->has = db_next(reading->rows, err);
}

/* Both in order, so that rows that match are met together. 1: they differ. */
static int merge(struct reading *is, struct reading *told, const char *code, struct verify *verify,
		 struct err *err)
{
	int n_differ = 0;

	while (is->has >= 0 && told->has >= 0 && (is->has > 0 || told->has > 0)) {
		int order = compare_rows(is->rows, is->has > 0, told->rows, told->has > 0);
		int64_t n = order <= 0 ? db_int(is->rows, PATTERN_N) : 0;
		int64_t n_told = order >= 0 ? db_int(told->rows, PATTERN_N) : 0;

		if (n != n_told && ++n_differ <= TOLD_MAX)
			tell_pattern(verify, code, order <= 0 ? is->rows : told->rows, n_told, n);
		read_on(is, order <= 0, err);
		read_on(told, order >= 0 && is->has >= 0, err);
	}
	if (n_differ > TOLD_MAX)
		tell(verify, "site %s: and %d more of these", code, n_differ - TOLD_MAX);
	return n_differ > 0;
}

static int compare_patterns(struct store *store, const char *code, struct verify *verify,
			    struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *devices = NULL, *patterns = NULL;
	struct reading is = { 0 }, told = { 0 };
	int r = db_query(store->db, devices_sql, &devices, err, "t", code);

	if (r >= 0)
		r = db_query(store->db, patterns_sql, &patterns, err, "t", code);
	if (r < 0)
		return r;
	is.rows = devices;
	told.rows = patterns;
	read_on(&is, true, err);
	read_on(&told, is.has >= 0, err);
	r = merge(&is, &told, code, verify, err);
	if (is.has < 0 || told.has < 0)
		return is.has < 0 ? is.has : told.has;
	return r;
}

/* --- all sites ----------------------------------------------------------------------- */

/* 1: what is counted of the site differs. In a transaction, so that both are of one moment. */
static int compare_site(struct store *store, const struct sql *sql, const char *code,
			struct verify *verify, struct err *err)
{
	int counts_differ = compare_counts(store, sql, code, verify, err);
	int patterns_differ = counts_differ < 0 ? 0 : compare_patterns(store, code, verify, err);

	if (counts_differ < 0 || patterns_differ < 0)
		return counts_differ < 0 ? counts_differ : patterns_differ;
	return counts_differ || patterns_differ;
}

static int count_anew(struct store *store, const struct sql *sql, const char *code, struct err *err)
{
	int r = db_exec(store->db,
			"INSERT INTO site_count (site_code) VALUES ($1) ON CONFLICT DO NOTHING",
			NULL, err, "t", code);

	if (r >= 0)
		r = db_exec(store->db, sql->write_counts, NULL, err, "t", code);
	if (r >= 0)
		r = db_exec(store->db, "DELETE FROM site_pattern WHERE site_code = $1", NULL, err,
			    "t", code);
	if (r >= 0)
		r = db_exec(store->db,
			    "INSERT INTO site_pattern (site_code, " PATTERN ", n) "
			    "SELECT site_code, " PATTERN ", count(*) FROM device "
			    "WHERE site_code = $1 AND " COUNTED " GROUP BY site_code, " PATTERN,
			    NULL, err, "t", code);
	return r;
}

static int verify_site(struct store *store, const struct sql *sql, const char *code, bool is_repair,
		       struct verify *verify, struct err *err)
{
	int r = store_begin(store, err);

	if (r < 0)
		return r;
	r = compare_site(store, sql, code, verify, err);
	if (r > 0 && is_repair) {
		r = count_anew(store, sql, code, err);
		if (r >= 0)
			r = store_commit(store, err);
	}
	store_rollback(store);
	return r < 0 ? r : 0;
}

static int read_codes(struct store *store, struct code_list *ret_codes, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT code FROM site ORDER BY code", &rows, err, "");

	return r < 0 ? r : code_list_read(rows, ret_codes, err);
}

static int verify_all(struct store *store, bool is_repair, struct verify *verify, struct err *err)
{
	_cleanup_(code_list_done) struct code_list codes = { 0 };
	_cleanup_(sql_done) struct sql sql = { 0 };
	int r = read_codes(store, &codes, err);

	sql_init(&sql);
	for (size_t i = 0; r >= 0 && i < codes.n_codes; i++) {
		r = verify_site(store, &sql, codes.codes[i], is_repair, verify, err);
		verify->n_sites++;
	}
	return r;
}

int verify_counts(struct store *store, struct verify *verify, struct err *err)
{
	return verify_all(store, false, verify, err);
}

int verify_repair(struct store *store, struct verify *verify, struct err *err)
{
	return verify_all(store, true, verify, err);
}

/* --- references ----------------------------------------------------------------------- */

#define NO_VERSION(column) \
	"NOT EXISTS (SELECT 1 FROM profile_version v WHERE v.version = " column ")"
#define NO_PUBLICATION(table) \
	"NOT EXISTS (SELECT 1 FROM publication p WHERE p.profile_id = " table ".profile_id)"
#define NO_SCOPE(table)                                                                         \
	"((" table ".scope = 'site' AND NOT EXISTS (SELECT 1 FROM site s WHERE s.code = " table \
	".scope_code)) OR (" table ".scope = 'lea' AND NOT EXISTS (SELECT 1 FROM lea "          \
	"l WHERE l.code = " table ".scope_code)))"
#define ROLES "'', 'student', 'ta', 'shared', 'spare'"
#define NO_DEVICE(table) "NOT EXISTS (SELECT 1 FROM device d WHERE d.id = " table ".device_id)"

/* Each gives a sentence for each thing that is wrong. */
/* clang-format off */
static const char *const references[] = {
	"SELECT 'site ' || site_code || ': it is judged by version ' || substr(profile_version, 1, 8) "
	"|| ', which is not stored; publish its profile again' FROM test_window "
	"WHERE profile_version <> '' AND " NO_VERSION("profile_version"),

	"SELECT 'site ' || site_code || ': ' || n || ' devices were judged by version ' || "
	"substr(profile_version, 1, 8) || ', which is not stored; publish the profile again, so that "
	"they are judged anew' FROM (SELECT site_code, profile_version, count(*) AS n FROM device "
	"WHERE profile_version <> '' GROUP BY site_code, profile_version) d "
	"WHERE " NO_VERSION("d.profile_version"),

	"SELECT 'waiver ' || id || ': it is of the profile ' || profile_id || ', which is not "
	"published; revoke it, or publish the profile' FROM waiver WHERE status = 'given' AND "
	NO_PUBLICATION("waiver"),

	"SELECT 'waiver ' || id || ': it is for the ' || scope || ' ' || scope_code || ', which is not "
	"there; revoke it, or import the site' FROM waiver WHERE status = 'given' AND ("
	NO_SCOPE("waiver") ")",

	"SELECT 'supplement of the ' || scope || ' ' || scope_code || ': it is to the profile ' || "
	"profile_id || ', which is not published; withdraw it, or publish the profile' "
	"FROM supplement WHERE " NO_PUBLICATION("supplement"),

	"SELECT 'supplement to ' || profile_id || ': it is of the ' || scope || ' ' || scope_code || "
	"', which is not there; withdraw it, or import the site' FROM supplement "
	"WHERE " NO_SCOPE("supplement"),

	"SELECT 'device ' || device_id || ': its placement ' || number || ' cannot be read (kind ' || "
	"substr(kind, 1, 20) || ', status ' || substr(status, 1, 20) || ', role ' || substr(role, 1, 20) "
	"|| ' after ' || substr(was_role, 1, 20) || '); say anew where the device is to be, or restore a "
	"backup' FROM placement WHERE kind NOT IN ('move', 'retire', 'restore') OR status NOT IN "
	"('planned', 'done', 'failed', 'cancelled', 'undone') OR role NOT IN (" ROLES ") OR was_role "
	"NOT IN (" ROLES ")",

	"SELECT 'device ' || device_id || ': its placement ' || number || ' names a site that is not "
	"there; restore a backup' FROM placement WHERE NOT EXISTS (SELECT 1 FROM site s WHERE s.code = "
	"placement.site_code) OR NOT EXISTS (SELECT 1 FROM site s WHERE s.code = placement.was_site)",

	"SELECT 'contact of the ' || scope || ' ' || scope_code || ': there is no such ' || scope || "
	"'; import it, or restore a backup' FROM contact WHERE " NO_SCOPE("contact"),

	"SELECT DISTINCT 'site ' || site_code || ': devices are counted there, but there is no such "
	"site; restore a backup' FROM site_pattern WHERE NOT EXISTS (SELECT 1 FROM site "
	"WHERE site.code = site_pattern.site_code)",

	"SELECT DISTINCT 'device ' || device_id || ': it has a history, but there is no such device; "
	"restore a backup' FROM transition WHERE " NO_DEVICE("transition"),

	"SELECT DISTINCT 'device ' || device_id || ': it has notes, but there is no such device; "
	"restore a backup' FROM device_note WHERE " NO_DEVICE("device_note"),
};
/* clang-format on */

static int look_up(struct store *store, const char *sql, struct verify *verify, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, sql, &rows, err, "");

	while (r >= 0 && (r = db_next(rows, err)) > 0)
		verify->found(verify->arg, db_text(rows, 0));
	return r;
}

int verify_references(struct store *store, struct verify *verify, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(references); i++)
		r = look_up(store, references[i], verify, err);
	return r;
}
