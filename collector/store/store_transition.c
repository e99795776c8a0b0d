/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/store_device.h"
#include "collector/store/store_site.h"
#include "common/base/civil.h"
#include "common/base/mem.h"

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

static int read_transitions(struct db_rows *rows, struct transition_list *ret_list, struct err *err)
{
	struct transition_list list = { 0 };
	size_t room = 0;
	int r;

	while ((r = db_next(rows, err)) > 0) {
		list.transitions = xgrow(list.transitions, list.n_transitions, &room,
					 sizeof(*list.transitions));
		list.transitions[list.n_transitions++] = (struct transition){
			.at_ms = db_int(rows, 0),
			.requirement = xstrdup(db_text(rows, 1)),
			.old_result = xstrdup(db_text(rows, 2)),
			.new_result = xstrdup(db_text(rows, 3)),
			.left_out = db_int(rows, 4),
		};
	}
	if (r < 0) {
		transition_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

int store_transition_list(struct store *store, const char *device_id, size_t limit,
			  struct transition_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(
		store->db,
		"SELECT at_ms, requirement, old_result, new_result, left_out FROM "
		"transition WHERE device_id = $1 ORDER BY at_ms DESC, requirement LIMIT $2",
		&rows, err, "ti", device_id, (int64_t)limit);

	return r < 0 ? r : read_transitions(rows, ret_list, err);
}

int store_transition_page(struct store *store, const char *device_id,
			  const struct transition_place *after, size_t limit,
			  struct transition_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT at_ms, requirement, old_result, new_result, left_out FROM "
			 "transition WHERE device_id = $1 AND (at_ms, requirement) > ($2, $3) "
			 "ORDER BY at_ms, requirement LIMIT $4",
			 &rows, err, "titi", device_id, after->at_ms, after->requirement,
			 (int64_t)limit);

	return r < 0 ? r : read_transitions(rows, ret_list, err);
}

void transition_list_done(struct transition_list *list)
{
	for (size_t i = 0; i < list->n_transitions; i++) {
		free(list->transitions[i].requirement);
		free(list->transitions[i].old_result);
		free(list->transitions[i].new_result);
	}
	free(list->transitions);
	*list = (struct transition_list){ 0 };
}

int store_transition_put(struct store *store, const char *device_id,
			 const struct transition *transition, struct err *err)
{
	/* Two changes within one millisecond are one, from the first to the last. */
	return db_exec(store->db,
		       "INSERT INTO transition (device_id, at_ms, requirement, old_result, "
		       "new_result) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (device_id, at_ms, "
		       "requirement) DO UPDATE SET new_result = excluded.new_result",
		       NULL, err, "tittt", device_id, transition->at_ms, transition->requirement,
		       transition->old_result, transition->new_result);
}

/* In UTC: nobody sees where it begins, and no zone is needed. */
static int64_t day_begin(int64_t ms)
{
	return civil_of_ms(ms) * DAY_MS;
}

int store_transition_full(struct store *store, const char *device_id, int64_t now_ms,
			  struct code_list *ret_requirements, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT requirement FROM transition WHERE device_id = $1 AND at_ms >= $2 "
			 "GROUP BY requirement HAVING count(*) >= $3",
			 &rows, err, "tii", device_id, day_begin(now_ms),
			 (int64_t)TRANSITIONS_A_DAY);

	return r < 0 ? r : code_list_read(rows, ret_requirements, err);
}

int store_transition_put_last(struct store *store, const char *device_id,
			      const struct transition *transition, struct err *err)
{
	/* A clock that was set back moves no row to before the others. */
	return db_exec(store->db,
		       "UPDATE transition SET at_ms = CASE WHEN at_ms > $2 THEN at_ms ELSE $2 END, "
		       "old_result = $4, new_result = $5, left_out = left_out + 1 "
		       "WHERE device_id = $1 AND requirement = $3 AND at_ms = "
		       "(SELECT max(at_ms) FROM transition WHERE device_id = $1 AND "
		       "requirement = $3)",
		       NULL, err, "tittt", device_id, transition->at_ms, transition->requirement,
		       transition->old_result, transition->new_result);
}
