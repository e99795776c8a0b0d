/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Which printers emboss braille: the rules of agent/data/embossers.csv.
 */

#include <stdbool.h>

#include "common/base/base.h"

/* What a printer says of itself; "" where it does not. */
struct embosser_query {
	const char *usb_id; /* "12f2:000a" */
	bool is_printer;    /* by its USB interface or its port */
	const char *maker;  /* MFG of the IEEE 1284 id */
	const char *model;  /* MDL of the same */
	const char *usb_maker;
	const char *usb_product;
};

struct embosser_rule {
	const char *usb;
	const char *maker;
	const char *model;
	const char *certainty;  /* "certain" or "possible", never NULL */
	const char *make_model; /* NULL: what the printer calls itself */
};

/* The first rule that fits, NULL if it is no embosser as far as we know. */
const struct embosser_rule *embosser_find(const struct embosser_query *query);
