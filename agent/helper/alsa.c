/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alsa CARD...: what the sound cards with these numbers say of their sockets
 * and of the volume, in no order:
 *
 *   {"card":0,"jack":"Headphone Jack","plugged":false}
 *   {"card":0,"mixer":"Master","muted":false,"volume_percent":74}
 *   {"card":1,"why_not":"it has no control device"}
 *
 * An element without a switch has no "muted", one without a volume no
 * "volume_percent". Only the control device is opened, never a stream.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <alsa/asoundlib.h>

#include "agent/helper/say.h"
#include "common/base/base.h"
#include "common/base/text.h"

/* sound/core/init.c, SNDRV_CARDS of the kernel. */
#define CARDS_MAX 32
/* What no card has: of a driver gone mad nothing is told, and the other cards are heard. */
#define JACKS_MAX 64

/* The elements that are told; which of them counts is for the agent to say. */
static const char *const elements[] = { "Master",          "Headset", "Headphone",
					"Front Headphone", "PCM",     "Speaker" };

static void say_why_not(unsigned card, int r)
{
	static const struct {
		int code;
		const char *why;
	} reasons[] = {
		{ -EACCES, "the agent may not (it is not in the group audio)" },
		{ -EPERM, "the agent may not (it is not in the group audio)" },
		{ -ENOENT, "it has no control device" },
		{ -ENXIO, "it has no control device" },
		{ -ENODEV, "it was just unplugged" },
		{ -ENOTTY, "its control device is none of ALSA" },
		{ -E2BIG, "it tells of more sockets than can be right" },
	};
	const char *why = strerrordesc_np(-r);

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		if (reasons[i].code == r)
			why = reasons[i].why;
	}
	say(json_pack("{s:i, s:o}", "card", (int)card, "why_not",
		      say_text(why ? why : "the driver does not answer as it should")));
}

/*
 * Open the control device by a configuration of our own: the library's would
 * read /etc/asound.conf and the ~/.asoundrc of whoever we run as.
 */
static int open_control(unsigned card, snd_ctl_t **ret_ctl)
{
	snd_config_t *config = NULL;
	snd_input_t *input = NULL;
	char text[64];
	int r;

	snprintf(text, sizeof(text), "ctl.card { type hw card %u }\n", card);
	r = snd_config_top(&config);
	if (r >= 0)
		r = snd_input_buffer_open(&input, text, (ssize_t)strlen(text));
	if (r >= 0)
		r = snd_config_load(config, input);
	if (r >= 0)
		r = snd_ctl_open_lconf(ret_ctl, "card", SND_CTL_NONBLOCK | SND_CTL_READONLY,
				       config);
	if (input)
		snd_input_close(input);
	if (config)
		snd_config_delete(config);
	return r;
}

static bool is_jack(snd_hctl_elem_t *element, snd_ctl_elem_info_t *info)
{
	const char *name = snd_hctl_elem_get_name(element);

	return snd_hctl_elem_get_interface(element) == SND_CTL_ELEM_IFACE_CARD &&
	       text_ends(name, "Jack") && snd_hctl_elem_info(element, info) >= 0 &&
	       snd_ctl_elem_info_get_type(info) == SND_CTL_ELEM_TYPE_BOOLEAN &&
	       snd_ctl_elem_info_get_count(info) >= 1 && snd_ctl_elem_info_is_readable(info);
}

/* Whether @hctl has no more sockets than can be right: a list of some would be a wrong one. */
static bool has_few_jacks(snd_hctl_t *hctl)
{
	snd_ctl_elem_info_t *info;
	size_t n = 0;

	snd_ctl_elem_info_alloca(&info);
	for (snd_hctl_elem_t *i = snd_hctl_first_elem(hctl); i; i = snd_hctl_elem_next(i))
		n += is_jack(i, info);
	return n <= JACKS_MAX;
}

static void say_jacks(unsigned card, snd_hctl_t *hctl)
{
	snd_ctl_elem_value_t *value;
	snd_ctl_elem_info_t *info;

	snd_ctl_elem_value_alloca(&value);
	snd_ctl_elem_info_alloca(&info);
	for (snd_hctl_elem_t *i = snd_hctl_first_elem(hctl); i; i = snd_hctl_elem_next(i)) {
		json_t *line;

		if (!is_jack(i, info))
			continue;
		line = json_pack("{s:i, s:o}", "card", (int)card, "jack",
				 say_text(snd_hctl_elem_get_name(i)));
		if (snd_hctl_elem_read(i, value) >= 0)
			json_object_set_new(line, "plugged",
					    json_boolean(snd_ctl_elem_value_get_boolean(value, 0)));
		say(line);
	}
}

