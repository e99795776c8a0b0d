/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "agent/probe/browser_version.h"
#include "agent/probe/listing.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/base/version.h"

char *browser_product_of_folder(const char *name)
{
	size_t len = strlen(name);

	while (len > 0 && strchr("0123456789.", name[len - 1]))
		len--;
	while (len > 0 && strchr("-_ ", name[len - 1]))
		len--;
	return len > 0 ? xstrndup(name, len) : xstrdup(name);
}

/* @len bytes of @text if they are a version of digits and dots, else NULL. */
static char *version_text(const char *text, size_t len)
{
	char *version;

	if (len == 0 || len > VERSION_TEXT_MAX || strspn(text, "0123456789.") < len ||
	    text[len - 1] == '.')
		return NULL;
	version = xstrndup(text, len);
	if (version_is_valid(version))
		return version;
	free(version);
	return NULL;
}

/* What follows @product in @name, without a divider; NULL if @name does not begin so. */
static const char *after_product(const char *name, const char *product)
{
	size_t len = strlen(product);

	if (strncmp(name, product, len) != 0)
		return NULL;
	return name + len + strspn(name + len, "-_ ");
}

char *browser_version_of_folder(const char *name, const char *product)
{
	const char *version = after_product(name, product);

	return version ? version_text(version, strlen(version)) : NULL;
}

char *browser_version_of_tarball(const char *name, const char *product)
{
	static const char *const ends[] = { ".tar.bz2", ".tar.gz", ".tar.xz", ".tgz" };
	const char *version = after_product(name, product);
	bool is_tarball = false;

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		is_tarball |= text_ends(name, ends[i]);
	if (!version || !is_tarball)
		return NULL;
	/* "14.0-2024-05-01-x86_64.tar.bz2"; without a date "14.0.tar.bz2". */
	return version_text(version, strspn(version, "0123456789.") -
					     (version[strspn(version, "0123456789.")] == 't'));
}

/* The version by a tarball in the folder above; two that differ say nothing. */
static char *version_by_tarball(const struct env *env, const char *path, const char *product)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *above = slash ? xstrndup(path, (size_t)(slash - path)) : NULL;
	_cleanup_free_ char *version = NULL;
	_cleanup_(listing_done) struct listing listing = { 0 };
	const char *name;

	if (listing_open(env->root_fd, above ? above : ".", &listing, NULL) < 0)
		return NULL;
	while ((name = listing_next(&listing))) {
		_cleanup_free_ char *other = browser_version_of_tarball(name, product);

		if (!other)
			continue;
		if (version && strcmp(version, other) != 0)
			return NULL;
		if (!version)
			version = TAKE_PTR(other);
	}
	return listing.is_cut ? NULL : TAKE_PTR(version);
}

/* Without application.ini: by names, and where the two that there are differ nobody knows. */
static void read_names(const struct env *env, const char *path, const char *folder,
		       struct browser_version *version)
{
	_cleanup_free_ char *of_tarball = version_by_tarball(env, path, version->product);
	_cleanup_free_ char *of_folder = browser_version_of_folder(folder, version->product);

	/* A new tarball lies beside the old copy until somebody unpacks it. */
	if (of_tarball && of_folder && version_compare(of_tarball, of_folder) != 0)
		return;
	version->from = of_tarball  ? VERSION_FROM_TARBALL
			: of_folder ? VERSION_FROM_FOLDER
				    : VERSION_FROM_NOWHERE;
	version->version = of_tarball ? TAKE_PTR(of_tarball) : TAKE_PTR(of_folder);
}

void browser_version_read(const struct env *env, const char *path, const struct app_ini *app,
			  struct browser_version *ret_version)
{
	const char *slash = strrchr(path, '/');
	const char *folder = slash ? slash + 1 : path;
	struct browser_version version = { 0 };

	/* Up to 6.5 the name has the version in it: SBACSecureBrowser6.5. */
	version.product =
		browser_product_of_folder(app && app->name && app->name[0] ? app->name : folder);
	if (!app)
		version.from = VERSION_FROM_NOWHERE;
	else if (app->version && version_is_valid(app->version)) {
		version.version = xstrdup(app->version);
		version.from = VERSION_FROM_INI;
	} else if (!app->version || !app->version[0]) {
		read_names(env, path, folder, &version);
	}
	*ret_version = version;
}

void browser_version_done(struct browser_version *version)
{
	free(version->product);
	free(version->version);
	*version = (struct browser_version){ 0 };
}
