/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "collector/store/store_contact.h"
#include "common/base/mem.h"

/* What each is in the store. */
static const struct {
	enum scope scope;
	const char *kind;
} roles[] = {
	[CONTACT_OF_LEA] = { SCOPE_LEA, "coordinator" },
	[CONTACT_COORDINATOR] = { SCOPE_SITE, "coordinator" },
	[CONTACT_TECHNOLOGY] = { SCOPE_SITE, "technology" },
};
static_assert(ARRAY_SIZE(roles) == CONTACT_ROLE_MAX_, "every contact is stored");

void contact_list_done(struct contact_list *list)
{
	for (size_t role = 0; role < CONTACT_ROLE_MAX_; role++) {
		for (size_t i = 0; i < CONTACT_TEXT_MAX_; i++)
			free((void *)list->by[role].texts[i]);
	}
	*list = (struct contact_list){ 0 };
}

static void set_text(const char **text, const char *value)
{
	free((void *)*text);
	*text = xstrdup(value);
}

int store_contact_list(struct store *store, enum scope scope, const char *code,
		       struct contact_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct contact_list list = { 0 };
	int r = db_query(store->db,
			 "SELECT kind, name, email, phone FROM contact WHERE scope = $1 AND "
			 "scope_code = $2",
			 &rows, err, "tt", scope_words[scope], code);

	for (size_t role = 0; role < CONTACT_ROLE_MAX_; role++) {
		for (size_t i = 0; i < CONTACT_TEXT_MAX_; i++)
			list.by[role].texts[i] = xstrdup("");
	}
	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		for (size_t role = 0; role < CONTACT_ROLE_MAX_; role++) {
			if (roles[role].scope != scope ||
			    strcmp(roles[role].kind, db_text(rows, 0)) != 0)
				continue;
			for (size_t i = 0; i < CONTACT_TEXT_MAX_; i++)
				set_text(&list.by[role].texts[i], db_text(rows, (int)i + 1));
		}
	}
	if (r < 0) {
		contact_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

int store_contact_put(struct store *store, enum contact_role role, const char *code,
		      const struct contact_person *person, struct err *err)
{
	const char *const *texts = person->texts;
	const char *scope = scope_words[roles[role].scope];

	if (!texts[CONTACT_NAME][0] && !texts[CONTACT_EMAIL][0] && !texts[CONTACT_PHONE][0])
		return db_exec(store->db,
			       "DELETE FROM contact WHERE scope = $1 AND scope_code = $2 AND "
			       "kind = $3",
			       NULL, err, "ttt", scope, code, roles[role].kind);
	return db_exec(store->db,
		       "INSERT INTO contact (scope, scope_code, kind, name, email, phone) "
		       "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (scope, scope_code, kind) "
		       "DO UPDATE SET name = excluded.name, email = excluded.email, "
		       "phone = excluded.phone",
		       NULL, err, "tttttt", scope, code, roles[role].kind, texts[CONTACT_NAME],
		       texts[CONTACT_EMAIL], texts[CONTACT_PHONE]);
}
