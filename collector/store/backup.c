/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "collector/store/backup.h"
#include "collector/store/migrate.h"
#include "collector/store/store_facts.h"
#include "common/base/fd.h"
#include "common/base/mem.h"

enum {
	PACK_DEVICES = 1000, /* of one transaction */
};

/* What SQLite has beside a file, and what we have. */
static const char *const sides[] = { "-wal", "-shm", "-journal", ".damaged" };

int summary_read(struct db *db, struct summary *ret_summary, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct db_sizes sizes;
	int64_t layout = 0;
	int r = migrate_layout(db, &layout, err);

	if (r >= 0)
		r = db->driver->sizes(db, &sizes, err);
	if (r >= 0)
		r = db_query(db,
			     "SELECT (SELECT count(*) FROM site), (SELECT count(*) FROM device), "
			     "(SELECT COALESCE(sum(ready + ready_with_warnings), 0) "
			     "FROM site_count)",
			     &rows, err, "");
	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_summary = (struct summary){
			.layout = layout,
			.n_sites = db_int(rows, 0),
			.n_devices = db_int(rows, 1),
			.n_ready = db_int(rows, 2),
			.bytes = sizes.file_bytes,
		};
	return r < 0 ? r : 0;
}

/* --- a file that has no name yet --------------------------------------------------- */

/* NAME.part beside what it is to become; gone at the end, unless it was given its name. */
struct part {
	char *path;
	const char *name;
	int fd; /* locked, so that two do not write the same */
	int folder_fd;
};

/* SQLite leaves them where the disk was full. */
static void remove_sides(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		_cleanup_free_ char *side = xasprintf("%s%s", path, sides[i]);

		(void)unlink(side);
	}
}

static void part_done(struct part *part)
{
	if (part->path && part->fd >= 0) {
		(void)unlink(part->path);
		remove_sides(part->path);
	}
	closep(&part->fd);
	closep(&part->folder_fd);
	free(part->path);
}

static int open_folder(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *folder =
		slash ? xstrndup(path, (size_t)(slash - path) + 1) : xstrdup(".");
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? err_errno(err, -errno, "%s", folder) : fd;
}

/* As root: whose the file is whose place it takes, or else the folder. */
static int give_owner(const struct part *part, struct err *err)
{
	struct stat st;

	if (geteuid() != 0)
		return 0;
	if (stat(part->name, &st) < 0 && fstat(part->folder_fd, &st) < 0)
		return err_errno(err, -errno, "%s", part->name);
	return fchown(part->fd, st.st_uid, st.st_gid) < 0 ? err_errno(err, -errno, "%s", part->path)
							  : 0;
}

