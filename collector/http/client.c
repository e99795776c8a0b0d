/* SPDX-License-Identifier: Apache-2.0 */
#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http/client.h"
#include "common/base/mem.h"
#include "common/base/text.h"

struct exchange {
	CURL *curl;
	const struct client_config *config;
	struct client_answer answer;
	bool is_too_large;
	char why[CURL_ERROR_SIZE];
};

static void curlp(CURL **curl)
{
	curl_easy_cleanup(*curl);
}

void client_answer_done(struct client_answer *answer)
{
	if (answer->body)
		explicit_bzero(answer->body, answer->len); /* it may be a token */
	free(answer->body);
	*answer = (struct client_answer){ 0 };
}

int client_prepare(struct err *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, -EIO, "libcurl cannot be started");
	return 0;
}

static size_t take_body(char *bytes, size_t size, size_t n, void *userdata)
{
	struct exchange *exchange = userdata;
	struct client_answer *answer = &exchange->answer;
	size_t len = size * n;

	if (len > exchange->config->answer_max - answer->len) {
		exchange->is_too_large = true;
		return 0;
	}
	answer->body = xreallocarray(answer->body, answer->len + len + 1, 1);
	memcpy(answer->body + answer->len, bytes, len);
	answer->len += len;
	answer->body[answer->len] = '\0';
	return len;
}

static int look_up(void *userdata, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct exchange *exchange = userdata;
	const atomic_bool *is_over = exchange->config->is_over;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return is_over && atomic_load(is_over);
}

static CURLcode set_trust(CURL *curl, const char *ca_file)
{
	CURLcode r = curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);

	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	if (r != CURLE_OK || !ca_file)
		return r;
	/* Without this the system's folder of authorities would be trusted as well. */
	r = curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	return r == CURLE_OK ? curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file) : r;
}

static CURLcode set_limits(struct exchange *exchange)
{
	CURL *curl = exchange->curl;
	long timeout_ms = exchange->config->timeout_ms;
	CURLcode r = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");

	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (timeout_ms + 1) / 2);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_up);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_XFERINFODATA, exchange);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, exchange->why);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
	return r;
}

static CURLcode set_request(CURL *curl, const struct client_request *request)
{
	CURLcode r = curl_easy_setopt(curl, CURLOPT_URL, request->url);

	/* A proxy would be handed secrets in the clear; and plain http is of this machine only. */
	if (r == CURLE_OK && text_starts(request->url, "http://"))
		r = curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_USERAGENT, "testready-collector/" VERSION);
	if (r == CURLE_OK && request->user) {
		r = curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
		if (r == CURLE_OK)
			r = curl_easy_setopt(curl, CURLOPT_USERNAME, request->user);
		if (r == CURLE_OK)
			r = curl_easy_setopt(curl, CURLOPT_PASSWORD, request->password);
	}
	if (r == CURLE_OK && request->bearer) {
		r = curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
		if (r == CURLE_OK)
			r = curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, request->bearer);
	}
	/* Without a form it is GET, libcurl's own choice. */
	if (r == CURLE_OK && request->form)
		r = curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->form);
	return r;
}

static int explain(const struct exchange *exchange, CURLcode code, struct err *err)
{
	const char *text = exchange->why[0] ? exchange->why : curl_easy_strerror(code);
	/* libcurl quotes what the other side sent. */
	_cleanup_free_ char *why = text_clean(text, strlen(text), 200);

	if (exchange->is_too_large)
		return err_set(err, -EMSGSIZE, "the answer is larger than %zu KiB",
			       exchange->config->answer_max / 1024);
	if (code == CURLE_ABORTED_BY_CALLBACK)
		return err_set(err, -ECANCELED, "the collector stops");
	if (code == CURLE_OPERATION_TIMEDOUT)
		return err_set(err, -ETIMEDOUT, "no answer within %g seconds",
			       (double)exchange->config->timeout_ms / 1000);
	if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
		return err_set(err, -EKEYREJECTED, "its certificate is not trusted: %s", why);
	return err_set(err, -EIO, "%s", why);
}

int client_ask(const struct client_config *config, const struct client_request *request,
	       struct client_answer *ret_answer, struct err *err)
{
	_cleanup_(curlp) CURL *curl = curl_easy_init();
	struct exchange exchange = { .curl = curl, .config = config };
	CURLcode code;
	int r;

	if (!curl)
		return err_set(err, -EIO, "libcurl cannot be started");
	code = set_trust(curl, config->ca_file);
	if (code == CURLE_OK)
		code = set_limits(&exchange);
	if (code == CURLE_OK)
		code = set_request(curl, request);
	if (code == CURLE_OK)
		code = curl_easy_perform(curl);
	if (code != CURLE_OK) {
		r = explain(&exchange, code, err);
		client_answer_done(&exchange.answer);
		return r;
	}
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &exchange.answer.status);
	if (!exchange.answer.body)
		exchange.answer.body = xstrdup("");
	*ret_answer = exchange.answer;
	return 0;
}
