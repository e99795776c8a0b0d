/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/act/compose.h"
#include "collector/act/prepare.h"
#include "collector/store/store_profile.h"
#include "collector/store/store_supplement.h"
#include "common/base/mem.h"

struct document {
	char version[HASH_SIZE], inputs[HASH_SIZE];
	char *body;
};

/* What is composed and not written yet. */
struct preparation {
	struct composer *composer;
	struct store *store;
	const char *profile_id;
	int64_t now_ms;
	struct document documents[PREPARE_DOCUMENTS_MAX];
	size_t n;
};

static void preparation_done(struct preparation *preparation)
{
	for (size_t i = 0; i < preparation->n; i++)
		free(preparation->documents[i].body);
	preparation->n = 0;
}

static int put_all(const struct preparation *preparation, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < preparation->n && r >= 0; i++) {
		const struct document *document = &preparation->documents[i];
		const struct composition composition = { document->version, document->body,
							 document->inputs };

		r = composition_put(preparation->store, preparation->profile_id, &composition,
				    preparation->now_ms, err);
	}
	return r;
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
	struct document *document;
	int r = composer_get(preparation->composer, site_code, lea_code, &composition, err);

	/* What is there already, and sites that are alike one after the other. */
	if (r < 0 || !composition.body ||
	    (preparation->n > 0 &&
	     strcmp(preparation->documents[preparation->n - 1].version, composition.version) == 0))
		return r;
	document = &preparation->documents[preparation->n++];
	memcpy(document->version, composition.version, HASH_SIZE);
	memcpy(document->inputs, composition.inputs, HASH_SIZE);
	document->body = xstrdup(composition.body);
	return preparation->n == PREPARE_DOCUMENTS_MAX ? write_all(preparation, err) : 0;
}

static int prepare_sites(struct preparation *preparation, struct store *reader, struct err *err)
{
	_cleanup_(site_version_list_done) struct site_version_list sites = { 0 };
	_cleanup_(supplement_place_list_done) struct supplement_place_list places = { 0 };
	int r = store_site_versions(reader, preparation->profile_id, NULL, &sites, err);

	/* What a site has of its own is only looked for once that of its LEA and the state is
	 * found. */
	if (r >= 0)
		r = prepare(preparation, NULL, NULL, err);
	for (size_t i = 0; i < sites.n_sites && r >= 0; i++) {
		const struct site_version *site = &sites.sites[i];

		if (i == 0 || strcmp(site->lea_code, site[-1].lea_code) != 0)
			r = prepare(preparation, NULL, site->lea_code, err);
		if (r >= 0)
			r = prepare(preparation, site->site_code, site->lea_code, err);
	}
	if (r >= 0)
		r = store_supplement_places(reader, preparation->profile_id, &places, err);
	for (size_t i = 0; i < places.n && r >= 0; i++) {
		const struct supplement_place *place = &places.places[i];

		if (!place->is_judged)
			r = prepare(preparation, place->scope == SCOPE_SITE ? place->code : NULL,
				    place->lea_code, err);
	}
	return r < 0 ? r : write_all(preparation, err);
}

int act_prepare(struct store *reader, struct store *store, const struct profile *profile,
		int64_t now_ms, struct err *err)
{
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
		r = prepare_sites(&preparation, reader, err);
	store_rollback(reader);
	return r;
}
