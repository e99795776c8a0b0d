/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "agent/curl.h"
#include "agent/http.h"
#include "agent/issuer.h"
#include "common/base/id.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/base/transfer.h"

#define RETRY_AFTER_MAX_S ((curl_off_t)24 * 60 * 60)
#define URL_MAX 2048

struct http {
	struct transfer transfer;
	const struct http_settings *settings;
	char etag[HTTP_FIELD_SIZE], signature[HTTP_FIELD_SIZE];
};

static void curlup_freep(CURLU **url)
{
	curl_url_cleanup(*url);
}

static void curl_textp(char **text)
{
	curl_free(*text);
}

/* 127.0.0.0/8, ::1 and localhost, which libcurl never looks up elsewhere. */
static bool is_loopback(const char *host)
{
	struct in_addr in;

	if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
		return true;
	return inet_pton(AF_INET, host, &in) == 1 && ntohl(in.s_addr) >> 24 == 127;
}

static int check_scheme(CURLU *url, const char *text, struct err *err)
{
	_cleanup_(curl_textp) char *scheme = NULL, *host = NULL;

	if (curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) ||
	    curl_url_get(url, CURLUPART_HOST, &host, 0))
		return err_set(err, -EINVAL, "%s: has no host name", text);
	if (strcmp(scheme, "https") == 0)
		return 0;
	if (strcmp(scheme, "http") != 0)
		return err_set(err, -EPROTONOSUPPORT, "%s: must begin with https://", text);
	if (!is_loopback(host))
		return err_set(err, -EPROTONOSUPPORT,
			       "%s: http is for this machine only, since anyone on the way could "
			       "read the device's key; use https",
			       text);
	return 0;
}

static int read_url(const char *text, char **ret_url, struct err *err)
{
	static const CURLUPart refused[] = { CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY,
					     CURLUPART_FRAGMENT };
	_cleanup_(curlup_freep) CURLU *url = curl_url();
	_cleanup_(curl_textp) char *whole = NULL;
	size_t len;
	int r;

	if (strlen(text) > URL_MAX || !text_is_utf8(text, strlen(text)))
		return err_set(err, -EINVAL, "the address of the collector is not one");
	/* Not quoted where it may hold a password, or be a key. */
	if (curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME))
		return err_set(err, -EINVAL,
			       "'%s' is not an address such as https://ready.example.org",
			       secret_is_in(text) || strchr(text, '@') ? "..." : text);
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		_cleanup_(curl_textp) char *part = NULL;

		/* Not quoted: it may hold a password. */
		if (curl_url_get(url, refused[i], &part, 0) == CURLUE_OK)
			return err_set(err, -EINVAL,
				       "the collector's address must have no user, password, query "
				       "or fragment");
	}
	r = check_scheme(url, text, err);
	if (r < 0)
		return r;
	if (curl_url_get(url, CURLUPART_URL, &whole, 0))
		return err_set(err, -EINVAL, "'%s' is not an address", text);
	len = strlen(whole);
	while (len > 0 && whole[len - 1] == '/')
		len--;
	*ret_url = xstrndup(whole, len);
	return 0;
}

int http_url(const char *text, char **ret_url, struct err *err)
{
	int r = curl_load(err);

	return r < 0 ? r : read_url(text, ret_url, err);
}

