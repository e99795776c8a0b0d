/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/api/next.h"
#include "collector/app.h"

json_t *next_json(const struct app *app, int64_t period_s)
{
	return json_pack("{s:I, s:I}", "period_s", (json_int_t)period_s, "spread_s",
			 (json_int_t)writer_spread_s(app->writer));
}

void next_add_move(const struct app *app, json_t *answer)
{
	if (app->moved_url)
		json_object_set_new(answer, "moved_to",
				    json_pack("{s:s, s:s}", "url", app->moved_url, "signature",
					      app->move_signature));
}
