/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/act/import_log.h"
#include "collector/domain/site_text.h"

void import_log_done(struct import_log *log)
{
	json_decref(log->leas);
	*log = (struct import_log){ 0 };
}

static json_t *child(json_t *parent, const char *name)
{
	json_t *json = json_object_get(parent, name);

	if (!json) {
		json = json_object();
		json_object_set_new(parent, name, json);
	}
	return json;
}

/* What it was before the first of them, and is after the last. */
static void merge(json_t *site, const char *name, json_t *said, bool is_first_right)
{
	json_t *known = json_object_get(site, name);

	if (said && known && is_first_right)
		json_object_update_missing(known, said);
	else if (said && known)
		json_object_update(known, said);
	else if (said)
		json_object_set(site, name, said);
	json_decref(said);
}

void import_log_put(struct import_log *log, const struct place *site, json_t *before, json_t *after)
{
	json_t *json;

	if (!log->leas)
		log->leas = json_object();
	json = child(child(log->leas, site->lea_code), site->site_code);
	merge(json, "before", before, true);
	merge(json, "after", after, false);
}

/* --- sites --------------------------------------------------------------------------- */

/* The texts of @texts that are not those of @others; all of them where that is NULL. */
static json_t *texts_json(const char *const *texts, const char *const *others)
{
	json_t *json = json_object();

	for (size_t i = 0; i < SITE_TEXT_MAX_; i++) {
		json_t *text;

		if (!texts[i] || (others && others[i] && strcmp(texts[i], others[i]) == 0))
			continue;
		/* Texts came clean, but for those of a store of before. */
		text = json_string(texts[i]);
		json_object_set_new(json, site_text_words[i], text ? text : json_string(""));
	}
	return json;
}

void import_log_site(struct import_log *log, const char *const *before, const char *const *after)
{
	const struct place to = { SCOPE_SITE, after[SITE_LEA_CODE], after[SITE_CODE] };

	if (before && strcmp(before[SITE_LEA_CODE], after[SITE_LEA_CODE]) != 0) {
		const struct place from = { SCOPE_SITE, before[SITE_LEA_CODE], after[SITE_CODE] };

		import_log_put(log, &from, texts_json(before, NULL), NULL);
		before = NULL;
	}
	import_log_put(log, &to, before ? texts_json(before, after) : NULL,
		       texts_json(after, before));
}

/* --- writing ------------------------------------------------------------------------- */

size_t import_log_n_sites(const struct import_log *log)
{
	const char *lea_code;
	json_t *sites;
	size_t n = 0;

	json_object_foreach (log->leas, lea_code, sites)
		n += json_object_size(sites);
	return n;
}

/* An entry that is being filled. */
struct writing {
	const struct moment *moment;
	const struct actor *actor;
	struct audit_note note;
	json_t *before, *after; /* by site */
	size_t n_sites;
};

static int end_entry(struct writing *writing, struct err *err)
{
	struct audit_note note = writing->note;
	int r = 0;

	note.before = json_object_size(writing->before) > 0 ? writing->before : NULL;
	note.after = json_object_size(writing->after) > 0 ? writing->after : NULL;
	if (writing->n_sites != 1)
		note.site_code = NULL;
	if (writing->n_sites > 0)
		r = act_audit(writing->moment->store, writing->actor, &note,
			      writing->moment->now_ms, err);
	json_object_clear(writing->before);
	json_object_clear(writing->after);
	writing->n_sites = 0;
	return r;
}

static void add_site(struct writing *writing, const char *site_code, const json_t *site)
{
	json_t *before = json_object_get(site, "before"), *after = json_object_get(site, "after");

	if (before)
		json_object_set(writing->before, site_code, before);
	if (after)
		json_object_set(writing->after, site_code, after);
	writing->note.site_code = site_code;
	writing->n_sites++;
}

static int write_lea(struct writing *writing, json_t *sites, struct err *err)
{
	const char *site_code;
	json_t *site;
	int r = 0;

	json_object_foreach (sites, site_code, site) {
		add_site(writing, site_code, site);
		if (writing->n_sites == IMPORT_LOG_SITES_MAX)
			r = end_entry(writing, err);
		if (r < 0)
			return r;
	}
	return end_entry(writing, err);
}

int import_log_write(const struct import_log *log, const struct moment *moment,
		     const struct actor *actor, const struct audit_note *note, struct err *err)
{
	struct writing writing = { .moment = moment,
				   .actor = actor,
				   .note = *note,
				   .before = json_object(),
				   .after = json_object() };
	const char *lea_code;
	json_t *sites;
	int r = 0;

	json_object_foreach (log->leas, lea_code, sites) {
		writing.note.lea_code = lea_code;
		if (r >= 0)
			r = write_lea(&writing, sites, err);
	}
	json_decref(writing.before);
	json_decref(writing.after);
	return r;
}
