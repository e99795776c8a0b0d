/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The secure browsers that are known: agent/data/browsers/.
 */

#include <stdbool.h>
#include <stddef.h>

#include "common/base/base.h"

struct browser_product {
	const char *product;  /* pattern of a folder's name and of [App] Name */
	const char *vendors;  /* patterns of [App] Vendor, divided by ";" */
	const char *folders;  /* where it is unpacked, divided by ";" */
	const char *launcher; /* NAME.sh, NAME standing for the program */
};

extern const struct browser_product browser_products[];
extern const size_t n_browser_products;

/* The product whose pattern @name fits, NULL if none does. */
const struct browser_product *browser_product_find(const char *name);

/* Whether @vendor is one of those that build @product. */
bool browser_product_is_from(const struct browser_product *product, const char *vendor);
