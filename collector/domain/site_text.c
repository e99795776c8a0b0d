/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/site_text.h"

const char *const site_text_words[] = {
	[SITE_LEA_CODE] = "lea_code",
	[SITE_LEA_NAME] = "lea_name",
	[SITE_LEA_COORDINATOR + CONTACT_NAME] = "lea_coordinator_name",
	[SITE_LEA_COORDINATOR + CONTACT_EMAIL] = "lea_coordinator_email",
	[SITE_LEA_COORDINATOR + CONTACT_PHONE] = "lea_coordinator_phone",
	[SITE_CODE] = "site_code",
	[SITE_NAME] = "site_name",
	[SITE_ZONE] = "zone",
	[SITE_COORDINATOR + CONTACT_NAME] = "coordinator_name",
	[SITE_COORDINATOR + CONTACT_EMAIL] = "coordinator_email",
	[SITE_COORDINATOR + CONTACT_PHONE] = "coordinator_phone",
	[SITE_TECHNOLOGY + CONTACT_NAME] = "technology_name",
	[SITE_TECHNOLOGY + CONTACT_EMAIL] = "technology_email",
	[SITE_TECHNOLOGY + CONTACT_PHONE] = "technology_phone",
	[SITE_TRACKS] = "tracks",
	[SITE_PROGRAMME] = "programme",
	[SITE_WINDOW_TRACK] = "window_track",
	[SITE_FIRST] = "first",
	[SITE_LAST] = "last",
	[SITE_PROFILE] = "profile",
	[SITE_TEXT_MAX_] = NULL,
};

const enum site_text site_text_of_contact[CONTACT_ROLE_MAX_] = {
	[CONTACT_OF_LEA] = SITE_LEA_COORDINATOR,
	[CONTACT_COORDINATOR] = SITE_COORDINATOR,
	[CONTACT_TECHNOLOGY] = SITE_TECHNOLOGY,
};

bool site_code_is_digits(const char *code)
{
	return code[0] && code[strspn(code, "0123456789")] == '\0';
}

/* "1.96E+13", "1,96E+13" and "196E+11"; "12E4" may be somebody's code. */
static bool has_exponent(const char *code)
{
	size_t n = strspn(code, "0123456789.,");
	bool has_point = memchr(code, '.', n) || memchr(code, ',', n);

	if (n == 0 || (code[n] != 'E' && code[n] != 'e'))
		return false;
	code += n + 1;
	return (has_point || code[0] == '+') && site_code_is_digits(code + (code[0] == '+'));
}

int site_code_check(const char *code, struct err *err)
{
	static const char characters[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-";

	if (!code[0])
		return err_set(err, -EINVAL, "empty; write the code as the state does");
	if (has_exponent(code))
		return err_set(err, -EINVAL,
			       "'%.60s' is what a spreadsheet made of a long code; make the column "
			       "text and write the code again",
			       code);
	if (strlen(code) > SITE_CODE_MAX || code[strspn(code, characters)])
		return err_set(err, -EINVAL,
			       "'%.60s' is no code, which has at most %d letters, digits and . _ -",
			       code, SITE_CODE_MAX);
	return 0;
}

/* --- tracks ------------------------------------------------------------------------ */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The next name at *@text, without spaces around it; *@text is behind it, NULL after the last. */
static size_t next_track(const char **text, const char **ret_name)
{
	size_t len = strcspn(*text, ";");
	const char *name = *text;

	*text = name[len] ? name + len + 1 : NULL;
	while (len > 0 && name[len - 1] == ' ')
		len--;
	for (; len > 0 && name[0] == ' '; len--)
		name++;
	*ret_name = name;
	return len;
}

static int split(const char *text, char names[TRACKS_MAX][TRACK_NAME_MAX + 1], size_t *ret_n,
		 struct err *err)
{
	size_t n = 0;

	while (text) {
		const char *name;
		size_t len = next_track(&text, &name);

		if (len == 0)
			return err_set(err, -EINVAL, "a track without a name; write \"A; B\"");
		if (len > TRACK_NAME_MAX)
			return err_set(err, -EINVAL, "the track '%.40s…' has %zu bytes, at most %d",
				       name, len, TRACK_NAME_MAX);
		if (n == TRACKS_MAX)
			return err_set(err, -EINVAL, "more than %d tracks", TRACKS_MAX);
		memcpy(names[n], name, len);
		names[n++][len] = '\0';
	}
	*ret_n = n;
	return 0;
}

int tracks_read(const char *text, char ret_tracks[static TRACKS_BYTES], struct err *err)
{
	char names[TRACKS_MAX][TRACK_NAME_MAX + 1];
	const char *sorted[TRACKS_MAX];
	char *end = ret_tracks;
	size_t n = 0;
	int r = text[0] ? split(text, names, &n, err) : 0;

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		sorted[i] = names[i];
	if (n > 0)
		qsort(sorted, n, sizeof(sorted[0]), by_text);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(sorted[i - 1], sorted[i]) == 0)
			return err_set(err, -EINVAL, "the track '%s' comes twice", sorted[i]);
	}
	*end = '\0';
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			end = stpcpy(end, "; ");
		end = stpcpy(end, sorted[i]);
	}
	return 0;
}

bool tracks_have(const char *tracks, const char *track)
{
	const char *name;

	for (const char *text = tracks[0] ? tracks : NULL; text;) {
		size_t len = next_track(&text, &name);

		if (strlen(track) == len && memcmp(name, track, len) == 0)
			return true;
	}
	return false;
}

int tracks_each(const char *tracks, int (*each)(void *arg, const char *track, struct err *err),
		void *arg, struct err *err)
{
	int r = 0;

	for (const char *text = tracks[0] ? tracks : NULL; text && r >= 0;) {
		char track[TRACK_NAME_MAX + 1];
		const char *name;
		size_t len = next_track(&text, &name);

		assert(len <= TRACK_NAME_MAX);
		memcpy(track, name, len);
		track[len] = '\0';
		r = each(arg, track, err);
	}
	return r < 0 ? r : 0;
}
