/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http/assets.h"
#include "collector/http/limits.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/id.h"
#include "common/base/mem.h"
#include "common/base/text.h"

struct asset {
	char *name;
	const char *type;
	char *body;
	size_t len;
	char hash[HASH_SIZE];
	bool is_immutable;          /* the name has a digest of the content */
	const struct asset *zipped; /* the same, compressed; NULL: there is none */
};

struct assets {
	struct asset files[LIMIT_ASSET_FILES];
	size_t n_files;
};

static const char *type_of(const char *name)
{
	static const struct {
		const char *suffix;
		const char *type;
	} types[] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".json", "application/json" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".woff2", "font/woff2" },
		{ ".txt", "text/plain; charset=utf-8" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (text_ends(name, types[i].suffix))
			return types[i].type;
	}
	return "application/octet-stream";
}

/* "app-32e331eb7875.js": the build writes twelve digits of the content's digest into a name. */
static bool has_digest(const char *name)
{
	enum { DIGITS = 12 };
	const char *dash = strrchr(name, '-');
	size_t n = dash ? strspn(dash + 1, "0123456789abcdef") : 0;

	return n == DIGITS && dash[1 + n] == '.';
}

static int load_file(int dir_fd, const char *name, struct assets *assets, struct err *err)
{
	struct asset *file;
	int r;

	if (assets->n_files == LIMIT_ASSET_FILES)
		return err_set(err, -E2BIG, "more than %d files; is this the folder of the pages?",
			       LIMIT_ASSET_FILES);
	file = &assets->files[assets->n_files];
	r = file_read_at(dir_fd, name, LIMIT_ASSET_BYTES, &file->body, &file->len, err);
	if (r < 0)
		return r;
	file->name = xstrdup(name);
	file->type = type_of(name);
	file->is_immutable = has_digest(name);
	hash_hex(file->body, file->len, file->hash);
	assets->n_files++;
	return 0;
}

static const struct asset *find(const struct assets *assets, const char *name)
{
	for (size_t i = 0; assets && i < assets->n_files; i++) {
		if (strcmp(assets->files[i].name, name) == 0)
			return &assets->files[i];
	}
	return NULL;
}

static int load_all(DIR *folder, struct assets *assets, struct err *err)
{
	const struct dirent *entry;

	while ((entry = readdir(folder))) { /* NOLINT(concurrency-mt-unsafe): a stream of ours */
		int r;

		if (entry->d_name[0] == '.')
			continue;
		r = load_file(dirfd(folder), entry->d_name, assets, err);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < assets->n_files; i++) {
		_cleanup_free_ char *name = xasprintf("%s.gz", assets->files[i].name);

		assets->files[i].zipped = find(assets, name);
	}
	return 0;
}

int assets_load(const char *dir, struct assets **ret_assets, struct err *err)
{
	_cleanup_(assets_freep) struct assets *assets = xcalloc(1, sizeof(*assets));
	DIR *folder = opendir(dir);
	int r;

	if (!folder)
		return err_errno(err, -errno, "%s", dir);
	r = load_all(folder, assets, err);
	closedir(folder);
	if (r < 0)
		return err_prefix(err, r, "%s", dir);
	if (!find(assets, "index.html"))
		return err_set(err, -ENOENT,
			       "%s: has no index.html; give the folder that the build made", dir);
	*ret_assets = TAKE_PTR(assets);
	return 0;
}

void assets_free(struct assets *assets)
{
	if (!assets)
		return;
	for (size_t i = 0; i < assets->n_files; i++) {
		free(assets->files[i].name);
		free(assets->files[i].body);
	}
	free(assets);
}

/* Whether "gzip" is listed in Accept-Encoding and not with a weight of 0. */
static bool takes_gzip(const char *accept)
{
	while (accept && *accept) {
		size_t len;
		const char *weight;

		accept += strspn(accept, " \t,");
		len = strcspn(accept, ",");
		if (strncmp(accept, "gzip", 4) == 0 && strchr(" ;,", accept[4])) {
			weight = memmem(accept, len, "q=", 2);
			return !weight || strtod(weight + 2, NULL) > 0;
		}
		accept += len;
	}
	return false;
}

bool assets_answer(const struct assets *assets, const char *name, const char *accept_encoding,
		   struct response *res)
{
	const struct asset *file = find(assets, name);
	const struct asset *sent = file;

	if (!file)
		return false;
	if (file->zipped && takes_gzip(accept_encoding)) {
		sent = file->zipped;
		response_header(res, "Content-Encoding", "gzip");
	}
	if (file->zipped)
		response_header(res, "Vary", "Accept-Encoding");
	response_static(res, file->type, sent->body, sent->len);
	if (file->is_immutable)
		res->cache = "public, max-age=31536000, immutable";
	snprintf(res->etag, sizeof(res->etag), "\"%.32s\"", sent->hash);
	return true;
}

char *assets_shell(const struct assets *assets, const char *attributes, const char *main)
{
	static const char place[] = "<div id=\"app\"></div>";
	const struct asset *file = find(assets, "index.html");
	const char *found = file ? memmem(file->body, file->len, place, strlen(place)) : NULL;
	const char *after = found ? found + strlen(place) : NULL;

	if (!found)
		return NULL;
	static_assert(LIMIT_ASSET_BYTES <= INT_MAX, "a precision is an int");
	return xasprintf("%.*s<div id=\"app\" %s>%s</div>%.*s", (int)(found - file->body),
			 file->body, attributes, main,
			 (int)(file->len - (size_t)(after - file->body)), after);
}

void assets_answer_page(const struct assets *assets, const struct target *target,
			const char *accept_encoding, struct response *res)
{
	bool is_name = target->n_segments == 1 && !target->is_folder;

	if (!assets) {
		response_problem(res, PROBLEM_NOT_FOUND,
				 "This collector was started without --web and has no pages; its "
				 "API begins at /v1/.");
		return;
	}
	if (is_name && assets_answer(assets, target->segments[0], accept_encoding, res))
		return;
	/* An old name of a script must not be answered with a page. */
	if (is_name && strchr(target->segments[0], '.')) {
		response_problem(res, PROBLEM_NOT_FOUND, "There is no such file.");
		return;
	}
	if (!assets_answer(assets, "index.html", accept_encoding, res))
		response_problem(res, PROBLEM_INTERNAL, "The pages are not there.");
}
