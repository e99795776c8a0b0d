/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "collector/cmd/admin.h"
#include "collector/cmd/profile_file.h"
#include "collector/cmd/profile_ref.h"
#include "collector/store/store_profile.h"
#include "collector/store/store_site.h"
#include "common/base/mem.h"
#include "common/base/text.h"

/* How many digits of a version name it. */
#define VERSION_DIGITS_MIN 8

struct search {
	const char *name;
	struct profile *profile;
	int32_t as_of; /* of a site */
};

static int find_version(struct store *store, const char *name, char version[static HASH_SIZE],
			struct err *err)
{
	size_t digits = strspn(name, "0123456789abcdef");
	int r = store_profile_version(store, name, version, err);

	if (r == -ENOENT && digits >= VERSION_DIGITS_MIN && digits < HASH_SIZE && !name[digits])
		r = store_profile_find(store, NULL, name, version, err);
	if (r == -EEXIST)
		return err_set(err, r, "'%s': several versions begin so, give more digits", name);
	if (r == -ENOENT)
		return err_set(
			err, r,
			"'%s' is no file, no published profile, and no version (%d digits of "
			"it at least)",
			name, VERSION_DIGITS_MIN);
	return r;
}

/* 1, since nothing of the store changes. */
static int search_name(struct store *store, void *arg, struct err *err)
{
	struct search *search = arg;
	char version[HASH_SIZE];
	int r = find_version(store, search->name, version, err);

	if (r >= 0)
		r = store_profile_get(store, version, &search->profile, err);
	return r < 0 ? r : 1;
}

static int search_site(struct store *store, void *arg, struct err *err)
{
	struct search *search = arg;
	_cleanup_(site_done) struct site site = { 0 };
	int r = store_site_get(store, search->name, &site, err);

	if (r == -ENOENT)
		return err_set(err, r, "no site has the code '%s'", search->name);
	if (r < 0)
		return r;
	if (!site.has_window || !site.window.profile_version[0])
		return err_set(err, -ENOENT, "site %s is judged by nothing yet: %s%s", site.code,
			       site.has_window ? "publish " : "it has no window",
			       site.has_window ? site.window.profile_id : "");
	search->as_of = site.window.last;
	r = store_profile_get(store, site.window.profile_version, &search->profile, err);
	return r < 0 ? r : 1;
}

/* What is written like a file is one, also where there is none: no store need be asked. */
static bool names_file(const char *name)
{
	return strcmp(name, "-") == 0 || strchr(name, '/') || text_ends(name, ".json") ||
	       access(name, F_OK) == 0;
}

int profile_ref_open(const char *name, const char *store_url, struct profile **ret_profile,
		     struct err *err)
{
	_cleanup_(profile_file_done) struct profile_file file = { 0 };
	struct search search = { .name = name };
	int r;

	if (!names_file(name)) {
		r = admin_run(store_url, search_name, &search, err);
		*ret_profile = search.profile;
		return r < 0 ? r : 0;
	}
	r = profile_file_open(name, &file);
	if (r >= 0 && !file.profile)
		return err_set(
			err, -EINVAL,
			"%s: a supplement to %s, and no profile: `profile lint` looks at it, "
			"`profile what-if` says whom it would change, and once it is "
			"published `profile show --site CODE` has it in words",
			name, file.supplement->profile_id);
	if (r < 0) {
		*err = file.refusal;
		return r;
	}
	*ret_profile = TAKE_PTR(file.profile);
	return 0;
}

int profile_ref_of_site(const char *code, const char *store_url, struct profile **ret_profile,
			int32_t *ret_as_of, struct err *err)
{
	struct search search = { .name = code };
	int r = admin_run(store_url, search_site, &search, err);

	if (r < 0)
		return r;
	*ret_profile = search.profile;
	*ret_as_of = search.as_of;
	return 0;
}
