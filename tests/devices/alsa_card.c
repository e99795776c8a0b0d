/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sound card for the helper alsa, as no test machine has one: preloaded, this
 * answers what the library asks the kernel of /dev/snd/controlC0. Card 1 is
 * there and its driver never answers; all others are the system's. With
 * ALSA_CARD_JACKS=N the card has N more sockets.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <sound/asound.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The values of the two channels; an integer goes from 0 to 87. */
static const struct control {
	const char *name;
	int iface, type, count;
	long values[2];
	bool is_broken; /* reading it fails */
} controls[] = {
	{ "Headphone Jack",
	  SNDRV_CTL_ELEM_IFACE_CARD,
	  SNDRV_CTL_ELEM_TYPE_BOOLEAN,
	  1,
	  { 1 },
	  false },
	{ "Mic Jack", SNDRV_CTL_ELEM_IFACE_CARD, SNDRV_CTL_ELEM_TYPE_BOOLEAN, 1, { 0 }, false },
	{ "Dock Mic Jack", SNDRV_CTL_ELEM_IFACE_CARD, SNDRV_CTL_ELEM_TYPE_BOOLEAN, 1, { 0 }, true },
	/* Not a socket: of the mixer, no boolean, of another name. */
	{ "Fake Jack", SNDRV_CTL_ELEM_IFACE_MIXER, SNDRV_CTL_ELEM_TYPE_BOOLEAN, 1, { 1 }, false },
	{ "Count Jack", SNDRV_CTL_ELEM_IFACE_CARD, SNDRV_CTL_ELEM_TYPE_INTEGER, 1, { 1 }, false },
	{ "Keep Interface",
	  SNDRV_CTL_ELEM_IFACE_CARD,
	  SNDRV_CTL_ELEM_TYPE_BOOLEAN,
	  1,
	  { 1 },
	  false },
	{ "Master Playback Volume",
	  SNDRV_CTL_ELEM_IFACE_MIXER,
	  SNDRV_CTL_ELEM_TYPE_INTEGER,
	  1,
	  { 64 },
	  false },
	{ "Master Playback Switch",
	  SNDRV_CTL_ELEM_IFACE_MIXER,
	  SNDRV_CTL_ELEM_TYPE_BOOLEAN,
	  1,
	  { 1 },
	  false },
	/* One ear is off, and the other is lower. */
	{ "Headphone Playback Volume",
	  SNDRV_CTL_ELEM_IFACE_MIXER,
	  SNDRV_CTL_ELEM_TYPE_INTEGER,
	  2,
	  { 20, 87 },
	  false },
	{ "Headphone Playback Switch",
	  SNDRV_CTL_ELEM_IFACE_MIXER,
	  SNDRV_CTL_ELEM_TYPE_BOOLEAN,
	  2,
	  { 1, 0 },
	  false },
	{ "Speaker Playback Switch",
	  SNDRV_CTL_ELEM_IFACE_MIXER,
	  SNDRV_CTL_ELEM_TYPE_BOOLEAN,
	  2,
	  { 1, 1 },
	  false },
	{ "Capture Volume",
	  SNDRV_CTL_ELEM_IFACE_MIXER,
	  SNDRV_CTL_ELEM_TYPE_INTEGER,
	  2,
	  { 1, 1 },
	  false },
};

static const struct control more = {
	"", SNDRV_CTL_ELEM_IFACE_CARD, SNDRV_CTL_ELEM_TYPE_BOOLEAN, 1, { 0 }, false
};

static int card_fd = -1;

static unsigned count_all(void)
{
	const char *n = getenv("ALSA_CARD_JACKS");

	return COUNT(controls) + (n ? (unsigned)atoi(n) : 0);
}

static const struct control *control_at(unsigned i)
{
	return i < COUNT(controls) ? &controls[i] : &more;
}

int open(const char *path, int flags, ...);
int open64(const char *path, int flags, ...);
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int ioctl(int fd, unsigned long request, ...);

static int open_real(const char *path, int flags)
{
	int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");

	if (strcmp(path, "/dev/snd/controlC1") == 0)
		for (;;)
			pause();
	if (strcmp(path, "/dev/snd/controlC0") != 0)
		return real(path, flags, 0600);
	card_fd = real("/dev/null", flags, 0);
	return card_fd;
}

/* Which of them is called depends on how the library was built. */
int open(const char *path, int flags, ...)
{
	return open_real(path, flags);
}

int open64(const char *path, int flags, ...)
{
	return open_real(path, flags);
}

int __open_2(const char *path, int flags)
{
	return open_real(path, flags);
}

int __open64_2(const char *path, int flags)
{
	return open_real(path, flags);
}

static void name(struct snd_ctl_elem_id *id, unsigned i)
{
	memset(id, 0, sizeof(*id));
	id->numid = i + 1;
	id->iface = control_at(i)->iface;
	if (i < COUNT(controls))
		strcpy((char *)id->name, controls[i].name);
	else
		sprintf((char *)id->name, "Made %u Jack", i);
}

/* Its place, or -1. */
static int find(const struct snd_ctl_elem_id *id)
{
	struct snd_ctl_elem_id its;

	for (unsigned i = 0; i < count_all(); i++) {
		name(&its, i);
		if (id->numid ? id->numid == i + 1
			      : id->iface == its.iface &&
					strcmp((const char *)id->name, (char *)its.name) == 0)
			return (int)i;
	}
	return -1;
}

static int list(struct snd_ctl_elem_list *ask)
{
	ask->count = count_all();
	ask->used = 0;
	for (unsigned i = ask->offset; i < ask->count && ask->used < ask->space; i++)
		name(&ask->pids[ask->used++], i);
	return 0;
}

static int info(struct snd_ctl_elem_info *ask)
{
	int i = find(&ask->id);
	const struct control *control;

	if (i < 0)
		return -ENOENT;
	control = control_at((unsigned)i);
	name(&ask->id, (unsigned)i);
	ask->type = control->type;
	ask->access = SNDRV_CTL_ELEM_ACCESS_READ | SNDRV_CTL_ELEM_ACCESS_WRITE;
	ask->count = (unsigned)control->count;
	ask->value.integer.min = 0;
	ask->value.integer.max = control->type == SNDRV_CTL_ELEM_TYPE_INTEGER ? 87 : 1;
	ask->value.integer.step = 1;
	return 0;
}

static int get(struct snd_ctl_elem_value *ask)
{
	int i = find(&ask->id);
	const struct control *control = i < 0 ? NULL : control_at((unsigned)i);

	if (!control || control->is_broken)
		return control ? -EIO : -ENOENT;
	memcpy(ask->value.integer.value, control->values, sizeof(control->values));
	return 0;
}

static int answer(unsigned long request, void *ask)
{
	switch (request) {
	case SNDRV_CTL_IOCTL_PVERSION:
		*(int *)ask = SNDRV_CTL_VERSION;
		return 0;
	case SNDRV_CTL_IOCTL_SUBSCRIBE_EVENTS:
		return 0;
	case SNDRV_CTL_IOCTL_ELEM_LIST:
		return list(ask);
	case SNDRV_CTL_IOCTL_ELEM_INFO:
		return info(ask);
	case SNDRV_CTL_IOCTL_ELEM_READ:
		return get(ask);
	default:
		return -ENOTTY;
	}
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*real)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
	void *ask;
	va_list ap;
	int r;

	va_start(ap, request);
	ask = va_arg(ap, void *);
	va_end(ap);
	if (fd < 0 || fd != card_fd)
		return real(fd, request, ask);
	r = answer(request, ask);
	if (r < 0)
		errno = -r;
	return r < 0 ? -1 : 0;
}
