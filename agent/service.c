/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent/attempt.h"
#include "agent/errand.h"
#include "agent/loop.h"
#include "agent/quiet.h"
#include "agent/schedule.h"
#include "agent/service.h"
#include "agent/watch.h"
#include "common/base/clock.h"
#include "common/base/fd.h"
#include "common/base/log.h"

/* An errand has a limit for each thing it does; past all of them together it is stuck. */
#define ERRAND_MS INT64_C(900000)
/* A child that does not go when it is killed is stuck in the kernel, and is left behind. */
#define STOP_MS 500
/* Over which contacts are spread that wait for the end of quiet hours. */
#define QUIET_SPREAD_MS INT64_C(120000)
/* Longer pauses than a collector can ask for are a clock that was set. */
#define RETRY_AFTER_MAX_MS INT64_C(86400000)

struct service {
	const struct service_settings *settings;
	struct config config;
	struct loop *loop;
	struct watch *watch; /* NULL: nothing is heard of devices */
	struct plan plan;
	struct standing standing;
	pid_t child; /* 0: there is none */
	int child_fd;
	unsigned errand; /* of the child */
	uint64_t random; /* for what comes of it */
	int64_t deadline_ms;
	char said[ERRAND_TEXT_SIZE]; /* what was logged last */
	bool is_quiet;               /* a contact waits for the end of quiet hours */
	bool is_stopping;
};

/* What a child hands back. */
struct letter {
	int r;
	struct errand_result result;
	struct err err;
};

static uint64_t draw(void)
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		random = (uint64_t)clock_boot_ms() * UINT64_C(0x9e3779b97f4a7c15);
	return random;
}

/* --- errands --- */

_Noreturn static void run_errand(const struct service *service, pid_t parent, int fd)
{
	const struct service_settings *settings = service->settings;
	struct errand errand = {
		.state = config_state_path(&service->config, settings->state),
		.root = settings->root,
		.config = &service->config,
		.timeout_ms = settings->timeout_ms,
		.what = service->errand,
		.plan = &service->plan,
		.random = service->random,
	};
	static struct letter letter;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	loop_leave();
	letter.r = errand_run(&errand, &service->standing, &letter.result, &letter.err);
	/* It fits into the pipe, so nobody has to read. */
	_exit(write(fd, &letter, sizeof(letter)) != (ssize_t)sizeof(letter));
}

static int start_errand(struct service *service, struct err *err)
{
	pid_t pid, parent = getpid();
	int fds[2];

	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_errno(err, -errno, "no pipe for an errand");
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		run_errand(service, parent, fds[1]);
	}
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return err_errno(err, -errno, "no process for an errand");
	}
	service->child = pid;
	service->child_fd = fds[0];
	service->deadline_ms = clock_boot_ms() + ERRAND_MS;
	if (loop_wait_for(service->loop, pid, err) >= 0)
		return 0;
	/* Nobody would hear of its end, and the service would wait for ever. */
	kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	close(service->child_fd);
	service->child = 0;
	return -EAGAIN;
}

/* Read what the child left; what did not come from an orderly end is a failure. */
static void read_letter(struct service *service, int status, struct letter *letter)
{
	ssize_t n = read(service->child_fd, letter, sizeof(*letter));

	close(service->child_fd);
	if (status == 0 && n == (ssize_t)sizeof(*letter))
		return;
	*letter = (struct letter){ .r = -ECHILD };
	letter->result.plan.has_failed = true;
	letter->result.standing = (struct standing){ .held_boot_ms = -1, .last_number = -1 };
	if (WIFSIGNALED(status))
		(void)err_set(&letter->err, -ECHILD, "what was being done ended by signal %d",
			      WTERMSIG(status));
	else
		(void)err_set(&letter->err, -ECHILD, "what was being done ended in an error");
}

/* A trouble that lasts for weeks is one line. */
static void say(struct service *service, int level, const char *text)
{
	if (level < LOG_INFO && strcmp(service->said, text) == 0)
		return;
	snprintf(service->said, sizeof(service->said), "%s", text);
	log_line(level, "testready-agent run: %s", text);
}

static void end_errand(struct service *service, const struct letter *letter)
{
	const struct errand_result *result = &letter->result;
	struct plan_result plan = result->plan;

	if (result->device_id[0])
		memcpy(service->plan.device_id, result->device_id, ID_SIZE);
	if (service->config.period_s > 0)
		plan.period_ms = service->config.period_s * 1000;
	plan_end(&service->plan, service->errand, &plan, clock_boot_ms(), service->random);
	service->standing = result->standing;
	if (letter->r < 0)
		say(service, LOG_WARNING, letter->err.text);
	else if (plan.was_talking)
		say(service, plan.has_failed ? LOG_WARNING : LOG_INFO, result->text);
}

