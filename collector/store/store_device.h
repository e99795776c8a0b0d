/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/store/store.h"
#include "common/base/id.h"
#include "common/model/profile.h"
#include "common/model/report.h"

/* A row of device. Texts are owned by it; device_done() frees them. */
struct device {
	char *id;
	char *site_code;
	enum device_role role;
	char *room;
	bool is_expected;
	char *asset_tag;
	char *serial;
	char *host_name;
	char *model;
	int64_t enrolled_ms; /* 0: not enrolled */
	int64_t seen_ms;     /* 0: no report yet */
	char *agent_version;
	enum device_state state;
	int64_t since_ms;
	char *profile_id; /* "" : not judged */
	char *profile_version;
	char *results;
	char *facts_hash;
	char *facts; /* JSON text; NULL before the first report */
};

struct device_list {
	struct device *devices;
	size_t n_devices;
};

void device_done(struct device *device);
void device_list_done(struct device_list *list);

/* -ENOENT: no such device. */
int store_device_get(struct store *store, const char *id, struct device *ret_device,
		     struct err *err) _must_check_;
/* By the hash of its key. -ENOENT: no device has it. Reads only id and site_code. */
int store_device_by_key(struct store *store, const char *key_hash, char ret_id[static ID_SIZE],
			struct err *err) _must_check_;

/* Where a page of the list begins: the place of the last device before it. */
struct device_place {
	const char *room;
	const char *host_name;
	const char *id;
};

/* What the list is narrowed to; NULL or -1 where it is not. */
struct device_query {
	const char *site_code;
	unsigned states; /* bits 1 << enum device_state; 0: all but retired */
	const char *room;
	int is_expected;             /* 0, 1, or -1 */
	int requirement;             /* place in the profile; the result there … */
	unsigned results;            /* … is one of these bits 1 << enum result */
	const char *profile_version; /* that place is of this version */
	const struct device_place *after;
	size_t limit;
};

/* In the order of room, host name, id; without facts. A fix is several requirements: see
 * view_device. */
int store_device_list(struct store *store, const struct device_query *query,
		      struct device_list *ret_list, struct err *err) _must_check_;

/* Changes of results, the newest first. */
struct transition {
	int64_t at_ms;
	char *requirement;
	char *old_result; /* "" : there was none */
	char *new_result;
};
struct transition_list {
	struct transition *transitions;
	size_t n_transitions;
};
int store_transition_list(struct store *store, const char *device_id, size_t limit,
			  struct transition_list *ret_list, struct err *err) _must_check_;
void transition_list_done(struct transition_list *list);
