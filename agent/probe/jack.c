/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "agent/device.h"
#include "agent/probe/fact.h"
#include "agent/probe/jack.h"
#include "agent/probe/listing.h"
#include "common/base/fd.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define USES (JACK_HEADPHONE | JACK_MICROPHONE | JACK_LINE_OUT | JACK_VIDEO | JACK_LINE_IN)
#define HEADSET (JACK_HEADPHONE | JACK_MICROPHONE)
/* SND_JACK_AVOUT of the kernel: HDMI and DisplayPort. */
#define AV_OUT (JACK_LINE_OUT | JACK_VIDEO)

bool jack_uses_of(const char *name, unsigned *ret_uses, bool *ret_is_either)
{
	/* The first that is in the name counts: "Headphone Mic" is before "Headphone". */
	static const struct {
		const char *word;
		unsigned uses;
		bool is_either;
	} words[] = {
		{ "hdmi", JACK_VIDEO, false },
		{ "dp,", JACK_VIDEO, false },
		{ "displayport", JACK_VIDEO, false },
		/* One socket for either, as on many Dell laptops: the person is asked which. */
		{ "headphone mic", HEADSET, true },
		{ "headset mic", JACK_MICROPHONE, false },
		/* USB: the two ends of a socket have a control each. */
		{ "headset - input", JACK_MICROPHONE, false },
		{ "headset - output", JACK_HEADPHONE, false },
		{ "headset", HEADSET, false },
		{ "headphone", JACK_HEADPHONE, false },
		{ "mic", JACK_MICROPHONE, false },
		{ "line out", JACK_LINE_OUT, false },
		{ "line - output", JACK_LINE_OUT, false },
		{ "line", JACK_LINE_IN, false },
		{ "input", JACK_LINE_IN, false },
		{ "speaker", JACK_LINE_OUT, false },
		{ "spdif", JACK_LINE_OUT, false },
		{ "s/pdif", JACK_LINE_OUT, false },
		{ "output", JACK_LINE_OUT, false },
	};

	*ret_uses = 0;
	*ret_is_either = false;
	if (strcasestr(name, "phantom"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcasestr(name, words[i].word)) {
			*ret_uses = words[i].uses;
			*ret_is_either = words[i].is_either;
			break;
		}
	}
	return true;
}

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

/* What the switches say; -errno with the reason that they cannot be read. */
static int read_switches(struct udev_device *device, uint64_t *ret_state, struct err *err)
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
	*ret_state = state;
	return 0;
}

static char *jack_name(struct udev_device *device)
{
	const char *name = device_property(device, "NAME");
	size_t len = strlen(name);

	if (len >= 2 && name[0] == '"')
		return xstrndup(name + 1, len - 2);
	return xstrdup(device_attr(device, "name"));
}

static uint32_t card_of(struct udev_device *device)
{
	const char *at = strstr(udev_device_get_syspath(device), "/sound/card");
	unsigned card;

	if (!at || device_numbers(at + strlen("/sound/card"), '\0', 10, &card, 1, NULL) != 1)
		return JACK_CARD_NONE;
	return card;
}

static struct jack *jack_add(struct jacks *jacks, const struct jack *jack)
{
	jacks->jacks = xreallocarray(jacks->jacks, jacks->n + 1, sizeof(*jacks->jacks));
	jacks->jacks[jacks->n] = *jack;
	return &jacks->jacks[jacks->n++];
}

static void jack_add_input(struct jacks *jacks, struct udev_device *device)
{
	struct jack jack = { .uses = (unsigned)switches(device) & USES };
	unsigned uses;
	bool is_either;
	uint64_t state = 0;
	struct err err;

	if (!jack.uses)
		return;
	jack.name = jack_name(device);
	jack.card = card_of(device);
	(void)jack_uses_of(jack.name, &uses, &is_either);
	is_either = is_either && (jack.uses & JACK_HEADPHONE);
	if (is_either)
		jack.uses |= HEADSET;
	if (jack.uses == AV_OUT)
		jack.uses = JACK_VIDEO;
	if (read_switches(device, &state, &err) >= 0) {
		jack.is_known = jack.is_read = true;
		*(is_either ? &jack.maybe : &jack.plugged) = (unsigned)state & jack.uses;
		if (is_either && jack.maybe)
			jack.maybe = HEADSET;
		jack.is_plugged = jack.plugged || jack.maybe;
	} else {
		jack.why_not = xstrdup(err.text);
	}
	(void)jack_add(jacks, &jack);
}

/*
 * Whether the input device @jack may be the socket of the control @name: the
 * kernel calls them "HDA Intel PCH Front Headphone" and "Front Headphone Jack",
 * or both "… Headset Jack".
 */
static bool may_be(const struct jack *jack, const char *name)
{
	size_t has = strlen(jack->name), len = strlen(name);

	if (!text_ends(jack->name, " Jack") && text_ends(name, " Jack"))
		len -= strlen(" Jack");
	return has > len && jack->name[has - len - 1] == ' ' &&
	       strncmp(jack->name + has - len, name, len) == 0;
}

/*
 * The socket of a control among the first @n, which are input devices. With
 * "Headphone Jack" the shortest name is right: "HDA Intel PCH Dock Headphone"
 * ends in the same word. Without any of the name it is one that takes what the
 * control tells of and more, as a socket for headsets has a control for the
 * headphones and one for the microphone.
 */