int http_pin_check(const char *pin, struct err *err)
{
	static const char prefix[] = "sha256//";
	const char *hash = pin + strlen(prefix);

	if (!text_starts(pin, prefix) || strlen(hash) != 44 || hash[43] != '=' ||
	    strspn(hash, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") != 43)
		return err_set(err, -EINVAL,
			       "'%.80s' is no pin: sha256// and the 44 characters of the hash of "
			       "a key in base64",
			       pin);
	return 0;
}

/* The fields of an answer that are kept. */
static const struct {
	const char *name;
	size_t offset;
} kept_fields[] = {
	{ "etag:", offsetof(struct http, etag) },
	{ "testready-signature:", offsetof(struct http, signature) },
};

/* One that is longer than ours may be is as good as none: the answer comes whole, or unsigned. */
static size_t take_header(char *bytes, size_t size, size_t n, void *userdata)
{
	struct http *http = userdata;
	size_t len = size * n;

	for (size_t i = 0; i < ARRAY_SIZE(kept_fields); i++) {
		const char *name = kept_fields[i].name;
		char *kept = (char *)http + kept_fields[i].offset;
		_cleanup_free_ char *value = NULL;

		if (len < strlen(name) || strncasecmp(bytes, name, strlen(name)) != 0)
			continue;
		value = text_clean(bytes + strlen(name), len - strlen(name), HTTP_FIELD_SIZE);
		kept[0] = '\0';
		if (strlen(value) < HTTP_FIELD_SIZE)
			memcpy(kept, value, strlen(value) + 1);
	}
	return len;
}

int http_open(const struct http_settings *settings, struct http **ret_http, struct err *err)
{
	struct http *http;
	int r = curl_load(err);
	CURL *curl = r < 0 ? NULL : curl_easy_init();

	if (r < 0)
		return r;
	if (!curl)
		return err_set(err, -ENOMEM, "libcurl cannot be started");
	http = xcalloc(1, sizeof(*http));
	http->transfer.curl = curl;
	http->transfer.timeout_ms = settings->timeout_ms;
	http->transfer.answer_max = HTTP_ANSWER_MAX;
	http->settings = settings;
	*ret_http = http;
	return 0;
}

void http_close(struct http *http)
{
	if (!http)
		return;
	curl_easy_cleanup(http->transfer.curl);
	free(http->transfer.body);
	free(http);
}

void http_answer_done(struct http_answer *answer)
{
	free(answer->body);
	*answer = (struct http_answer){ 0 };
}

static CURLcode set_trust(CURL *curl, const struct http_settings *settings)
{
	const char *ca_pem = settings->ca_pem;
	struct curl_blob blob = { .data = (void *)ca_pem,
				  .len = ca_pem ? strlen(ca_pem) : 0,
				  .flags = CURL_BLOB_NOCOPY };
	CURLcode r = curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, settings->pins);

	if (r != CURLE_OK || !ca_pem)
		return r;
	return transfer_trust(curl, CURLOPT_CAINFO_BLOB, &blob);
}

/* What belongs to this request. @fields must live until it is done. */
static CURLcode set_request(struct http *http, const struct http_request *request,
			    const struct curl_slist *fields)
{
	CURL *curl = http->transfer.curl;
	CURLcode r = curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);

	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_HEADERDATA, http);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, request->bearer);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
	/* Without a body it is GET, libcurl's own choice. */
	if (r != CURLE_OK || !request->body)
		return r;
	r = curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(request->body));
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
	return r;
}

/* A code of libcurl's, in words; where there are none, libcurl's own are used. */
static const struct {
	CURLcode code;
	int error;
	const char *text;
} reasons[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, -EHOSTUNREACH, "its name cannot be found; is DNS right?" },
	{ CURLE_COULDNT_RESOLVE_PROXY, -EHOSTUNREACH,
	  "the name of the proxy cannot be found; see the variables https_proxy and no_proxy" },
	{ CURLE_COULDNT_CONNECT, -ECONNREFUSED, NULL },
	{ CURLE_OPERATION_TIMEDOUT, -ETIMEDOUT, NULL },
	{ CURLE_GOT_NOTHING, -EPROTO, "the connection was closed without an answer" },
	{ CURLE_PARTIAL_FILE, -EPROTO, "the answer was cut off" },
	{ CURLE_RECV_ERROR, -EPROTO, "the connection broke" },
	{ CURLE_SEND_ERROR, -EPROTO, "the connection broke" },
	{ CURLE_UNSUPPORTED_PROTOCOL, -EPROTO, "what came is not HTTP" },
	{ CURLE_WEIRD_SERVER_REPLY, -EPROTO, "what came is not HTTP" },
	{ CURLE_HTTP2, -EPROTO, "the connection broke" },
	{ CURLE_OK, -EIO, NULL },
};

/* OpenSSL's X509_V_ERR_...: there is no way from the certificate to an authority we trust. */
static const long unknown_issuer[] = { 2, 18, 19, 20, 21 };

static bool is_unknown_issuer(CURL *curl)
{
	long result = 0;

	(void)curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &result);
	for (size_t i = 0; i < ARRAY_SIZE(unknown_issuer); i++) {
		if (unknown_issuer[i] == result)
			return true;
	}
	return false;
}

/* "ready.example.org:443"; NULL: that is no address. Owned by the caller. */
static char *host_of(const char *url_text)
{
	_cleanup_(curlup_freep) CURLU *url = curl_url();
	_cleanup_(curl_textp) char *host = NULL, *port = NULL;

	if (curl_url_set(url, CURLUPART_URL, url_text, 0) ||
	    curl_url_get(url, CURLUPART_HOST, &host, 0) ||
	    curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT))
		return NULL;
	return xasprintf("%s:%s", host, port);
}

/* What a person has to know is who stands between, so it is asked whose certificate it is. */
static int explain_trust(struct http *http, CURLcode code, const char *url, const char *why,
			 struct err *err)
{
	_cleanup_free_ char *host = host_of(url);
	_cleanup_free_ char *issuer = host ? issuer_of(host) : NULL;
	_cleanup_free_ char *by = issuer ? xasprintf("was issued by '%s'", issuer)
					 : xstrdup("was issued by an authority whose name could "
						   "not be found out");

