/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libudev.h>

#include "agent/watch.h"
#include "common/base/mem.h"

/* As large as the kernel allows; without privileges that is less. */
#define BUFFER_BYTES (8 << 20)
/* Of what cannot be drained, since more keeps coming; then the rest is of the next time. */
#define DRAIN_MAX 100000

/* What a probe asks udev for; the kernel throws away the rest before it wakes us. */
static const char *const subsystems[] = { "sound",  "input",     "usb", "usbmisc",      "hid",
					  "hidraw", "bluetooth", "drm", "power_supply", "printer" };

/* A battery says every few minutes that it has less; nobody plugged that. */
static const char *const battery[] = { "ACTION=change", "POWER_SUPPLY_TYPE=Battery" };
#define MESSAGE_BYTES 8192

struct watch {
	struct udev *udev;
	struct udev_monitor *monitor;
};

/* Where no udevd runs, nothing is ever said of devices but by the kernel itself. */
static const char *source(void)
{
	return access("/run/udev/control", F_OK) == 0 ? "udev" : "kernel";
}

static int watch_init(struct watch *watch)
{
	int r = 0;

	watch->udev = udev_new();
	watch->monitor = watch->udev ? udev_monitor_new_from_netlink(watch->udev, source()) : NULL;
	if (!watch->monitor)
		return -ENOTSUP;
	for (size_t i = 0; i < ARRAY_SIZE(subsystems) && r >= 0; i++)
		r = udev_monitor_filter_add_match_subsystem_devtype(watch->monitor, subsystems[i],
								    NULL);
	/* A cart of thirty devices comes at once. If it cannot be had, so be it. */
	(void)udev_monitor_set_receive_buffer_size(watch->monitor, BUFFER_BYTES);
	return r < 0 ? r : udev_monitor_enable_receiving(watch->monitor);
}

int watch_open(struct watch **ret_watch, struct err *err)
{
	_cleanup_(watch_closep) struct watch *watch = xcalloc(1, sizeof(*watch));
	int r = watch_init(watch);

	if (r < 0)
		return err_errno(err, r, "cannot hear of devices that are plugged in");
	*ret_watch = TAKE_PTR(watch);
	return 0;
}

void watch_close(struct watch *watch)
{
	if (!watch)
		return;
	udev_monitor_unref(watch->monitor);
	udev_unref(watch->udev);
	free(watch);
}

int watch_fd(const struct watch *watch)
{
	return udev_monitor_get_fd(watch->monitor);
}

/* Whether the property @text stands in @message, after a NUL as all do. */
static bool has_property(const char *message, size_t len, const char *text)
{
	size_t text_len = strlen(text) + 1;

	return memmem(message, len, text, text_len) != NULL;
}

static bool is_battery(const char *message, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(battery); i++) {
		if (!has_property(message, len, battery[i]))
			return false;
	}
	return true;
}

int watch_drain(struct watch *watch)
{
	char message[MESSAGE_BYTES];
	int was_there = 0;

	/*
	 * Not by udev_monitor_receive_device(): it would build a device of each
	 * of some hundred messages, to be thrown away.
	 */
	for (int i = 0; i < DRAIN_MAX; i++) {
		ssize_t n = recv(watch_fd(watch), message, sizeof(message), MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		/* ENOBUFS: some were dropped, and there may be more. */
		if (n == 0 || (n < 0 && errno != ENOBUFS))
			return n == 0 ? -EPIPE : -errno;
		if (n < 0 || !is_battery(message, (size_t)n))
			was_there = 1;
	}
	return was_there;
}
