/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "collector/view/sheet.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

void sheet_begin(struct sheet *sheet, const struct sheet_kind *kind, const struct sheet_form *form)
{
	char as_of[CLOCK_TEXT_SIZE];

	sheet->kind = kind;
	table_out_begin(&sheet->out, form->format, kind->columns, kind->name,
			clock_text(form->as_of_ms, as_of));
}

ssize_t sheet_read(struct sheet *sheet, char *buffer, size_t max, struct err *err)
{
	int r = 1;

	while (r == 1 && !sheet->is_ended && table_out_waiting(&sheet->out) < max) {
		r = sheet->kind->step(sheet, err);
		if (r == 0) {
			table_out_end(&sheet->out);
			sheet->is_ended = true;
		}
	}
	if (r < 0)
		return r;
	if (sheet->is_ended && table_out_waiting(&sheet->out) == 0)
		return -ENODATA;
	return (ssize_t)table_out_take(&sheet->out, buffer, max);
}

void sheet_free(struct sheet *sheet)
{
	if (!sheet)
		return;
	if (sheet->kind->done)
		sheet->kind->done(sheet);
	table_out_done(&sheet->out);
	free(sheet);
}
