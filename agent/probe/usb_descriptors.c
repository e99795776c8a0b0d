/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

#include "agent/probe/usb_descriptors.h"

enum {
	TYPE_INTERFACE = 0x04,
	TYPE_CS_INTERFACE = 0x24,
	CLASS_AUDIO = 0x01,
	CLASS_PRINTER = 0x07,
	CLASS_VIDEO = 0x0e,
	SUBCLASS_AUDIO_CONTROL = 0x01,
	INPUT_TERMINAL = 0x02,
	OUTPUT_TERMINAL = 0x03,
};

static void read_terminal(unsigned type, struct usb_functions *functions)
{
	if (type == 0x0402)
		functions->has_headset = true;
	else if (type == 0x0401)
		functions->has_handset = true;
	else if (type == 0x0302)
		functions->has_headphones = true;
	else if ((type >= 0x0304 && type <= 0x0306) || (type >= 0x0403 && type <= 0x0405))
		functions->has_loudspeaker = true;
	else if (type >= 0x0201 && type <= 0x0206)
		functions->has_microphone = true;
}

void usb_descriptors_parse(const void *bytes, size_t len, struct usb_functions *ret_functions)
{
	const uint8_t *d = bytes;
	struct usb_functions functions = { 0 };
	bool is_audio_control = false;

	for (; len >= 2 && d[0] >= 2 && d[0] <= len; len -= d[0], d += d[0]) {
		if (d[1] == TYPE_INTERFACE && d[0] >= 9) {
			is_audio_control = d[5] == CLASS_AUDIO && d[6] == SUBCLASS_AUDIO_CONTROL;
			functions.has_video |= d[5] == CLASS_VIDEO;
			functions.has_printer |= d[5] == CLASS_PRINTER && d[6] == 1;
		} else if (d[1] == TYPE_CS_INTERFACE && is_audio_control && d[0] >= 6 &&
			   (d[2] == INPUT_TERMINAL || d[2] == OUTPUT_TERMINAL)) {
			read_terminal(d[4] | (unsigned)d[5] << 8, &functions);
		}
	}
	*ret_functions = functions;
}
