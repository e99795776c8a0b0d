/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "agent/probe/embosser.h"
#include "common/base/text.h"

static const struct embosser_rule rules[] = {
#include "embossers.inc"
};

/* Whether a word ends between @last and @next; "Romeo" does in "Romeo60", and "200" not in "2000".
 */
static bool ends_word(char last, char next)
{
	if (isdigit((unsigned char)next))
		return !isdigit((unsigned char)last);
	return !isalpha((unsigned char)next);
}

/* Whether @words are in @text, from the beginning of a word to the end of one. */
static bool has_words(const char *text, const char *words)
{
	size_t len = strlen(words);

	for (const char *at = text; (at = strcasestr(at, words)); at++) {
		bool begins = at == text || !isalnum((unsigned char)at[-1]);

		if (begins && ends_word(words[len - 1], at[len]))
			return true;
	}
	return false;
}

static bool begins_with(const char *text, const char *maker)
{
	size_t len = strlen(maker);

	return strncasecmp(text, maker, len) == 0 && !isalnum((unsigned char)text[len]);
}

static bool rule_fits(const struct embosser_rule *rule, const struct embosser_query *query)
{
	/* A vendor's other devices are not embossers: only its printers are. */
	bool is_whole_id = rule->usb && !text_ends(rule->usb, "*");

	if (!query->is_printer && !is_whole_id)
		return false;
	if (rule->usb && !text_like(query->usb_id, rule->usb))
		return false;
	if (rule->maker && !begins_with(query->maker, rule->maker) &&
	    !begins_with(query->usb_maker, rule->maker))
		return false;
	if (rule->model && !has_words(query->model, rule->model) &&
	    !has_words(query->usb_product, rule->model))
		return false;
	return true;
}

const struct embosser_rule *embosser_find(const struct embosser_query *query)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		if (rule_fits(&rules[i], query))
			return &rules[i];
	}
	return NULL;
}
