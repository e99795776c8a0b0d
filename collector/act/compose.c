/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/compose.h"
#include "collector/store/store_profile.h"
#include "collector/store/store_site.h"
#include "collector/store/store_supplement.h"
#include "collector/store/store_waiver.h"
#include "common/base/mem.h"
#include "common/model/document.h"

/* What one scope adds, and what comes of it together with the wider ones. */
struct layer {
	char *code; /* of the LEA or the site; "" for the state; NULL: nothing is read */
	struct supplement *supplement; /* NULL: none */
	struct waiver_list waivers;
	bool is_made; /* these are there: */
	bool is_own;  /* of this scope, and not the wider layer's */
	char version[HASH_SIZE];
	char inputs[HASH_SIZE]; /* where it is_own */
	char *body;             /* NULL: the wider layer's, or it was composed before */
};

struct composer {
	struct store *store;
	char *profile_id;
	struct composer_change change;
	char version[HASH_SIZE]; /* of what is published */
	struct profile *base;    /* the same, parsed where it was needed; owned */
	struct layer layers[SCOPE_MAX_];
};

static void layer_done(struct layer *layer)
{
	free(layer->code);
	supplement_free(layer->supplement);
	waiver_list_done(&layer->waivers);
	free(layer->body);
	*layer = (struct layer){ 0 };
}

int composer_open(struct store *store, const char *profile_id, const struct composer_change *change,
		  struct composer **ret_composer, struct err *err)
{
	_cleanup_(composer_freep) struct composer *composer = xcalloc(1, sizeof(*composer));
	int r = 0;

	composer->store = store;
	composer->profile_id = xstrdup(profile_id);
	if (change)
		composer->change = *change;
	if (composer->change.base)
		memcpy(composer->version, composer->change.base->version, HASH_SIZE);
	else
		r = store_profile_version(store, profile_id, composer->version, err);
	if (r >= 0)
		*ret_composer = TAKE_PTR(composer);
	return r;
}

void composer_free(struct composer *composer)
{
	if (!composer)
		return;
	for (size_t i = 0; i < SCOPE_MAX_; i++)
		layer_done(&composer->layers[i]);
	profile_free(composer->base);
	free(composer->profile_id);
	free(composer);
}

/* --- what the scopes have ------------------------------------------------------------ */

/* A copy, since a layer owns what it has. */
static int copy_supplement(const struct supplement *supplement, struct supplement **ret_copy,
			   struct err *err)
{
	return supplement_parse(supplement->text, strlen(supplement->text), supplement->file,
				ret_copy, err);
}

static int read_supplement(const struct composer *composer, enum scope scope, const char *code,
			   struct supplement **ret_supplement, struct err *err)
{
	const struct supplement *change = composer->change.supplement;
	const struct audience *withdrawn = composer->change.withdrawn;
	int r;

	*ret_supplement = NULL;
	if (scope == SCOPE_STATE)
		return 0;
	if (change && change->scope == scope && strcmp(change->scope_code, code) == 0)
		return copy_supplement(change, ret_supplement, err);
	if (withdrawn && withdrawn->scope == scope && strcmp(withdrawn->code, code) == 0)
		return 0;
	r = store_supplement_get(composer->store, composer->profile_id, scope, code, ret_supplement,
				 err);
	return r == -ENOENT ? 0 : r;
}

static void remove_waiver(struct waiver_list *list, const char *id)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n_waivers; i++) {
		if (strcmp(list->waivers[i].id, id) == 0)
			waiver_done(&list->waivers[i]);
		else
			list->waivers[n++] = list->waivers[i];
	}
	list->n_waivers = n;
}

/* In the order in which the store has them, since what is composed is in that. */
static void add_waiver(struct waiver_list *list, const struct waiver *waiver)
{
	size_t i = list->n_waivers;
	struct waiver copy = { .scope = waiver->scope,
			       .until = waiver->until,
			       .created_ms = waiver->created_ms };

	memcpy(copy.id, waiver->id, ID_SIZE);
	copy.requirement = xstrdup(waiver->requirement);
	copy.reason = xstrdup(waiver->reason);
	list->waivers = xreallocarray(list->waivers, list->n_waivers + 1, sizeof(*list->waivers));
	while (i > 0 && (list->waivers[i - 1].created_ms > copy.created_ms ||
			 (list->waivers[i - 1].created_ms == copy.created_ms &&
			  strcmp(list->waivers[i - 1].id, copy.id) > 0))) {
		list->waivers[i] = list->waivers[i - 1];
		i--;
	}
	list->waivers[i] = copy;
	list->n_waivers++;
}

