/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>

#include "agent/requirements.h"
#include "agent/state.h"
#include "common/base/file.h"
#include "common/base/mem.h"

int requirements_read(const char *given, const char *state, struct profile **ret_profile,
		      struct err *err)
{
	_cleanup_free_ char *kept = xasprintf("%s/" STATE_FILE_PROFILE, state_path(state));
	const char *path = given ? given : kept;
	_cleanup_free_ char *text = NULL;
	size_t len;
	int r = file_read_at(AT_FDCWD, path, PROFILE_BYTES_MAX, &text, &len, err);

	return r < 0 ? r : profile_parse(text, len, path, ret_profile, err);
}