/*
 * Muted if one channel is: who hears the test with one ear only does not hear
 * it. -errno: the card does not say, and nothing is told.
 */
static int read_muted(snd_mixer_elem_t *element)
{
	bool is_muted = false, has_any = false;

	for (int i = 0; i <= SND_MIXER_SCHN_LAST; i++) {
		int is_on;
		int r;

		if (!snd_mixer_selem_has_playback_channel(element, i))
			continue;
		r = snd_mixer_selem_get_playback_switch(element, i, &is_on);
		if (r < 0)
			return r;
		is_muted |= !is_on;
		has_any = true;
	}
	return has_any ? is_muted : -ENODATA;
}

/* The volume of the quietest channel in percent, as amixer(1) counts. */
static int read_volume(snd_mixer_elem_t *element)
{
	long lowest = 0, highest = 0, quietest = 0;
	bool has_any = false;
	int r = snd_mixer_selem_get_playback_volume_range(element, &lowest, &highest);

	if (r < 0 || lowest >= highest)
		return r < 0 ? r : -ENODATA;
	for (int i = 0; i <= SND_MIXER_SCHN_LAST; i++) {
		long value;

		if (!snd_mixer_selem_has_playback_channel(element, i))
			continue;
		r = snd_mixer_selem_get_playback_volume(element, i, &value);
		if (r < 0)
			return r;
		if (!has_any || value < quietest)
			quietest = value;
		has_any = true;
	}
	if (!has_any || quietest < lowest || quietest > highest)
		return -ENODATA;
	return (int)(((double)(quietest - lowest) * 100 / (double)(highest - lowest)) + 0.5);
}

static void say_element(unsigned card, snd_mixer_elem_t *element)
{
	json_t *line = json_pack("{s:i, s:o}", "card", (int)card, "mixer",
				 say_text(snd_mixer_selem_get_name(element)));
	int r = -ENODATA;

	if (snd_mixer_selem_has_playback_switch(element))
		r = read_muted(element);
	if (r >= 0)
		json_object_set_new(line, "muted", json_boolean(r));
	r = -ENODATA;
	if (snd_mixer_selem_has_playback_volume(element))
		r = read_volume(element);
	if (r >= 0)
		json_object_set_new(line, "volume_percent", json_integer(r));
	say(line);
}

static void say_mixer(unsigned card, snd_mixer_t *mixer)
{
	snd_mixer_selem_id_t *id;

	snd_mixer_selem_id_alloca(&id);
	for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
		snd_mixer_elem_t *element;

		snd_mixer_selem_id_set_name(id, elements[i]);
		snd_mixer_selem_id_set_index(id, 0);
		element = snd_mixer_find_selem(mixer, id);
		if (element)
			say_element(card, element);
	}
}

/* The mixer loads the controls, and the sockets are among them: one look for both. */
static int say_card(unsigned card)
{
	snd_hctl_t *hctl = NULL;
	snd_mixer_t *mixer = NULL;
	snd_ctl_t *ctl = NULL;
	int r = open_control(card, &ctl);

	if (r < 0)
		return r;
	r = snd_hctl_open_ctl(&hctl, ctl);
	if (r < 0) {
		snd_ctl_close(ctl);
		return r;
	}
	r = snd_mixer_open(&mixer, 0);
	if (r >= 0)
		r = snd_mixer_attach_hctl(mixer, hctl);
	if (r >= 0)
		r = snd_mixer_selem_register(mixer, NULL, NULL);
	if (r >= 0)
		r = snd_mixer_load(mixer);
	if (r >= 0 && !has_few_jacks(hctl))
		r = -E2BIG;
	if (r >= 0) {
		say_jacks(card, hctl);
		say_mixer(card, mixer);
	}
	/* Closes what is attached to it; and if that failed, the program ends soon. */
	if (mixer)
		snd_mixer_close(mixer);
	return r;
}

_printf_(5, 6) static void be_quiet(const char *file, int line, const char *function, int code,
				    const char *fmt, ...)
{
	(void)file, (void)line, (void)function, (void)code, (void)fmt;
}

int main(int argc, char **argv)
{
	/* Our own keys need no random seed, and a recorded machine's /dev/urandom never answers. */
	json_object_seed(1);
	(void)snd_lib_error_set_handler(be_quiet);
	for (int i = 1; i < argc; i++) {
		char *end;
		unsigned long card = strtoul(argv[i], &end, 10);
		int r;

		if (*end || end == argv[i] || card >= CARDS_MAX)
			say_error("usage: alsa CARD...");
		r = say_card((unsigned)card);
		if (r < 0)
			say_why_not((unsigned)card, r);
	}
	say_end();
}
