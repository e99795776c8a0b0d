/* SPDX-License-Identifier: Apache-2.0 */
/* What a device on USB says of itself in bytes: report and USB descriptors. */
#include <stdint.h>
#include <stdlib.h>

#include "agent/probe/hid_descriptor.h"
#include "agent/probe/usb_descriptors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Exactly as long, so that one byte too far is seen. */
	uint8_t *copy = malloc(size ? size : 1);
	struct usb_functions functions;

	for (size_t i = 0; i < size; i++)
		copy[i] = data[i];
	(void)hid_descriptor_has_page(copy, size, HID_PAGE_BRAILLE);
	usb_descriptors_parse(copy, size, &functions);
	free(copy);
	return 0;
}
