/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/lea_about.h"
#include "common/base/id.h"
#include "common/base/mem.h"

void lea_about_done(struct lea_about *about)
{
	contact_list_done(&about->contacts);
	*about = (struct lea_about){ 0 };
}

/* Lengths keep texts apart. */
static void make_version(const struct lea *lea, struct lea_about *about)
{
	const char *const *person = about->contacts.by[CONTACT_OF_LEA].texts;
	_cleanup_free_ char *text = xasprintf(
		"%zu:%s,%zu:%s,%zu:%s,%zu:%s,%zu:%s", strlen(lea->name), lea->name,
		strlen(lea->zone), lea->zone, strlen(person[CONTACT_NAME]), person[CONTACT_NAME],
		strlen(person[CONTACT_EMAIL]), person[CONTACT_EMAIL], strlen(person[CONTACT_PHONE]),
		person[CONTACT_PHONE]);
	char hash[HASH_SIZE];

	hash_hex(text, strlen(text), hash);
	snprintf(about->version, sizeof(about->version), "%.16s", hash);
}

int lea_about_read(struct store *store, const struct lea *lea, struct lea_about *ret_about,
		   struct err *err)
{
	struct lea_about about = { 0 };
	int r = store_contact_list(store, SCOPE_LEA, lea->code, &about.contacts, err);

	if (r < 0)
		return r;
	make_version(lea, &about);
	*ret_about = about;
	return 0;
}
