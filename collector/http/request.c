/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/http/request.h"

const char *request_param(const struct request *req, const char *name)
{
	return route_param(req->route, &req->target, name);
}

const char *request_query(const struct request *req, const char *name)
{
	return target_parameter(&req->target, name);
}

bool request_is_read(const struct request *req)
{
	return strcmp(req->method, "GET") == 0 || strcmp(req->method, "HEAD") == 0;
}
