/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "agent/probe/audio_bluetooth.h"
#include "tests/unit/unit.h"

#define UUIDS "[\"1108\",\"110b\",\"111e\"]"

static int parse(const char *text, struct bluetooth_devices *devices)
{
	json_t *lines = json_loads(text, 0, NULL);
	struct err err = { 0 };
	int r;

	assert_non_null(lines);
	r = bluetooth_parse(lines, devices, &err);
	if (r < 0)
		assert_non_null(strstr(err.text, "as it should"));
	json_decref(lines);
	return r;
}

static void what_bluez_knows_is_read(void **state)
{
	struct bluetooth_devices devices;

	(void)state;
	assert_int_equal(parse("[{\"name\":\"UFO\",\"connected\":false,\"paired\":true,"
			       "\"class\":2360344,\"uuids\":" UUIDS ",\"icon\":\"\"}]",
			       &devices),
			 0);
	assert_int_equal(devices.n, 1);
	assert_string_equal(devices.devices[0].name, "UFO");
	assert_false(devices.devices[0].is_connected);
	assert_true(devices.devices[0].is_paired);
	assert_int_equal(bluetooth_major(devices.devices), BLUETOOTH_MAJOR_AUDIO);
	assert_int_equal(bluetooth_minor(devices.devices), 6);
	assert_true(bluetooth_has(devices.devices, BLUETOOTH_AUDIO_SINK));
	assert_false(bluetooth_has(devices.devices, BLUETOOTH_HID));
	bluetooth_devices_done(&devices);
}

static void an_answer_with_one_wrong_device_is_none(void **state)
{
	static const char *const wrong[] = {
		"[1]",
		"[{}]",
		"[{\"name\":\"a\",\"connected\":1,\"paired\":true,\"uuids\":[]}]",
		"[{\"name\":\"a\",\"connected\":true,\"uuids\":[]}]",
		"[{\"connected\":true,\"paired\":true,\"uuids\":[]}]",
		"[{\"name\":\"a\",\"connected\":true,\"paired\":true}]",
		"[{\"name\":\"a\",\"connected\":true,\"paired\":true,\"uuids\":[1]}]",
		"[{\"name\":\"a\",\"connected\":true,\"paired\":true,\"uuids\":[\"110b0\"]}]",
		"[{\"name\":\"a\",\"connected\":true,\"paired\":true,\"uuids\":[\"-11b\"]}]",
		"[{\"name\":\"a\",\"connected\":true,\"paired\":true,\"uuids\":[\"11\"]}]",
		"[{\"name\":\"a\",\"connected\":true,\"paired\":true,\"uuids\":[],\"class\":-1}]",
		"[{\"name\":\"a\",\"connected\":true,\"paired\":true,\"uuids\":[]},7]",
	};
	struct bluetooth_devices devices = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		if (parse(wrong[i], &devices) != -EPROTO)
			fail_msg("%s", wrong[i]);
	}
	assert_int_equal(devices.n, 0);
}

