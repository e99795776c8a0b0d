/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "agent/identity_settle.h"
#include "agent/signature.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define MESSAGE "testready moved-to "
#define URL_QUOTE_MAX 200

static int verify(const struct identity *identity, const char *url, const char *signature,
		  struct err *err)
{
	_cleanup_free_ char *message = xasprintf(MESSAGE "%s", url);
	_cleanup_free_ char *shown = text_clean(url, strlen(url), URL_QUOTE_MAX);
	int r = signature_check(identity, message, signature);

	if (r == -ENOKEY)
		return err_set(err, r,
			       "The collector says that it moved to %s, but this device has no key "
			       "of it to check that with. If it is so, run testready-agent enroll "
			       "--again with the new address",
			       shown);
	if (r < 0)
		return err_set(err, r,
			       "Something says that the collector moved to %s, and the signature "
			       "is not the collector's. It is not followed",
			       shown);
	return 0;
}

/* The identity stays as it was; `status` says why. */
static int note(struct state *state, int r, const struct err *why)
{
	struct settlement settlement = { 0 };

	settlement_find(state, &settlement);
	if (!settlement.moved || strcmp(settlement.moved, why->text) != 0) {
		settlement_set(&settlement.moved, why->text);
		settlement_note(state, &settlement);
	}
	settlement_done(&settlement);
	return r;
}

/* What was wrong before is over. */
static void forget_note(struct state *state)
{
	struct settlement settlement = { 0 };

	settlement_find(state, &settlement);
	if (settlement.moved) {
		settlement_set(&settlement.moved, NULL);
		settlement_note(state, &settlement);
	}
	settlement_done(&settlement);
}

static int follow(struct state *state, struct identity *identity, const char *url, struct err *err)
{
	char *old = identity->url, *first = identity->moved_from;
	int r;

	identity->url = xstrdup(url);
	if (!first)
		identity->moved_from = xstrdup(old);
	r = identity_write(state, identity, err);
	if (r < 0) {
		free(identity->url);
		if (!first)
			free(identity->moved_from);
		identity->url = old;
		identity->moved_from = first;
		return r;
	}
	free(old);
	return 0;
}

int identity_move(struct state *state, struct identity *identity, const char *url,
		  const char *signature, struct err *err)
{
	_cleanup_free_ char *clean = NULL;
	struct err why = { 0 };
	int r = verify(identity, url, signature, &why);

	if (r >= 0)
		r = http_url(url, &clean, &why);
	if (r < 0) {
		(void)err_set(err, r, "%s", why.text);
		return note(state, r, &why);
	}
	forget_note(state);
	/* It says so until it is switched off. */
	return strcmp(clean, identity->url) == 0 ? 0 : follow(state, identity, clean, err);
}
