/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "collector/domain/login_name.h"

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

int login_name_read(const char *text, char ret_login[static LOGIN_NAME_SIZE], struct err *err)
{
	char login[LOGIN_NAME_SIZE];
	size_t len = strlen(text);

	if (len < LOGIN_NAME_MIN || len > LOGIN_NAME_MAX)
		return err_set(err, -EINVAL, "A login has %d to %d characters, '%.64s' has %zu.",
			       LOGIN_NAME_MIN, LOGIN_NAME_MAX, text, len);
	for (size_t i = 0; i <= len; i++)
		login[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i]);
	for (size_t i = 0; i < len; i++) {
		if (is_alphanumeric(login[i]) || (i > 0 && strchr("._-@+", login[i])))
			continue;
		return err_set(err, -EINVAL,
			       "A login is made of letters without accents, digits and . _ - @ +, "
			       "and begins with a letter or digit; '%.64s' is not.",
			       text);
	}
	memcpy(ret_login, login, len + 1);
	return 0;
}
