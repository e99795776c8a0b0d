/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A token in the first line, and below it the provider's keys. What is claimed is claimed only
 * where a key is there that could have signed it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/jwt.h"
#include "common/base/mem.h"
#include "tests/unit/collector/jwt_samples.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char ours[] = "{\"keys\":[" SAMPLE_RSA_KEY "," SAMPLE_EC_KEY "]}";
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	char *keys_text = strchr(text, '\n');
	_cleanup_(json_decrefp) json_t *claims = NULL, *forged = NULL;
	_cleanup_(jwt_keys_freep) struct jwt_keys *keys = NULL, *known = NULL;

	if (keys_text)
		*keys_text++ = '\0';
	if (keys_text && jwt_keys_parse(keys_text, strlen(keys_text), &keys, NULL) >= 0 &&
	    jwt_verify(text, keys, &claims, NULL) >= 0 && !claims)
		abort();
	/* Of these keys nobody has the other half any more: what they signed is in the samples. */
	if (jwt_keys_parse(ours, strlen(ours), &known, NULL) < 0)
		abort();
	if (jwt_verify(text, known, &forged, NULL) >= 0 && !json_object_get(forged, "sub") &&
	    !json_is_array(forged))
		abort();
	return 0;
}
