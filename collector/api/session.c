/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/api/api.h"

/* There is one token, the admin's, until people have accounts. */
static void session_show(struct request *req, struct response *res)
{
	(void)req;
	response_json(res, 200, json_pack("{s:s}", "role", "admin"));
}

const struct route api_session_routes[] = {
	{ "GET", "/v1/session", ACCESS_STAFF, MAY_MEND_SELF, NULL, 0, session_show },
	{ 0 },
};
