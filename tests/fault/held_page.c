/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages that take as long as a test wants, by LD_PRELOAD: while the file HELD_PAGES is there,
 * an overview is not written as text, which is the last that is done of it. Each is a line in
 * the file MADE_PAGES.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

static void note(void)
{
	const char *path = getenv("MADE_PAGES");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

	if (fd < 0)
		return;
	(void)!write(fd, "\n", 1);
	close(fd);
}

static void hold(void)
{
	const struct timespec step = { .tv_nsec = 1000 * 1000 };
	const char *path = getenv("HELD_PAGES");

	while (path && access(path, F_OK) == 0)
		nanosleep(&step, NULL);
}

char *json_dumps(const json_t *json, size_t flags)
{
	char *(*real)(const json_t *json, size_t flags);

	*(void **)&real = dlsym(RTLD_NEXT, "json_dumps");
	if (json_object_get(json, "totals")) {
		note();
		hold();
	}
	return real(json, flags);
}
