/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The certificate that the server shows, the only user of GnuTLS, which libmicrohttpd speaks TLS
 * with. It can be put in the place of another while connections last: those that are there keep
 * theirs, new ones get the new one.
 */

#include <stdbool.h>
#include <stdint.h>

#include "common/base/base.h"
#include "common/base/err.h"

/* TLS 1.2 with forward secrecy and AEAD, or 1.3. */
extern const char tls_priorities[];

struct tls;

/*
 * Read the chain @cert_path (PEM, the server's own certificate first) and its key @key_path.
 * Both paths outlive it. On success *@ret_tls is owned by the caller: tls_free() it when no
 * server uses it any more. There is one at a time in a process.
 * -EACCES: everybody can read the key. -EINVAL: one of them cannot be used, or the key is
 * another's.
 */
int tls_new(const char *cert_path, const char *key_path, struct tls **ret_tls,
	    struct err *err) _must_check_;
/* Read both files again; on failure what was read before stays. From any thread. */
int tls_reload(struct tls *tls, struct err *err) _must_check_;
/* The last moment at which the certificate is valid, in seconds since 1970. From any thread. */
int64_t tls_good_until_s(struct tls *tls);
void tls_free(struct tls *tls);
DEFINE_CLEANUP(struct tls *, tls_free);

/*
 * Whether the handshake of @session, a gnutls_session_t, goes on with what its client has yet to
 * send. False: it is over, or what it has to say itself was not taken yet.
 */
bool tls_waits_for_client(void *session);

/* For MHD_OPTION_HTTPS_CERT_CALLBACK: a gnutls_certificate_retrieve_function2. */
void *tls_callback(void);