/* --- what to do next --- */

/* How long it stays quiet; 0: it is not. */
static int64_t quiet_left_ms(const struct service *service)
{
	time_t now = time(NULL);
	struct tm local;
	int left;

	if (service->config.n_quiet == 0)
		return 0;
	tzset(); /* it may have been set up since */
	if (!localtime_r(&now, &local))
		return 0;
	left = quiet_left_min(service->config.quiet, service->config.n_quiet,
			      local.tm_hour * 60 + local.tm_min);
	return left > 0 ? (int64_t)left * 60000 - (int64_t)local.tm_sec * 1000 : 0;
}

static int64_t spread_ms(const struct service *service)
{
	return service->plan.spread_ms > QUIET_SPREAD_MS ? service->plan.spread_ms
							 : QUIET_SPREAD_MS;
}

static void sleep_until(struct service *service, int64_t at_ms, const char *why)
{
	char at[CLOCK_TEXT_SIZE];

	loop_wake_at(service->loop, at_ms);
	loop_tell("STATUS=%s; next at %s. %s", why,
		  clock_text(clock_now_ms() + at_ms - clock_boot_ms(), at), service->said);
}

/* Nothing more is heard of devices; they are still looked at when the time has come. */
static void stop_hearing(struct service *service, int r)
{
	struct err err = { 0 };

	(void)err_errno(&err, r, "nothing is heard any more of devices that are plugged in");
	log_line(LOG_WARNING, "testready-agent run: %s", err.text);
	loop_unlisten(service->loop);
	watch_close(service->watch);
	service->watch = NULL;
}

/* Whether something was plugged in, which is then planned for. */
static bool hear(struct service *service, int64_t now_ms)
{
	struct plan *plan = &service->plan;
	int r = service->watch ? watch_drain(service->watch) : 0;

	if (r < 0)
		stop_hearing(service, r);
	if (r <= 0)
		return false;
	/* What never is calm does not put off the look for ever. */
	if (plan->look_ms == PLAN_NEVER || plan_is_restless(plan, now_ms))
		plan_event(plan, now_ms);
	return true;
}

static void begin_errand(struct service *service, unsigned errand, int64_t now_ms)
{
	struct err err = { 0 };

	plan_begin(&service->plan, errand, now_ms);
	service->errand = errand;
	service->random = draw();
	loop_tell("STATUS=Looking and reporting.");
	if (start_errand(service, &err) < 0) {
		struct letter letter = { .r = -EAGAIN, .err = err };

		letter.result.plan.has_failed = true;
		letter.result.standing = service->standing;
		end_errand(service, &letter);
	}
	loop_wake_at(service->loop, service->child ? service->deadline_ms : now_ms);
}

static void step(struct service *service)
{
	int64_t at_ms, quiet_ms, now_ms = clock_boot_ms();
	unsigned errand;

	if (service->child || service->is_stopping)
		return;
	plan_wake(&service->plan, now_ms, service->settings->start_ms, draw());
	errand = plan_due(&service->plan, now_ms, &at_ms);
	quiet_ms = errand ? quiet_left_ms(service) : 0;
	service->is_quiet = quiet_ms > 0;
	if (service->is_quiet) {
		plan_hold(&service->plan,
			  now_ms + quiet_ms + schedule_part(spread_ms(service), draw()));
		errand = plan_due(&service->plan, now_ms, &at_ms);
	}
	/* Whatever comes from here on is not in what is seen now. */
	if (errand & ERRAND_LOOK && hear(service, now_ms))
		errand = plan_due(&service->plan, now_ms, &at_ms);
	if (errand)
		begin_errand(service, errand, now_ms);
	else
		sleep_until(service, at_ms, service->is_quiet ? "Quiet hours" : "Waiting");
}

/* --- what happens --- */

static void on_time(void *userdata)
{
	struct service *service = userdata;

	if (service->is_stopping)
		loop_stop(service->loop);
	else if (service->child)
		kill(service->child, SIGKILL); /* on_child() says so */
	else
		step(service);
}

static void on_ready(void *userdata)
{
	struct service *service = userdata;
	bool is_first = service->plan.look_ms == PLAN_NEVER;

	/* Those that follow only move the look; when it was to be, that is found out. */
	if (hear(service, clock_boot_ms()) && is_first)
		step(service);
}

