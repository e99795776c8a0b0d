/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/wait.h>

#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "agent/loop.h"
#include "common/base/mem.h"

struct loop {
	struct loop_hooks hooks;
	sd_event *event;
	sd_event_source *timer, *io, *child;
};

static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };

static void set_of(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaddset(set, signals[i]);
}

static int on_time(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct loop *loop = userdata;

	(void)source;
	(void)usec;
	loop->hooks.on_time(loop->hooks.userdata);
	return 0;
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct loop *loop = userdata;

	(void)source;
	(void)fd;
	(void)events;
	loop->hooks.on_ready(loop->hooks.userdata);
	return 0;
}

static int on_child(sd_event_source *source, const siginfo_t *info, void *userdata)
{
	struct loop *loop = userdata;
	int status = info->si_code == CLD_EXITED ? W_EXITCODE(info->si_status, 0)
						 : W_EXITCODE(0, info->si_status & 0x7f);

	(void)source;
	loop->child = sd_event_source_unref(loop->child);
	loop->hooks.on_child(loop->hooks.userdata, status);
	return 0;
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
	struct loop *loop = userdata;

	(void)source;
	(void)info;
	loop->hooks.on_reload(loop->hooks.userdata);
	return 0;
}

static int on_stop(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
	struct loop *loop = userdata;

	(void)source;
	(void)info;
	loop->hooks.on_stop(loop->hooks.userdata);
	return 0;
}

static int loop_init(struct loop *loop)
{
	int r = sd_event_new(&loop->event);

	if (r >= 0)
		r = sd_event_add_signal(loop->event, NULL, SIGTERM, on_stop, loop);
	if (r >= 0)
		r = sd_event_add_signal(loop->event, NULL, SIGINT, on_stop, loop);
	if (r >= 0)
		r = sd_event_add_signal(loop->event, NULL, SIGHUP, on_reload, loop);
	/* The time since boot, suspend included: a lid that was closed does not count as a pause.
	 */
	if (r >= 0)
		r = sd_event_add_time(loop->event, &loop->timer, CLOCK_BOOTTIME, UINT64_MAX, 0,
				      on_time, loop);
	if (r >= 0)
		r = sd_event_source_set_enabled(loop->timer, SD_EVENT_OFF);
	/* Only where the service manager asks for it; it wakes us for nothing else. */
	if (r >= 0)
		r = sd_event_set_watchdog(loop->event, true);
	return r;
}

int loop_new(const struct loop_hooks *hooks, struct loop **ret_loop, struct err *err)
{
	_cleanup_(loop_freep) struct loop *loop = xcalloc(1, sizeof(*loop));
	sigset_t set;
	int r;

	set_of(&set);
	(void)pthread_sigmask(SIG_BLOCK, &set, NULL);
	loop->hooks = *hooks;
	r = loop_init(loop);
	if (r < 0)
		return err_errno(err, r, "the event loop cannot be started");
	*ret_loop = TAKE_PTR(loop);
	return 0;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	sd_event_source_unref(loop->timer);
	sd_event_source_unref(loop->io);
	sd_event_source_unref(loop->child);
	sd_event_unref(loop->event);
	free(loop);
}

void loop_leave(void)
{
	sigset_t set;

	set_of(&set);
	(void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void loop_wake_at(struct loop *loop, int64_t boot_ms)
{
	bool is_ever = boot_ms != INT64_MAX;

	if (is_ever)
		(void)sd_event_source_set_time(loop->timer,
					       boot_ms > 0 ? (uint64_t)boot_ms * 1000 : 1);
	(void)sd_event_source_set_enabled(loop->timer, is_ever ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
}

int loop_listen(struct loop *loop, int fd, struct err *err)
{
	int r = sd_event_add_io(loop->event, &loop->io, fd, EPOLLIN, on_io, loop);

	return r < 0 ? err_errno(err, r, "cannot listen for devices") : 0;
}

void loop_unlisten(struct loop *loop)
{
	loop->io = sd_event_source_disable_unref(loop->io);
}

int loop_wait_for(struct loop *loop, pid_t pid, struct err *err)
{
	int r = sd_event_add_child(loop->event, &loop->child, pid, WEXITED, on_child, loop);

	return r < 0 ? err_errno(err, r, "cannot wait for a process") : 0;
}

void loop_tell(const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)sd_notify(false, text);
}

int loop_run(struct loop *loop, struct err *err)
{
	int r = sd_event_loop(loop->event);

	return r < 0 ? err_errno(err, r, "the event loop ended") : 0;
}

void loop_stop(struct loop *loop)
{
	(void)sd_event_exit(loop->event, 0);
}
