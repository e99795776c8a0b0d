/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "agent/dmi.h"
#include "agent/label.h"
#include "agent/machine.h"
#include "agent/machine_disk.h"
#include "agent/machine_mac.h"
#include "common/base/mem.h"
#include "common/model/placeholder.h"

static const struct field {
	const char *kind, *strength, *from, *path;
} fields[] = {
#include "fingerprint_kinds.inc"
};

/* By the data file's word, which is ours, so one that is not known is our mistake. */
static enum fingerprint_kind kind_of(const char *word)
{
	enum fingerprint_kind kind = 0;

	while (kind < FINGERPRINT_KIND_MAX_ && strcmp(fingerprint_kind_words[kind], word) != 0)
		kind++;
	assert(kind < FINGERPRINT_KIND_MAX_);
	return kind;
}

static void add_value(const struct field *field, const char *value, struct fingerprint *fingerprint)
{
	if (!placeholder_is(field->kind, value))
		fingerprint_add(fingerprint, kind_of(field->kind),
				strcmp(field->strength, "strong") == 0, value);
}

static void add_macs(const char *root, const struct field *field, struct fingerprint *fingerprint)
{
	char macs[MACHINE_MACS_MAX][MACHINE_MAC_SIZE];
	size_t n = machine_macs(root, macs);

	for (size_t i = 0; i < n; i++)
		add_value(field, macs[i], fingerprint);
}

static void add_disk(const char *root, const struct field *field, struct fingerprint *fingerprint)
{
	char *values[MACHINE_DISK_VALUES_MAX];
	size_t n = machine_disk(root, values);

	for (size_t i = 0; i < n; i++) {
		add_value(field, values[i], fingerprint);
		free(values[i]);
	}
}

static void add_line(const char *root, const struct field *field, struct fingerprint *fingerprint)
{
	_cleanup_free_ char *value = label_read(root, field->path, field->kind);

	add_value(field, value, fingerprint);
}

static const struct {
	const char *from;
	void (*add)(const char *root, const struct field *field, struct fingerprint *fingerprint);
} ways[] = {
	{ "dmi", add_line },
	{ "file", add_line },
	{ "disk", add_disk },
	{ "mac", add_macs },
};

void machine_fields(const char *root, const char *from, struct fingerprint *fingerprint)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(ways); j++) {
			if (strcmp(fields[i].from, ways[j].from) == 0 &&
			    (!from || strcmp(from, ways[j].from) == 0))
				ways[j].add(root, &fields[i], fingerprint);
		}
	}
}

char *machine_serial(const char *root)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		char *value;

		if (strcmp(fields[i].kind, "product_serial") != 0)
			continue;
		value = label_read(root, fields[i].path, fields[i].kind);
		if (value[0])
			return value;
		free(value);
	}
	return xstrdup("");
}

void machine_fingerprint(const char *root, struct fingerprint *ret_fingerprint)
{
	struct fingerprint fingerprint = { 0 };
	struct dmi dmi = { 0 };

	/* What root left for us; what we may read ourselves is in it already, or is added. */
	if (dmi_read(root, &dmi, NULL) >= 0)
		fingerprint = dmi.fingerprint;
	dmi_done(&dmi);
	machine_fields(root, NULL, &fingerprint);
	*ret_fingerprint = fingerprint;
}
