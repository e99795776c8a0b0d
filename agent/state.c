/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "agent/state.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"

#define STATE_FILE_LOCK "lock"
#define STATE_FILE_SERVICE "service.lock"
#define STATE_FILE_SEQUENCE "sequence"
#define SEQUENCE_TEXT_MAX 32
#define SERVICE_TRIES 10
#define SERVICE_WAIT_NS 20000000

const char *state_path(const char *option)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): the agent has one thread */
	const char *variable = getenv("TESTREADY_STATE");

	if (option)
		return option;
	return variable && variable[0] ? variable : STATE_DIR_DEFAULT;
}

/* Make the name of the folder @fd in the folder above it durable. */
static int sync_above(int fd, const char *path, struct err *err)
{
	_cleanup_close_ int above = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (above < 0 || fsync(above) < 0)
		return err_errno(err, -errno, "%s/..", path);
	return 0;
}

/*
 * Become the owner of the folder, @for_good or until state_leave(). A technician and a
 * script that installs are root, and what they left behind the service could not read.
 */
static int become(const struct stat *st, bool for_good, const char *path, struct err *err)
{
	uid_t uid = st->st_uid;
	gid_t gid = st->st_gid;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): the agent has one thread */
	const struct passwd *user = getpwuid(uid);
	int r = user ? initgroups(user->pw_name, user->pw_gid) : setgroups(0, NULL);

	if (user)
		gid = user->pw_gid;
	if (r < 0 || setresgid(gid, gid, for_good ? gid : 0) < 0 ||
	    setresuid(uid, uid, for_good ? uid : 0) < 0)
		return err_errno(err, -errno, "cannot become user %u, whose the state folder %s is",
				 uid, path);
	return 0;
}

static int open_folder(const char *path, bool make, bool for_good, struct state **ret_state,
		       struct err *err)
{
	_cleanup_close_ int fd = -1;
	struct state *state;
	struct stat st;
	bool is_new;
	int r;

