/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who issued the certificate that a server shows. Many schools inspect TLS: then
 * it is the box between that shows one, and only its name tells a person which.
 */

#include "common/base/base.h"

/*
 * Ask the helper `network` for the issuer at @host ("ready.example.org:443"),
 * which takes some seconds at most. NULL: it is not found out. Owned by the caller.
 */
char *issuer_of(const char *host) _must_check_;
