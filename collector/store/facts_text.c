/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <zstd.h>

#include "collector/store/facts_text.h"
#include "common/base/mem.h"

/* Of 1, 3 and 6: 3 packs 6 % smaller than 1 for as much work, 6 takes five times as much. */
#define LEVEL 3

/* Those that something may be packed with; the last one packs. Made by collector/data/train.py. */
static const unsigned char facts_1[] = {
#include "facts-1.dict.inc"
};
static const struct {
	unsigned id;
	const unsigned char *bytes;
	size_t size;
} dictionaries[] = {
	{ FACTS_DICTIONARY, facts_1, sizeof(facts_1) },
};

/* The dictionaries as zstd needs them: made once, then only read, by all threads. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static ZSTD_CDict *packing;
static ZSTD_DDict *unpacking[ARRAY_SIZE(dictionaries)];
static pthread_key_t key;

/* What a thread keeps: making it anew would cost as much as packing does. */
struct tools {
	ZSTD_CCtx *pack;
	ZSTD_DCtx *unpack;
};

static void tools_free(void *arg)
{
	struct tools *tools = arg;

	ZSTD_freeCCtx(tools->pack);
	ZSTD_freeDCtx(tools->unpack);
	free(tools);
}

static void prepare(void)
{
	size_t last = ARRAY_SIZE(dictionaries) - 1;

	packing = ZSTD_createCDict(dictionaries[last].bytes, dictionaries[last].size, LEVEL);
	if (!packing || pthread_key_create(&key, tools_free) != 0)
		abort();
	for (size_t i = 0; i < ARRAY_SIZE(dictionaries); i++) {
		unpacking[i] = ZSTD_createDDict(dictionaries[i].bytes, dictionaries[i].size);
		if (!unpacking[i])
			abort();
	}
}

/* Of this thread; freed when it ends. */
static struct tools *tools_get(void)
{
	struct tools *tools;

	(void)pthread_once(&once, prepare);
	tools = pthread_getspecific(key);
	if (tools)
		return tools;
	tools = xcalloc(1, sizeof(*tools));
	tools->pack = ZSTD_createCCtx();
	tools->unpack = ZSTD_createDCtx();
	if (!tools->pack || !tools->unpack || pthread_setspecific(key, tools) != 0 ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(tools->pack, ZSTD_c_checksumFlag, 1)) ||
	    ZSTD_isError(ZSTD_CCtx_refCDict(tools->pack, packing)))
		abort();
	return tools;
}

int facts_text_pack(const char *text, void **ret_bytes, size_t *ret_size, struct err *err)
{
	_cleanup_free_ void *bytes = NULL;
	size_t length = strlen(text), room, size;

	if (length > FACTS_STORED_MAX)
		return err_set(err, -EMSGSIZE,
			       "facts of %zu bytes are too long to be stored: at most %zu", length,
			       FACTS_STORED_MAX);
	room = ZSTD_compressBound(length);
	bytes = xcalloc(1, room);
	/* There is room for whatever is packed, so it fails for want of memory only. */
	size = ZSTD_compress2(tools_get()->pack, bytes, room, text, length);
	if (ZSTD_isError(size))
		abort();
	*ret_bytes = TAKE_PTR(bytes);
	*ret_size = size;
	return 0;
}

/* The dictionary that it was packed with. */
static int find_dictionary(const void *bytes, size_t size, const ZSTD_DDict **ret_dictionary,
			   struct err *err)
{
	unsigned id = ZSTD_getDictID_fromFrame(bytes, size);

	for (size_t i = 0; i < ARRAY_SIZE(dictionaries); i++) {
		if (dictionaries[i].id == id) {
			*ret_dictionary = unpacking[i];
			return 0;
		}
	}
	return err_set(err, -EBADMSG,
		       "packed with dictionary %u, which this version does not have: use the newer "
		       "version that stored it",
		       id);
}

int facts_text_unpack(const void *bytes, size_t size, char **ret_text, struct err *err)
{
	unsigned long long told = ZSTD_getFrameContentSize(bytes, size);
	struct tools *tools = tools_get();
	const ZSTD_DDict *dictionary = NULL;
	_cleanup_free_ char *text = NULL;
	size_t length;
	int r;

	if (told > FACTS_STORED_MAX)
		return err_set(err, -EBADMSG, "what is stored are no packed facts, or damaged");
	r = find_dictionary(bytes, size, &dictionary, err);
	if (r < 0)
		return r;
	text = xcalloc(1, told + 1);
	length = ZSTD_decompress_usingDDict(tools->unpack, text, told, bytes, size, dictionary);
	if (ZSTD_isError(length))
		return err_set(err, -EBADMSG, "what is stored is damaged: %s",
			       ZSTD_getErrorName(length));
	if (length != told || strlen(text) != length)
		return err_set(err, -EBADMSG, "what is stored is damaged: not a text of %llu bytes",
			       told);
	*ret_text = TAKE_PTR(text);
	return 0;
}
