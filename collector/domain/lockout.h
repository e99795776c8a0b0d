/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How long somebody who tries to sign in has to wait. PURE.
 *
 * Failures are counted three times: of the pair of login and network, of the login from
 * anywhere, and of the network with any login. The pair's delay grows up to an hour, so one
 * place guesses at one account a few times a day. The other two delays are small and have
 * an end: nobody locks a person out by typing their login, nor a school by typing many.
 *
 * A network that the account signed in from lately is known. From there only a bound far above
 * what people type holds, and neither of the other two delays: whoever has the password gets in
 * at their school whatever was tried, there or elsewhere. docs/decisions/0026 has the numbers.
 *
 * Codes of the second factor are six digits, so guesses of them are counted on their own and
 * have a bound that holds everywhere. Only whoever has the password can make the owner wait by it.
 *
 * Logins that nobody has are counted as all others, or a delay would tell which there are.
 */

#include <stdbool.h>
#include <stdint.h>

enum lockout_kind {
	LOCKOUT_PAIR,
	LOCKOUT_ACCOUNT,
	LOCKOUT_NETWORK,
	LOCKOUT_CODE, /* of the login, with the right password and a wrong code */
	LOCKOUT_MAX_,
};
extern const char *const lockout_words[]; /* pair, account, network, code; of the store */

/* Zero: nobody failed. */
struct lockout_count {
	int64_t failures; /* as of the last: those long ago are not in it */
	int64_t last_ms;
};

/* With so many failures a pair begins to wait. */
#define LOCKOUT_PAIR_FREE 5
/* With so many wrong codes an account does. */
#define LOCKOUT_CODE_FREE 10

/* After so long without one, a count says nothing any more and may be dropped. */
#define LOCKOUT_FORGOTTEN_MS (INT64_C(5) * 24 * 60 * 60 * 1000)
/* A network is known for so long after the last sign-in from there. */
#define LOCKOUT_KNOWN_MS (INT64_C(60) * 24 * 60 * 60 * 1000)

/*
 * Milliseconds until somebody may try again at @now_ms, 0 at once. A failure that is further in
 * the future than the longest delay is of a clock that was set back, and makes nobody wait.
 */
int64_t lockout_wait_ms(const struct lockout_count counts[static LOCKOUT_MAX_], bool is_known,
			int64_t now_ms);

/* Count one failure more, of each kind but LOCKOUT_CODE. Those who had to wait and tried
 * nevertheless count for nothing. */
void lockout_fail(struct lockout_count counts[static LOCKOUT_MAX_], int64_t now_ms);

/* The same of LOCKOUT_CODE. */
void lockout_fail_code(struct lockout_count counts[static LOCKOUT_MAX_], int64_t now_ms);

#define LOCKOUT_NETWORK_SIZE 46 /* of an address of IPv6 as text, and NUL */

/*
 * The network of @address, an IP address as text: of IPv6 the first 64 bits, since anybody
 * has all of the others; of IPv4 all of it. Anything else, as "", is a network of its own.
 */
void lockout_network(const char *address, char ret_network[static LOCKOUT_NETWORK_SIZE]);
