/* SPDX-License-Identifier: Apache-2.0 */
/*
 * network HOST[:PORT]...: which of these servers can be reached from here. All
 * are tried at once, by a TLS connection over which nothing is sent, through
 * the proxy that the usual variables name. One line for each, in their order:
 *
 *   {"host":"test.example.org","reachable":true,"ms":12,
 *    "issuer":"R3 (Let's Encrypt)","why_not":"","by_proxy":false}
 *
 * ms is left out where no connection was made, issuer is "" where no certificate
 * was shown. With {"host":...,"unknown":"why"} it could not be found out. Whom
 * to trust is the system's (or, as OpenSSL has it, SSL_CERT_FILE's) affair.
 */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "agent/helper/say.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/endpoint.h"
#include "common/model/profile.h"

/* Below the time that the probe gives us, so that there is time to say who did not answer. */
#define DEADLINE_MS 3000
#define NAME_MAX_BYTES 60 /* of one part of a name in a certificate */
#define WHY_MAX 256
/* Threads look names up; with the default size all of them would not fit RLIMIT_AS. */
#define THREAD_STACK_BYTES ((size_t)1024 * 1024)

/* The certificate that was shown, right or not. */
struct shown {
	char *issuer;
	char *subject; /* whom it is made out to */
	int error;     /* what is wrong with it: X509_V_ERR_... */
	char day[16];  /* from or until when the certificate that is wrong in time holds */
};

struct attempt {
	const char *text;
	struct endpoint endpoint;
	const char *proxy; /* NULL: directly */
	CURL *curl;
	bool is_at_tls; /* there is a connection, by the proxy if there is one */
	bool is_done;
	CURLcode code;
	struct shown shown;
};

static struct attempt attempts[PROFILE_ENDPOINTS_MAX];
static size_t n_attempts;
static int attempt_index; /* of a struct attempt among the data of an SSL_CTX */

/* --- the proxy ------------------------------------------------------------- */

static const char *variable(const char *const *names)
{
	for (; *names; names++) {
		const char *value =
			getenv(*names); /* NOLINT(concurrency-mt-unsafe): no thread yet */

		if (value && value[0])
			return value;
	}
	return NULL;
}

/* Whether @host is the domain of @len bytes or in it; dots around it do not matter. */
static bool is_within(const char *host, const char *domain, size_t len)
{
	size_t host_len = strlen(host);
	const char *tail;

	if (len > 0 && domain[0] == '.')
		domain++, len--;
	if (len > 0 && domain[len - 1] == '.')
		len--;
	if (len == 0 || len > host_len)
		return false;
	tail = host + host_len - len;
	return strncasecmp(tail, domain, len) == 0 && (tail == host || tail[-1] == '.');
}

/* Whether @list, "example.org, .local" or "*", has @host, as curl(1) reads it. */
static bool is_listed(const char *list, const char *host)
{
	static const char between[] = ", \t";

	if (strcmp(list, "*") == 0)
		return true;
	for (list += strspn(list, between); *list; list += strspn(list, between)) {
		size_t len = strcspn(list, between);

		if (is_within(host, list, len))
			return true;
		list += len;
	}
	return false;
}

/* libcurl would choose it by the same variables, but not tell. */
static const char *find_proxy(const char *host)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
					     NULL };
	static const char *const exceptions[] = { "no_proxy", "NO_PROXY", NULL };
	const char *proxy = variable(names), *direct = variable(exceptions);

	return direct && is_listed(direct, host) ? NULL : proxy;
}

/* --- the certificate ------------------------------------------------------- */

/* Names from outside, to be quoted in a sentence; owned by the caller. */
static char *name_clean(const void *bytes, size_t len)
{
	char *text = text_clean(bytes, len, NAME_MAX_BYTES);

	for (char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			*c = '\'';
	}
	return text;
}

/* The part @nid of a name, owned by the caller; NULL: it has none. */
static char *name_part(const X509_NAME *name, int nid)
{
	int i = X509_NAME_get_index_by_NID(name, nid, -1);
	unsigned char *bytes = NULL;
	char *text;
	int len;

	if (i < 0)
		return NULL;
	len = ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i)));
	if (len < 0)
		return NULL;
	text = name_clean(bytes, (size_t)len);
	OPENSSL_free(bytes);
	return text;
}

