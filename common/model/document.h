/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * JSON from outside, read strictly.
 *
 * document_parse() bounds and parses a text; a `struct node` then walks it and
 * knows where it is, so that every refusal names its place:
 * "facts.audio.cards[2].bus: expected string, got number", and, where the text
 * is at hand (a file a person wrote), its line and column before that.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "common/base/base.h"
#include "common/base/err.h"

struct document_limits {
	size_t bytes;
	size_t depth; /* of nested objects and lists */
};

/*
 * Parse @len bytes of @text, one JSON value in UTF-8 without duplicate members.
 *
 * On success *@ret_json is owned by the caller: json_decref() it.
 * -E2BIG: over a limit. -EINVAL: not JSON. @err begins with "line:column: ".
 */
int document_parse(const char *text, size_t len, const struct document_limits *limits,
		   json_t **ret_json, struct err *err) _must_check_;

/*
 * A value and how it was reached. Nodes live on the stack of whoever walks;
 * a child is valid as long as its parent.
 */
struct node {
	const json_t *value;
	const struct node *parent; /* NULL for the root */
	const char *key;    /* the member's name; for the root what paths begin with, or "" */
	size_t index;       /* in a list, where key is NULL */
	const char *source; /* of the root: the text it was parsed from, or NULL */
	const char *file;   /* of the root: its name for people, or NULL */
};

/* "facts.audio.cards[2].bus"; owned by the caller. */
char *node_path(const struct node *node) _must_check_;
/* "/facts/audio/cards/2/bus" (RFC 6901); owned by the caller. */
char *node_pointer(const struct node *node) _must_check_;
/* Line and column, both from 1, of the value in the root's source. 0 without a source. */
void node_locate(const struct node *node, unsigned *ret_line, unsigned *ret_column);

/* Refuse: "file:line:column: path: TEXT". Returns -EINVAL. */
int node_error(const struct node *node, struct err *err, const char *fmt, ...) _printf_(3, 4);

/*
 * Returns @r. If it is negative, *ret_pointer becomes the pointer of @node, which
 * was refused, owned by the caller; unless one that is deeper is there already.
 * @ret_pointer: NULL if nobody asks.
 */
int node_at(const struct node *node, int r, char **ret_pointer);
/* The same of the member @key of @parent, which need not be there. */
int member_at(const struct node *parent, const char *key, int r, char **ret_pointer);

/* The member @key; ->value is NULL if there is none. */
struct node node_member(const struct node *parent, const char *key);
struct node node_item(const struct node *parent, size_t index);

/* -EINVAL unless the node is an object with only @names (ended by NULL) in it. */
int node_object(const struct node *node, const char *const *names, struct err *err) _must_check_;
/* -EINVAL unless the node is a list of at most @max items. */
int node_list(const struct node *node, size_t max, size_t *ret_n, struct err *err) _must_check_;

/*
 * The value of a member that must be there. A text is borrowed from the
 * document and has at most @max_bytes.
 */
int node_text(const struct node *node, size_t max_bytes, const char **ret_text,
	      struct err *err) _must_check_;
int node_int(const struct node *node, int64_t min, int64_t max, int64_t *ret_value,
	     struct err *err) _must_check_;
int node_bool(const struct node *node, bool *ret_value, struct err *err) _must_check_;
/* One of @words (ended by NULL); *@ret_index is its place. */
int node_word(const struct node *node, const char *const *words, unsigned *ret_index,
	      struct err *err) _must_check_;

/* JSON_COMPACT with sorted members: equal documents give equal bytes. Owned by the caller. */
char *document_canonical(const json_t *json) _must_check_;
