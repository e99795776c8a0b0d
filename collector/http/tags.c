/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http/tags.h"
#include "common/base/mem.h"

#define PLACES 1024 /* 190 KiB */

struct tag {
	char asked[HASH_SIZE]; /* "": none */
	char version[TAGS_VERSION_SIZE];
	char etag[RESPONSE_ETAG_SIZE];
};

struct tags {
	pthread_mutex_t lock;
	struct tag places[PLACES];
};

struct tags *tags_new(void)
{
	struct tags *tags = xcalloc(1, sizeof(*tags));

	pthread_mutex_init(&tags->lock, NULL);
	return tags;
}

void tags_free(struct tags *tags)
{
	if (!tags)
		return;
	pthread_mutex_destroy(&tags->lock);
	free(tags);
}

/* Of a hash any part is as good as another hash. */
static struct tag *place_of(struct tags *tags, const char *asked)
{
	char digits[9];

	snprintf(digits, sizeof(digits), "%.8s", asked);
	return &tags->places[strtoul(digits, NULL, 16) % PLACES];
}

void tags_note(struct tags *tags, const char *asked, const char *version, const char *etag)
{
	struct tag *tag = place_of(tags, asked);

	pthread_mutex_lock(&tags->lock);
	snprintf(tag->asked, sizeof(tag->asked), "%s", asked);
	snprintf(tag->version, sizeof(tag->version), "%s", version);
	snprintf(tag->etag, sizeof(tag->etag), "%s", etag);
	pthread_mutex_unlock(&tags->lock);
}

bool tags_find(struct tags *tags, const char *asked, const char *version,
	       char ret_etag[static RESPONSE_ETAG_SIZE])
{
	const struct tag *tag = place_of(tags, asked);
	bool is_there;

	pthread_mutex_lock(&tags->lock);
	is_there = strcmp(tag->asked, asked) == 0 && strcmp(tag->version, version) == 0;
	if (is_there)
		memcpy(ret_etag, tag->etag, RESPONSE_ETAG_SIZE);
	pthread_mutex_unlock(&tags->lock);
	return is_there;
}
