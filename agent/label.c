/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <fcntl.h>
#include <string.h>

#include "agent/label.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/report.h"

#define LABEL_FILE_MAX 4096

static const struct {
	const char *kind, *pattern;
} placeholders[] = {
#include "placeholders.inc"
};

bool label_is_placeholder(const char *kind, const char *text)
{
	_cleanup_free_ char *lower = xstrdup(text);

	for (char *c = lower; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	/* "0", "00000000", "........", "FFFF": one character and nothing else. */
	if (strspn(lower, (char[]){ lower[0], '\0' }) == strlen(lower) &&
	    (strlen(lower) > 3 || !strchr("123456789", lower[0])))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(placeholders); i++) {
		if (text_like(kind, placeholders[i].kind) &&
		    text_like(lower, placeholders[i].pattern))
			return true;
	}
	return false;
}

char *label_read(const char *root, const char *path, const char *kind)
{
	_cleanup_free_ char *full = xasprintf("%s/%s", root, path);
	_cleanup_free_ char *text = NULL;
	char *label;

	if (file_read_at(AT_FDCWD, full, LABEL_FILE_MAX, &text, NULL, NULL) < 0)
		return xstrdup("");
	label = text_clean(text, strcspn(text, "\r\n"), REPORT_NAME_MAX);
	if (label_is_placeholder(kind, label))
		label[0] = '\0';
	return label;
}