/* "R3 (Let's Encrypt)": the common name alone often says nothing. Owned by the caller. */
static char *name_text(const X509_NAME *name)
{
	_cleanup_free_ char *common = name_part(name, NID_commonName);
	_cleanup_free_ char *whose = name_part(name, NID_organizationName);

	if (common && whose && !strstr(common, whose))
		return xasprintf("%s (%s)", common, whose);
	if (common || whose)
		return common ? TAKE_PTR(common) : TAKE_PTR(whose);
	return xstrdup("nobody by name");
}

/* The first name in DNS that it is for, else its common name. Owned by the caller. */
static char *subject_text(const X509 *cert)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	char *text = NULL;

	for (int i = 0; !text && i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type == GEN_DNS)
			text = name_clean(ASN1_STRING_get0_data(name->d.dNSName),
					  (size_t)ASN1_STRING_length(name->d.dNSName));
	}
	GENERAL_NAMES_free(names);
	return text ? text : name_text(X509_get_subject_name(cert));
}

static void shown_done(struct shown *shown)
{
	free(shown->issuer);
	free(shown->subject);
	*shown = (struct shown){ 0 };
}

static void note_day(struct shown *shown, const X509 *cert)
{
	const ASN1_TIME *time = shown->error == X509_V_ERR_CERT_HAS_EXPIRED
					? X509_get0_notAfter(cert)
					: X509_get0_notBefore(cert);
	struct tm tm;

	if (cert && ASN1_TIME_to_tm(time, &tm) == 1)
		strftime(shown->day, sizeof(shown->day), "%Y-%m-%d", &tm);
}

/* OpenSSL asks for each certificate of the chain. Its word stands; we only look. */
static int on_verify(int is_right, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct attempt *attempt = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), attempt_index);
	const X509 *cert = X509_STORE_CTX_get0_cert(store);

	if (!cert || attempt->shown.error != X509_V_OK)
		return is_right;
	/* Of a proxy's own certificate and the server's the later one is the server's. */
	shown_done(&attempt->shown);
	attempt->shown.issuer = name_text(X509_get_issuer_name(cert));
	attempt->shown.subject = subject_text(cert);
	if (!is_right) {
		attempt->shown.error = X509_STORE_CTX_get_error(store);
		note_day(&attempt->shown, X509_STORE_CTX_get_current_cert(store));
	}
	return is_right;
}

static CURLcode on_tls(CURL *curl, void *context, void *userdata)
{
	struct attempt *attempt = userdata;

	(void)curl;
	attempt->is_at_tls = true;
	if (SSL_CTX_set_ex_data(context, attempt_index, attempt) != 1 ||
	    SSL_CTX_set_default_verify_paths(context) != 1)
		return CURLE_OUT_OF_MEMORY;
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_verify);
	return CURLE_OK;
}

/* --- in words -------------------------------------------------------------- */

static void why_certificate(const struct attempt *attempt, char *why)
{
	const struct shown *shown = &attempt->shown;

	switch (shown->error) {
	case X509_V_OK: /* the chain is right, so it is the name */
		snprintf(why, WHY_MAX, "its certificate is made out to '%s', not to this server",
			 shown->subject ? shown->subject : "another");
		return;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		snprintf(
			why, WHY_MAX,
			"a certificate that it showed expired on %s; is this device's clock right?",
			shown->day);
		return;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		snprintf(why, WHY_MAX,
			 "a certificate that it showed holds only from %s; is this device's clock "
			 "right?",
			 shown->day);
		return;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		snprintf(why, WHY_MAX,
			 "its certificate was issued by '%s', which this device does not trust",
			 shown->issuer);
		return;
	default:
		snprintf(why, WHY_MAX, "its certificate, issued by '%s', is not right: %s",
			 shown->issuer, X509_verify_cert_error_string(shown->error));
	}
}

static void why_timeout(const struct attempt *attempt, char *why)
{
	curl_off_t known_us = 0;

	(void)curl_easy_getinfo(attempt->curl, CURLINFO_NAMELOOKUP_TIME_T, &known_us);
	if (attempt->is_at_tls)
		snprintf(
			why, WHY_MAX,
			"it took the connection and then was silent for %d seconds; a firewall may "
			"hold it back",
			DEADLINE_MS / 1000);
	else if (known_us > 0)
		snprintf(why, WHY_MAX, "no answer within %d seconds; a firewall may drop it",
			 DEADLINE_MS / 1000);
	else
		snprintf(why, WHY_MAX,
			 "its name was not found within %d seconds; is this device connected, and "
			 "its DNS right?",
			 DEADLINE_MS / 1000);
}

