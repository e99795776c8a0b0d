/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "collector/act/act.h"
#include "collector/ingest/sweeping.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"

void sweeping_done(struct sweeping *sweeping)
{
	free(sweeping->after);
	*sweeping = (struct sweeping){ 0 };
}

int64_t sweeping_wait_ms(const struct sweeping *sweeping)
{
	int64_t left_ms = sweeping->after ? 0 : sweeping->next_ms - clock_boot_ms();

	return left_ms > 0 ? left_ms : 0;
}

static int sweep_part(struct sweeping *sweeping, struct store *store,
		      struct profile_cache *profiles, struct sweep_part *ret_part, struct err *err)
{
	int r = store_begin(store, err), end;

	if (r < 0)
		return r;
	/* Of the time of this part: one that takes long must not call fresh what aged meanwhile. */
	end = r = act_sweep_part(store, profiles, sweeping->after, clock_now_ms(), ret_part, err);
	if (r >= 0)
		r = store_commit(store, err);
	if (r < 0)
		store_rollback(store);
	return r < 0 ? r : end;
}

/* What was committed is told; each once, since it is over then. */
static void tell_damage(const struct sweep_part *part)
{
	if (part->n_damaged > 0)
		log_line(LOG_ERR,
			 "the store is damaged: %zu plans for devices could not be read, and these "
			 "devices are unknown; the first: %s; run check",
			 part->n_damaged, part->damage);
}

int sweeping_run(struct sweeping *sweeping, struct store *store, struct profile_cache *profiles,
		 int64_t *ret_since_ms, struct err *err)
{
	struct sweep_part part = { 0 };
	int r;

	if (!sweeping->after) {
		sweeping->after = xstrdup("");
		sweeping->begun_ms = clock_now_ms();
		sweeping->next_ms = clock_boot_ms() + SWEEPING_MS;
	}
	r = sweep_part(sweeping, store, profiles, &part, err);
	if (r >= 0)
		tell_damage(&part);
	free(part.damage);
	free(sweeping->after);
	sweeping->after = NULL;
	if (r > 0) {
		sweeping->after = TAKE_PTR(part.last);
	} else {
		free(part.last);
		sweeping->next_ms = clock_boot_ms() + SWEEPING_MS;
	}
	if (r == 0)
		*ret_since_ms = sweeping->begun_ms;
	return r;
}
