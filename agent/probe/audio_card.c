/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/audio_card.h"
#include "agent/probe/usb_descriptors.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define ASOUND_MAX ((size_t)64 * 1024)

const char *const form_factor_words[] = {
	[FORM_UNKNOWN] = "unknown",       [FORM_INTERNAL] = "internal", [FORM_HEADSET] = "headset",
	[FORM_HEADPHONE] = "headphone",   [FORM_SPEAKER] = "speaker",   [FORM_HANDSET] = "handset",
	[FORM_MICROPHONE] = "microphone", [FORM_WEBCAM] = "webcam",     [FORM_HDMI] = "hdmi",
	[FORM_LOOPBACK] = "loopback",
};
static_assert(ARRAY_SIZE(form_factor_words) == FORM_MAX_, "every form has a word");

/* What a person wears or holds. */
#define WORN (1U << FORM_HEADSET | 1U << FORM_HEADPHONE | 1U << FORM_HANDSET)

/* What is read once for all cards. */
struct sources {
	struct udev_device *const *pcms;
	size_t n_pcms;
	char *asound; /* /proc/asound/pcm, NULL where it is not */
};

/* The rest of the line "CC-DD: id : name : …" of one stream, NULL if there is none. */
static const char *pcm_line(const char *asound, unsigned card, unsigned device)
{
	char prefix[32];
	const char *at;

	if (!asound)
		return NULL;
	snprintf(prefix, sizeof(prefix), "%02u-%02u: ", card, device);
	at = strstr(asound, prefix);
	return at && (at == asound || at[-1] == '\n') ? at + strlen(prefix) : NULL;
}

/* Whether the stream's id, up to " :", has @word in it. */
static bool pcm_says(const char *line, const char *word)
{
	const char *at = strcasestr(line, word);

	return at && at < line + strcspn(line, ":\n");
}

/* Whether a stream is heard by somebody, and not by a monitor or an amplifier. */
static bool pcm_is_heard(const char *line, unsigned device, bool is_hda)
{
	static const char *const elsewhere[] = { "HDMI", "DisplayPort", "IEC958", "S/PDIF",
						 " Digital" };

	for (size_t i = 0; line && i < ARRAY_SIZE(elsewhere); i++) {
		if (pcm_says(line, elsewhere[i]))
			return false;
	}
	/* sound/pci/hda/hda_codec.c, audio_idx[]: 1 is S/PDIF, 3 and from 7 on HDMI, 6 a modem. */
	if (!line && is_hda)
		return device == 0 || device == 2 || device == 4 || device == 5;
	return true;
}

static void read_pcms(const struct sources *sources, unsigned number, bool is_hda,
		      struct audio_card *card)
{
	for (size_t i = 0; i < sources->n_pcms; i++) {
		const char *name = udev_device_get_sysname(sources->pcms[i]);
		unsigned at[2]; /* card and device, "pcmC0D3p" */
		const char *direction, *line;

		if (!text_starts(name, "pcmC") ||
		    device_numbers(name + strlen("pcmC"), 'D', 10, at, 2, &direction) != 2 ||
		    at[0] != number)
			continue;
		line = pcm_line(sources->asound, at[0], at[1]);
		card->has_pcm = true;
		if (*direction == 'p' && pcm_is_heard(line, at[1], is_hda))
			card->is_playing = true;
		if (*direction == 'c') {
			card->is_capturing = true;
			card->has_array |= line && pcm_says(line, "DMIC");
		}
	}
}

static enum form_factor form_from_word(const char *word)
{
	for (size_t i = FORM_INTERNAL; i < FORM_MAX_; i++) {
		if (strcmp(form_factor_words[i], word) == 0)
			return (enum form_factor)i;
	}
	return FORM_UNKNOWN;
}

