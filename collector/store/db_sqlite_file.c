/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite: the file itself. Whose it is, whether it is whole, who has it open, copies of it.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "collector/store/db_sqlite.h"
#include "common/base/fd.h"
#include "common/base/mem.h"
#include "common/base/text.h"

enum {
	CHECK_STEPS = 50000, /* of SQLite, between two questions whether to go on: about 1 ms */
	COPY_PAGES = 256,    /* of 4 KiB, in a step */
	COPY_SYNC_STEPS = 16,
	/*
	 * Where SQLite locks a file: a byte that a writer takes, one that it waits at, and 510
	 * of which every connection to a file with a WAL holds one (sqlite.org/fileformat2.html,
	 * "The Lock-Byte Page", and os.h).
	 */
	LOCK_START = 0x40000000,
	LOCK_BYTES = 512,
};

/* --- whose it is --------------------------------------------------------------- */

/* The folder of @path, open; -1 if it cannot be. */
static int open_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *folder =
		slash ? xstrndup(path, (size_t)(slash - path) + 1) : xstrdup(".");

	return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int create(const char *path, struct err *err)
{
	_cleanup_close_ int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	_cleanup_close_ int folder_fd = -1;
	struct stat folder;

	if (fd < 0 && errno == EEXIST)
		return 0;
	if (fd < 0 && errno == ENOENT)
		return err_set(err, -ENOENT,
			       "%s: cannot make the store here, as there is no such folder; make "
			       "it, or name another file",
			       path);
	if (fd < 0)
		return err_errno(err, -errno, "%s: cannot make the store here", path);
	folder_fd = open_folder(path);
	/* So that a command run by root does not lock the service out. */
	if (geteuid() == 0 && folder_fd >= 0 && fstat(folder_fd, &folder) == 0 &&
	    fchown(fd, folder.st_uid, folder.st_gid) < 0)
		return err_errno(err, -errno, "%s", path);
	return 0;
}

static int refuse_permission(const char *path, const struct stat *st, struct err *err)
{
	struct passwd entry, *owner = NULL;
	char buffer[1024];

	if (st->st_uid == geteuid())
		return err_set(err, -EACCES,
			       "%s: permission denied: its mode is %04o; chmod it to 0600", path,
			       st->st_mode & 07777);
	(void)getpwuid_r(st->st_uid, &entry, buffer, sizeof(buffer), &owner);
	return err_set(err, -EACCES,
		       "%s: permission denied: it belongs to %s; run this as that user, or as root",
		       path, owner ? owner->pw_name : "a user who is gone");
}

/* @error is why @path cannot be looked at. */
static int refuse_path(const char *path, int error, struct err *err)
{
	if (error == ENOENT)
		return err_set(err, -ENOENT,
			       "no store at '%s': check --store; serve or site import makes a new "
			       "one",
			       path);
	if (error == EACCES)
		return err_set(err, -EACCES,
			       "%s: permission denied for its folder; run this as the user whose "
			       "folder it is, or as root",
			       path);
	return err_errno(err, -error, "%s", path);
}

/* What is not there is nobody's. */
static int check_access(const char *path, int wanted, struct err *err)
{
	struct stat st;

	if (faccessat(AT_FDCWD, path, wanted, AT_EACCESS) < 0 && errno == EACCES &&
	    stat(path, &st) == 0)
		return refuse_permission(path, &st, err);
	return 0;
}

static int check_usable(const char *path, bool is_read_only, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return refuse_path(path, errno, err);
	if (S_ISDIR(st.st_mode))
		return err_set(err, -EISDIR, "%s: this is a folder; name the file of the store",
			       path);
	return check_access(path, is_read_only ? R_OK : R_OK | W_OK, err);
}

/* What SQLite has beside the file is somebody else's where only the file was given away. */
static int check_sides(const char *path, bool is_read_only, struct err *err)
{
	static const char *const sides[] = { "-wal", "-shm" };
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sides) && r >= 0; i++) {
		_cleanup_free_ char *side = xasprintf("%s%s", path, sides[i]);

		r = check_access(side, is_read_only ? R_OK : R_OK | W_OK, err);
	}
	return r;
}

int sqlite_file_prepare(const char *path, enum db_mode mode, struct err *err)
{
	bool is_read_only = mode == DB_READ || mode == DB_LOOK;
	int r = 0;

	if (!path[0])
		return err_set(err, -EINVAL, "'sqlite:' names no file; put its path behind it");
	if (mode == DB_WRITE)
		r = create(path, err);
	if (r >= 0)
		r = check_usable(path, is_read_only, err);
	if (r >= 0)
		r = check_sides(path, is_read_only, err);
	if (r >= 0 && mode != DB_LOOK)
		r = sqlite_damage_check(path, err);
	return r;
}

