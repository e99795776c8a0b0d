/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "agent/probe/browser_product.h"
#include "common/base/mem.h"
#include "common/base/text.h"

const struct browser_product browser_products[] = {
#include "browsers.inc"
};
const size_t n_browser_products = ARRAY_SIZE(browser_products);

const struct browser_product *browser_product_find(const char *name)
{
	for (size_t i = 0; i < n_browser_products; i++) {
		if (text_like(name, browser_products[i].product))
			return &browser_products[i];
	}
	return NULL;
}

bool browser_product_is_from(const struct browser_product *product, const char *vendor)
{
	_cleanup_free_ char *patterns = xstrdup(product->vendors);
	char *save = NULL;

	for (char *p = strtok_r(patterns, ";", &save); p; p = strtok_r(NULL, ";", &save)) {
		if (text_like(vendor, p))
			return true;
	}
	return false;
}