/* The words in a name, those of systemd's 78-sound-card.rules and a few more. */
enum form_factor form_from_name(const char *name)
{
	static const struct {
		const char *word;
		enum form_factor form;
	} words[] = {
		{ "headset", FORM_HEADSET },    { "headphone", FORM_HEADPHONE },
		{ "earphone", FORM_HEADPHONE }, { "speaker", FORM_SPEAKER },
		{ "handset", FORM_HANDSET },    { "microphone", FORM_MICROPHONE },
		{ "webcam", FORM_WEBCAM },      { "soundbar", FORM_SPEAKER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcasestr(name, words[i].word))
			return words[i].form;
	}
	return FORM_UNKNOWN;
}

static bool says_any(const char *name, const char *const *words)
{
	for (; *words; words++) {
		if (strcasestr(name, *words))
			return true;
	}
	return false;
}

/*
 * "USB-C to 3.5mm Headphone Jack Adapter" is no headphone, whatever udev makes
 * of the word, and a dock says that it is a headset as it has a socket for one.
 */
static const char *const sockets[] = { "dock",      "adapter", "adaptor",         "hub",
				       "converter", " jack",   "port replicator", " amp",
				       " dac",      "3.5mm",   "3.5 mm",          NULL };
/* The part in the USB port is there when the headset lies in a drawer. */
static const char *const receivers[] = { "wireless",   "receiver",  "dongle",     "2.4g",
					 "lightspeed", "bluetooth", "jabra link", NULL };

bool is_name_of_socket(const char *name)
{
	return says_any(name, sockets);
}

static enum form_factor form_from_usb(struct udev_device *usb, const struct audio_card *card)
{
	_cleanup_free_ char *bytes = NULL;
	struct usb_functions functions = { 0 };
	size_t len;

	if (usb && device_read(usb, "descriptors", USB_DESCRIPTORS_MAX, &bytes, &len, NULL) >= 0)
		usb_descriptors_parse(bytes, len, &functions);
	if (functions.has_video)
		return FORM_WEBCAM;
	if (card->is_socket)
		return FORM_UNKNOWN;
	if (functions.has_headset)
		return FORM_HEADSET;
	if (functions.has_headphones)
		return FORM_HEADPHONE;
	if (functions.has_handset)
		return FORM_HANDSET;
	/* Only sockets made for a room count: real headsets call theirs 0301, speaker. */
	if (functions.has_loudspeaker)
		return FORM_SPEAKER;
	if (functions.has_microphone && card->is_capturing && !card->is_playing)
		return FORM_MICROPHONE;
	return FORM_UNKNOWN;
}

/*
 * Built in: on the board itself, or a function of PCI's root, where nothing is
 * plugged in; below it there may be a platform device, as SoundWire has.
 */
static bool is_built_in(struct udev_device *device, const char *bus)
{
	const char *function = NULL;

	if (strcmp(bus, "platform") == 0)
		return true;
	for (const char *at = udev_device_get_syspath(device); (at = strstr(at, "/0000:")); at++)
		function = at;
	return strcmp(bus, "pci") == 0 && function && text_starts(function, "/0000:00:");
}

static enum form_factor card_form(struct udev_device *device, struct udev_device *usb,
				  const struct audio_card *card)
{
	struct udev_device *parent = udev_device_get_parent(device);
	const char *parent_name = parent ? udev_device_get_sysname(parent) : "";
	enum form_factor form;

	if (text_starts(parent_name, "snd_aloop") || text_starts(parent_name, "snd_dummy") ||
	    strcmp(device_attr(device, "id"), "Loopback") == 0)
		return FORM_LOOPBACK;
	if (card->has_pcm && !card->is_playing && !card->is_capturing)
		return FORM_HDMI;
	form = form_from_word(device_property(device, "SOUND_FORM_FACTOR"));
	if (form == FORM_UNKNOWN && strcmp(card->bus, "usb") != 0)
		return is_built_in(device, card->bus) ? FORM_INTERNAL : FORM_UNKNOWN;
	if (form == FORM_UNKNOWN)
		form = form_from_name(card->name);
	if (card->is_socket && (WORN & 1U << form))
		return FORM_UNKNOWN;
	return form != FORM_UNKNOWN ? form : form_from_usb(usb, card);
}

