/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent/env.h"
#include "agent/helper.h"
#include "common/base/clock.h"
#include "common/base/fd.h"
#include "common/base/mem.h"
#include "common/base/text.h"

/* ASan keeps its notes in terabytes of address space. */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif

/* What a helper may use, whatever its library does with what a daemon answers. */
static const struct {
	__rlimit_resource_t resource;
	rlim_t limit;
} limits[] = {
	{ RLIMIT_CPU, 2 },
	{ RLIMIT_NOFILE, 128 },
	{ RLIMIT_CORE, 0 },
#ifndef HAS_ASAN
	{ RLIMIT_AS, (rlim_t)256 * 1024 * 1024 },
#endif
};

/* Libraries would go elsewhere, or read files of a user, on these. */
static const char *const forgotten[] = { "CUPS_", "IPP_PORT=", "ALSA_", "DBUS_", "HOME=", "XDG_" };

/* The exit status of the dynamic loader where a library is missing, and ours. */
#define CANNOT_START 127

struct running {
	pid_t pid;
	int fd;
	int64_t deadline_ms;
};

static void forget_variables(char **environment)
{
	char **to = environment;

	for (char **from = environment; *from; from++) {
		bool is_forgotten = false;

		for (size_t i = 0; i < ARRAY_SIZE(forgotten); i++)
			is_forgotten |= text_starts(*from, forgotten[i]);
		if (!is_forgotten)
			*to++ = *from;
	}
	*to = NULL;
}

_Noreturn static void become(const char *path, char *const argv[], int out_fd)
{
	int null_fd = open("/dev/null", O_RDWR);

	/* A group of its own, so that what it starts is ended with it. */
	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		struct rlimit limit = { limits[i].limit, limits[i].limit };

		(void)setrlimit(limits[i].resource, &limit);
	}
	forget_variables(environ);
	if (null_fd >= 0 && dup2(null_fd, STDIN_FILENO) >= 0 && dup2(out_fd, STDOUT_FILENO) >= 0 &&
	    dup2(null_fd, STDERR_FILENO) >= 0) {
		closefrom(STDERR_FILENO + 1);
		execv(path, argv);
	}
	_exit(CANNOT_START);
}

static int start(const char *path, char *const argv[], int timeout_ms, struct running *ret_running,
		 struct err *err)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_errno(err, -errno, "%s", path);
	pid = fork();
	if (pid == 0)
		become(path, argv, fds[1]);
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return err_errno(err, -errno, "%s", path);
	}
	*ret_running = (struct running){ pid, fds[0], clock_boot_ms() + timeout_ms };
	return 0;
}

/* Read to the end, at most HELPER_BYTES_MAX. -ETIMEDOUT, -E2BIG. */
static int hear(const struct running *running, char *text, size_t *ret_len)
{
	size_t len = 0;

	for (;;) {
		struct pollfd ready = { .fd = running->fd, .events = POLLIN };
		int64_t left_ms = running->deadline_ms - clock_boot_ms();
		ssize_t n;

		if (left_ms <= 0)
			return -ETIMEDOUT;
		if (poll(&ready, 1, (int)left_ms) <= 0)
			continue;
		n = read(running->fd, text + len, HELPER_BYTES_MAX + 1 - len);
		if (n == 0)
			break;
		len += n > 0 ? (size_t)n : 0;
		if (len > HELPER_BYTES_MAX)
			return -E2BIG;
	}
	*ret_len = len;
	return 0;
}

/* Wait for the helper, which has nothing more to say, or end it. Its wait status, or -1. */
static int reap(struct running *running, bool is_done)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	int status = -1;

	while (is_done && waitpid(running->pid, &status, WNOHANG) == 0) {
		is_done = clock_boot_ms() < running->deadline_ms;
		(void)nanosleep(&moment, NULL);
	}
	if (!is_done) {
		kill(-running->pid, SIGKILL);
		kill(running->pid, SIGKILL);
		(void)waitpid(running->pid, NULL, 0);
		status = -1;
	}
	close(running->fd);
	return status;
}

static int read_line(const char *line, size_t len, json_t *lines, bool *is_end, struct err *err)
{
	json_t *object = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	const char *why = json_string_value(json_object_get(object, "error"));
	int r = 0;

	if (!json_is_object(object) || *is_end || json_array_size(lines) == HELPER_LINES_MAX)
		r = err_set(err, -EPROTO, "did not answer as it should");
	else if (why)
		r = err_set(err, -EIO, "%s", why);
	else if (json_is_true(json_object_get(object, "end")))
		*is_end = true;
	else
		json_array_append(lines, object);
	json_decref(object);
	return r;
}

static int read_lines(const char *text, size_t len, json_t *lines, struct err *err)
{
	const char *end = text + len;
	bool is_end = false;
	int r = 0;

	while (text < end && r >= 0) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;

		r = read_line(text, (size_t)(stop - text), lines, &is_end, err);
		text = stop + 1;
	}
	if (r >= 0 && !is_end)
		r = err_set(err, -EPROTO, "ended before it had said all");
	return r;
}

/* Hear what the helper says, and see it end. */
static int attend(struct running *running, int timeout_ms, json_t *lines, struct err *err)
{
	_cleanup_free_ char *text = xcalloc(1, HELPER_BYTES_MAX + 1);
	size_t len = 0;
	int r = hear(running, text, &len);
	int status = reap(running, r >= 0);

	if (r == -ETIMEDOUT || (r >= 0 && status < 0))
		return err_set(err, -ETIMEDOUT, "did not answer within %g s", timeout_ms / 1000.0);
	if (r == -E2BIG)
		return err_set(err, r, "wrote more than can be right");
	r = read_lines(text, len, lines, err);
	if (r != -EIO && WIFSIGNALED(status))
		return err_set(err, -EPROTO, "crashed: signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status) == CANNOT_START)
		return err_set(err, -EPROTO, "cannot start: is its library installed?");
	if (r >= 0 && WEXITSTATUS(status) != 0)
		return err_set(err, -EPROTO, "ended with status %d", WEXITSTATUS(status));
	return r;
}

int helper_run(const struct env *env, const char *name, const char *const *args, int timeout_ms,
	       json_t **ret_lines, struct err *err)
{
	_cleanup_free_ char *path = NULL;
	const char *argv[HELPER_ARGS_MAX + 2] = { name };
	struct running running = { .fd = -1 };
	json_t *lines;
	struct err why;
	int r;

	for (size_t i = 0; args[i]; i++) {
		if (i == HELPER_ARGS_MAX)
			return err_set(err, -E2BIG, "the helper %s was asked for too much", name);
		argv[i + 1] = args[i];
	}
	if (env->helpers)
		path = xasprintf("%s/%s", env->helpers, name);
	if (!path || access(path, X_OK) < 0)
		return err_set(err, -ENOENT, "the agent's helper '%s' is not installed", name);
	r = start(path, (char *const *)argv, timeout_ms, &running, err);
	if (r < 0)
		return r;
	lines = json_array();
	r = attend(&running, timeout_ms, lines, &why);
	if (r < 0) {
		json_decref(lines);
		/* What the helper itself says needs no word about the helper. */
		return r == -EIO ? err_set(err, r, "%s", why.text)
				 : err_set(err, r, "the agent's helper '%s' %s", name, why.text);
	}
	*ret_lines = lines;
	return 0;
}
