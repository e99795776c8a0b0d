/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The addresses that makers gave to the interfaces built into this machine. Those
 * of docks, dongles, tunnels and virtual machines are shared, moved or made up.
 */

#include <stddef.h>

#define MACHINE_MACS_MAX 8
#define MACHINE_MAC_SIZE 18 /* "00:1b:21:0a:0b:0c" and NUL */

/* In the order of the interfaces' names, so that the same ones are kept every time. */
size_t machine_macs(const char *root, char macs[static MACHINE_MACS_MAX][MACHINE_MAC_SIZE]);
