/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>

#include "collector/http/tls.h"
#include "common/base/file.h"
#include "common/base/mem.h"

#define PEM_BYTES_MAX ((size_t)64 * 1024)
#define CHAIN_MAX 8

const char tls_priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-DHE-RSA:"
			      "-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305:"
			      "-SHA1:%SERVER_PRECEDENCE:%NO_TICKETS";

/* What is shown, as it was read once. */
struct identity_shown {
	SLIST_ENTRY(identity_shown) older;
	gnutls_pcert_st chain[CHAIN_MAX];
	unsigned n_chain;
	gnutls_privkey_t key;
	int64_t good_until_s;
};

struct tls {
	const char *cert_path;
	const char *key_path;
	pthread_mutex_t lock; /* of what follows */
	/* The first is the newest. Handshakes may still use the others, which are small and few. */
	SLIST_HEAD(, identity_shown) shown;
};

/* The library's callback has no argument for us. */
static _Atomic(struct identity_shown *) current;

static void shown_free(struct identity_shown *shown)
{
	if (!shown)
		return;
	for (unsigned i = 0; i < shown->n_chain; i++)
		gnutls_pcert_deinit(&shown->chain[i]);
	if (shown->key)
		gnutls_privkey_deinit(shown->key);
	free(shown);
}
DEFINE_CLEANUP(struct identity_shown *, shown_free);

static int fail(struct err *err, const char *path, int r)
{
	return err_set(err, -EINVAL, "%s: %s", path, gnutls_strerror(r));
}

static int read_pem(const char *path, gnutls_datum_t *ret_pem, struct err *err)
{
	char *text;
	size_t len;
	int r = file_read_at(AT_FDCWD, path, PEM_BYTES_MAX, &text, &len, err);

	if (r >= 0)
		*ret_pem = (gnutls_datum_t){ (unsigned char *)text, (unsigned)len };
	return r;
}

static int read_chain(const char *path, struct identity_shown *shown, struct err *err)
{
	gnutls_datum_t pem = { 0 };
	unsigned n = CHAIN_MAX;
	gnutls_x509_crt_t first;
	int r = read_pem(path, &pem, err);

	if (r < 0)
		return r;
	r = gnutls_pcert_list_import_x509_raw(shown->chain, &n, &pem, GNUTLS_X509_FMT_PEM, 0);
	free(pem.data);
	if (r < 0)
		return fail(err, path, r);
	shown->n_chain = n;
	r = gnutls_pcert_export_x509(&shown->chain[0], &first);
	if (r < 0)
		return fail(err, path, r);
	shown->good_until_s = gnutls_x509_crt_get_expiration_time(first);
	gnutls_x509_crt_deinit(first);
	return 0;
}

static int read_key(const char *path, struct identity_shown *shown, struct err *err)
{
	gnutls_datum_t pem = { 0 };
	struct stat status;
	int r;

	if (stat(path, &status) < 0)
		return err_errno(err, -errno, "%s", path);
	if (status.st_mode & S_IROTH)
		return err_set(err, -EACCES,
			       "%s: everybody on this machine can read the key; chmod o-r it",
			       path);
	r = read_pem(path, &pem, err);
	if (r < 0)
		return r;
	r = gnutls_privkey_init(&shown->key);
	if (r >= 0)
		r = gnutls_privkey_import_x509_raw(shown->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0);
	explicit_bzero(pem.data, pem.size);
	free(pem.data);
	return r < 0 ? fail(err, path, r) : 0;
}

