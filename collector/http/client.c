/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http/client.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/base/transfer.h"

struct exchange {
	struct transfer transfer;
	const struct client_config *config;
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

/* What belongs to the collector alone: whom it trusts, and that it stops. */
static CURLcode set_own(struct exchange *exchange)
{
	CURL *curl = exchange->transfer.curl;
	const char *ca_file = exchange->config->ca_file;
	CURLcode r = ca_file ? transfer_trust(curl, CURLOPT_CAINFO, ca_file) : CURLE_OK;

	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_up);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_XFERINFODATA, exchange);
	return r;
}

static CURLcode set_request(CURL *curl, const struct client_request *request)
{
	CURLcode r = CURLE_OK;

	if (request->user) {
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

static int explain(const struct transfer *transfer, CURLcode code, struct err *err)
{
	const char *text = transfer->why[0] ? transfer->why : curl_easy_strerror(code);
	/* libcurl quotes what the other side sent. */
	_cleanup_free_ char *why = text_clean(text, strlen(text), 200);
	int r = transfer_explain(transfer, code, err);

	if (r < 0)
		return r;
	if (code == CURLE_ABORTED_BY_CALLBACK)
		return err_set(err, -ECANCELED, "the collector stops");
	if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
		return err_set(err, -EKEYREJECTED, "its certificate is not trusted: %s", why);
	return err_set(err, -EIO, "%s", why);
}

int client_ask(const struct client_config *config, const struct client_request *request,
	       struct client_answer *ret_answer, struct err *err)
{
	_cleanup_(curlp) CURL *curl = curl_easy_init();
	struct client_answer answer = { 0 };
	struct exchange exchange = { { .curl = curl,
				       .timeout_ms = config->timeout_ms,
				       .answer_max = config->answer_max },
				     config };
	CURLcode code;
	int r;

	if (!curl)
		return err_set(err, -EIO, "libcurl cannot be started");
	code = transfer_prepare(&exchange.transfer, request->url, "testready-collector/" VERSION);
	if (code == CURLE_OK)
		code = set_own(&exchange);
	if (code == CURLE_OK)
		code = set_request(curl, request);
	if (code == CURLE_OK)
		code = curl_easy_perform(curl);
	answer.body = exchange.transfer.body;
	answer.len = exchange.transfer.len;
	if (code != CURLE_OK) {
		r = explain(&exchange.transfer, code, err);
		client_answer_done(&answer);
		return r;
	}
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
	if (!answer.body)
		answer.body = xstrdup("");
	*ret_answer = answer;
	return 0;
}
