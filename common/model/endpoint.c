/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "common/model/endpoint.h"

#define LABEL_MAX 63
#define PORT_MAX 65535

/* One label: letters, digits and hyphens, a hyphen neither first nor last. */
static bool is_label(const char *label, size_t len)
{
	if (len == 0 || len > LABEL_MAX || label[0] == '-' || label[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!isascii(label[i]) || (!isalnum((unsigned char)label[i]) && label[i] != '-'))
			return false;
	}
	return true;
}

/* Whether inet_aton() takes it for a part of an address: "1", "0x7f". */
static bool is_address_part(const char *text, size_t len)
{
	bool is_hex = len >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	size_t n = is_hex ? 2 : 0;

	while (n < len &&
	       (is_hex ? isxdigit((unsigned char)text[n]) : isdigit((unsigned char)text[n])))
		n++;
	return len > 0 && n == len;
}

static bool is_number(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
	}
	return len > 0;
}

static int refuse(const char *text, struct err *err)
{
	return err_set(
		err, -EINVAL,
		"'%.60s' is not host or host:port, as in test.example.org; no https://, no path",
		text);
}

static int check_host(const char *text, size_t len, struct err *err)
{
	const char *label = text, *end = text + len;

	if (len > ENDPOINT_HOST_MAX)
		return err_set(err, -EINVAL, "a host name has at most %d bytes", ENDPOINT_HOST_MAX);
	for (;;) {
		const char *dot = memchr(label, '.', (size_t)(end - label));
		const char *stop = dot ? dot : end;

		if (!is_label(label, (size_t)(stop - label)))
			return refuse(text, err);
		/* RFC 1123, 2.1: so that a name can never be taken for an address. */
		if (!dot && is_address_part(label, (size_t)(stop - label)))
			return err_set(err, -EINVAL,
				       "'%.60s' is an address: write the host name, which the "
				       "certificate is made out to",
				       text);
		if (!dot)
			return 0;
		label = dot + 1;
	}
}

static int read_port(const char *text, uint16_t *ret_port, struct err *err)
{
	unsigned port = 0;
	size_t len = strlen(text);

	for (size_t i = 0; i < len && len <= 5 && is_number(text, len); i++)
		port = port * 10 + (unsigned)(text[i] - '0');
	if (port == 0 || port > PORT_MAX || text[0] == '0')
		return err_set(err, -EINVAL, "':%.20s': a port is a number from 1 to %d", text,
			       PORT_MAX);
	*ret_port = (uint16_t)port;
	return 0;
}

int endpoint_parse(const char *text, struct endpoint *ret_endpoint, struct err *err)
{
	struct endpoint endpoint = { .port = ENDPOINT_PORT_DEFAULT };
	size_t len = strcspn(text, ":");
	int r;

	if (strchr(text, '/'))
		return refuse(text, err);
	r = check_host(text, len, err);
	if (r >= 0 && text[len] == ':')
		r = read_port(text + len + 1, &endpoint.port, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < len; i++)
		endpoint.host[i] = (char)tolower((unsigned char)text[i]);
	*ret_endpoint = endpoint;
	return 0;
}
