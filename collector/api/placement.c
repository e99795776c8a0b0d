/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Placements of devices: they are moved, retired and restored, at once or on a day to come, and
 * that is taken back.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/act_place.h"
#include "collector/api/api.h"
#include "collector/api/change_once.h"
#include "collector/http/limits.h"
#include "collector/ingest/accept_placement.h"
#include "collector/view/view_placements.h"
#include "common/base/log.h"
#include "common/base/mem.h"

/* What is to be done with a device, on its way to the writer. */
struct placement_change {
	struct change change; /* first, so that it is the change */
	struct actor actor;
	char device_id[ID_SIZE];
	char version[PLACE_VERSION_SIZE];
	struct accepted_placement asked; /* of one to be made */
	int64_t number;                  /* of one to be taken back; of the one that was made */
};

static void free_placement(struct change *change)
{
	struct placement_change *placement = (struct placement_change *)change;

	accepted_placement_done(&placement->asked);
	free(placement);
}

static int run_place(struct change *change, const struct moment *moment, struct err *err)
{
	struct placement_change *placement = (struct placement_change *)change;
	const struct accepted_placement *asked = &placement->asked;
	const struct place_wish wish = {
		.device_id = placement->device_id,
		.version = placement->version,
		.kind = asked->kind,
		.on = asked->on,
		.site_code = asked->site_code,
		.room = asked->room,
		.has_role = asked->has_role,
		.role = asked->role,
		.reason = asked->reason,
		.note = asked->note,
	};

	return act_place(moment, &placement->actor, &wish, &placement->number, err);
}

static int run_end(struct change *change, const struct moment *moment, struct err *err)
{
	struct placement_change *placement = (struct placement_change *)change;
	const struct place_end end = { .device_id = placement->device_id,
				       .version = placement->version,
				       .number = placement->number };

	return act_place_end(moment, &placement->actor, &end, &placement->number, err);
}

static int make_placement(const struct view *view, const void *arg, json_t **ret_json,
			  struct err *err)
{
	const struct placement_change *placement = arg;

	return view_placement(view, placement->device_id, placement->number, ret_json, err);
}

static void changed(struct request *req, struct response *res, struct job *job)
{
	const struct placement_change *placement = (const struct placement_change *)job->change;

	if (job->result == -EINVAL || job->result == -E2BIG) {
		response_problem(res, PROBLEM_INVALID_BODY, "%s", job->err.text);
	} else if (job->result == -ESTALE) {
		response_problem(res, PROBLEM_CHANGED, "%s", job->err.text);
	} else if (job->result < 0) {
		response_failure(res, job->result, &job->err);
	} else {
		log_line(LOG_NOTICE, "a device was placed: %s device=%s number=%" PRId64,
			 placement->change.run == run_end
				 ? "taken back"
				 : placement_kind_words[placement->asked.kind],
			 placement->device_id, placement->number);
		api_answer_with(req, res, make_placement, placement);
	}
}

static const struct change_told told = { make_placement, NULL, true };

static struct placement_change *placement_new(const struct request *req,
					      int (*run)(struct change *, const struct moment *,
							 struct err *),
					      struct job **ret_job)
{
	struct placement_change *placement = xcalloc(1, sizeof(*placement));

	placement->change = (struct change){ .run = run, .free = free_placement };
	placement->actor = api_actor(req);
	*ret_job = job_new(JOB_CHANGE, req->body_len);
	(*ret_job)->change = &placement->change;
	return placement;
}

/* The device that the path names; an id that is none would be cut to fit, and might be one. */
static bool read_id(const struct request *req, struct response *res,
		    struct placement_change *placement)
{
	const char *id = request_param(req, "id");

	if (!id_is_valid(id)) {
		response_problem(res, PROBLEM_NOT_FOUND, "no device has the id '%.40s'", id);
		return false;
	}
	memcpy(placement->device_id, id, ID_SIZE);
	return true;
}

/* "If-Match: "VERSION"": where the one who places the device saw it. */
static bool read_version(const struct request *req, struct response *res,
			 struct placement_change *placement)
{
	const char *match = req->headers.if_match;
	size_t len = match ? strlen(match) : 0;

	if (len == PLACE_VERSION_SIZE + 1 && match[0] == '"' && match[len - 1] == '"') {
		memcpy(placement->version, match + 1, PLACE_VERSION_SIZE - 1);
		return true;
	}
	response_problem(res, PROBLEM_MATCH_REQUIRED,
			 "Send the field If-Match with the device's place_version, in quotes, as "
			 "GET gives it: so nobody moves it from where they did not see it.");
	return false;
}

static void placement_make(struct request *req, struct response *res)
{
	_cleanup_(job_freep) struct job *job = NULL;
	_cleanup_free_ char *pointer = NULL;
	struct placement_change *placement = placement_new(req, run_place, &job);
	struct err err = { 0 };

	if (!read_id(req, res, placement) || !read_version(req, res, placement))
		return;
	if (accept_placement(req->body ? req->body : "", req->body_len, &placement->asked, &pointer,
			     &err) < 0)
		submit_refuse(res, pointer, &err);
	else
		change_once(req, res, TAKE_PTR(job), changed, &told, placement);
}

/* Numbers as we write them, from 1. */
static bool read_number(const struct request *req, struct response *res,
			struct placement_change *placement)
{
	const char *text = request_param(req, "number");
	size_t len = strlen(text);

	if (len >= 1 && len <= 9 && strspn(text, "0123456789") == len && text[0] != '0') {
		placement->number = strtol(text, NULL, 10);
		return true;
	}
	response_problem(res, PROBLEM_NOT_FOUND, "The device has no placement %.40s.", text);
	return false;
}

static void placement_end(struct request *req, struct response *res)
{
	_cleanup_(job_freep) struct job *job = NULL;
	struct placement_change *placement = placement_new(req, run_end, &job);

	if (read_id(req, res, placement) && read_number(req, res, placement) &&
	    read_version(req, res, placement))
		submit(req, res, TAKE_PTR(job), changed);
}

/* Rooms are a site coordinator's as well; what else one may, the act asks. */
const struct route api_placement_routes[] = {
	{ "POST", "/v1/devices/:id/placements", ACCESS_STAFF, MAY_MEND_INVENTORY, NULL,
	  LIMIT_PLACEMENT_BYTES, placement_make },
	{ "DELETE", "/v1/devices/:id/placements/:number", ACCESS_STAFF, MAY_MEND_INVENTORY, NULL, 0,
	  placement_end },
	{ 0 },
};
