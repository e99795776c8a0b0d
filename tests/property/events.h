/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What can happen, as a table. */

#include "tests/property/world.h"

struct happening {
	unsigned weight; /* how often it is to come */
	bool is_alone;   /* it has transactions of its own */
	void (*run)(struct world *world);
};
extern const struct happening happenings[];
extern const unsigned n_happenings;
enum { EVENT_ENROLL, EVENT_REPORT }; /* the first two */

/* What devices do; to schools; and to what they are judged by. */
void enroll(struct world *world);
void report(struct world *world);
void report_from_spool(struct world *world);
void report_again(struct world *world);
void report_of_a_copy(struct world *world);
void heartbeat(struct world *world);
void next_key(struct world *world);
void decide(struct world *world);

void place(struct world *world);
void take_back(struct world *world);

void time_passes(struct world *world);
void clock_set_back(struct world *world);
void import_site(struct world *world);
void import_inventory(struct world *world);

void publish(struct world *world);
void ask_more(struct world *world);
void waive(struct world *world);
void end_waiver(struct world *world);
void judge_a_slice(struct world *world);
void judge_all(struct world *world);
void another_evaluator(struct world *world);
