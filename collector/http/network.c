/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http/network.h"

#define PORT_DIGITS 5
#define ITEM_SIZE (NETWORK_SIZE + sizeof("[]:") - 1 + PORT_DIGITS)

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

/* An address of either family in the form of IPv6. */
static bool parse_address(const char *text, unsigned char bytes[static 16])
{
	memcpy(bytes, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, bytes + sizeof(mapped)) == 1 ||
	       inet_pton(AF_INET6, text, bytes) == 1;
}

static bool is_mapped(const unsigned char bytes[static 16])
{
	return memcmp(bytes, mapped, sizeof(mapped)) == 0;
}

/* How many bits "/24" says, of @max; -1: it says nothing that makes sense. */
static int parse_bits(const char *text, int max)
{
	char *end;
	long bits = strtol(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end || bits > max)
		return -1;
	return (int)bits;
}

static int parse_network(const char *text, unsigned char bytes[static 16], unsigned *ret_bits,
			 struct err *err)
{
	char address[NETWORK_SIZE];
	const char *slash = strchrnul(text, '/');
	int max, bits;

	if ((size_t)(slash - text) >= sizeof(address))
		return err_set(err, -EINVAL, "'%.60s' is not an address", text);
	snprintf(address, sizeof(address), "%.*s", (int)(slash - text), text);
	if (!parse_address(address, bytes))
		return err_set(err, -EINVAL,
			       "'%.60s' is not an address, as in 192.0.2.7 or 2001:db8::/32", text);
	max = strchr(address, ':') ? 128 : 32;
	bits = *slash ? parse_bits(slash + 1, max) : max;
	if (bits < 0)
		return err_set(err, -EINVAL, "'%.60s': after the slash comes 0 to %d", text, max);
	*ret_bits = (unsigned)(bits + 128 - max);
	return 0;
}

int proxies_parse(const char *text, struct proxies *ret_proxies, struct err *err)
{
	struct proxies proxies = { .n_networks = 0 };
	char one[NETWORK_SIZE + 5];

	for (;;) {
		size_t len = strcspn(text, ",");
		size_t n = proxies.n_networks;
		int r;

		if (n == PROXIES_MAX)
			return err_set(err, -E2BIG, "at most %d networks of proxies can be named",
				       PROXIES_MAX);
		if (len >= sizeof(one))
			return err_set(err, -EINVAL, "'%.60s' is not an address", text);
		snprintf(one, sizeof(one), "%.*s", (int)len, text);
		r = parse_network(one, proxies.networks[n].bytes, &proxies.networks[n].n_bits, err);
		if (r < 0)
			return r;
		proxies.n_networks++;
		if (text[len] == '\0')
			break;
		text += len + 1;
	}
	*ret_proxies = proxies;
	return 0;
}

static bool is_within(const unsigned char address[static 16],
		      const unsigned char network[static 16], unsigned n_bits)
{
	unsigned n_bytes = n_bits / 8, rest = n_bits % 8;
	unsigned char mask = (unsigned char)(0xff << (8 - rest));

	if (memcmp(address, network, n_bytes) != 0)
		return false;
	return rest == 0 || (address[n_bytes] & mask) == (network[n_bytes] & mask);
}

static bool is_trusted(const struct proxies *proxies, const unsigned char address[static 16])
{
	for (size_t i = 0; i < proxies->n_networks; i++) {
		if (is_within(address, proxies->networks[i].bytes, proxies->networks[i].n_bits))
			return true;
	}
	return false;
}

static void write_address(const unsigned char bytes[static 16], char text[static NETWORK_SIZE])
{
	if (is_mapped(bytes))
		inet_ntop(AF_INET, bytes + sizeof(mapped), text, NETWORK_SIZE);
	else
		inet_ntop(AF_INET6, bytes, text, NETWORK_SIZE);
}

void network_text(const struct sockaddr *peer, char ret_text[static NETWORK_SIZE])
{
	unsigned char bytes[16];

	ret_text[0] = '\0';
	if (peer->sa_family == AF_INET) {
		memcpy(bytes, mapped, sizeof(mapped));
		memcpy(bytes + sizeof(mapped), &((const struct sockaddr_in *)peer)->sin_addr, 4);
	} else if (peer->sa_family == AF_INET6) {
		memcpy(bytes, &((const struct sockaddr_in6 *)peer)->sin6_addr, 16);
	} else {
		return;
	}
	write_address(bytes, ret_text);
}

/* The port behind a colon, as some proxies add it; "" is none. */
static bool is_port(const char *text)
{
	return text[0] == '\0' || (text[0] == ':' && text[1] != '\0' &&
				   strspn(text + 1, "0123456789") == strlen(text + 1) &&
				   strlen(text + 1) <= PORT_DIGITS);
}

/*
 * "192.0.2.7", "192.0.2.7:4711", "2001:db8::7", "[2001:db8::7]" or "[2001:db8::7]:4711". An
 * address of IPv6 has to be in brackets to have a port: what follows the last colon is else
 * a part of it. @text is written to.
 */
static bool parse_item(char *text, unsigned char address[static 16])
{
	char *end;

	if (text[0] == '[') {
		end = strchr(text, ']');
		if (!end || !is_port(end + 1))
			return false;
		*end = '\0';
		return inet_pton(AF_INET6, text + 1, address) == 1;
	}
	end = strchr(text, ':');
	if (end && !strchr(end + 1, ':')) {
		if (!is_port(end))
			return false;
		*end = '\0';
		return parse_address(text, address);
	}
	return parse_address(text, address);
}

/* The last item of the list that ends at @end, which moves before it; false: it is no address. */
static bool take_last(const char *list, const char **end, unsigned char address[static 16])
{
	char text[ITEM_SIZE];
	const char *from = *end, *to = *end;

	while (from > list && from[-1] != ',')
		from--;
	*end = from > list ? from - 1 : list;
	from += strspn(from, " \t");
	while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
		to--;
	if (to <= from || (size_t)(to - from) >= sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)(to - from), from);
	return parse_item(text, address);
}

bool network_forwarded(const struct proxies *proxies, const char *forwarded_for,
		       char network[static NETWORK_SIZE])
{
	unsigned char address[16];
	const char *end;

	if (!parse_address(network, address) || !is_trusted(proxies, address))
		return false;
	end = forwarded_for ? forwarded_for + strlen(forwarded_for) : NULL;
	/* Each proxy adds at the end whom it got the request from. */
	while (forwarded_for && end > forwarded_for && take_last(forwarded_for, &end, address)) {
		write_address(address, network);
		if (!is_trusted(proxies, address))
			break;
	}
	return true;
}
