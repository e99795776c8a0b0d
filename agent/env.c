/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine as probes see it: a root folder and what udev lists.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <jansson.h>

#include "agent/env.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"

struct env_devices {
	struct env_devices *next;
	char *subsystem;
	char *sysname;
	struct udev_device **devices;
	size_t n;
	bool is_too_many;
};

DEFINE_CLEANUP(struct udev_enumerate *, udev_enumerate_unref);

static void devices_free(struct env_devices *seen)
{
	if (!seen)
		return;
	for (size_t i = 0; i < seen->n; i++)
		udev_device_unref(seen->devices[i]);
	free(seen->devices);
	free(seen->subsystem);
	free(seen->sysname);
	free(seen);
}

int env_init(struct env *ret_env, const char *root, struct err *err)
{
	const char *folder = root[0] ? root : "/";
	_cleanup_close_ int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct udev *udev;
	size_t seed;

	if (fd < 0)
		return err_errno(err, -errno, "%s", folder);
	/*
	 * jansson would seed its tables by reading /dev/urandom, and a recorded
	 * machine has one that never says anything.
	 */
	if (getrandom(&seed, sizeof(seed), 0) == (ssize_t)sizeof(seed))
		json_object_seed(seed);
	udev = udev_new();
	if (!udev)
		return err_set(err, -ENOMEM, "libudev cannot be used");

	*ret_env = (struct env){ .root = root, .root_fd = TAKE_FD(fd), .udev = udev };
	/* The list's head is no list: env_devices() hangs them onto it through a const env. */
	ret_env->seen = xcalloc(1, sizeof(*ret_env->seen));
	return 0;
}

void env_forget(struct env *env)
{
	struct env_devices *next;

	for (struct env_devices *i = env->seen->next; i; i = next) {
		next = i->next;
		devices_free(i);
	}
	env->seen->next = NULL;
}

void env_done(struct env *env)
{
	if (!env->seen)
		return;
	env_forget(env);
	devices_free(env->seen);
	udev_unref(env->udev);
	close(env->root_fd);
	*env = (struct env){ .root_fd = -1 };
}

static void devices_add(struct env_devices *seen, struct udev_device *device)
{
	/* Grown in steps, since nobody says how many there will be. */
	if (seen->n % 32 == 0)
		seen->devices = xreallocarray(seen->devices, seen->n + 32, sizeof(void *));
	seen->devices[seen->n++] = device;
}

static int devices_scan(struct udev *udev, struct env_devices *seen, struct err *err)
{
	_cleanup_(udev_enumerate_unrefp) struct udev_enumerate *list = udev_enumerate_new(udev);
	struct udev_list_entry *entry;
	int r = -ENOMEM;

	if (list)
		r = udev_enumerate_add_match_subsystem(list, seen->subsystem);
	if (r >= 0)
		r = udev_enumerate_add_match_sysname(list, seen->sysname);
	if (r >= 0)
		r = udev_enumerate_scan_devices(list);
	if (r < 0)
		return err_errno(err, r, "the list of %s devices", seen->subsystem);
	/* To libudev there is nothing plugged in then. */
	if (access("/sys/class", F_OK) < 0)
		return err_set(err, -errno, "the kernel's list of devices, /sys, is not there: %s",
			       strerrordesc_np(errno));

	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(list))
	{
		struct udev_device *device;

		if (seen->n == ENV_DEVICES_MAX) {
			seen->is_too_many = true;
			break;
		}
		device = udev_device_new_from_syspath(udev, udev_list_entry_get_name(entry));
		/* Unplugged since it was listed. */
		if (!device)
			continue;
		devices_add(seen, device);
	}
	return 0;
}

static struct env_devices *devices_find(const struct env *env, const char *subsystem,
					const char *sysname)
{
	for (struct env_devices *i = env->seen->next; i; i = i->next) {
		if (strcmp(i->subsystem, subsystem) == 0 && strcmp(i->sysname, sysname) == 0)
			return i;
	}
	return NULL;
}

int env_devices(const struct env *env, const char *subsystem, const char *sysname,
		struct udev_device *const **ret_devices, size_t *ret_n, struct err *err)
{
	struct env_devices *seen = devices_find(env, subsystem, sysname);
	int r;

	if (!seen) {
		seen = xcalloc(1, sizeof(*seen));
		seen->subsystem = xstrdup(subsystem);
		seen->sysname = xstrdup(sysname);
		r = devices_scan(env->udev, seen, err);
		if (r < 0) {
			devices_free(seen);
			return r;
		}
		seen->next = env->seen->next;
		env->seen->next = seen;
	}
	if (seen->is_too_many)
		return err_set(err, -E2BIG, "more than %d %s devices", ENV_DEVICES_MAX, subsystem);

	*ret_devices = seen->devices;
	*ret_n = seen->n;
	return 0;
}

int env_read(const struct env *env, const char *path, size_t max_bytes, char **ret_text,
	     size_t *ret_len, struct err *err)
{
	return file_read_at(env->root_fd, path, max_bytes, ret_text, ret_len, err);
}