static void owners_are_not_told(void **state)
{
	static const char *const cases[][2] = {
		{ "Maria's Headset", "Headset" },
		{ "Mar\xc3\xad"
		  "a\xe2\x80\x99s Headset",
		  "Headset" },
		{ "Joe\xe2\x80\x99s dad's Buds", "Buds" },
		{ "MARIA'S HEADSET", "HEADSET" },
		{ "James' Buds", "Buds" },
		{ "AirPods de María", "AirPods" },
		{ "AirPods von Maria", "AirPods" },
		{ "Casque d’Anna", "Casque" },
		{ "AirPods của Linh", "AirPods" },
		{ "小明的AirPods", "AirPods" },
		{ "민수의 AirPods", "AirPods" },
		{ "Desk Speaker", "Desk Speaker" },
		{ "SVEN SEB-B270MV", "SVEN SEB-B270MV" },
		{ "'s ", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char name[64];

		strcpy(name, cases[i][0]);
		bluetooth_drop_owner(name);
		assert_string_equal(name, cases[i][1]);
	}
}

static void class_and_services_say_what_is_listened_with(void **state)
{
	static const struct {
		const char *name;
		unsigned class;
		uint16_t uuid;
		enum audio_link link;
		enum form_factor form;
	} cases[] = {
		{ "a", 0x240404, BLUETOOTH_HANDS_FREE, AUDIO_LINK_CARD, FORM_HEADSET },
		{ "a", 0x240418, BLUETOOTH_AUDIO_SINK, AUDIO_LINK_CARD, FORM_HEADPHONE },
		{ "a", 0x240414, BLUETOOTH_AUDIO_SINK, AUDIO_LINK_CARD, FORM_SPEAKER },
		{ "a", 0x240420, BLUETOOTH_AUDIO_SINK, AUDIO_LINK_CARD, FORM_SPEAKER },
		{ "a", 0x240408, BLUETOOTH_HANDS_FREE, AUDIO_LINK_CARD, FORM_UNKNOWN },
		{ "Voyager Headset", 0x240408, BLUETOOTH_HANDS_FREE, AUDIO_LINK_CARD,
		  FORM_HEADSET },
		{ "Audio Adapter", 0x240418, BLUETOOTH_AUDIO_SINK, AUDIO_LINK_CARD, FORM_UNKNOWN },
		{ "Speaker Dock", 0x240414, BLUETOOTH_AUDIO_SINK, AUDIO_LINK_CARD, FORM_SPEAKER },
		{ "Headset", 0x002540, BLUETOOTH_HEADSET, AUDIO_LINK_CARD, FORM_UNKNOWN },
		{ "Headset", 0x5a020c, BLUETOOTH_HEADSET, AUDIO_LINK_OTHER, FORM_UNKNOWN },
		{ "Headset", 0x1c010c, BLUETOOTH_AUDIO_SINK, AUDIO_LINK_OTHER, FORM_UNKNOWN },
		{ "a", 0, BLUETOOTH_AUDIO_SINK, AUDIO_LINK_CARD, FORM_UNKNOWN },
		{ "a", 0, BLUETOOTH_HID_OVER_GATT, AUDIO_LINK_OTHER, FORM_UNKNOWN },
		{ "a", 0, BLUETOOTH_AUDIO_STREAM, AUDIO_LINK_DOUBT, FORM_UNKNOWN },
		{ "a", 0, BLUETOOTH_HEARING_AID, AUDIO_LINK_DOUBT, FORM_UNKNOWN },
		{ "a", 0, 0, AUDIO_LINK_DOUBT, FORM_UNKNOWN },
		{ "a", 0x240404, 0, AUDIO_LINK_DOUBT, FORM_UNKNOWN },
		/* A headset of which BlueZ knows only who made it. */
		{ "a", 0x240404, 0x1200, AUDIO_LINK_DOUBT, FORM_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct bluetooth_device device = { .name = (char *)cases[i].name,
						   .is_connected = true,
						   .class = cases[i].class,
						   .uuids = { cases[i].uuid },
						   .n_uuids = cases[i].uuid != 0 };
		struct audio_card card = { 0 };

		if (audio_bluetooth_kind(&device, &card) != cases[i].link ||
		    card.form != cases[i].form)
			fail_msg("case %zu: form %d", i, card.form);
		free(card.name);
	}
}

static void what_is_not_connected_is_not_listened_with(void **state)
{
	const struct bluetooth_device device = { .name = (char *)"UFO",
						 .is_paired = true,
						 .class = 0x240404,
						 .uuids = { BLUETOOTH_HEADSET },
						 .n_uuids = 1 };
	struct audio_card card;

	(void)state;
	assert_int_equal(audio_bluetooth_kind(&device, &card), AUDIO_LINK_OTHER);
}

static void only_who_has_a_microphone_records(void **state)
{
	struct bluetooth_device device = { .name = (char *)"",
					   .is_connected = true,
					   .class = 0x240418,
					   .uuids = { BLUETOOTH_AUDIO_SINK },
					   .n_uuids = 1 };
	struct audio_card card;

	(void)state;
	assert_int_equal(audio_bluetooth_kind(&device, &card), AUDIO_LINK_CARD);
	assert_true(card.is_playing && !card.is_capturing);
	assert_string_equal(card.name, "a Bluetooth device");
	assert_int_equal(card.number, AUDIO_CARD_NONE);
	free(card.name);
	device.uuids[0] = BLUETOOTH_HEADSET;
	assert_int_equal(audio_bluetooth_kind(&device, &card), AUDIO_LINK_CARD);
	assert_true(card.is_playing && card.is_capturing);
	free(card.name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_bluez_knows_is_read),
		cmocka_unit_test(an_answer_with_one_wrong_device_is_none),
		cmocka_unit_test(owners_are_not_told),
		cmocka_unit_test(class_and_services_say_what_is_listened_with),
		cmocka_unit_test(what_is_not_connected_is_not_listened_with),
		cmocka_unit_test(only_who_has_a_microphone_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