	is_new = make && mkdir(path, 0700) == 0;
	if (make && !is_new && errno != EEXIST)
		return err_errno(err, -errno, "cannot make the state folder %s", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(err, -errno, "cannot open the state folder %s", path);
	if (geteuid() == 0 && st.st_uid != 0) {
		r = become(&st, for_good, path, err);
		if (r < 0)
			return r;
	}
	if (st.st_uid != geteuid())
		return err_set(err, -EPERM,
			       "the state folder %s belongs to user %u, this is user %u: run as "
			       "that user, or choose a folder with --state",
			       path, st.st_uid, geteuid());
	if (st.st_mode & 077)
		return err_set(err, -EACCES,
			       "the state folder %s has mode %04o, so others can read this "
			       "device's key: chmod 700 %s",
			       path, st.st_mode & 07777, path);
	if (is_new) {
		r = sync_above(fd, path, err);
		if (r < 0)
			return r;
	}

	state = xcalloc(1, sizeof(*state));
	state->path = xstrdup(path);
	state->dir_fd = TAKE_FD(fd);
	state->lock_fd = -1;
	*ret_state = state;
	return 0;
}

int state_open(const char *path, bool make, struct state **ret_state, struct err *err)
{
	return open_folder(path, make, true, ret_state, err);
}

int state_open_for_now(const char *path, struct state **ret_state, struct err *err)
{
	return open_folder(path, false, false, ret_state, err);
}

int state_leave(struct err *err)
{
	uid_t real, effective, saved;

	if (getresuid(&real, &effective, &saved) < 0 ||
	    (saved == 0 && effective != 0 && (setresuid(0, 0, 0) < 0 || setresgid(0, 0, 0) < 0)))
		return err_errno(err, -errno, "cannot become root again");
	return 0;
}

void state_close(struct state *state)
{
	if (!state)
		return;
	if (state->lock_fd >= 0)
		close(state->lock_fd);
	close(state->dir_fd);
	free(state->path);
	free(state);
}

static int make_report_dir(struct state *state, const char *name, struct err *err)
{
	if (mkdirat(state->dir_fd, name, 0700) < 0) {
		if (errno == EEXIST)
			return 0;
		return err_errno(err, -errno, "cannot make %s/%s", state->path, name);
	}
	if (fsync(state->dir_fd) < 0)
		return err_errno(err, -errno, "%s", state->path);
	return 0;
}

int state_lock(struct state *state, struct err *err)
{
	_cleanup_close_ int fd =
		openat(state->dir_fd, STATE_FILE_LOCK,
		       O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	int r;

	if (fd < 0)
		return err_errno(err, -errno, "%s/" STATE_FILE_LOCK, state->path);
	while (flock(fd, LOCK_EX) < 0) {
		if (errno != EINTR)
			return err_errno(err, -errno, "%s/" STATE_FILE_LOCK, state->path);
	}
	r = make_report_dir(state, STATE_DIR_SPOOL, err);
	if (r >= 0)
		r = make_report_dir(state, STATE_DIR_REFUSED, err);
	if (r >= 0)
		state->lock_fd = TAKE_FD(fd);
	return r;
}

int state_lock_service(const struct state *state, int *ret_fd, struct err *err)
{
	_cleanup_close_ int fd =
		openat(state->dir_fd, STATE_FILE_SERVICE,
		       O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	const struct timespec moment = { .tv_nsec = SERVICE_WAIT_NS };
	char pid[SEQUENCE_TEXT_MAX] = "";
	int r;

	if (fd < 0)
		return err_errno(err, -errno, "%s/" STATE_FILE_SERVICE, state->path);
	/* Who only looks whether there is one has it for a moment. */
	for (int i = 0; (r = flock(fd, LOCK_EX | LOCK_NB)) < 0 && i < SERVICE_TRIES; i++)
		(void)nanosleep(&moment, NULL);
	if (r < 0) {
		if (errno != EWOULDBLOCK)
			return err_errno(err, -errno, "%s/" STATE_FILE_SERVICE, state->path);
		if (pread(fd, pid, sizeof(pid) - 1, 0) < 0)
			pid[0] = '\0';
		pid[strspn(pid, "0123456789")] = '\0';
		return err_set(err, -EBUSY,
			       "the service is running already, as process %s, with the state "
			       "folder %s",
			       pid, state->path);
	}
	/* Only for that sentence. */
	if (ftruncate(fd, 0) == 0)
		(void)dprintf(fd, "%d\n", getpid());
	*ret_fd = TAKE_FD(fd);
	return 0;
}

bool state_has_service(const struct state *state)
{
	_cleanup_close_ int fd = openat(state->dir_fd, STATE_FILE_SERVICE,
					O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	return fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}

int64_t state_last_sequence(const struct state *state)
{
	_cleanup_free_ char *text = NULL;
	long long value;
	char *end;

	if (file_read_at(state->dir_fd, STATE_FILE_SEQUENCE, SEQUENCE_TEXT_MAX, &text, NULL, NULL) <
	    0)
		return 0;
	errno = 0;
	value = strtoll(text, &end, 10);
	return errno || end == text || strcmp(end, "\n") != 0 || value < 0 ? 0 : value;
}

static int write_sequence(struct state *state, int64_t sequence, struct err *err)
{
	char text[SEQUENCE_TEXT_MAX];
	int n = snprintf(text, sizeof(text), "%lld\n", (long long)sequence);
	int r = file_write_at(state->dir_fd, STATE_FILE_SEQUENCE, text, (size_t)n, 0600, err);

	return r < 0 ? err_prefix(err, r, "cannot write into %s", state->path) : 0;
}

int state_next_sequences(struct state *state, int64_t at_least, int64_t n, int64_t *ret_first,
			 struct err *err)
{
	int64_t sequence = state_last_sequence(state);
	int r;

	if (sequence < at_least)
		sequence = at_least;
	if (sequence > INT64_MAX - n)
		return err_set(err, -EOVERFLOW, "%s: no numbers are left for reports", state->path);
	r = write_sequence(state, sequence + n, err);
	if (r < 0)
		return r;
	*ret_first = sequence + 1;
	return 0;
}

int state_next_sequence(struct state *state, int64_t at_least, int64_t *ret_sequence,
			struct err *err)
{
	return state_next_sequences(state, at_least, 1, ret_sequence, err);
}

int state_try_write(struct state *state, struct err *err)
{
	return write_sequence(state, state_last_sequence(state), err);
}