static struct jack *find_input(struct jacks *jacks, size_t n, const struct audio_control *control,
			       unsigned uses)
{
	struct jack *named = NULL, *wide = NULL;

	for (size_t i = 0; i < n; i++) {
		struct jack *jack = &jacks->jacks[i];

		if (jack->card != control->card)
			continue;
		if (!jack->is_found && may_be(jack, control->name) &&
		    (!named || strlen(jack->name) < strlen(named->name)))
			named = jack;
		if (uses && (jack->uses & uses) == uses && (jack->uses & HEADSET) == HEADSET)
			wide = jack;
	}
	if (named)
		named->is_found = true;
	return named ? named : wide;
}

/* Tell @jack what a control of it says. */
static void jack_hear(struct jack *jack, const struct audio_control *control, unsigned uses,
		      bool is_either)
{
	if (control->plugged < 0)
		return;
	jack->is_known = true;
	/* What has no telling name is of the whole socket: empty, or with one cannot say what. */
	jack->heard |= uses || control->plugged ? uses : jack->uses;
	if (control->plugged == 0)
		return;
	jack->is_plugged = true;
	if (is_either) {
		jack->maybe |= uses;
	} else if (uses == HEADSET) {
		/* True with headphones as well as with a headset, which has a microphone. */
		jack->plugged |= JACK_HEADPHONE;
		jack->maybe |= JACK_MICROPHONE;
	} else {
		jack->plugged |= uses;
	}
}

static void jack_add_control(struct jacks *jacks, size_t n_inputs,
			     const struct audio_control *control)
{
	struct jack made = { .card = control->card };
	struct jack *jack;
	bool is_either;

	if (!jack_uses_of(control->name, &made.uses, &is_either))
		return;
	jack = find_input(jacks, n_inputs, control, made.uses);
	/* A switch that could be read is believed, whatever the control says. */
	if (jack && jack->is_read)
		return;
	if (!jack) {
		made.name = xstrdup(control->name);
		made.why_not = xstrdup("the sound card does not say whether something is plugged "
				       "in");
		jack = jack_add(jacks, &made);
	}
	jack_hear(jack, control, made.uses, is_either);
}

/* The control of one end of a socket for headsets says nothing of the other end. */
static void jack_doubt_unheard(struct jack *jack)
{
	unsigned unheard = jack->uses & HEADSET & ~jack->heard;

	if (jack->is_read || !unheard)
		return;
	if (jack->is_plugged)
		jack->maybe |= unheard;
	else
		jack->is_known = false;
}

void jacks_hear(struct jacks *jacks, const struct audio_controls *controls)
{
	size_t n_inputs = jacks->n;

	for (size_t i = 0; i < controls->n; i++) {
		if (controls->controls[i].kind == CONTROL_JACK)
			jack_add_control(jacks, n_inputs, &controls->controls[i]);
	}
	for (size_t i = 0; i < n_inputs; i++)
		jack_doubt_unheard(&jacks->jacks[i]);
}

int jacks_read(const struct env *env, const struct audio_controls *controls,
	       struct jacks *ret_jacks, struct err *err)
{
	struct jacks jacks = { 0 };
	struct udev_device *const *devices;
	size_t n;
	int r = env_devices(env, "input", "input*", &devices, &n, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		jack_add_input(&jacks, devices[i]);
	jacks_hear(&jacks, controls);
	*ret_jacks = jacks;
	return 0;
}

void jacks_done(struct jacks *jacks)
{
	for (size_t i = 0; i < jacks->n; i++) {
		free(jacks->jacks[i].name);
		free(jacks->jacks[i].why_not);
	}
	free(jacks->jacks);
	*jacks = (struct jacks){ 0 };
}

bool jacks_has(const struct jacks *jacks, uint32_t card, unsigned uses)
{
	for (size_t i = 0; i < jacks->n; i++) {
		if ((card == JACK_CARD_ANY || jacks->jacks[i].card == card) &&
		    (jacks->jacks[i].uses & uses))
			return true;
	}
	return false;
}

json_t *jacks_write(const struct jacks *jacks)
{
	static const struct {
		unsigned use;
		const char *word;
	} words[] = {
		{ JACK_HEADPHONE, "headphone" }, { JACK_MICROPHONE, "microphone" },
		{ JACK_LINE_OUT, "line_out" },   { JACK_LINE_IN, "line_in" },
		{ JACK_VIDEO, "video" },
	};
	json_t *items = json_array();

	for (size_t i = 0; i < jacks->n; i++) {
		const struct jack *jack = &jacks->jacks[i];
		json_t *item = json_object();
		json_t *uses = json_array();

		for (size_t j = 0; j < ARRAY_SIZE(words); j++) {
			if (jack->uses & words[j].use)
				json_array_append_new(uses, json_string(words[j].word));
		}
		fact_set_text(item, "name", jack->name);
		fact_set_list(item, "for", uses);
		if (jack->is_known)
			fact_set_bool(item, "plugged", jack->is_plugged);
		else
			fact_set_unknown(item, "plugged", "%s", jack->why_not);
		json_array_append_new(items, item);
	}
	return items;
}
