/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A child runs the probes and sends, for each, a head and its facts as JSON.
 * The parent believes none of it before it is checked, and starts a new child
 * behind the probe that it had to give up.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent/look.h"
#include "common/base/base.h"
#include "common/base/fd.h"
#include "common/base/mem.h"
#include "common/model/facts.h"

/* How long a child that was killed may take to be gone; stuck in the kernel it may take for ever.
 */
#define KILLED_MS 200

struct head {
	size_t len;
	struct look_cost cost;
};

struct child {
	pid_t pid;
	int fd;
};

static int64_t clock_us(clockid_t id)
{
	struct timespec at;

	clock_gettime(id, &at);
	return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

static int64_t rusage_us(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
	       usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

/* Of this process and the helpers that it has waited for. */
static int64_t cpu_us(void)
{
	return clock_us(CLOCK_PROCESS_CPUTIME_ID) + rusage_us(RUSAGE_CHILDREN);
}

/* --- in the child --- */

static int write_all(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			at += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/* What the probe says, as JSON of at most LOOK_PROBE_BYTES_MAX; owned by the caller. */
static char *probe_text(const struct probe *probe, const struct env *env)
{
	json_t *facts = json_object();
	struct err err = { 0 };
	int r = probe->run(env, facts, &err);

	if (r >= 0 && json_dumpb(facts, NULL, 0, JSON_COMPACT) > LOOK_PROBE_BYTES_MAX)
		r = err_set(&err, -E2BIG, "there is more to say than fits into a report");
	if (r < 0) {
		json_decref(facts);
		facts = fact_unknown(err.text);
	}
	char *text = json_dumps(facts, JSON_COMPACT);

	json_decref(facts);
	return text;
}

_Noreturn static void look(const struct env *env, const struct probe *const *wanted, size_t n,
			   int fd)
{
	int r = 0;

	/* Whoever started the agent may have it ignore this: then no helper could be waited for. */
	(void)signal(SIGCHLD, SIG_DFL);
	/* Nobody reads on when the parent is gone. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < n && r >= 0; i++) {
		int64_t wall = clock_us(CLOCK_MONOTONIC), cpu = cpu_us();
		_cleanup_free_ char *text = probe_text(wanted[i], env);
		struct head head = { .len = strlen(text) };

		head.cost.wall_us = clock_us(CLOCK_MONOTONIC) - wall;
		head.cost.cpu_us = cpu_us() - cpu;
		head.cost.bytes = head.len;
		r = write_all(fd, &head, sizeof(head));
		if (r >= 0)
			r = write_all(fd, text, head.len);
	}
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): the agent has one thread */
	exit(r < 0);
}

/* --- in the parent --- */

static int child_start(const struct env *env, const struct probe *const *wanted, size_t n,
		       struct child *ret_child, struct err *err)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_errno(err, -errno, "no pipe to look at the device with");
	/* What waits in stdio would be written twice. */
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		look(env, wanted, n, fds[1]);
	}
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return err_errno(err, -errno, "no process to look at the device with");
	}
	*ret_child = (struct child){ .pid = pid, .fd = fds[0] };
	return 0;
}

/* Wait for @child to be gone, for at most @timeout_ms; its wait status, or -1. */
static int child_reap(struct child *child, int timeout_ms)
{
	struct pollfd gone = { .fd = child->fd };
	int status = -1;

	/* The pipe is closed when a process ends, which is when it can be waited for. */
	while (timeout_ms > 0 && poll(&gone, 1, timeout_ms) < 0 && errno == EINTR)
		;
	if (!(gone.revents & POLLHUP) || waitpid(child->pid, &status, 0) < 0)
		status = -1;
	close(child->fd);
	return status;
}

