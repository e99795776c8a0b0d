/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http/target.h"
#include "common/base/mem.h"
#include "common/base/text.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Decode @text where it stands. */
static int decode(char *text, bool plus_is_space, struct err *err)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		char c = *from;

		if (c == '%') {
			int high = hex_digit(from[1]);
			int low = high < 0 ? -1 : hex_digit(from[2]);

			if (low < 0)
				return err_set(err, -EINVAL,
					       "A percent sign is followed by two hexadecimal "
					       "digits; write %%25 for the sign itself.");
			c = (char)(high * 16 + low);
			from += 2;
		} else if (c == '+' && plus_is_space) {
			c = ' ';
		}
		if ((unsigned char)c < 0x20 || c == 0x7f)
			return err_set(err, -EINVAL, "The address has a control character in it.");
		*to++ = c;
	}
	*to = '\0';
	if (!text_is_utf8(text, (size_t)(to - text)))
		return err_set(err, -EINVAL, "The address is not UTF-8.");
	return 0;
}

static int read_segment(char *text, struct target *target, struct err *err)
{
	int r;

	if (target->n_segments == LIMIT_PATH_SEGMENTS)
		return err_set(err, -EINVAL, "The path has more than %d parts.",
			       LIMIT_PATH_SEGMENTS);
	r = decode(text, false, err);
	if (r < 0)
		return r;
	if (text[0] == '\0' || strcmp(text, ".") == 0 || strcmp(text, "..") == 0 ||
	    strchr(text, '/'))
		return err_set(err, -EINVAL,
			       "The path has a part that is empty, a dot, two dots or has a slash "
			       "in it.");
	target->segments[target->n_segments++] = text;
	return 0;
}

static int read_path(char *path, struct target *target, struct err *err)
{
	int r = 0;

	if (*path != '/')
		return err_set(err, -EINVAL, "The path does not begin with a slash.");
	path++;
	while (r >= 0 && *path) {
		char *end = path + strcspn(path, "/");
		bool is_last = *end == '\0';

		*end = '\0';
		r = read_segment(path, target, err);
		if (is_last)
			break;
		path = end + 1;
		target->is_folder = *path == '\0';
	}
	return r;
}

static int read_parameter(char *text, struct target *target, struct err *err)
{
	char *equals = strchr(text, '=');
	char *value = text + strlen(text);
	int r;

	if (target->n_parameters == LIMIT_QUERY_PARAMETERS)
		return err_set(err, -EINVAL, "The query has more than %d parameters.",
			       LIMIT_QUERY_PARAMETERS);
	if (equals) {
		*equals = '\0';
		value = equals + 1;
	}
	r = decode(value, true, err);
	if (r >= 0)
		r = decode(text, true, err);
	if (r < 0)
		return r;
	if (target_parameter(target, text))
		return err_set(err, -EINVAL, "The query has '%.60s' twice; send it once.", text);
	target->parameters[target->n_parameters++] =
		(struct parameter){ .name = text, .value = value };
	return 0;
}

static int read_query(char *query, struct target *target, struct err *err)
{
	int r = 0;

	while (r >= 0 && query) {
		char *rest = strchr(query, '&');

		if (rest)
			*rest++ = '\0';
		if (*query)
			r = read_parameter(query, target, err);
		query = rest;
	}
	return r;
}

int target_parse(const char *text, struct target *ret_target, struct err *err)
{
	struct target target = { 0 };
	size_t len = strlen(text);
	char *query;
	int r;

	if (len > LIMIT_TARGET_BYTES)
		return err_set(err, -E2BIG, "The address has %zu bytes, at most %d are read.", len,
			       LIMIT_TARGET_BYTES);
	target.text = xstrndup(text, len);
	query = strchr(target.text, '?');
	if (query)
		*query++ = '\0';
	r = read_path(target.text, &target, err);
	if (r >= 0)
		r = read_query(query, &target, err);
	if (r < 0) {
		target_done(&target);
		return r;
	}
	*ret_target = target;
	return 0;
}

void target_done(struct target *target)
{
	free(target->text);
	*target = (struct target){ 0 };
}

const char *target_parameter(const struct target *target, const char *name)
{
	for (size_t i = 0; i < target->n_parameters; i++) {
		if (strcmp(target->parameters[i].name, name) == 0)
			return target->parameters[i].value;
	}
	return NULL;
}