/* What is wrong with the way, by errno. What is wrong with this program is none of these. */
static const struct {
	long number;
	const char *text;
} connect_reasons[] = {
	{ ECONNREFUSED,
	  "the connection was refused: nothing listens there, or a firewall refuses it" },
	{ ENETUNREACH, "there is no way to it; is this device connected to a network?" },
	{ EHOSTUNREACH, "there is no way to it; is this device connected to a network?" },
	{ EADDRNOTAVAIL, "there is no way to it; is this device connected to a network?" },
	{ ENETDOWN, "there is no way to it; is this device connected to a network?" },
	{ ETIMEDOUT, "no answer; a firewall may drop it" },
	{ ECONNRESET, "the connection was broken off" },
	{ EACCES, "this device's own firewall does not let it through" },
	{ EPERM, "this device's own firewall does not let it through" },
};

static bool why_connect(const struct attempt *attempt, char *why)
{
	long number = 0;

	(void)curl_easy_getinfo(attempt->curl, CURLINFO_OS_ERRNO, &number);
	for (size_t i = 0; i < ARRAY_SIZE(connect_reasons); i++) {
		if (connect_reasons[i].number == number) {
			snprintf(why, WHY_MAX, "%s", connect_reasons[i].text);
			return true;
		}
	}
	return false;
}

static const struct {
	CURLcode code;
	const char *text;
} reasons[] = {
	{ CURLE_COULDNT_RESOLVE_HOST,
	  "its name cannot be found; is this device connected, and its DNS right?" },
	{ CURLE_COULDNT_RESOLVE_PROXY, "its name cannot be found; see the variable https_proxy" },
	{ CURLE_PROXY, "the proxy does not reach it" },
	{ CURLE_SSL_CONNECT_ERROR,
	  "TLS did not come about; a firewall may break it off, or answer in its place" },
	{ CURLE_RECV_ERROR, "the connection was broken off" },
	{ CURLE_SEND_ERROR, "the connection was broken off" },
	{ CURLE_GOT_NOTHING, "the connection was broken off" },
	{ CURLE_HTTP2, "the connection was broken off" },
};

/* A proxy of HTTP that did not open the way says so by its status. */
static bool why_proxy(const struct attempt *attempt, char *why)
{
	long status = 0;

	(void)curl_easy_getinfo(attempt->curl, CURLINFO_HTTP_CONNECTCODE, &status);
	if (!attempt->proxy || status == 0 || status / 100 == 2)
		return false;
	if (status == 407)
		snprintf(why, WHY_MAX, "the proxy wants a name and password (status 407)");
	else if (status >= 500)
		snprintf(why, WHY_MAX, "the proxy does not reach it (status %ld)", status);
	else
		snprintf(why, WHY_MAX, "the proxy refuses it (status %ld)", status);
	return true;
}

/* Whether the proxy, and not the server behind it, is what failed. */
static bool is_of_proxy(const struct attempt *attempt)
{
	long status = 0;

	if (!attempt->proxy)
		return false;
	/* One of SOCKS only says by its own code that it did not reach the server. */
	if (strncasecmp(attempt->proxy, "socks", 5) == 0)
		return attempt->is_done && attempt->code == CURLE_COULDNT_CONNECT;
	(void)curl_easy_getinfo(attempt->curl, CURLINFO_HTTP_CONNECTCODE, &status);
	return status == 0;
}

/* Why it is not reachable, for a person; false: that is not known. */
static bool explain(const struct attempt *attempt, char *why)
{
	if (!attempt->is_done) {
		why_timeout(attempt, why);
		return true;
	}
	if (why_proxy(attempt, why))
		return true;
	if (attempt->code == CURLE_PEER_FAILED_VERIFICATION) {
		why_certificate(attempt, why);
		return true;
	}
	if (attempt->code == CURLE_COULDNT_CONNECT)
		return why_connect(attempt, why);
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		if (reasons[i].code == attempt->code) {
			snprintf(why, WHY_MAX, "%s", reasons[i].text);
			return true;
		}
	}
	return false;
}