static int read_by(int fd, void *data, size_t len, int64_t deadline_us)
{
	char *at = data;

	while (len > 0) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		int64_t left_us = deadline_us - clock_us(CLOCK_MONOTONIC);
		ssize_t n;

		if (left_us <= 0)
			return -ETIMEDOUT;
		if (poll(&ready, 1, (int)(left_us / 1000) + 1) <= 0)
			continue;
		n = read(fd, at, len);
		if (n == 0)
			return -EPIPE;
		if (n > 0) {
			at += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/* What @probe says, owned by the caller; -ETIMEDOUT, -EPIPE or -EPROTO if it is given up. */
static int child_hear(const struct child *child, const struct probe *probe, json_t **ret_facts,
		      struct look_cost *cost)
{
	int timeout_ms = probe->timeout_ms ? probe->timeout_ms : PROBE_TIMEOUT_MS;
	int64_t begin_us = clock_us(CLOCK_MONOTONIC);
	int64_t deadline_us = begin_us + (int64_t)timeout_ms * 1000;
	char text[LOOK_PROBE_BYTES_MAX];
	struct head head = { 0 };
	int r = read_by(child->fd, &head, sizeof(head), deadline_us);

	if (r >= 0 && head.len > sizeof(text))
		r = -EPROTO;
	if (r >= 0)
		r = read_by(child->fd, text, head.len, deadline_us);
	*cost = head.cost;
	if (r < 0) {
		*cost = (struct look_cost){ .wall_us = clock_us(CLOCK_MONOTONIC) - begin_us };
		return r;
	}
	*ret_facts = json_loadb(text, head.len, JSON_REJECT_DUPLICATES, NULL);
	return *ret_facts ? 0 : -EPROTO;
}

/* Why a probe was given up, as a fact; @status is what became of its process. */
static json_t *given_up(const struct probe *probe, int r, int status)
{
	struct err err;

	if (r == -ETIMEDOUT)
		err_set(&err, 0, "looking took longer than %g s",
			(probe->timeout_ms ? probe->timeout_ms : PROBE_TIMEOUT_MS) / 1000.0);
	else if (status >= 0 && WIFSIGNALED(status))
		err_set(&err, 0, "looking ended in an error of the agent: signal %d (SIG%s)",
			WTERMSIG(status), sigabbrev_np(WTERMSIG(status)));
	else
		err_set(&err, 0, "looking ended in an error of the agent");
	return fact_unknown(err.text);
}

/* Run what is wanted until one has to be given up. Returns how many have said something, that one
 * included. */
static size_t run_some(const struct env *env, const struct probe *const *wanted, size_t n,
		       json_t **said, struct look_cost *costs)
{
	struct child child = { .fd = -1 };
	struct err err;
	int r = child_start(env, wanted, n, &child, &err);
	size_t i = 0;

	if (r < 0) {
		for (; i < n; i++)
			said[i] = fact_unknown(err.text);
		return n;
	}
	while (i < n && r >= 0) {
		r = child_hear(&child, wanted[i], &said[i], &costs[i]);
		i++;
	}
	if (r == -ETIMEDOUT || r == -EPROTO)
		kill(child.pid, SIGKILL);
	int status = child_reap(&child, KILLED_MS);

	if (r < 0)
		said[i - 1] = given_up(wanted[i - 1], r, status);
	return i;
}

/* Make @said whole, and certain to be what the table allows. Takes @said. */
static json_t *checked(const struct probe *probe, json_t *said)
{
	json_t *facts = json_object();
	struct err err;
	json_t *whole;

	json_object_set_new(facts, probe->name, said);
	facts_complete(facts, "this device does not say");
	/* Our bug; better one probe without a word than a device without a report. */
	if (facts_check(facts, "", NULL, &err) < 0)
		json_object_set_new(facts, probe->name, fact_unknown(err.text));
	whole = json_incref(json_object_get(facts, probe->name));
	json_decref(facts);
	return whole;
}

json_t *look_with(const struct env *env, const struct probe *const *wanted, size_t n,
		  struct look_cost *ret_costs)
{
	json_t **said = xcalloc(n + 1, sizeof(void *));
	struct look_cost *costs = xcalloc(n + 1, sizeof(*costs));
	json_t *facts = json_object();

	for (size_t done = 0; done < n;)
		done += run_some(env, wanted + done, n - done, said + done, costs + done);
	for (size_t i = 0; i < n; i++)
		json_object_set_new(facts, wanted[i]->name, checked(wanted[i], said[i]));
	if (ret_costs)
		memcpy(ret_costs, costs, n * sizeof(*costs));
	free(said);
	free(costs);
	return facts;
}
