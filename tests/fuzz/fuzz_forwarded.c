/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of trusted proxies, and what a proxy says: the input up to a line end is the list, the
 * rest the field X-Forwarded-For.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http/network.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xcalloc(size + 1, 1);
	char network[NETWORK_SIZE] = "127.0.0.1";
	unsigned char address[16];
	struct proxies proxies;
	char *rest = text;

	memcpy(text, data, size);
	if (proxies_parse(strsep(&rest, "\n"), &proxies, NULL) < 0)
		return 0;
	/* Whatever it says, what comes out is an address. */
	(void)network_forwarded(&proxies, rest, network);
	if (inet_pton(AF_INET, network, address) != 1 && inet_pton(AF_INET6, network, address) != 1)
		abort();
	return 0;
}
