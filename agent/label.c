/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <string.h>

#include "agent/label.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/placeholder.h"
#include "common/model/report.h"

#define LABEL_FILE_MAX 4096

char *label_read(const char *root, const char *path, const char *kind)
{
	_cleanup_free_ char *full = xasprintf("%s/%s", root, path);
	_cleanup_free_ char *text = NULL;
	char *label;

	if (file_read_at(AT_FDCWD, full, LABEL_FILE_MAX, &text, NULL, NULL) < 0)
		return xstrdup("");
	label = text_clean(text, strcspn(text, "\r\n"), REPORT_NAME_MAX);
	if (placeholder_is(kind, label))
		label[0] = '\0';
	return label;
}