static char *card_name(struct udev_device *device, struct udev_device *usb)
{
	char *name;

	if (usb) {
		name = device_usb_name(usb);
		if (name[0])
			return name;
		free(name);
	}
	if (device_property(device, "ID_MODEL_FROM_DATABASE")[0])
		return xstrdup(device_property(device, "ID_MODEL_FROM_DATABASE"));
	/* udev copies a USB device's texts to the card; only there without the device. */
	name = device_usb_name(device);
	if (name[0])
		return name;
	free(name);
	if (device_attr(device, "id")[0])
		return xstrdup(device_attr(device, "id"));
	return xstrdup(udev_device_get_sysname(device));
}

static bool is_hdmi_by_name(const struct audio_card *card)
{
	return strcmp(card->bus, "usb") != 0 && strcasestr(card->name, "hdmi");
}

/* Fill *@card; false if it is no card for a person: a mixer, MIDI, a modem. */
static bool card_read(struct udev_device *device, const struct sources *sources,
		      struct audio_card *card)
{
	struct udev_device *usb = device_usb(device);
	struct udev_device *parent = udev_device_get_parent(device);
	const char *name = udev_device_get_sysname(device);
	unsigned number;

	if (device_numbers(name + strlen("card"), '\0', 10, &number, 1, NULL) != 1 ||
	    strcmp(device_property(device, "SOUND_CLASS"), "modem") == 0)
		return false;
	*card = (struct audio_card){ .name = card_name(device, usb), .number = number };
	card->bus =
		strcmp(device_property(device, "ID_BUS"), "usb") == 0 ? "usb" : device_bus(device);
	if (strcmp(card->bus, "usb") == 0) {
		(void)device_usb_id(usb ? usb : device, card->usb_id);
		card->is_socket = is_name_of_socket(card->name);
		card->is_receiver = says_any(card->name, receivers);
	}
	read_pcms(sources, number,
		  parent && strcmp(device_property(parent, "DRIVER"), "snd_hda_intel") == 0, card);
	if (!sources->asound && is_hdmi_by_name(card) && !card->is_capturing)
		card->is_playing = false;
	card->form = card_form(device, usb, card);
	if (card->form == FORM_LOOPBACK)
		card->is_playing = card->is_capturing = false;
	/* Old kernels listed no streams below some USB cards; what udev calls a headset is one. */
	if (card->has_pcm || (card->form >= FORM_HEADSET && card->form <= FORM_WEBCAM))
		return true;
	free(card->name);
	return false;
}

int audio_cards_read(const struct env *env, struct audio_cards *ret_cards, struct err *err)
{
	struct sources sources = { 0 };
	struct audio_cards cards = { 0 };
	struct udev_device *const *devices;
	size_t n;
	int r = env_devices(env, "sound", "card*", &devices, &n, err);

	if (r >= 0)
		r = env_devices(env, "sound", "pcmC*", &sources.pcms, &sources.n_pcms, err);
	if (r < 0)
		return r;
	/* Without it (no ALSA, a test) the numbers of the streams have to do. */
	(void)!env_read(env, "proc/asound/pcm", ASOUND_MAX, &sources.asound, NULL, NULL);

	cards.cards = xcalloc(n + 1, sizeof(*cards.cards));
	for (size_t i = 0; i < n; i++) {
		if (card_read(devices[i], &sources, &cards.cards[cards.n]))
			cards.n++;
	}
	free(sources.asound);
	*ret_cards = cards;
	return 0;
}

void audio_cards_add(struct audio_cards *cards, const struct audio_card *card)
{
	cards->cards = xreallocarray(cards->cards, cards->n + 1, sizeof(*cards->cards));
	cards->cards[cards->n++] = *card;
}

void audio_cards_done(struct audio_cards *cards)
{
	for (size_t i = 0; i < cards->n; i++)
		free(cards->cards[i].name);
	free(cards->cards);
	*cards = (struct audio_cards){ 0 };
}
