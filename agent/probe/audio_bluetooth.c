/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "agent/probe/audio_bluetooth.h"
#include "common/base/mem.h"

/* Minor classes of audio devices (Assigned Numbers 2.8.2.4); 2, hands-free, is in cars too. */
static const struct {
	unsigned minor;
	enum form_factor form;
} minors[] = {
	{ 1, FORM_HEADSET },   { 4, FORM_MICROPHONE }, { 5, FORM_SPEAKER },
	{ 6, FORM_HEADPHONE }, { 8, FORM_SPEAKER },    { 9, FORM_SPEAKER },
	{ 10, FORM_SPEAKER },  { 14, FORM_SPEAKER },   { 15, FORM_SPEAKER },
};

static enum form_factor form_of(const struct bluetooth_device *device)
{
	enum form_factor form = FORM_UNKNOWN;

	if (device->class && bluetooth_major(device) != BLUETOOTH_MAJOR_AUDIO)
		return FORM_UNKNOWN;
	for (size_t i = 0; device->class && i < ARRAY_SIZE(minors); i++) {
		if (bluetooth_minor(device) == minors[i].minor)
			form = minors[i].form;
	}
	if (form == FORM_UNKNOWN)
		form = form_from_name(device->name);
	return is_name_of_socket(device->name) && form != FORM_SPEAKER ? FORM_UNKNOWN : form;
}

enum audio_link audio_bluetooth_kind(const struct bluetooth_device *device,
				     struct audio_card *ret_card)
{
	unsigned major = bluetooth_major(device);
	bool is_playing, is_talking;

	if (!device->is_connected)
		return AUDIO_LINK_OTHER;
	/* A telephone and a computer can take sound as well; nobody wears them. */
	if (major >= BLUETOOTH_MAJOR_COMPUTER && major <= BLUETOOTH_MAJOR_NETWORK)
		return AUDIO_LINK_OTHER;
	is_talking = bluetooth_has(device, BLUETOOTH_HEADSET) ||
		     bluetooth_has(device, BLUETOOTH_HANDS_FREE);
	is_playing = is_talking || bluetooth_has(device, BLUETOOTH_AUDIO_SINK);
	if (!is_playing) {
		/* LE Audio and hearing aids do not say here what they can do; nor is a device
		 * for sound none because BlueZ knows of no service of it. */
		if (bluetooth_has(device, BLUETOOTH_AUDIO_STREAM) ||
		    bluetooth_has(device, BLUETOOTH_HEARING_AID) ||
		    major == BLUETOOTH_MAJOR_AUDIO || (device->n_uuids == 0 && !device->class))
			return AUDIO_LINK_DOUBT;
		return AUDIO_LINK_OTHER;
	}
	*ret_card = (struct audio_card){
		.name = xstrdup(device->name[0] ? device->name : "a Bluetooth device"),
		.number = AUDIO_CARD_NONE,
		.bus = "bluetooth",
		.form = form_of(device),
		.is_playing = true,
		.is_capturing = is_talking,
		.has_pcm = true,
	};
	return AUDIO_LINK_CARD;
}

int audio_bluetooth_add(const struct env *env, struct audio_cards *cards, struct err *err)
{
	_cleanup_(bluetooth_devices_done) struct bluetooth_devices devices = { 0 };
	struct audio_card card;
	int r = bluetooth_read(env, &devices, err);

	if (r < 0) {
		/* Without a link nothing is connected, whoever does not answer. */
		if (!bluetooth_is_linked(env))
			return 0;
		return err_prefix(err, r, "a Bluetooth device is connected that may be a headset");
	}
	for (size_t i = 0; i < devices.n; i++) {
		enum audio_link link = audio_bluetooth_kind(&devices.devices[i], &card);

		if (link == AUDIO_LINK_CARD)
			audio_cards_add(cards, &card);
		if (link == AUDIO_LINK_DOUBT)
			r = err_set(err, -ENODATA,
				    "%s is connected by Bluetooth and may be a headset; BlueZ "
				    "does not know",
				    devices.devices[i].name[0] ? devices.devices[i].name
							       : "a device");
	}
	return r;
}