/* The copies of keys are only for who may read the keys: mode 0600. @name outlives it. */
static int part_open(struct part *part, const char *name, struct err *err)
{
	*part = (struct part){ xasprintf("%s.part", name), name, -1, -1 };
	part->folder_fd = open_folder(name, err);
	if (part->folder_fd < 0)
		return part->folder_fd;
	part->fd = open(part->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (part->fd < 0)
		return err_errno(err, -errno, "%s", part->path);
	if (flock(part->fd, LOCK_EX | LOCK_NB) < 0) {
		closep(&part->fd);
		part->fd = -1;
		return err_set(err, -EBUSY, "%s: another command is writing it; wait for it",
			       part->path);
	}
	if (ftruncate(part->fd, 0) < 0 || fchmod(part->fd, 0600) < 0)
		return err_errno(err, -errno, "%s", part->path);
	return give_owner(part, err);
}

/* Give it its name; what had that is replaced if @is_forced. On the disk when it returns. */
static int part_name(struct part *part, bool is_forced, struct err *err)
{
	if (renameat2(AT_FDCWD, part->path, AT_FDCWD, part->name,
		      is_forced ? 0 : RENAME_NOREPLACE) < 0)
		return err_errno(err, -errno, "%s", part->name);
	closep(&part->fd);
	part->fd = -1;
	if (fsync(part->folder_fd) < 0)
		return err_errno(err, -errno, "%s: its folder", part->name);
	return 0;
}

/* --- looking at a copy --------------------------------------------------------------- */

static void take_first(void *arg, const char *what)
{
	char **first = arg;

	if (!*first)
		*first = xstrdup(what);
}

/* Whether the file at @path is a whole store that this version can open, and what it has. */
static int look(const char *path, bool is_quick, struct summary *ret_summary, struct err *err)
{
	_cleanup_(db_closep) struct db *db = NULL;
	_cleanup_free_ char *first = NULL;
	const struct db_check how = { .depth = is_quick ? DB_PAGES : DB_INDEXES,
				      .found = take_first,
				      .arg = &first };
	/* A path, whatever is in it, and not a URL. */
	int r = db_driver_sqlite.open(path, DB_LOOK, &db, err);

	if (r >= 0)
		r = db->driver->check(db, &how, err);
	if (r >= 0 && first)
		r = err_set(err, -EUCLEAN, "%s: it is damaged (%s)", path, first);
	return r < 0 ? r : summary_read(db, ret_summary, err);
}

static int compare(const char *path, const struct summary *was, const struct summary *is,
		   struct err *err)
{
	if (was->layout == is->layout && was->n_sites == is->n_sites &&
	    was->n_devices == is->n_devices && was->n_ready == is->n_ready)
		return 0;
	return err_set(err, -EIO,
		       "%s: the copy has %" PRId64 " devices at %" PRId64 " sites, of which "
		       "%" PRId64 " are ready, but the store %" PRId64 " at %" PRId64
		       ", of which %" PRId64 " are; check the disk",
		       path, is->n_devices, is->n_sites, is->n_ready, was->n_devices, was->n_sites,
		       was->n_ready);
}

/* All of one moment: what it has, and the copy. */
static int copy_moment(struct db *db, const char *to, struct summary *ret_summary, struct err *err)
{
	int r = db->driver->begin(db, err);

	if (r < 0)
		return r;
	r = summary_read(db, ret_summary, err);
	if (r >= 0)
		r = db->driver->copy(db, to, err);
	db->driver->rollback(db);
	return r;
}

static int copy_and_look(struct db *db, const char *to, bool is_quick, struct summary *ret_summary,
			 struct err *err)
{
	struct summary was = { 0 }, is = { 0 };
	int r = copy_moment(db, to, &was, err);

	if (r >= 0)
		r = look(to, is_quick, &is, err);
	if (r >= 0)
		r = compare(to, &was, &is, err);
	if (r >= 0)
		*ret_summary = is;
	return r;
}

/* --- backup ---------------------------------------------------------------------------- */

static bool is_same_file(const char *a, const char *b)
{
	struct stat one, other;

	return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

/* Whether a copy may be put at @path. */
static int check_target(const char *path, const char *store_path, bool is_forced, struct err *err)
{
	struct stat st;

	if (is_same_file(path, store_path))
		return err_set(err, -EINVAL, "%s: this is the store itself; name another file",
			       path);
	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		_cleanup_free_ char *side = xasprintf("%s%s", path, sides[i]);

		/* What belongs to a store would be taken for a part of the copy. */
		if (access(side, F_OK) == 0)
			return err_set(err, -EBUSY,
				       "%s: there is %s, so a store is or was in use here; name "
				       "another file",
				       path, side);
	}
	if (stat(path, &st) < 0)
		return 0;
	if (!S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "%s: not a file; name a file that is not there yet",
			       path);
	if (!is_forced)
		return err_set(err, -EEXIST,
			       "%s: this file is there already; name another, or give --force",
			       path);
	return 0;
}

int backup_write(struct db *db, const char *path, bool is_forced, bool is_quick,
		 struct summary *ret_summary, struct err *err)
{
	_cleanup_(part_done) struct part part = { .fd = -1, .folder_fd = -1 };
	int r = check_target(path, db->driver->path(db), is_forced, err);

	if (r >= 0)
		r = part_open(&part, path, err);
	if (r >= 0)
		r = copy_and_look(db, part.path, is_quick, ret_summary, err);
	return r < 0 ? r : part_name(&part, is_forced, err);
}

/* --- restore --------------------------------------------------------------------------- */

/* What has a WAL that can be read gets it into its file; what is damaged stays as it is. */
static void settle(const char *path)
{
	struct db *db = NULL;

	if (db_driver_sqlite.open(path, DB_ALONE, &db, NULL) >= 0)
		db_close(db);
}

/* Move what belongs to @from beside @to. */
static int move_sides(const char *from, const char *to, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		_cleanup_free_ char *old = xasprintf("%s%s", from, sides[i]);
		_cleanup_free_ char *new = xasprintf("%s%s", to, sides[i]);

		if (rename(old, new) < 0 && errno != ENOENT)
			return err_errno(err, -errno, "%s", new);
	}
	return 0;
}

/* Give the file a second name, so that its own is there until another has it. */
static int keep(const char *path, const char *kept, struct err *err)
{
	if (link(path, kept) < 0)
		return err_errno(err, -errno, "%s", kept);
	return move_sides(path, kept, err);
}

static void unkeep(const char *path, const char *kept)
{
	if (is_same_file(path, kept) && move_sides(kept, path, NULL) >= 0)
		(void)unlink(kept);
}

static char *kept_path(const char *path, int64_t now_ms)
{
	time_t seconds = now_ms / 1000;
	struct tm tm;
	char text[32];

	(void)gmtime_r(&seconds, &tm);
	(void)strftime(text, sizeof(text), "%Y%m%dT%H%M%S", &tm);
	return xasprintf("%s.replaced-%s.%03dZ", path, text, (int)(now_ms % 1000));
}

/* Put @part in the place of the store that is there; nobody has that open. */
static int take_place(struct part *part, int64_t now_ms, char **ret_kept, struct err *err)
{
	_cleanup_free_ char *kept = kept_path(part->name, now_ms);
	_cleanup_close_ int lock_fd = -1;
	int r;

	r = db_driver_sqlite.lock(part->name, &lock_fd, err);
	if (r < 0)
		return r;
	r = keep(part->name, kept, err);
	if (r >= 0)
		r = part_name(part, true, err);
	if (r >= 0)
		*ret_kept = TAKE_PTR(kept);
	else
		unkeep(part->name, kept);
	return r;
}

