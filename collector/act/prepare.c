/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/act/compose.h"
#include "collector/act/prepare.h"
#include "collector/store/store_profile.h"
#include "collector/store/store_supplement.h"
#include "common/base/mem.h"

struct prepared_document {
	char version[HASH_SIZE], inputs[HASH_SIZE];
	char *body;
};

/* What is composed and not written yet. */
struct preparation {
	struct composer *composer;
	struct store *store;       /* NULL: they are kept: */
	struct prepared *prepared; /* then not NULL */
	const char *profile_id;
	int64_t now_ms;
	struct prepared_document documents[PREPARE_DOCUMENTS_MAX];
	size_t n;
};

static void preparation_done(struct preparation *preparation)
{
	for (size_t i = 0; i < preparation->n; i++)
		free(preparation->documents[i].body);
	preparation->n = 0;
}

static int put(const struct prepared_document *document, struct store *store,
	       const char *profile_id, int64_t now_ms, struct err *err)
{
	const struct composition composition = { document->version, document->body,
						 document->inputs };

	return composition_put(store, profile_id, &composition, now_ms, err);
}

static int put_all(const struct preparation *preparation, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < preparation->n && r >= 0; i++)
		r = put(&preparation->documents[i], preparation->store, preparation->profile_id,
			preparation->now_ms, err);
	return r;
}

static struct prepared_document document_of(const struct composition *composition)
{
	struct prepared_document document = { .body = xstrdup(composition->body) };

	memcpy(document.version, composition->version, HASH_SIZE);
	memcpy(document.inputs, composition->inputs, HASH_SIZE);
	return document;
}

/* Past the bounds it is composed when it is needed. */
static void keep(struct prepared *prepared, const struct composition *composition)
{
	size_t bytes = strlen(composition->body);

	if (prepared->n_documents == PREPARED_DOCUMENTS_MAX ||
	    prepared->bytes + bytes > PREPARED_BYTES_MAX)
		return;
	for (size_t i = 0; i < prepared->n_documents; i++) {
		if (strcmp(prepared->documents[i].inputs, composition->inputs) == 0)
			return;
	}
	prepared->documents = xreallocarray(prepared->documents, prepared->n_documents + 1,
					    sizeof(*prepared->documents));
	prepared->documents[prepared->n_documents++] = document_of(composition);
	prepared->bytes += bytes;
}

static int write_all(struct preparation *preparation, struct err *err)
{
	int r = preparation->n > 0 ? store_begin(preparation->store, err) : 0;

	if (r < 0 || preparation->n == 0)
		return r;
	r = put_all(preparation, err);
	if (r >= 0)
		r = store_commit(preparation->store, err);
	if (r < 0)
		store_rollback(preparation->store);
	preparation_done(preparation);
	return r;
}

static int prepare(struct preparation *preparation, const char *site_code, const char *lea_code,
		   struct err *err)
{
	struct composition composition;
	int r = composer_get(preparation->composer, site_code, lea_code, &composition, err);

	if (r < 0 || !composition.body)
		return r;
	if (preparation->prepared) {
		keep(preparation->prepared, &composition);
		return 0;
	}
	/* Sites that are alike one after the other. */
	if (preparation->n > 0 &&
	    strcmp(preparation->documents[preparation->n - 1].version, composition.version) == 0)
		return r;
	preparation->documents[preparation->n++] = document_of(&composition);
	return preparation->n == PREPARE_DOCUMENTS_MAX ? write_all(preparation, err) : 0;
}

/* What LEAs and sites ask whose window names another profile, or none. */
static int prepare_idle(struct preparation *preparation, struct store *reader,
			const struct audience *audience, struct err *err)
{
	const struct supplement_query query = { preparation->profile_id, audience->scope,
						audience->code };
	_cleanup_(supplement_place_list_done) struct supplement_place_list places = { 0 };
	int r = store_supplement_places(reader, &query, &places, err);

	for (size_t i = 0; i < places.n && r >= 0; i++) {
		const struct supplement_place *place = &places.places[i];

		if (!place->is_judged)
			r = prepare(preparation, place->scope == SCOPE_SITE ? place->code : NULL,
				    place->lea_code, err);
	}
	return r;
}

static int prepare_sites(struct preparation *preparation, struct store *reader,
			 const struct audience *audience, struct err *err)
{
	_cleanup_(site_version_list_done) struct site_version_list sites = { 0 };
	const char *code = audience->scope == SCOPE_SITE ? audience->code : NULL;
	int r = store_site_versions(reader, preparation->profile_id, code, &sites, err);

	/* What a site has of its own is only looked for once that of its LEA and the state is
	 * found. */
	if (r >= 0)
		r = prepare(preparation, NULL, NULL, err);
	for (size_t i = 0; i < sites.n_sites && r >= 0; i++) {
		const struct site_version *site = &sites.sites[i];

		if (audience->scope == SCOPE_LEA && strcmp(site->lea_code, audience->code) != 0)
			continue;
		if (i == 0 || strcmp(site->lea_code, site[-1].lea_code) != 0)
			r = prepare(preparation, NULL, site->lea_code, err);
		if (r >= 0)
			r = prepare(preparation, site->site_code, site->lea_code, err);
	}
	if (r >= 0)
		r = prepare_idle(preparation, reader, audience, err);
	return r < 0 ? r : write_all(preparation, err);
}

int act_prepare(struct store *reader, struct store *store, const struct profile *profile,
		int64_t now_ms, struct err *err)
{
	static const struct audience all = { SCOPE_STATE, "" };
	const struct composer_change change = { .base = profile };
	_cleanup_(composer_freep) struct composer *composer = NULL;
	_cleanup_(preparation_done) struct preparation preparation = {
		.store = store,
		.profile_id = profile->id,
		.now_ms = now_ms,
	};
	int r = store_begin(reader, err);

	if (r < 0)
		return r;
	r = composer_open(reader, profile->id, &change, &composer, err);
	preparation.composer = composer;
	if (r >= 0)
		r = prepare_sites(&preparation, reader, &all, err);
	store_rollback(reader);
	return r;
}

/* --- kept in memory ------------------------------------------------------------------- */

void prepared_done(struct prepared *prepared)
{
	for (size_t i = 0; i < prepared->n_documents; i++)
		free(prepared->documents[i].body);
	free(prepared->documents);
	*prepared = (struct prepared){ 0 };
}

int act_prepare_change(struct store *reader, const struct prepare_of *of,
		       struct prepared *ret_prepared, struct err *err)
{
	_cleanup_(composer_freep) struct composer *composer = NULL;
	_cleanup_(preparation_done) struct preparation preparation = {
		.prepared = ret_prepared,
		.profile_id = of->profile_id,
	};
	int r = composer_open(reader, of->profile_id, of->change, &composer, err);

	preparation.composer = composer;
	return r < 0 ? r : prepare_sites(&preparation, reader, of->audience, err);
}

int act_prepared_put(struct store *store, const char *profile_id, const struct prepared *prepared,
		     int64_t now_ms, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < prepared->n_documents && r >= 0; i++)
		r = put(&prepared->documents[i], store, profile_id, now_ms, err);
	return r;
}
