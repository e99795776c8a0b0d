/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
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

	if (r >= 0)
		r = profile_parse(text, len, path, ret_profile, err);
	/* What to do comes first: a long reason may be cut. */
	if (r < 0 && r != -ENOENT && !given)
		return err_prefix(err, r,
				  "The requirements that are kept cannot be used (testready-agent "
				  "report gets them again; check --profile FILE judges by others)");
	return r;
}
