/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/base/version.h"

bool version_is_valid(const char *text)
{
	return isdigit((unsigned char)text[0]) && strlen(text) <= VERSION_TEXT_MAX;
}

bool version_is_plain(const char *text)
{
	size_t len = strlen(text);

	return version_is_valid(text) && strspn(text, "0123456789.") == len &&
	       text[len - 1] != '.' && !strstr(text, "..");
}

/*
 * Take the next part off *@s. Leading zeros are skipped, so that parts of any
 * length compare by length, then by digits, without a number that overflows.
 */
static bool next_part(const char **s, const char **ret_digits, size_t *ret_len)
{
	const char *p = *s;

	if (!isdigit((unsigned char)*p))
		return false;
	while (*p == '0' && isdigit((unsigned char)p[1]))
		p++;
	*ret_digits = p;
	while (isdigit((unsigned char)*p))
		p++;
	*ret_len = (size_t)(p - *ret_digits);
	*s = *p == '.' ? p + 1 : p;
	return true;
}

static int part_compare(const char *a, size_t n_a, const char *b, size_t n_b)
{
	if (n_a != n_b)
		return n_a < n_b ? -1 : 1;
	return strncmp(a, b, n_a);
}

/* Compare part by part; @max_parts bounds how many of them count. */
static int compare_parts(const char *a, const char *b, size_t max_parts)
{
	for (size_t i = 0; i < max_parts; i++) {
		const char *part_a = "0", *part_b = "0";
		size_t n_a = 1, n_b = 1;
		bool has_a = next_part(&a, &part_a, &n_a);
		bool has_b = next_part(&b, &part_b, &n_b);
		int r;

		if (!has_a && !has_b)
			return 0;
		r = part_compare(part_a, n_a, part_b, n_b);
		if (r != 0)
			return r;
	}
	return 0;
}

int version_compare(const char *a, const char *b)
{
	return compare_parts(a, b, VERSION_TEXT_MAX);
}

static size_t count_parts(const char *s)
{
	const char *digits;
	size_t n = 0, len;

	while (next_part(&s, &digits, &len))
		n++;
	return n;
}

/* One comma-separated entry: "[except] LOW[..[HIGH]]". */
struct range {
	bool is_except;
	char low[VERSION_TEXT_MAX + 1];
	char high[VERSION_TEXT_MAX + 1]; /* "" where it is open */
};

static int copy_version(const char *from, size_t len, char to[static VERSION_TEXT_MAX + 1])
{
	if (len == 0 || len > VERSION_TEXT_MAX)
		return -EINVAL;
	memcpy(to, from, len);
	to[len] = '\0';
	return version_is_plain(to) ? 0 : -EINVAL;
}

static int parse_range(const char *text, size_t len, struct range *ret_range)
{
	static const char except[] = "except ";
	struct range range = { 0 };
	const char *dots;
	int r;

	while (len > 0 && *text == ' ')
		text++, len--;
	while (len > 0 && text[len - 1] == ' ')
		len--;
	if (len > strlen(except) && strncmp(text, except, strlen(except)) == 0) {
		range.is_except = true;
		text += strlen(except);
		len -= strlen(except);
		while (len > 0 && *text == ' ')
			text++, len--;
	}

	dots = memmem(text, len, "..", 2);
	r = copy_version(text, dots ? (size_t)(dots - text) : len, range.low);
	if (r >= 0 && !dots)
		memcpy(range.high, range.low, sizeof(range.high));
	else if (r >= 0 && (size_t)(dots - text) + 2 < len)
		r = copy_version(dots + 2, len - (size_t)(dots - text) - 2, range.high);
	if (r >= 0)
		*ret_range = range;
	return r;
}

static bool range_has(const struct range *range, const char *version)
{
	if (version_compare(version, range->low) < 0)
		return false;
	/* "35" as the upper end names the release, so 35.1 still belongs to it. */
	return range->high[0] == '\0' ||
	       compare_parts(version, range->high, count_parts(range->high)) <= 0;
}

/* Take the next entry off *@set, which is NULL behind the last. */
static bool next_entry(const char **set, const char **ret_entry, size_t *ret_len)
{
	if (!*set)
		return false;
	*set += strspn(*set, " ");
	*ret_entry = *set;
	*ret_len = strcspn(*set, ",");
	*set = (*set)[*ret_len] ? *set + *ret_len + 1 : NULL;
	return true;
}

static bool ranges_meet(const struct range *a, const struct range *b)
{
	return range_has(a, b->low) || range_has(b, a->low);
}

static bool set_meets(const char *set, const struct range *range)
{
	struct range other;
	const char *entry;
	size_t len;

	while (next_entry(&set, &entry, &len)) {
		if (parse_range(entry, len, &other) == 0 && !other.is_except &&
		    ranges_meet(&other, range))
			return true;
	}
	return false;
}

static int check_entry(const char *entry, size_t len, struct range *range, struct err *err)
{
	if (parse_range(entry, len, range) < 0)
		return err_set(err, -EINVAL,
			       "'%.*s' is not a version range: write 14, 14.., 34..35 or "
			       "except 131",
			       (int)len, entry);
	if (range->high[0] != '\0' && version_compare(range->low, range->high) > 0)
		return err_set(err, -EINVAL,
			       "'%.*s' is empty: its ends are the wrong way "
			       "round",
			       (int)len, entry);
	return 0;
}

int version_set_check(const char *set, struct err *err)
{
	bool has_range = false;
	const char *rest = set, *entry;
	struct range range;
	size_t len;

	if (strlen(set) > VERSION_SET_MAX)
		return err_set(err, -EINVAL, "a version set of %zu characters, at most %d",
			       strlen(set), VERSION_SET_MAX);
	while (next_entry(&rest, &entry, &len)) {
		int r = check_entry(entry, len, &range, err);

		if (r < 0)
			return r;
		has_range |= !range.is_except;
	}
	if (!has_range)
		return err_set(err, -EINVAL,
			       "'%s' only takes versions out: begin with a range, "
			       "130.., except 131",
			       set);
	for (rest = set; next_entry(&rest, &entry, &len);) {
		if (parse_range(entry, len, &range) == 0 && range.is_except &&
		    !set_meets(set, &range))
			return err_set(err, -EINVAL, "'%s': '%.*s' takes out what no range has",
				       set, (int)len, entry);
	}
	return 0;
}

bool version_set_has(const char *set, const char *version)
{
	bool is_in = false;
	struct range range;
	const char *entry;
	size_t len;

	while (next_entry(&set, &entry, &len)) {
		if (parse_range(entry, len, &range) < 0 || !range_has(&range, version))
			continue;
		if (range.is_except)
			return false;
		is_in = true;
	}
	return is_in;
}

bool version_sets_meet(const char *a, const char *b)
{
	struct range range;
	const char *entry;
	size_t len;

	while (next_entry(&b, &entry, &len)) {
		if (parse_range(entry, len, &range) == 0 && !range.is_except &&
		    set_meets(a, &range))
			return true;
	}
	return false;
}
