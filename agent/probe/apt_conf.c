/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/apt_conf.h"
#include "common/base/mem.h"
#include "common/base/text.h"

struct parser {
	apt_conf_fn *take;
	void *user;
	const char *at;
	char name[APT_CONF_NAME_MAX];      /* of the scope that we are in */
	size_t scopes[APT_CONF_DEPTH_MAX]; /* how long the name was outside of each */
	size_t depth;
	char *words[2]; /* of the statement so far: a name and its value, owned */
	size_t n_words;
	bool is_item; /* the first word was in quotes: a value without a name */
};

static void words_drop(struct parser *p)
{
	for (size_t i = 0; i < p->n_words; i++)
		free(p->words[i]);
	p->n_words = 0;
}

static void parser_done(struct parser *p)
{
	words_drop(p);
}

static bool is_directive(const char *at)
{
	static const char *const words[] = { "#clear", "#include" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t len = strlen(words[i]);

		if (strncasecmp(at, words[i], len) == 0 && isspace((unsigned char)at[len]))
			return true;
	}
	return false;
}

/* Go to what is neither white space nor comment. -EINVAL: a comment does not end. */
static int skip(struct parser *p, struct err *err)
{
	for (;;) {
		p->at += strspn(p->at, " \t\r\n\f\v");
		if (text_starts(p->at, "/*")) {
			const char *end = strstr(p->at + 2, "*/");

			if (!end)
				return err_set(err, -EINVAL, "a comment does not end");
			p->at = end + 2;
		} else if (text_starts(p->at, "//") || (*p->at == '#' && !is_directive(p->at))) {
			p->at += strcspn(p->at, "\n");
		} else {
			return 0;
		}
	}
}

/* Add @tag to the name that we are in. */
static int name_enter(struct parser *p, const char *tag, struct err *err)
{
	size_t len = strlen(p->name), tag_len = strlen(tag);

	if (len + tag_len + 3 > sizeof(p->name))
		return err_set(err, -E2BIG, "a name has more than %d bytes", APT_CONF_NAME_MAX);
	if (len > 0) {
		memcpy(p->name + len, "::", 2);
		len += 2;
	}
	memcpy(p->name + len, tag, tag_len + 1);
	return 0;
}

static int statement_end(struct parser *p, struct err *err)
{
	size_t outside = strlen(p->name);
	const char *value = p->n_words > 1 ? p->words[1] : "";
	int r = 0;

	if (p->n_words == 0)
		return 0;
	if (strcasecmp(p->words[0], "#include") == 0)
		return err_set(err, -ENOTSUP, "it includes another file");
	if (strcasecmp(p->words[0], "#clear") == 0) {
		p->take(p->user, value, NULL);
	} else {
		r = name_enter(p, p->is_item ? "" : p->words[0], err);
		if (r >= 0)
			p->take(p->user, p->name, p->is_item ? p->words[0] : value);
		p->name[outside] = '\0';
	}
	words_drop(p);
	return r;
}

static int scope_enter(struct parser *p, struct err *err)
{
	if (p->n_words != 1 || p->is_item)
		return err_set(err, -EINVAL, "a brace without a name before it");
	if (p->depth == APT_CONF_DEPTH_MAX)
		return err_set(err, -E2BIG, "more than %d braces in one another",
			       APT_CONF_DEPTH_MAX);
	p->scopes[p->depth] = strlen(p->name);
	if (name_enter(p, p->words[0], err) < 0)
		return -E2BIG;
	p->depth++;
	words_drop(p);
	return 0;
}

static int scope_leave(struct parser *p, struct err *err)
{
	if (p->depth == 0 || p->n_words > 0)
		return err_set(err, -EINVAL,
			       p->depth == 0 ? "a closing brace too many"
					     : "a ; is missing before a brace");
	p->name[p->scopes[--p->depth]] = '\0';
	return 0;
}

/* The length of a word without quotes, which a comment ends as well; a directive begins with #. */
static size_t bare_word(const char *from)
{
	size_t len = *from == '#';

	while (from[len] && !strchr(" \t\r\n\f\v{};\"#", from[len]) &&
	       !text_starts(from + len, "//") && !text_starts(from + len, "/*"))
		len++;
	return len;
}

static int word_add(struct parser *p, struct err *err)
{
	bool is_quoted = *p->at == '"';
	const char *from = p->at + is_quoted;
	size_t len = is_quoted ? strcspn(from, "\"\n") : bare_word(from);

	if (is_quoted && from[len] != '"')
		return err_set(err, -EINVAL, "a quote does not end");
	if (p->n_words == ARRAY_SIZE(p->words))
		return err_set(err, -EINVAL, "a ; is missing");
	if (p->n_words == 0)
		p->is_item = is_quoted;
	p->words[p->n_words++] = xstrndup(from, len);
	p->at = from + len + is_quoted;
	return 0;
}

static int step(struct parser *p, struct err *err)
{
	switch (*p->at) {
	case ';':
		p->at++;
		return statement_end(p, err);
	case '{':
		p->at++;
		return scope_enter(p, err);
	case '}':
		p->at++;
		return scope_leave(p, err);
	default:
		return word_add(p, err);
	}
}

int apt_conf_parse(const char *text, apt_conf_fn *take, void *user, struct err *err)
{
	_cleanup_(parser_done) struct parser p = { .take = take, .user = user, .at = text };
	int r;

	while ((r = skip(&p, err)) >= 0 && *p.at) {
		r = step(&p, err);
		if (r < 0)
			return r;
	}
	if (r >= 0 && (p.n_words > 0 || p.depth > 0))
		return err_set(err, -EINVAL, "it ends in the middle of a setting");
	return r;
}