/*
 * What a store that is there no more left beside its name would become a part of this one. It may
 * be all there is of what was committed last, so it is kept.
 */
static int take_empty_place(struct part *part, int64_t now_ms, struct err *err)
{
	_cleanup_free_ char *kept = kept_path(part->name, now_ms);
	int r = move_sides(part->name, kept, err);

	return r < 0 ? r : part_name(part, false, err);
}

/* Before the copy is made, which takes long: whether it can become the store at @path. */
static int check_place(const char *from, const char *path, bool is_forced, bool *ret_is_there,
		       struct err *err)
{
	_cleanup_(db_closep) struct db *db = NULL;
	int lock_fd, r;

	*ret_is_there = access(path, F_OK) == 0;
	if (!*ret_is_there)
		return 0;
	if (is_same_file(from, path))
		return err_set(err, -EINVAL, "%s: this is the store itself; name its backup", from);
	if (!is_forced)
		return err_set(err, -EEXIST,
			       "%s: there is a store; give --force, which keeps it beside, or "
			       "name another",
			       path);
	r = db_driver_sqlite.lock(path, &lock_fd, err);
	if (r < 0)
		return r;
	close(lock_fd);
	/* Whatever is wrong with it is why it is replaced, unless it is not ours at all. */
	r = db_driver_sqlite.open(path, DB_LOOK, &db, err);
	return r == -EMEDIUMTYPE ? r : 0;
}

int backup_restore(const char *from, const char *url, bool is_forced, int64_t now_ms,
		   struct restored *ret_restored, struct err *err)
{
	_cleanup_(part_done) struct part part = { .fd = -1, .folder_fd = -1 };
	_cleanup_(db_closep) struct db *db = NULL;
	struct restored restored = { 0 };
	bool is_there = false;
	const char *path;
	int r;

	if (!db_driver_of(url, &path, err))
		return -EINVAL;
	r = check_place(from, path, is_forced, &is_there, err);
	if (r >= 0 && access(from, R_OK) < 0)
		r = err_errno(err, -errno, "%s", from);
	if (r >= 0)
		r = look(from, false, &restored.summary, err);
	if (r >= 0)
		r = db_driver_sqlite.open(from, DB_LOOK, &db, err);
	if (r >= 0)
		r = part_open(&part, path, err);
	if (r >= 0)
		r = copy_and_look(db, part.path, true, &restored.summary, err);
	if (r < 0)
		return r;
	if (is_there) {
		settle(path);
		r = take_place(&part, now_ms, &restored.kept, err);
	} else {
		r = take_empty_place(&part, now_ms, err);
	}
	if (r >= 0)
		*ret_restored = restored;
	return r;
}

/* --- compact --------------------------------------------------------------------------- */

/* Go on behind @id. */
static int pack_some(struct store *store, char id[static ID_SIZE], int64_t *ret_n, struct err *err)
{
	int r = store_begin(store, err);

	if (r < 0)
		return r;
	r = store_facts_pack(store, id, PACK_DEVICES, ret_n, err);
	if (r >= 0)
		r = store_commit(store, err);
	store_rollback(store);
	return r;
}

/* What an older version stored as text; an older layout has no place for what is packed. */
static int pack_facts(struct db *db, int64_t *ret_n, struct err *err)
{
	struct store store = { .db = db };
	char id[ID_SIZE] = "";
	int64_t n_all = 0, n = 0;
	int r = migrate_check(db, err);

	if (r == -ESTALE)
		return 0;
	while (r >= 0) {
		r = pack_some(&store, id, &n, err);
		if (r >= 0)
			n_all += n;
		if (n == 0)
			break;
	}
	*ret_n = n_all;
	return r;
}

int backup_compact(const char *url, struct compacted *ret_compacted, struct err *err)
{
	_cleanup_(part_done) struct part part = { .fd = -1, .folder_fd = -1 };
	/* Closed before the part is: until its name is another's, nobody else opens the store. */
	_cleanup_(db_closep) struct db *db = NULL;
	struct summary was = { 0 }, is = { 0 };
	int64_t n_packed = 0;
	int r = db_open(url, DB_ALONE, &db, err);

	if (r >= 0)
		r = summary_read(db, &was, err);
	if (r >= 0)
		r = part_open(&part, db->driver->path(db), err);
	if (r >= 0)
		r = pack_facts(db, &n_packed, err);
	if (r >= 0)
		r = db->driver->compact(db, part.path, err);
	if (r >= 0)
		r = look(part.path, false, &is, err);
	if (r >= 0)
		r = compare(part.path, &was, &is, err);
	if (r >= 0)
		r = part_name(&part, true, err);
	if (r >= 0)
		*ret_compacted = (struct compacted){ was.bytes, is.bytes, n_packed };
	return r;
}
