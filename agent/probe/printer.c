/* SPDX-License-Identifier: Apache-2.0 */
/*
 * printer: print on demand needs one on the test administrator's device; on a
 * student's device it is a finding.
 */
#include <string.h>

#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/fact.h"
#include "agent/probe/plugged.h"
#include "agent/probe/queues.h"

static json_t *printer_write(const struct plugged_printer *printer)
{
	json_t *item = json_object();

	/* A usblp node alone, without udev's database: a printer, and no word of which. */
	fact_set_unknown(item, "name", "the printer does not say");
	fact_set_text(item, "name", printer->name);
	fact_set_text(item, "connection", printer->connection);
	fact_set_unknown(item, "make_model", "the printer does not say");
	fact_set_text(item, "make_model", printer->make_model);
	fact_set_text(item, "kind", printer->embosser ? "embosser" : "printer");
	if (printer->usb_id[0] || strcmp(printer->connection, "usb") != 0)
		fact_set_text(item, "usb_id", printer->usb_id);
	return item;
}

static int printer_run(const struct env *env, json_t *facts, struct err *err)
{
	_cleanup_(plugged_done) struct plugged plugged = { 0 };
	json_t *printers;
	int r = plugged_read(env, &plugged, err);

	if (r < 0)
		return r;
	printers = json_array();
	for (size_t i = 0; i < plugged.n; i++)
		json_array_append_new(printers, printer_write(&plugged.printers[i]));
	fact_set_list(facts, "printers", printers);
	queues_set(env, facts);
	return 0;
}

const struct probe probe_printer = { .name = "printer", .run = printer_run };