	if (code == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
		return err_set(err, -EKEYREJECTED,
			       "its key is none of those that are pinned in the configuration; its "
			       "certificate %s",
			       by);
	if (is_unknown_issuer(http->transfer.curl))
		return err_set(err, -EKEYREJECTED,
			       "its certificate %s, which this device does not trust (%s); if that "
			       "is the collector's own authority, enrol with --ca FILE, and if the "
			       "network inspects TLS, ask for an exception",
			       by, why);
	return err_set(err, -EKEYREJECTED, "its certificate %s, and is not right: %s", by, why);
}

static int explain(struct http *http, CURLcode code, const char *url, struct err *err)
{
	_cleanup_free_ char *why = NULL;
	const struct transfer *transfer = &http->transfer;
	const char *text = transfer->why[0] ? transfer->why : curl_easy_strerror(code);
	long number = 0;
	size_t i = 0;
	int r = transfer_explain(transfer, code, err);

	if (r < 0)
		return r;
	(void)curl_easy_getinfo(transfer->curl, CURLINFO_OS_ERRNO, &number);
	if (code == CURLE_COULDNT_CONNECT && number > 0)
		return err_set(err, -ECONNREFUSED, "%s", strerrordesc_np((int)number));
	/* libcurl quotes what the other side sent. */
	why = text_clean(text, strlen(text), 200);
	if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
		return explain_trust(http, code, url, why, err);
	while (reasons[i].code != CURLE_OK && reasons[i].code != code)
		i++;
	return err_set(err, reasons[i].error, "%s", reasons[i].text ? reasons[i].text : why);
}

static int64_t retry_after_s(CURL *curl)
{
	curl_off_t seconds = 0;

	if (curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK || seconds < 0)
		return 0;
	return seconds > RETRY_AFTER_MAX_S ? RETRY_AFTER_MAX_S : seconds;
}

static void curl_slistp(struct curl_slist **list)
{
	curl_slist_free_all(*list);
}

static void add_field(struct curl_slist **list, const char *field)
{
	struct curl_slist *longer = curl_slist_append(*list, field);

	if (!longer)
		abort();
	*list = longer;
}

static struct curl_slist *make_fields(const struct http_request *request)
{
	/* Without "Expect:" a large body would wait for a leave that may never come. */
	static const char *const posted[] = { "Content-Type: application/json", "Expect:" };
	struct curl_slist *list = NULL;

	add_field(&list, "Accept: application/json, application/problem+json");
	for (size_t i = 0; request->body && i < ARRAY_SIZE(posted); i++)
		add_field(&list, posted[i]);
	if (request->etag) {
		_cleanup_free_ char *field = xasprintf("If-None-Match: %s", request->etag);

		add_field(&list, field);
	}
	return list;
}

static int send_request(struct http *http, const struct http_request *request,
			struct http_answer *ret_answer, struct err *err)
{
	_cleanup_free_ char *url = xasprintf("%s%s", request->url, request->path);
	_cleanup_(curl_slistp) struct curl_slist *fields = make_fields(request);
	struct transfer *transfer = &http->transfer;
	struct http_answer answer = { 0 };
	CURLcode code;

	http->etag[0] = http->signature[0] = '\0';
	curl_easy_reset(transfer->curl);
	code = transfer_prepare(transfer, url, "testready-agent/" VERSION);
	if (code == CURLE_OK)
		code = set_trust(transfer->curl, http->settings);
	if (code == CURLE_OK)
		code = set_request(http, request, fields);
	if (code == CURLE_OK)
		code = curl_easy_perform(transfer->curl);
	if (code != CURLE_OK)
		return explain(http, code, url, err);

	(void)curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &answer.status);
	answer.retry_after_s = retry_after_s(transfer->curl);
	memcpy(answer.etag, http->etag, sizeof(answer.etag));
	memcpy(answer.signature, http->signature, sizeof(answer.signature));
	answer.body = transfer->len > 0 ? TAKE_PTR(transfer->body) : xstrdup("");
	answer.len = transfer->len;
	*ret_answer = answer;
	return 0;
}

int http_post(struct http *http, const struct http_request *request, struct http_answer *ret_answer,
	      struct err *err)
{
	assert(request->body);
	return send_request(http, request, ret_answer, err);
}

int http_get(struct http *http, const struct http_request *request, struct http_answer *ret_answer,
	     struct err *err)
{
	struct http_request bare = *request;

	bare.body = NULL;
	return send_request(http, &bare, ret_answer, err);
}