/* Whether the key is that of the first certificate. */
static int check_pair(const struct tls *tls, const struct identity_shown *shown, struct err *err)
{
	unsigned char of_key[64], of_cert[64];
	size_t n_key = sizeof(of_key), n_cert = sizeof(of_cert);
	gnutls_pubkey_t pubkey;
	int r = gnutls_pubkey_init(&pubkey);

	if (r < 0)
		return fail(err, tls->key_path, r);
	r = gnutls_pubkey_import_privkey(pubkey, shown->key, 0, 0);
	if (r >= 0)
		r = gnutls_pubkey_get_key_id(pubkey, GNUTLS_KEYID_USE_SHA256, of_key, &n_key);
	gnutls_pubkey_deinit(pubkey);
	if (r >= 0)
		r = gnutls_pubkey_get_key_id(shown->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256,
					     of_cert, &n_cert);
	if (r < 0)
		return fail(err, tls->key_path, r);
	if (n_key != n_cert || memcmp(of_key, of_cert, n_key) != 0)
		return err_set(err, -EINVAL, "%s: this is not the key of the certificate in %s",
			       tls->key_path, tls->cert_path);
	return 0;
}

int tls_reload(struct tls *tls, struct err *err)
{
	_cleanup_(shown_freep) struct identity_shown *shown = xcalloc(1, sizeof(*shown));
	int r = read_chain(tls->cert_path, shown, err);

	if (r >= 0)
		r = read_key(tls->key_path, shown, err);
	if (r >= 0)
		r = check_pair(tls, shown, err);
	if (r < 0)
		return r;
	pthread_mutex_lock(&tls->lock);
	SLIST_INSERT_HEAD(&tls->shown, shown, older);
	atomic_store(&current, TAKE_PTR(shown));
	pthread_mutex_unlock(&tls->lock);
	return 0;
}

int tls_new(const char *cert_path, const char *key_path, struct tls **ret_tls, struct err *err)
{
	struct tls *tls = xcalloc(1, sizeof(*tls));
	int r;

	tls->cert_path = cert_path;
	tls->key_path = key_path;
	pthread_mutex_init(&tls->lock, NULL);
	SLIST_INIT(&tls->shown);
	r = tls_reload(tls, err);
	if (r < 0) {
		tls_free(tls);
		return r;
	}
	*ret_tls = tls;
	return 0;
}

int64_t tls_good_until_s(struct tls *tls)
{
	int64_t until_s;

	pthread_mutex_lock(&tls->lock);
	until_s = SLIST_FIRST(&tls->shown)->good_until_s;
	pthread_mutex_unlock(&tls->lock);
	return until_s;
}

void tls_free(struct tls *tls)
{
	if (!tls)
		return;
	atomic_store(&current, NULL);
	while (!SLIST_EMPTY(&tls->shown)) {
		struct identity_shown *shown = SLIST_FIRST(&tls->shown);

		SLIST_REMOVE_HEAD(&tls->shown, older);
		shown_free(shown);
	}
	pthread_mutex_destroy(&tls->lock);
	free(tls);
}

/* NOLINTNEXTLINE(readability-function-size): the library gives the parameters */
static int retrieve(gnutls_session_t session, const gnutls_datum_t *authorities, int n_authorities,
		    const gnutls_pk_algorithm_t *algorithms, int n_algorithms,
		    gnutls_pcert_st **chain, unsigned *n_chain, gnutls_privkey_t *key)
{
	struct identity_shown *shown = atomic_load(&current);

	(void)session;
	(void)authorities;
	(void)n_authorities;
	(void)algorithms;
	(void)n_algorithms;
	if (!shown)
		return -1;
	*chain = shown->chain;
	*n_chain = shown->n_chain;
	*key = shown->key;
	return 0;
}

bool tls_waits_for_client(void *session)
{
	enum { READING, WRITING };
	int last = (int)gnutls_handshake_get_last_in(session);
	bool is_over;

	/*
	 * What came last is forgotten when all of it is over, and nothing came before it begins:
	 * then nothing is encrypted yet.
	 */
	is_over = last < 0 ? gnutls_cipher_get(session) != GNUTLS_CIPHER_NULL
			   : last == GNUTLS_HANDSHAKE_FINISHED;
	return !is_over && gnutls_record_get_direction(session) == READING;
}

void *tls_callback(void)
{
	gnutls_certificate_retrieve_function2 *callback = retrieve;
	void *pointer;

	static_assert(sizeof(pointer) == sizeof(callback), "POSIX has both in one size");
	memcpy(&pointer, &callback, sizeof(pointer));
	return pointer;
}
