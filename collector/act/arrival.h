/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What reports and heartbeats have in common: the device that they are of, how it
 * is judged, whether they came before, and whether they are of the machine that
 * they claim to be of.
 */

#include "collector/act/act.h"
#include "collector/act/judge.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_report.h"

struct arrival {
	struct judge judge;
	struct device before, after; /* without facts */
	struct identity identity;
	struct past past;
	const struct report *report;
	int64_t seen_ms;         /* when it was observed, by the collector's clock */
	bool is_late;            /* what is stored is newer, and stays */
	bool is_number_taken;    /* one of its boot and number is there, this or another */
	bool was_there;          /* it came before; nothing is to be done */
	bool is_suspected;       /* it brought its device into conflict */
	enum device_state state; /* what was answered then */
};

/* When what @report says was observed, by the collector's clock. */
int64_t arrival_seen_ms(const struct report *report, int64_t now_ms);
/* Fill in what devices that @judge judges are told whenever they come. */
void arrival_answer(const struct judge *judge, struct contact_answer *answer);

/*
 * Begin: arrival_done() *@ret_arrival. @key_hash is of the key that it came with,
 * "" where it came otherwise: a key that is used for the first time replaces the
 * one before it. -ENOENT: no such device.
 */
int arrival_open(struct store *store, struct profile_cache *cache, const struct report *report,
		 const char *key_hash, int64_t now_ms, struct arrival *ret_arrival,
		 struct err *err) _must_check_;
/* Write what became of the device, note the arrival, and fill the answer. */
int arrival_close(struct arrival *arrival, struct contact_answer *ret_answer,
		  struct err *err) _must_check_;
void arrival_done(struct arrival *arrival);
