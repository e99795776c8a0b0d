/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The probes there are.
 */
#include <string.h>

#include "agent/probe.h"
#include "common/base/base.h"

extern const struct probe probe_os, probe_browser, probe_audio, probe_printer, probe_braille,
	probe_input, probe_display, probe_memory, probe_disk, probe_cpu, probe_power, probe_network,
	probe_speech, probe_software, probe_clock;

/* In the order of facts_table, which a unit test compares. */
const struct probe *const probes[] = {
	&probe_os,    &probe_browser, &probe_audio,  &probe_printer,  &probe_braille,
	&probe_input, &probe_display, &probe_memory, &probe_disk,     &probe_cpu,
	&probe_power, &probe_network, &probe_speech, &probe_software, &probe_clock,
};
const size_t n_probes = ARRAY_SIZE(probes);

const struct probe *probe_find(const char *name)
{
	for (size_t i = 0; i < n_probes; i++) {
		if (strcmp(probes[i]->name, name) == 0)
			return probes[i];
	}
	return NULL;
}
