/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "agent/profile_fetch.h"
#include "agent/requirements.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

static bool is_that(const struct profile *profile, const struct answer_reported *said)
{
	return strcmp(profile->id, said->profile_id) == 0 &&
	       strcmp(profile->version, said->profile_version) == 0;
}

static int check(const struct http_answer *answer, const struct answer_reported *said,
		 struct err *err)
{
	_cleanup_(profile_freep) struct profile *profile = NULL;
	struct err why = { 0 };
	int r;

	if (answer->status != 200)
		return err_set(err, -EPROTO, "it answered %ld", answer->status);
	r = profile_parse(answer->body, answer->len, "profile", &profile, &why);
	if (r < 0) {
		/* It quotes what came, and that may be anything. */
		_cleanup_free_ char *clean = text_clean(why.text, strlen(why.text), 300);

		return err_set(err, r, "%s", clean);
	}
	if (!is_that(profile, said))
		return err_set(err, -EBADMSG, "what came is not the one that it announced");
	return 0;
}

int profile_fetch(struct state *state, struct http *http, const struct identity *identity,
		  const struct answer_reported *said, struct err *err)
{
	_cleanup_(profile_freep) struct profile *kept = NULL;
	struct http_request request = {
		.url = identity->url,
		.path = "/v1/profile",
		.bearer = identity->device_key,
	};
	struct http_answer answer = { 0 };
	int r;

	if (requirements_read(NULL, state->path, &kept, NULL) >= 0 && is_that(kept, said))
		return 0;
	r = http_get(http, &request, &answer, err);
	if (r >= 0)
		r = check(&answer, said, err);
	if (r >= 0)
		r = file_write_at(state->dir_fd, STATE_FILE_PROFILE, answer.body, answer.len, 0600,
				  err);
	http_answer_done(&answer);
	if (r < 0)
		return err_prefix(err, r, "Cannot get the requirements from %s", identity->url);
	return 1;
}
