/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/fact.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/facts.h"

void fact_set_text(json_t *object, const char *name, const char *text)
{
	_cleanup_free_ char *clean = NULL;

	if (!text)
		return;
	clean = text_clean(text, strlen(text), FACT_NAME_MAX);
	json_object_set_new(object, name, json_string(clean));
}

void fact_set_int(json_t *object, const char *name, int64_t value)
{
	json_object_set_new(object, name, json_integer(value));
}

void fact_set_bool(json_t *object, const char *name, bool value)
{
	json_object_set_new(object, name, json_boolean(value));
}

void fact_set_unknown(json_t *object, const char *name, const char *fmt, ...)
{
	char why[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	json_object_set_new(object, name, fact_unknown(why));
}

static void set_bounded(json_t *object, const char *name, json_t *items, size_t max)
{
	size_t n = json_array_size(items);

	if (n <= max) {
		json_object_set_new(object, name, items);
		return;
	}
	json_decref(items);
	fact_set_unknown(object, name, "there are %zu of them, more than the %zu that can be right",
			 n, max);
}

void fact_set_list(json_t *object, const char *name, json_t *items)
{
	set_bounded(object, name, items, FACT_ITEMS_MAX);
}

void fact_set_texts(json_t *object, const char *name, json_t *texts)
{
	set_bounded(object, name, texts, FACT_TEXTS_MAX);
}
