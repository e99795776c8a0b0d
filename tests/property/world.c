/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/property/world.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/file.h"

const char *const site_codes[SITES] = { "0001", "0002", "0003", "0004" };

/* A store in memory: what a disk would make of it is for tests/fault. */
#define FOLDER "/dev/shm/testready-property-XXXXXX"

/* xorshift64* (Vigna 2016): the same everywhere for a seed. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545F4914F6CDD1DULL;
}

unsigned pick(struct world *world, unsigned n)
{
	return (unsigned)(next_random(&world->random) >> 33) % n;
}

void say(struct world *world, const char *format, ...)
{
	va_list ap;

	if (!world->is_told)
		return;
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
}

uint64_t n_compared, n_known;

void compare_at(const char *file, int line, const char *what, const char *where, int64_t shown,
		int64_t n)
{
	n_compared++;
	if (shown != n)
		property_fail(file, line, "%s of %s: %lld, and the rows are %lld", what, where,
			      (long long)shown, (long long)n);
}

/* --- ids that are the same each time ------------------------------------------------ */

static uint64_t id_random = 1;

static uint32_t id_next(void)
{
	return (uint32_t)(next_random(&id_random) >> 32);
}

static void id_bytes(void *buffer, const size_t size)
{
	for (size_t i = 0; i < size; i++)
		((unsigned char *)buffer)[i] = (unsigned char)id_next();
}

static const char *id_name(void)
{
	return "seeded";
}

void world_seed_ids(uint64_t seed)
{
	static randombytes_implementation seeded = {
		.implementation_name = id_name,
		.random = id_next,
		.buf = id_bytes,
	};

	id_random = seed | 1;
	randombytes_set_implementation(&seeded);
}

/* --- the schools ---------------------------------------------------------------------- */

void world_open_store(struct world *world)
{
	struct school *school = &world->school;

	must(school, store_open(school->path, false, &school->store, &school->err));
}

/* The store that each sequence begins with, made once. */
static const char *template(size_t *ret_len)
{
	static char *bytes;
	static size_t len;
	struct world world = { .school = { .now_ms = NOON_MS } };
	struct school *school = &world.school;
	int64_t n;

	*ret_len = len;
	if (bytes)
		return bytes;
	strcpy(school->folder, FOLDER);
	assert_non_null(mkdtemp(school->folder));
	snprintf(school->path, sizeof(school->path), "%s/store.db", school->folder);
	school->cache = profile_cache_new();
	world_open_store(&world);
	school_publish(school, PROFILE_FIRST, &n);
	for (size_t i = 0; i < SITES; i++)
		school_site(school, site_codes[i], "p", "2027-04-05", "2027-04-23");
	store_close(school->store);
	school->store = NULL;
	must(school, file_read_at(AT_FDCWD, school->path, 64 << 20, &bytes, &len, &school->err));
	world_done(&world);
	*ret_len = len;
	return bytes;
}

void world_init(struct world *world, bool is_told)
{
	struct school *school = &world->school;
	size_t len;
	const char *bytes;
	FILE *file;

	world_seed_ids(1);
	bytes = template(&len);
	*world = (struct world){ .school = { .now_ms = NOON_MS }, .random = 1, .is_told = is_told };
	strcpy(school->folder, FOLDER);
	assert_non_null(mkdtemp(school->folder));
	snprintf(school->path, sizeof(school->path), "%s/store.db", school->folder);
	file = fopen(school->path, "we");
	if (!file || fwrite(bytes, 1, len, file) != len || fclose(file) != 0 ||
	    chmod(school->path, 0600) < 0)
		fail_msg("%s: cannot be written", school->path);
	school->cache = profile_cache_new();
	world_open_store(world);
	must(school, store_open(school->path, true, &world->reader, &school->err));
	world->reader_cache = profile_cache_new();
}

void world_done(struct world *world)
{
	struct school *school = &world->school;
	DIR *dir = opendir(school->folder);
	struct dirent *entry;

	store_close(school->store);
	store_close(world->reader);
	profile_cache_free(school->cache);
	profile_cache_free(world->reader_cache);
	school->store = world->reader = NULL;
	school->cache = world->reader_cache = NULL;
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
	rmdir(school->folder);
}
