/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/machine_mac.h"
#include "common/base/file.h"
#include "common/base/mem.h"

#define NET_FOLDER "/sys/class/net"

/* On what an interface sits that is soldered or screwed in. */
static const char *const buses[] = { "pci", "platform", "sdio", "mmc", "ssb", "bcma", NULL };

/* The first line of the file @name of the interface at @path; "" if it cannot be read. */
static char *attr(const char *path, const char *name)
{
	_cleanup_free_ char *full = xasprintf("%s/%s", path, name);
	char *text = NULL;

	if (file_read_at(AT_FDCWD, full, 4096, &text, NULL, NULL) < 0)
		return xstrdup("");
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* Where the link @name of @path leads; "" if it is none. */
static void link_of(const char *path, const char *name, char target[static PATH_MAX])
{
	_cleanup_free_ char *full = xasprintf("%s%s%s", path, name[0] ? "/" : "", name);
	ssize_t n = readlink(full, target, PATH_MAX - 1);

	target[n < 0 ? 0 : n] = '\0';
}

static bool is_built_in(const char *path)
{
	_cleanup_free_ char *removable = attr(path, "device/removable");
	char target[PATH_MAX];
	const char *bus;

	link_of(path, "", target);
	if (strstr(target, "/usb") || strstr(target, "/virtual/"))
		return false;
	/* A dock at Thunderbolt is PCI too, but the kernel knows that it can be unplugged. */
	if (strcmp(removable, "removable") == 0)
		return false;
	link_of(path, "device/subsystem", target);
	bus = strrchr(target, '/');
	for (size_t i = 0; bus && buses[i]; i++) {
		if (strcmp(bus + 1, buses[i]) == 0)
			return true;
	}
	return false;
}

/* NET_ADDR_PERM, and not one that somebody made up: the second bit says so (IEEE 802). */
static bool is_permanent(const char *path, const char *mac)
{
	_cleanup_free_ char *type = attr(path, "addr_assign_type");

	return strcmp(type, "0") == 0 && strlen(mac) == MACHINE_MAC_SIZE - 1 &&
	       strspn(mac, "0123456789abcdefABCDEF:") == MACHINE_MAC_SIZE - 1 &&
	       !(strtoul((char[]){ mac[1], '\0' }, NULL, 16) & 2);
}

size_t machine_macs(const char *root, char macs[static MACHINE_MACS_MAX][MACHINE_MAC_SIZE])
{
	_cleanup_free_ char *folder = xasprintf("%s" NET_FOLDER, root);
	struct dirent **entries = NULL;
	int n_entries = scandir(folder, &entries, NULL, alphasort);
	size_t n = 0;

	for (int i = 0; i < n_entries; i++) {
		_cleanup_free_ char *path = xasprintf("%s/%s", folder, entries[i]->d_name);
		_cleanup_free_ char *mac = attr(path, "address");

		if (entries[i]->d_name[0] != '.' && n < MACHINE_MACS_MAX &&
		    is_permanent(path, mac) && is_built_in(path))
			memcpy(macs[n++], mac, MACHINE_MAC_SIZE);
		free(entries[i]);
	}
	free(entries);
	return n;
}