/* @list is what is given to @scope and @code; make it what it would be. */
static void change_waivers(const struct composer_change *change, enum scope scope, const char *code,
			   struct waiver_list *list)
{
	const struct waiver *waiver = change->waiver;

	if (change->ended_id)
		remove_waiver(list, change->ended_id);
	if (!waiver || waiver->scope != scope || strcmp(waiver->scope_code, code) != 0)
		return;
	remove_waiver(list, waiver->id);
	add_waiver(list, waiver);
}

/* Have what @code asks and waives in its layer. 1: it was not there; 0: it was. */
static int read_layer(struct composer *composer, enum scope scope, const char *code,
		      struct err *err)
{
	struct layer *layer = &composer->layers[scope];
	int r;

	if (layer->code && strcmp(layer->code, code) == 0)
		return 0;
	layer_done(layer);
	r = read_supplement(composer, scope, code, &layer->supplement, err);
	if (r >= 0)
		r = store_waiver_of(composer->store, composer->profile_id, scope, code,
				    &layer->waivers, err);
	if (r < 0)
		return r;
	change_waivers(&composer->change, scope, code, &layer->waivers);
	layer->code = xstrdup(code);
	return 1;
}

/* --- composing ----------------------------------------------------------------------- */

static int read_base(struct composer *composer, const struct profile **ret_base, struct err *err)
{
	int r = 0;

	if (!composer->change.base && !composer->base)
		r = store_profile_get(composer->store, composer->version, &composer->base, err);
	*ret_base = composer->change.base ? composer->change.base : composer->base;
	return r;
}

static size_t add_waivers(const struct layer *layer, struct profile_waiver_text *texts, size_t n)
{
	for (size_t i = 0; i < layer->waivers.n_waivers; i++) {
		const struct waiver *waiver = &layer->waivers.waivers[i];

		texts[n++] = (struct profile_waiver_text){ waiver->id, waiver->scope,
							   waiver->requirement, waiver->reason,
							   waiver->until };
	}
	return n;
}

/* Compose what the layers up to @scope have. */
static int compose(struct composer *composer, enum scope scope, char **ret_body, struct err *err)
{
	const struct supplement *supplements[SCOPE_MAX_];
	_cleanup_free_ struct profile_waiver_text *waivers = NULL;
	size_t n_supplements = 0, n_waivers = 0;
	const struct profile *base;
	int r = read_base(composer, &base, err);

	if (r < 0)
		return r;
	for (unsigned i = 0; i <= scope; i++)
		n_waivers += composer->layers[i].waivers.n_waivers;
	waivers = xcalloc(n_waivers + 1, sizeof(*waivers));
	n_waivers = 0;
	for (unsigned i = 0; i <= scope; i++) {
		if (composer->layers[i].supplement)
			supplements[n_supplements++] = composer->layers[i].supplement;
		n_waivers = add_waivers(&composer->layers[i], waivers, n_waivers);
	}
	return profile_compose(base, supplements, n_supplements, waivers, n_waivers, ret_body, err);
}

/* All that the composition up to @scope comes from, each text with its length or as a hash. */
static void hash_inputs(const struct composer *composer, enum scope scope,
			char ret_hash[static HASH_SIZE])
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	fprintf(out, "composer " COMPOSER_VERSION "\nprofile %s\n", composer->version);
	for (unsigned i = 0; i <= scope; i++) {
		const struct layer *layer = &composer->layers[i];

		if (layer->supplement)
			fprintf(out, "supplement %s\n", layer->supplement->version);
		for (size_t w = 0; w < layer->waivers.n_waivers; w++) {
			const struct waiver *waiver = &layer->waivers.waivers[w];

			fprintf(out, "waiver %s %u %s %" PRId32 " %zu %s\n", waiver->id,
				(unsigned)waiver->scope, waiver->requirement, waiver->until,
				strlen(waiver->reason), waiver->reason);
		}
	}
	fclose(out);
	hash_hex(text, size, ret_hash);
}

/* Make what the layer @scope adds to the wider ones, unless it was made before. */
static int make_own(struct composer *composer, enum scope scope, struct err *err)
{
	struct layer *layer = &composer->layers[scope];
	int r;

	hash_inputs(composer, scope, layer->inputs);
	r = store_composition_get(composer->store, layer->inputs, layer->version, err);
	if (r != -ENOENT)
		return r;
	r = compose(composer, scope, &layer->body, err);
	if (r >= 0)
		hash_hex(layer->body, strlen(layer->body), layer->version);
	return r;
}

