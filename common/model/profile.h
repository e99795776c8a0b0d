/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A profile: the requirements of one programme and year, as data.
 *
 * The file's layout and every operator are described in docs/profiles.md. A
 * profile can compare facts and name servers to try: it names no command, no
 * path and no URL.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "common/base/err.h"
#include "common/base/id.h"
#include "common/model/report.h"
#include "common/model/result.h"

/* docs/limits.md has these for people; a test compares them. Lengths are in bytes. */
#define PROFILE_BYTES_MAX ((size_t)256 * 1024)
#define PROFILE_DEPTH_MAX 32 /* of nested objects and lists */
#define PROFILE_REQUIREMENTS_MAX 256
#define PROFILE_TABLES_MAX 32
#define PROFILE_ROWS_MAX 256    /* of one table */
#define PROFILE_CHILDREN_MAX 64 /* of one all_of, any_of or none_of */
#define PROFILE_ID_MAX 64       /* of a profile: its name, a hyphen and its year */
#define PROFILE_NAME_MAX 32     /* of a requirement, a fix, a table; a profile without its year */
#define PROFILE_YEAR_MAX (PROFILE_ID_MAX - PROFILE_NAME_MAX - 1)
#define PROFILE_TITLE_MAX 200
#define PROFILE_TEXT_MAX 1000 /* of a source, what a fix does, a note */
#define PROFILE_PATTERN_MAX 256
#define PROFILE_FIX_MINUTES_MAX 1440 /* a day */
#define PROFILE_HOURS_MAX 8784       /* a leap year */
#define PROFILE_ENDPOINTS_MAX 16
#define PROFILE_SUPPLEMENTS_MAX 2
#define PROFILE_CODE_MAX 32 /* of an LEA or a site */
#define PROFILE_WAIVERS_MAX 64
#define PROFILE_REASON_MAX 500

/* What a check does; the words of the file are in profile.c, one table. */
enum check_op {
	/* combine children */
	CHECK_ALL_OF,
	CHECK_ANY_OF,
	CHECK_NONE_OF,
	/* over the items of the list @fact; the one child is `where` */
	CHECK_ANY,
	CHECK_EVERY,
	CHECK_COUNT, /* between @least and @most items */
	/* on the fact @fact */
	CHECK_IS,               /* @operand: text, number or boolean */
	CHECK_IS_ONE_OF,        /* @operand: a list of those */
	CHECK_AT_LEAST,         /* @least */
	CHECK_AT_MOST,          /* @most */
	CHECK_VERSION_AT_LEAST, /* @text: a version */
	CHECK_VERSION_IN,       /* @text: a version set */
	CHECK_LIKE,             /* @text: a pattern of * and ? */
	CHECK_IN_TABLE,         /* @table */
	CHECK_OP_MAX_,
};

struct check {
	enum check_op op;
	const char *fact_path;   /* relative to the list's item inside `where`; "." is the item */
	const struct fact *fact; /* what the path names; NULL for a text item */
	const json_t *operand;
	const char *text;
	int64_t least, most;
	const struct profile_table *table;
	/*
	 * Of the list network.endpoints: the hosts that the profile names, of which
	 * its items are, ended by NULL. NULL for other lists.
	 */
	const char *const *endpoints;
	struct check *children;
	size_t n_children;
};

enum table_tier {
	TIER_FULL,
	TIER_LIMITED,
	TIER_UNSUPPORTED, /* a row that says no, so that its note can say why */
	TIER_MAX_,
};
extern const char *const table_tier_words[]; /* ended by NULL */

/* One row: the keys that must match, and how long it holds. */
struct profile_row {
	const json_t *keys; /* the row's object; see profile_row_key() */
	enum table_tier tier;
	int32_t from, until; /* days, both included; INT32_MIN and INT32_MAX where open */
	const char *note;    /* a sentence for people, or "" */
};

struct profile_table {
	const char *name;
	struct profile_row *rows;
	size_t n_rows;
};

struct fix {
	const char *id;
	const char *text;
	int64_t minutes;
};

/* What of a document is not the programme's; see docs/decisions/0017. */
struct profile_supplement {
	const char *scope; /* "lea" or "site" */
	const char *code;  /* of the LEA or the site */
	const char *title;
	const char *version;
};

/* A fail of the requirement that somebody answers for; see docs/decisions/0017. */
struct profile_waiver {
	const char *id;
	const char *scope; /* "state", "lea" or "site" */
	const char *requirement;
	const char *reason;
	int32_t until; /* the last day on which a fail is waived */
};

struct requirement {
	const char *id;
	const char *title;
	const char *source;
	enum severity severity;
	unsigned roles; /* bit 1 << enum device_role */
	struct check check;
	struct check *when; /* NULL: always */
	struct fix fix;
	/* Who asks it or tightened it: "lea LUSD", "site LUSD-001"; "": the programme. */
	const char *origin;
	/* The one of ->waivers of the profile that lasts longest; NULL: it is not waived. */
	const struct profile_waiver *waiver;
};

struct freshness {
	int64_t default_hours;
	int64_t last_week_hours; /* in the 7 days before a window and while it is open */
	int64_t last_day_hours;  /* on the day before it and on its first day */
};

/* What the programme asks of a site; percents of expected devices. */
struct certification_rules {
	int64_t coverage_percent;
	int64_t devices_percent;
	int64_t browser_percent;
	int32_t latest_last_day;  /* INT32_MAX: none */
	int64_t minimum_weekdays; /* a window must have at least as many Mondays to Fridays */
};

struct profile {
	char id[PROFILE_ID_MAX + 1]; /* "ca-caaspp-2022-23": profile and year */
	char version[HASH_SIZE];     /* SHA-256 of the canonical JSON */
	const char *title;
	struct freshness freshness;
	struct certification_rules rules;
	/* Servers to try, "host" or "host:port", see endpoint.h; ended by NULL. */
	const char *endpoints[PROFILE_ENDPOINTS_MAX + 1];
	struct profile_table *tables;
	size_t n_tables;
	struct requirement *requirements;
	size_t n_requirements;
	/* Only of a document that a collector composed for a site; see collector/domain. */
	struct profile_supplement supplements[PROFILE_SUPPLEMENTS_MAX];
	size_t n_supplements;
	struct profile_waiver *waivers;
	size_t n_waivers;
	json_t *json; /* owns every text above */
};

/* The requirement that the Browser number counts, where a profile has it. */
#define REQUIREMENT_BROWSER "browser.version"

/*
 * Parse and check @len bytes of @text. @file is how errors call it.
 *
 * On success *@ret_profile is owned by the caller: profile_free() it.
 * -EINVAL, -E2BIG: @err has file, line, column, the place and what is wrong.
 */
int profile_parse(const char *text, size_t len, const char *file, struct profile **ret_profile,
		  struct err *err) _must_check_;
void profile_free(struct profile *profile);
DEFINE_CLEANUP(struct profile *, profile_free);

/* The place of the requirement @id; -1: there is none. */
int profile_find(const struct profile *profile, const char *id);

/* How many hours a report counts as fresh, @days before (or, if negative, after) a window's first
 * day. */
int64_t freshness_hours(const struct freshness *freshness, bool has_window, int32_t days);
