/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "agent/probe/fact.h"
#include "agent/probe/network_endpoint.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/facts.h"

#define MS_MAX 60000
#define REASON_MAX 100 /* it is told of every member of every server */

static const char *const members[] = { "reachable", "ms", "tls_issuer", "why_not", "by_proxy" };

/* As the profile has it: a name is checked there, and never cut. */
static json_t *endpoint_named(const char *endpoint)
{
	return json_pack("{s:s}", "host", endpoint);
}

static json_t *endpoint_unknown(const char *endpoint, const char *why)
{
	_cleanup_free_ char *reason = text_clean(why, strlen(why), REASON_MAX);
	json_t *item = endpoint_named(endpoint);

	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		fact_set_unknown(item, members[i], "%s", reason);
	return item;
}

/* A text that is fit to be shown and takes no more room in a report than it has bytes. */
static void set_text(json_t *item, const char *name, const char *text, size_t max)
{
	char *clean = text_clean(text, strlen(text), max);

	for (char *c = clean; *c; c++) {
		if (*c == '"' || *c == '\\')
			*c = '\'';
	}
	json_object_set_new(item, name, json_string(clean));
	free(clean);
}

static void set_ms(json_t *item, const json_t *ms, bool is_reachable)
{
	if (is_reachable && json_is_integer(ms) && json_integer_value(ms) >= 0 &&
	    json_integer_value(ms) <= MS_MAX)
		fact_set_int(item, "ms", json_integer_value(ms));
	else
		fact_set_unknown(item, "ms", "no connection was made");
}

static json_t *endpoint_said(const char *endpoint, const json_t *line)
{
	const json_t *reachable = json_object_get(line, "reachable");
	const json_t *by_proxy = json_object_get(line, "by_proxy");
	const char *issuer = json_string_value(json_object_get(line, "issuer"));
	const char *why_not = json_string_value(json_object_get(line, "why_not"));
	const char *why = json_string_value(json_object_get(line, "unknown"));
	bool is_reachable = json_is_true(reachable);
	json_t *item;

	if (why)
		return endpoint_unknown(endpoint, why);
	/* Either it is reachable or there is a reason why it is not. */
	if (!json_is_boolean(reachable) || !json_is_boolean(by_proxy) || !issuer || !why_not ||
	    is_reachable != (why_not[0] == '\0'))
		return endpoint_unknown(endpoint,
					"the agent's helper 'network' did not answer as it should");
	item = endpoint_named(endpoint);
	fact_set_bool(item, "reachable", is_reachable);
	fact_set_bool(item, "by_proxy", json_is_true(by_proxy));
	set_text(item, "why_not", why_not, ENDPOINT_WHY_MAX);
	set_ms(item, json_object_get(line, "ms"), is_reachable);
	if (issuer[0])
		set_text(item, "tls_issuer", issuer, ENDPOINT_NAME_MAX);
	else
		fact_set_unknown(item, "tls_issuer", "no certificate was shown");
	return item;
}

static const json_t *find_line(const json_t *lines, const char *endpoint)
{
	const json_t *line;
	size_t i;

	json_array_foreach (lines, i, line) {
		const char *host = json_string_value(json_object_get(line, "host"));

		if (host && strcmp(host, endpoint) == 0)
			return line;
	}
	return NULL;
}

json_t *endpoints_read(const char *const *endpoints, const json_t *lines)
{
	json_t *items = json_array();

	for (; *endpoints; endpoints++)
		json_array_append_new(items,
				      endpoint_said(*endpoints, find_line(lines, *endpoints)));
	return items;
}

json_t *endpoints_unknown(const char *const *endpoints, const char *why)
{
	json_t *items = json_array();

	for (; *endpoints; endpoints++)
		json_array_append_new(items, endpoint_unknown(*endpoints, why));
	return items;
}