static void tell(const struct attempt *attempt)
{
	json_t *line = json_pack("{s:s}", "host", attempt->text);
	bool is_reachable = attempt->is_done && attempt->code == CURLE_OK;
	const char *issuer = attempt->shown.issuer;
	curl_off_t connected_us = 0;
	char why[WHY_MAX] = "", whose[WHY_MAX + 16] = "";

	if (!is_reachable && !explain(attempt, why)) {
		const char *text = curl_easy_strerror(attempt->code);

		json_object_set_new(line, "unknown", say_text(text));
		say(line);
		return;
	}
	if (!is_reachable && is_of_proxy(attempt)) {
		issuer = NULL;
		snprintf(whose, sizeof(whose), "the proxy: %s", why);
	} else {
		snprintf(whose, sizeof(whose), "%s", why);
	}
	(void)curl_easy_getinfo(attempt->curl, CURLINFO_APPCONNECT_TIME_T, &connected_us);
	if (is_reachable)
		json_object_set_new(line, "ms", json_integer(connected_us / 1000));
	json_object_set_new(line, "reachable", json_boolean(is_reachable));
	json_object_set_new(line, "issuer", say_text(issuer));
	json_object_set_new(line, "why_not", say_text(whose));
	json_object_set_new(line, "by_proxy", json_boolean(attempt->proxy != NULL));
	say(line);
}

/* --- trying ---------------------------------------------------------------- */

static CURLcode set_up(struct attempt *attempt)
{
	_cleanup_free_ char *url =
		xasprintf("https://%s:%u/", attempt->endpoint.host, attempt->endpoint.port);
	CURL *curl = attempt->curl;
	CURLcode r = curl_easy_setopt(curl, CURLOPT_URL, url);

	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_PRIVATE, attempt);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	/* "" is none, whatever the variables say. */
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_PROXY, attempt->proxy ? attempt->proxy : "");
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	/* Where to look is OpenSSL's default; see on_tls(). */
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_CAINFO, NULL);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	if (r == CURLE_OK)
		r = curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, attempt);
	return r == CURLE_OK ? curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, on_tls) : r;
}

static void begin(CURLM *multi, const char *text)
{
	struct attempt *attempt = &attempts[n_attempts];
	struct err err = { 0 };
	CURLcode r;

	if (n_attempts == PROFILE_ENDPOINTS_MAX)
		say_error("more than %d servers were asked for", PROFILE_ENDPOINTS_MAX);
	if (endpoint_parse(text, &attempt->endpoint, &err) < 0)
		say_error("%s", err.text);
	attempt->text = text;
	attempt->proxy = find_proxy(attempt->endpoint.host);
	attempt->curl = curl_easy_init();
	if (!attempt->curl)
		say_error("libcurl cannot be started");
	r = set_up(attempt);
	if (r != CURLE_OK)
		say_error("libcurl: %s", curl_easy_strerror(r));
	if (curl_multi_add_handle(multi, attempt->curl) != CURLM_OK)
		say_error("libcurl cannot be started");
	n_attempts++;
}

static size_t take_results(CURLM *multi)
{
	const CURLMsg *message;
	size_t n = 0;
	int n_left;

	while ((message = curl_multi_info_read(multi, &n_left))) {
		struct attempt *attempt = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&attempt);
		attempt->is_done = true;
		attempt->code = message->data.result;
		n++;
	}
	return n;
}

/* Until all are decided, or it is time to say what is not. */
static void wait_for_all(CURLM *multi)
{
	int64_t deadline_ms = clock_boot_ms() + DEADLINE_MS;
	size_t n_done = 0;

	while (n_done < n_attempts) {
		int64_t left_ms = deadline_ms - clock_boot_ms();
		int n_running;

		if (left_ms <= 0)
			return;
		if (curl_multi_perform(multi, &n_running) != CURLM_OK)
			say_error("libcurl failed at connecting");
		n_done += take_results(multi);
		if (n_done < n_attempts &&
		    curl_multi_poll(multi, NULL, 0, (int)left_ms, NULL) != CURLM_OK)
			say_error("libcurl failed at waiting");
	}
}

static void spare_memory(void)
{
	pthread_attr_t attr;

	(void)mallopt(M_ARENA_MAX, 1); /* NOLINT(concurrency-mt-unsafe): no thread yet */
	if (pthread_attr_init(&attr) != 0)
		return;
	if (pthread_attr_setstacksize(&attr, THREAD_STACK_BYTES) == 0)
		(void)pthread_setattr_default_np(&attr);
	pthread_attr_destroy(&attr);
}

int main(int argc, char *argv[])
{
	CURLM *multi;

	spare_memory();
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(multi = curl_multi_init()))
		say_error("libcurl cannot be started");
	attempt_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	for (int i = 1; i < argc; i++)
		begin(multi, argv[i]);
	wait_for_all(multi);
	for (size_t i = 0; i < n_attempts; i++)
		tell(&attempts[i]);
	/* Nothing is taken down: a name that is still looked up would be waited for. */
	say_end();
}