int sqlite_file_check_ours(struct sqlite *sqlite, struct err *err)
{
	int64_t application_id = 0, n_tables = 0;
	int r = sqlite_read_int(sqlite, "SELECT count(*) FROM sqlite_master", &n_tables, err);

	if (r >= 0)
		r = sqlite_read_int(sqlite, "PRAGMA application_id", &application_id, err);
	if (r < 0 || application_id == SQLITE_APPLICATION_ID)
		return r;
	if (n_tables > 0 || application_id != 0)
		return err_set(err, -EMEDIUMTYPE,
			       "%s: this SQLite database is not a Testready store; name another "
			       "file",
			       sqlite->path);
	return 1;
}

int sqlite_file_check_moved(const struct sqlite *sqlite, struct err *err)
{
	int is_moved = 0;

	(void)sqlite3_file_control(sqlite->handle, "main", SQLITE_FCNTL_HAS_MOVED, &is_moved);
	if (is_moved)
		return err_set(err, -EBUSY,
			       "%s: another file was put in the place of the store, or it was "
			       "moved away; start the collector again",
			       sqlite->path);
	return 0;
}

/* --- whether it is whole ---------------------------------------------------------- */

static int ask_to_go_on(void *arg)
{
	const struct db_check *how = arg;

	return !how->go_on(how->arg);
}

/* SQLite puts many into one row, below a line that says nothing. */
static void tell(const char *text, const struct db_check *how)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		_cleanup_free_ char *line = xstrndup(text, len);

		if (len > 0 && strcmp(line, "ok") != 0 && !text_starts(line, "*** "))
			how->found(how->arg, line);
		text += len + (text[len] == '\n');
	}
}

/* @sql has a row for each thing that is wrong, or the one row "ok". */
static int find(struct sqlite *sqlite, const char *sql, const struct db_check *how, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(&sqlite->db, sql, &rows, err, "");

	while (r >= 0 && (r = db_next(rows, err)) > 0)
		tell(db_text(rows, 0), how);
	return r;
}

/* More than a hundred say no more than a hundred. */
static const char *const checks[] = {
	[DB_PAGES] = "PRAGMA quick_check(100)",
	[DB_INDEXES] = "PRAGMA integrity_check(100)",
	[DB_KEYS] = "SELECT 'row ' || rowid || ' of ' || \"table\" || ' belongs to a row of ' || "
		    "parent || ' that is not there; restore a backup' "
		    "FROM pragma_foreign_key_check LIMIT 100",
};
static_assert(ARRAY_SIZE(checks) == DB_DEPTH_MAX_, "every depth has its statement");

int sqlite_file_check(struct db *db, const struct db_check *how, struct err *err)
{
	struct sqlite *sqlite = (struct sqlite *)db;
	int r;

	if (how->go_on)
		sqlite3_progress_handler(sqlite->handle, CHECK_STEPS, ask_to_go_on, (void *)how);
	r = find(sqlite, checks[how->depth], how, err);
	sqlite3_progress_handler(sqlite->handle, 0, NULL, NULL);
	return r;
}

static void take_first(void *arg, const char *what)
{
	char **first = arg;

	if (!*first)
		*first = xstrdup(what);
}

void sqlite_leave_log(sqlite3 *handle)
{
	sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

int sqlite_file_check_small(struct sqlite *sqlite, struct err *err)
{
	_cleanup_free_ char *first = NULL;
	const struct db_check how = { .depth = DB_PAGES, .found = take_first, .arg = &first };
	struct stat st;
	int r;

	if (stat(sqlite->path, &st) < 0 || st.st_size > DB_SMALL_BYTES)
		return 0;
	r = sqlite_file_check(&sqlite->db, &how, err);
	if (r < 0 || !first)
		return r;
	sqlite_damage_note(sqlite->path, first);
	sqlite_leave_log(sqlite->handle);
	return err_set(err, -EUCLEAN,
		       "%s: the store is damaged; stop the collector, keep this file and restore "
		       "a backup (%s)",
		       sqlite->path, first);
}

/* --- who has it open ------------------------------------------------------------- */

int sqlite_file_lock(const char *path, int *ret_fd, struct err *err)
{
	_cleanup_close_ int fd = open(path, O_RDWR | O_CLOEXEC);
	struct flock lock = { .l_type = F_WRLCK, .l_start = LOCK_START, .l_len = LOCK_BYTES };

	if (fd < 0)
		return err_errno(err, -errno, "%s", path);
	if (fcntl(fd, F_SETLK, &lock) < 0) {
		if (fcntl(fd, F_GETLK, &lock) < 0 || lock.l_type == F_UNLCK)
			lock.l_pid = 0;
		return err_set(err, -EBUSY,
			       "%s: process %d has it open; stop the collector, and whatever else "
			       "works on it, and try again",
			       path, (int)lock.l_pid);
	}
	*ret_fd = TAKE_FD(fd);
	return 0;
}

/* --- copies ----------------------------------------------------------------------- */

/* The copy is only worth something when it is on the disk. */
static int sync_file(const char *path, struct err *err)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0)
		return err_errno(err, -errno, "%s", path);
	return 0;
}

