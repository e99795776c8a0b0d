/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/input.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "agent/device.h"
#include "agent/probe/jack.h"
#include "agent/probe/listing.h"
#include "common/base/fd.h"
#include "common/base/mem.h"
#include "common/base/text.h"

static uint64_t switches(struct udev_device *device)
{
	const char *text = device_property(device, "SW");

	if (!text[0])
		text = device_attr(device, "capabilities/sw");
	return strtoull(text, NULL, 16);
}

/* The path below /dev of the node of input device @device. -ENOENT: it has none. */
static int event_path(struct udev_device *device, char path[static 64])
{
	_cleanup_(listing_done) struct listing listing = { 0 };
	const char *name;
	int r = listing_open(AT_FDCWD, udev_device_get_syspath(device), &listing, NULL);

	while (r >= 0 && (name = listing_next(&listing))) {
		if (!text_starts(name, "event") || strlen(name) >= 32)
			continue;
		snprintf(path, 64, "/dev/input/%.32s", name);
		return 0;
	}
	return r < 0 ? r : -ENOENT;
}

/* 1 plugged, 0 empty; -errno with the reason that it cannot be read. */
static int read_switch(struct udev_device *device, unsigned sw, struct err *err)
{
	_cleanup_close_ int fd = -1;
	uint64_t state = 0;
	char path[64];
	int r = event_path(device, path);

	if (r < 0)
		return err_errno(err, r, "the state of the jack");
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 && (errno == EACCES || errno == EPERM))
		return err_set(err, -EACCES,
			       "the agent may not read the jack (it is not in the group input)");
	if (fd < 0 || ioctl(fd, EVIOCGSW(sizeof(state)), &state) < 0)
		return err_errno(err, -errno, "the state of the jack");
	return (int)(state >> sw & 1);
}

static char *jack_name(struct udev_device *device)
{
	const char *name = device_property(device, "NAME");
	size_t len = strlen(name);

	if (len >= 2 && name[0] == '"')
		return xstrndup(name + 1, len - 2);
	return xstrdup(device_attr(device, "name"));
}

int jack_look(const struct env *env, unsigned sw, enum jack_state *ret_state, char **ret_name,
	      struct err *err)
{
	enum jack_state state = JACK_NONE;
	struct udev_device *const *devices;
	size_t n;
	int r = env_devices(env, "input", "input*", &devices, &n, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		if (!(switches(devices[i]) >> sw & 1))
			continue;
		r = read_switch(devices[i], sw, err);
		if (r > 0) {
			*ret_name = jack_name(devices[i]);
			*ret_state = JACK_PLUGGED;
			return 0;
		}
		if (r < 0)
			state = JACK_UNREADABLE;
		else if (state == JACK_NONE)
			state = JACK_EMPTY;
	}
	*ret_state = state;
	return 0;
}