/* Make the composition of the layer @scope, whose wider ones are made. */
static int make_layer(struct composer *composer, enum scope scope, struct err *err)
{
	struct layer *layer = &composer->layers[scope];
	const struct layer *wider = scope == SCOPE_STATE ? NULL : layer - 1;
	int r;

	if (layer->is_made)
		return 0;
	if (layer->supplement || layer->waivers.n_waivers > 0) {
		r = make_own(composer, scope, err);
		if (r < 0)
			return r;
		layer->is_own = true;
	} else {
		memcpy(layer->version, wider ? wider->version : composer->version, HASH_SIZE);
	}
	layer->is_made = true;
	return 0;
}

/* The layer that the composition of @scope is of; the widest one may have none. */
static const struct layer *owner_of(const struct composer *composer, enum scope scope)
{
	const struct layer *layer = &composer->layers[scope];

	while (layer > composer->layers && !layer->is_own)
		layer--;
	return layer;
}

int composer_get(struct composer *composer, const char *site_code, const char *lea_code,
		 struct composition *ret_composition, struct err *err)
{
	const char *const codes[] = { "", lea_code, site_code };
	enum scope scope = SCOPE_STATE;
	const struct layer *layer;
	int r = 0;

	for (unsigned i = 0; i < SCOPE_MAX_ && codes[i] && r >= 0; i++) {
		scope = (enum scope)i;
		r = read_layer(composer, scope, codes[i], err);
		/* What is narrower was of another one. */
		for (unsigned j = i + 1; r > 0 && j < SCOPE_MAX_; j++)
			layer_done(&composer->layers[j]);
		/* Only what is asked for must fit. */
		if (r >= 0)
			r = make_layer(composer, scope, err);
	}
	if (r < 0)
		return r;
	layer = owner_of(composer, scope);
	*ret_composition = (struct composition){ layer->version, layer->body, layer->inputs };
	/* Waivers of what the profile does not have add nothing. */
	if (strcmp(layer->version, composer->version) == 0)
		ret_composition->body = NULL;
	return 0;
}

int composition_put(struct store *store, const char *profile_id,
		    const struct composition *composition, int64_t now_ms, struct err *err)
{
	const struct profile_text text = { profile_id, composition->version, composition->body };
	int r = 0;

	if (!composition->body)
		return 0;
	r = store_profile_put(store, &text, now_ms, err);
	return r < 0 ? r
		     : store_composition_put(store, composition->inputs, composition->version, err);
}

int composer_profile(struct composer *composer, const char *site_code, const char *lea_code,
		     struct profile **ret_profile, struct err *err)
{
	_cleanup_free_ char *canonical = NULL;
	struct composition composition;
	int r = composer_get(composer, site_code, lea_code, &composition, err);

	if (r < 0)
		return r;
	/* What is to be published is not in the store. */
	if (!composition.body && composer->change.base &&
	    strcmp(composition.version, composer->version) == 0) {
		canonical = document_canonical(composer->change.base->json);
		composition.body = canonical;
	}
	if (!composition.body)
		return store_profile_get(composer->store, composition.version, ret_profile, err);
	return profile_parse(composition.body, strlen(composition.body), composer->profile_id,
			     ret_profile, err);
}

/* --- checking ------------------------------------------------------------------------ */

static int check_one(struct composer *composer, const struct supplement_place *place,
		     struct err *err)
{
	const char *site_code = place->scope == SCOPE_SITE ? place->code : NULL;
	struct composition composition;

	return composer_get(composer, site_code, place->lea_code, &composition, err);
}

/* What would be published may be the first of its scope. */
static int check_change(struct composer *composer, struct err *err)
{
	const struct supplement *supplement = composer->change.supplement;
	_cleanup_(site_done) struct site site = { 0 };
	struct composition composition;
	int r;

	if (supplement->scope == SCOPE_LEA)
		return composer_get(composer, NULL, supplement->scope_code, &composition, err);
	r = store_site_get(composer->store, supplement->scope_code, &site, err);
	return r < 0 ? r : composer_get(composer, site.code, site.lea_code, &composition, err);
}

static int check(struct composer *composer, const struct audience *audience, bool is_idle_only,
		 struct err *err)
{
	const struct supplement_query query = { composer->profile_id, audience->scope,
						audience->code };
	_cleanup_(supplement_place_list_done) struct supplement_place_list list = { 0 };
	int r = store_supplement_places(composer->store, &query, &list, err);

	for (size_t i = 0; i < list.n && r >= 0; i++) {
		if (!(is_idle_only && list.places[i].is_judged))
			r = check_one(composer, &list.places[i], err);
	}
	if (r >= 0 && composer->change.supplement)
		r = check_change(composer, err);
	return r;
}

int composer_check(struct composer *composer, const struct audience *audience, struct err *err)
{
	return check(composer, audience, false, err);
}

int composer_check_idle(struct composer *composer, const struct audience *audience, struct err *err)
{
	return check(composer, audience, true, err);
}