/* A disk is everybody's: what a copy leaves in the kernel would hold up a commit's sync later. */
static void rest(int fd, unsigned n_steps)
{
	const struct timespec pause = { .tv_nsec = 2000000L };

	nanosleep(&pause, NULL);
	if (n_steps % COPY_SYNC_STEPS == 0)
		(void)fdatasync(fd);
}

static int copy_pages(struct sqlite *sqlite, struct sqlite *target, int fd, struct err *err)
{
	sqlite3_backup *backup =
		sqlite3_backup_init(target->handle, "main", sqlite->handle, "main");
	unsigned n_steps = 0;
	int code;

	if (!backup)
		return sqlite_fail(target, err);
	while ((code = sqlite3_backup_step(backup, COPY_PAGES)) == SQLITE_OK)
		rest(fd, ++n_steps);
	(void)sqlite3_backup_finish(backup);
	if (code == SQLITE_DONE)
		return 0;
	/* SQLite tells with the copy what was wrong with the store, too. */
	if ((code & 0xff) == SQLITE_CORRUPT)
		*target = (struct sqlite){ .handle = target->handle,
					   .path = sqlite->path,
					   .is_look = sqlite->is_look };
	return sqlite_fail(target, err);
}

int sqlite_file_copy(struct db *db, const char *to, struct err *err)
{
	struct sqlite *sqlite = (struct sqlite *)db;
	struct sqlite target = { .path = (char *)to, .is_look = true };
	/* Before SQLite opens it and until that has closed it: closing a file drops its locks. */
	_cleanup_close_ int fd = open(to, O_RDWR | O_CLOEXEC);
	int r = 0;

	/* Else a write of another process begins the copy anew, and again. */
	assert(!sqlite3_get_autocommit(sqlite->handle));
	if (fd < 0)
		return err_errno(err, -errno, "%s", to);
	if (sqlite3_open_v2(to, &target.handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		r = sqlite_fail(&target, err);
	/* What is half written has no name yet, so it needs no journal. */
	if (r >= 0)
		r = sqlite_script(&target.db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF",
				  err);
	if (r >= 0)
		r = copy_pages(sqlite, &target, fd, err);
	/* Not WAL: the copy can be read where nothing can be written beside it. */
	if (r >= 0)
		r = sqlite_script(&target.db, "PRAGMA journal_mode = DELETE", err);
	sqlite3_close(target.handle);
	return r < 0 ? r : sync_file(to, err);
}

int sqlite_file_compact(struct db *db, const char *to, struct err *err)
{
	char *sql = sqlite3_mprintf("VACUUM INTO %Q", to);
	int r;

	if (!sql)
		abort();
	r = sqlite_script(db, sql, err);
	sqlite3_free(sql);
	return r < 0 ? r : sync_file(to, err);
}

int sqlite_file_sizes(struct db *db, struct db_sizes *ret_sizes, struct err *err)
{
	struct sqlite *sqlite = (struct sqlite *)db;
	_cleanup_free_ char *wal = xasprintf("%s-wal", sqlite->path);
	int64_t page = 0, n_pages = 0, n_free = 0;
	struct stat st;
	int r = sqlite_read_int(sqlite, "PRAGMA page_size", &page, err);

	if (r >= 0)
		r = sqlite_read_int(sqlite, "PRAGMA page_count", &n_pages, err);
	if (r >= 0)
		r = sqlite_read_int(sqlite, "PRAGMA freelist_count", &n_free, err);
	if (r < 0)
		return r;
	*ret_sizes = (struct db_sizes){
		.file_bytes = n_pages * page,
		.free_bytes = n_free * page,
		.log_bytes = stat(wal, &st) == 0 ? st.st_size : 0,
	};
	return 0;
}