static void on_child(void *userdata, int status)
{
	struct service *service = userdata;
	struct letter letter;

	service->child = 0;
	if (service->is_stopping) {
		loop_stop(service->loop);
		return;
	}
	read_letter(service, status, &letter);
	end_errand(service, &letter);
	step(service);
}

/* The state folder stays: it is the one that this process is the only service of. */
static int read_again(const struct service *service, struct config *ret_config, struct err *err)
{
	const struct service_settings *settings = service->settings;
	struct config config = { 0 };
	int r = config_read(settings->config, settings->root ? settings->root : "", &config, err);

	if (r < 0)
		return r;
	if (strcmp(config_state_path(&config, settings->state),
		   config_state_path(&service->config, settings->state)) != 0) {
		config_done(&config);
		return err_set(err, -EBUSY,
			       "state_dir names another folder, which needs a restart of the "
			       "service");
	}
	*ret_config = config;
	return 0;
}

static void on_reload(void *userdata)
{
	struct service *service = userdata;
	const struct service_settings *settings = service->settings;
	int64_t now_ms = clock_boot_ms();
	struct config config = { 0 };
	struct err err = { 0 };

	loop_tell("RELOADING=1");
	if (read_again(service, &config, &err) < 0) {
		log_line(LOG_ERR, "testready-agent run: the configuration stays as it was: %s",
			 err.text);
	} else {
		config_done(&service->config);
		service->config = config;
		log_line(LOG_INFO, "testready-agent run: the configuration was read again");
	}
	plan_hurry(&service->plan, now_ms);
	/* The hours that it waited for may not be quiet any more. */
	if (service->is_quiet)
		service->plan.contact_ms = now_ms + schedule_part(settings->start_ms, draw());
	loop_tell("READY=1");
	step(service);
}

/* Nothing is lost by it: all that must last is on the disk before it is sent. */
static void on_stop(void *userdata)
{
	struct service *service = userdata;

	loop_tell("STOPPING=1");
	service->is_stopping = true;
	if (!service->child) {
		loop_stop(service->loop);
		return;
	}
	kill(service->child, SIGKILL);
	loop_wake_at(service->loop, clock_boot_ms() + STOP_MS);
}

/* --- its life --- */

/* What the collector asked for before this service was started. */
static void take_up(struct service *service, const struct state *state)
{
	struct attempt attempt = { 0 };
	int64_t now_ms = clock_boot_ms(), left_ms;

	if (attempt_read(state, &attempt, NULL) < 0)
		return;
	left_ms = attempt.retry_at_ms - clock_now_ms();
	if (left_ms > 0 && left_ms <= RETRY_AFTER_MAX_MS)
		plan_hold(&service->plan, now_ms + left_ms);
	if (attempt.period_ms > 0)
		service->plan.period_ms = attempt.period_ms;
	service->plan.spread_ms = attempt.spread_ms;
	attempt_done(&attempt);
}

/* *@ret_lock_fd keeps other services out as long as it is open. */
static int service_init(struct service *service, int *ret_lock_fd, struct err *err)
{
	const struct loop_hooks hooks = {
		service, on_time, on_ready, on_child, on_reload, on_stop
	};
	const struct service_settings *settings = service->settings;
	_cleanup_(state_closep) struct state *state = NULL;
	struct err why = { 0 };
	int r = config_read(settings->config, settings->root ? settings->root : "",
			    &service->config, err);

	if (r >= 0)
		r = state_open(config_state_path(&service->config, settings->state), true, &state,
			       err);
	if (r >= 0)
		r = state_lock_service(state, ret_lock_fd, err);
	if (r >= 0)
		r = loop_new(&hooks, &service->loop, err);
	if (r < 0)
		return r;
	plan_init(&service->plan, settings->start_ms, settings->settle_ms, clock_boot_ms(), draw());
	take_up(service, state);
	/* Without it the device is still looked at when its time has come. */
	if (watch_open(&service->watch, &why) < 0 ||
	    loop_listen(service->loop, watch_fd(service->watch), &why) < 0)
		log_line(LOG_WARNING, "testready-agent run: %s", why.text);
	return 0;
}

int service_run(const struct service_settings *settings, struct err *err)
{
	struct service service = { .settings = settings,
				   .standing = { .held_boot_ms = -1, .last_number = -1 } };
	_cleanup_close_ int lock_fd = -1;
	int r = service_init(&service, &lock_fd, err);

	if (r >= 0) {
		loop_tell("READY=1");
		step(&service);
		r = loop_run(service.loop, err);
	}
	watch_close(service.watch);
	loop_free(service.loop);
	config_done(&service.config);
	return r;
}
