/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What holds for every request that is made by libcurl, whoever makes it: TLS 1.2 and verified,
 * no redirects, a deadline, and a limit to what is taken as its answer. Inline, since the agent
 * calls libcurl through a table (agent/curl.h, which it includes before this; decision 0013) and
 * the collector links it.
 */

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#ifndef CURL_DISABLE_TYPECHECK
#define CURL_DISABLE_TYPECHECK /* that of curl.h is for options that are written out */
#endif
#include <curl/curl.h>

#include "common/base/base.h"
#include "common/base/err.h"
#include "common/base/mem.h"
#include "common/base/text.h"

struct transfer {
	CURL *curl;
	long timeout_ms;   /* of the request as a whole; connecting may take half of it */
	size_t answer_max; /* bytes of the answer's body */

	char *body; /* what came of it, with a NUL that @len does not count; NULL: nothing. Owned.
		     */
	size_t len;
	bool is_too_large;
	char why[CURL_ERROR_SIZE];
};

static inline size_t transfer_take(char *bytes, size_t size, size_t n, void *userdata)
{
	struct transfer *transfer = userdata;
	size_t len = size * n;

	if (len > transfer->answer_max - transfer->len) {
		transfer->is_too_large = true;
		return 0;
	}
	transfer->body = xreallocarray(transfer->body, transfer->len + len + 1, 1);
	memcpy(transfer->body + transfer->len, bytes, len);
	transfer->len += len;
	transfer->body[transfer->len] = '\0';
	return len;
}

/*
 * Set all of that for a request to @url, by a program that calls itself @agent; both must live
 * until it is done. The system's authorities are trusted until transfer_trust().
 */
static inline CURLcode transfer_prepare(struct transfer *transfer, const char *url,
					const char *agent)
{
	const struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
		{ CURLOPT_SSL_VERIFYPEER, 1 },
		{ CURLOPT_SSL_VERIFYHOST, 2 },
		{ CURLOPT_FOLLOWLOCATION, 0 },
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_TIMEOUT_MS, transfer->timeout_ms },
		{ CURLOPT_CONNECTTIMEOUT_MS, (transfer->timeout_ms + 1) / 2 },
	};
	const struct {
		CURLoption option;
		const void *value;
	} pointers[] = {
		{ CURLOPT_URL, url },
		{ CURLOPT_PROTOCOLS_STR, "http,https" },
		/* A proxy would be handed secrets in the clear; plain http is of this machine only.
		 */
		{ CURLOPT_NOPROXY, text_starts(url, "http://") ? "*" : NULL },
		{ CURLOPT_USERAGENT, agent },
		{ CURLOPT_ERRORBUFFER, transfer->why },
		{ CURLOPT_WRITEDATA, transfer },
	};
	CURLcode r = curl_easy_setopt(transfer->curl, CURLOPT_WRITEFUNCTION, transfer_take);

	transfer->len = 0;
	transfer->is_too_large = false;
	transfer->why[0] = '\0';
	for (size_t i = 0; r == CURLE_OK && i < ARRAY_SIZE(numbers); i++)
		r = curl_easy_setopt(transfer->curl, numbers[i].option, numbers[i].value);
	for (size_t i = 0; r == CURLE_OK && i < ARRAY_SIZE(pointers); i++)
		r = curl_easy_setopt(transfer->curl, pointers[i].option, pointers[i].value);
	return r;
}

/* Trust the authorities @value of CURLOPT_CAINFO or CURLOPT_CAINFO_BLOB alone. */
static inline CURLcode transfer_trust(CURL *curl, CURLoption option, const void *value)
{
	/* Without this the system's folder of authorities would be trusted as well. */
	CURLcode r = curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);

	return r == CURLE_OK ? curl_easy_setopt(curl, option, value) : r;
}

/* Why @code came, where the limits above are why: -EMSGSIZE, -ETIMEDOUT; else 0, and no @err. */
static inline int transfer_explain(const struct transfer *transfer, CURLcode code, struct err *err)
{
	if (transfer->is_too_large)
		return err_set(err, -EMSGSIZE, "the answer is larger than %zu KiB",
			       transfer->answer_max / 1024);
	if (code == CURLE_OPERATION_TIMEDOUT)
		return err_set(err, -ETIMEDOUT, "no answer within %g seconds",
			       (double)transfer->timeout_ms / 1000);
	return 0;
}
