/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that people import: an inventory, or sites. A row that is taken is clean;
 * a problem names a place.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/io/inventory_csv.h"
#include "collector/io/site_file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text, size_t max)
{
	size_t len = strlen(text);

	if (len > max || !text_is_utf8(text, len))
		abort();
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			abort();
	}
}

static int take(const struct inventory_row *row, bool is_only_checked, void *arg, struct err *err)
{
	const struct problems *problems = arg;

	if (is_only_checked != (problems->n > 0))
		abort();
	check_text(row->site_code, INVENTORY_CELL_MAX);
	check_text(row->asset_tag, INVENTORY_CELL_MAX);
	check_text(row->serial, INVENTORY_CELL_MAX);
	check_text(row->host_name, INVENTORY_CELL_MAX);
	check_text(row->room, INVENTORY_CELL_MAX);
	if (!row->site_code[0] || (!row->asset_tag[0] && !row->serial[0] && !row->host_name[0]))
		abort();
	return row->site_code[0] == '?' ? err_set(err, -ENOENT, "no such site") : 0;
}

static void check_problems(struct problems *problems)
{
	for (size_t i = 0; i < problems->n && i < PROBLEMS_SHOWN_MAX; i++) {
		unsigned line, column;

		if (sscanf(problems->texts[i], "f:%u:%u: ", &line, &column) != 2 || line == 0 ||
		    column == 0)
			abort();
	}
	problems_done(problems);
}

static void read_inventory(const uint8_t *data, size_t size)
{
	struct problems problems = { 0 };
	FILE *in = fmemopen((void *)data, size, "r");

	if (!in)
		abort();
	if (inventory_csv_read(in, "f", &problems, take, &problems, NULL) < 0)
		abort();
	fclose(in);
	check_problems(&problems);
}

static void read_sites(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xcalloc(size + 1, 1);
	struct problems problems = { 0 };
	struct site_file file;

	memcpy(text, data, size);
	site_file_read(text, size, "f", &problems, &file);
	for (size_t i = 0; problems.n == 0 && i < file.n_rows; i++) {
		check_text(file.rows[i].code, 32);
		check_text(file.rows[i].name, 255);
		check_text(file.rows[i].lea_name, 255);
	}
	site_file_done(&file);
	check_problems(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (data[0] == '{' || data[0] == '[')
		read_sites(data, size);
	else
		read_inventory(data, size);
	return 0;
}
