/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/helper.h"
#include "agent/probe/embosser.h"
#include "agent/probe/fact.h"
#include "agent/probe/queues.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define SOCKET "run/cups/cups.sock"
#define CLIENT_CONF "etc/cups/client.conf"
#define CLIENT_CONF_MAX ((size_t)64 * 1024)
/* systemd may have to start cupsd first. Longer than the helper itself waits in silence. */
#define ASK_MS 3000
/* The first that ipp-usb gives to a printer, see http-min-port in its ipp-usb.conf. */
#define IPP_USB_PORT_MIN 60000

/* clang-format off */
/*
 * What a queue is reached by. A row with @via is for that alone; the first that
 * fits counts. An empty connection: the scheme does not tell, because of @why.
 */
static const struct connection {
	const char *scheme, *via, *connection, *why;
} connections[] = {
	{ "usb",          NULL,        "usb",      NULL },
	{ "hp",           "net",       "network",  NULL },
	{ "hp",           "usb",       "usb",      NULL },
	{ "hp",           "par",       "parallel", NULL },
	{ "hpfax",        "net",       "network",  NULL },
	{ "hpfax",        "usb",       "usb",      NULL },
	{ "gutenprint52+usb", NULL,    "usb",      NULL },
	{ "gutenprint53+usb", NULL,    "usb",      NULL },
	{ "parallel",     NULL,        "parallel", NULL },
	{ "serial",       NULL,        "serial",   NULL },
	{ "ipp",          "ipp-usb",   "usb",      NULL },
	{ "ipps",         "ipp-usb",   "usb",      NULL },
	{ "dnssd",        "usb",       "usb",      NULL },
	{ "ipp",          "usb",       "usb",      NULL },
	{ "ipps",         "usb",       "usb",      NULL },
	{ "ipp",          "localhost", NULL, "it leads to another program on this device" },
	{ "ipps",         "localhost", NULL, "it leads to another program on this device" },
	{ "http",         "localhost", NULL, "it leads to another program on this device" },
	{ "https",        "localhost", NULL, "it leads to another program on this device" },
	{ "socket",       "localhost", NULL, "it leads to another program on this device" },
	{ "lpd",          "localhost", NULL, "it leads to another program on this device" },
	{ "ipp",          NULL,        "network",  NULL },
	{ "ipps",         NULL,        "network",  NULL },
	{ "http",         NULL,        "network",  NULL },
	{ "https",        NULL,        "network",  NULL },
	{ "socket",       NULL,        "network",  NULL },
	{ "lpd",          NULL,        "network",  NULL },
	{ "smb",          NULL,        "network",  NULL },
	{ "dnssd",        NULL,        "network",  NULL },
	{ "mdns",         NULL,        "network",  NULL },
	{ "implicitclass", NULL,       "network",  NULL },
	{ "cups-brf",     NULL,        "virtual",  NULL },
	{ "cups-pdf",     NULL,        "virtual",  NULL },
	{ "file",         NULL,        "virtual",  NULL },
	{ "class",        NULL,        NULL, "it stands for several queues" },
};
/* clang-format on */

static const char *const states[] = { [3] = "idle", [4] = "printing", [5] = "stopped" };

static const char *text_of(const json_t *line, const char *name)
{
	const char *text = json_string_value(json_object_get(line, name));

	return text ? text : "";
}

static const char *via_of(const json_t *line)
{
	const char *via = text_of(line, "via");

	if (strcmp(via, "localhost") == 0 && text_starts(text_of(line, "scheme"), "ipp") &&
	    json_integer_value(json_object_get(line, "port")) >= IPP_USB_PORT_MIN)
		return "ipp-usb";
	return via;
}

/* The row for the scheme of @line; NULL: there is none. */
static const struct connection *connection_of(const json_t *line)
{
	const char *scheme = text_of(line, "scheme"), *via = via_of(line);

	for (size_t i = 0; i < ARRAY_SIZE(connections); i++) {
		if (strcmp(connections[i].scheme, scheme) == 0 &&
		    (!connections[i].via || strcmp(connections[i].via, via) == 0))
			return &connections[i];
	}
	return NULL;
}

static void set_connection(json_t *item, const json_t *line, const struct connection *found)
{
	_cleanup_free_ char *scheme = NULL;

	if (found && found->connection) {
		fact_set_text(item, "connection", found->connection);
	} else if (found) {
		fact_set_unknown(item, "connection", "%s", found->why);
	} else if (text_of(line, "scheme")[0]) {
		scheme = text_clean(text_of(line, "scheme"), strlen(text_of(line, "scheme")), 32);
		fact_set_unknown(item, "connection", "the agent does not know what '%s' leads to",
				 scheme);
	} else {
		fact_set_unknown(item, "connection", "CUPS does not say how it is reached");
	}
}

/* By its driver; or for USB by what the device calls itself, whatever driver was chosen. */
static bool is_embosser(const json_t *line, const struct connection *found)
{
	const char *make_model = text_of(line, "make_model");
	const struct embosser_query query = { "",
					      true,
					      make_model,
					      make_model,
					      text_of(line, "usb_maker"),
					      text_of(line, "usb_product") };

	/* What writes a file embosses nothing. */
	if (found && found->connection && strcmp(found->connection, "virtual") == 0)
		return false;
	return embosser_find(&query);
}

static void set_reasons(json_t *item, const json_t *line)
{
	const json_t *said = json_object_get(line, "reasons");
	json_t *reasons = json_array();

	for (size_t i = 0; i < json_array_size(said); i++) {
		const char *reason = json_string_value(json_array_get(said, i));
		_cleanup_free_ char *clean =
			reason ? text_clean(reason, strlen(reason), FACT_NAME_MAX) : NULL;

		if (clean && clean[0] && strcmp(clean, "none") != 0)
			json_array_append_new(reasons, json_string(clean));
	}
	if (said)
		fact_set_list(item, "reasons", reasons);
	else
		json_decref(reasons);
}

static json_t *queue_write(const json_t *line)
{
	const struct connection *found = connection_of(line);
	json_int_t state = json_integer_value(json_object_get(line, "state"));
	json_t *item = json_object();

	fact_set_text(item, "name", text_of(line, "name"));
	set_connection(item, line, found);
	fact_set_unknown(item, "make_model", "CUPS does not say");
	if (text_of(line, "make_model")[0])
		fact_set_text(item, "make_model", text_of(line, "make_model"));
	fact_set_text(item, "kind", is_embosser(line, found) ? "embosser" : "printer");
	fact_set_unknown(item, "state", "CUPS does not say");
	if (state >= 3 && state < (json_int_t)ARRAY_SIZE(states))
		fact_set_text(item, "state", states[state]);
	fact_set_unknown(item, "reasons", "CUPS does not say");
	set_reasons(item, line);
	fact_set_unknown(item, "accepting", "CUPS does not say");
	if (json_is_boolean(json_object_get(line, "accepting")))
		fact_set_bool(item, "accepting", json_is_true(json_object_get(line, "accepting")));
	return item;
}

int queues_of(const json_t *lines, json_t **ret_queues, struct err *err)
{
	json_t *queues = json_array();
	int r = 0;

	for (size_t i = 0; i < json_array_size(lines) && r >= 0; i++) {
		const json_t *line = json_array_get(lines, i);

		/* One that the printing of a page made goes away a minute later. */
		if (json_is_true(json_object_get(line, "temporary")))
			continue;
		if (!text_of(line, "name")[0])
			r = err_set(err, -EPROTO, "CUPS names a queue that has no name");
		else if (json_array_size(queues) == FACT_ITEMS_MAX)
			r = err_set(err, -E2BIG, "CUPS has more than %d queues", FACT_ITEMS_MAX);
		else
			json_array_append_new(queues, queue_write(line));
	}
	if (r >= 0 && json_dumpb(queues, NULL, 0, JSON_COMPACT) > QUEUES_BYTES_MAX)
		r = err_set(err, -E2BIG, "CUPS says more of its queues than fits into a report");
	if (r < 0) {
		json_decref(queues);
		return r;
	}
	*ret_queues = queues;
	return 0;
}

/* What may not be looked at may be there. */
static bool may_be_there(const struct env *env, const char *path)
{
	struct stat st;

	return fstatat(env->root_fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	       (errno != ENOENT && errno != ENOTDIR);
}

/* Whether @server, as client.conf(5) has it, is the one that is asked. */
static bool is_asked(const char *server)
{
	static const char *const names[] = { "localhost", "localhost:631", "/run/cups/cups.sock",
					     "/var/run/cups/cups.sock" };
	size_t len = strcspn(server, " \t");

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strlen(names[i]) == len && strncasecmp(names[i], server, len) == 0)
			return true;
	}
	return false;
}

/* Fails if programs print through another server than that of this device. */
static int check_client(const struct env *env, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	struct err why = { 0 };
	char *rest = NULL;
	int r = env_read(env, CLIENT_CONF, CLIENT_CONF_MAX, &text, NULL, &why);

	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r < 0)
		return err_set(err, r, "it is not known which CUPS server is used: %s", why.text);
	for (char *line = strtok_r(text, "\r\n", &rest); line;
	     line = strtok_r(NULL, "\r\n", &rest)) {
		line += strspn(line, " \t");
		if (strncasecmp(line, "ServerName", 10) != 0 || !isspace((unsigned char)line[10]))
			continue;
		if (!is_asked(line + 10 + strspn(line + 10, " \t")))
			return err_set(err, -EREMOTE,
				       "programs print through another CUPS server, which is not "
				       "asked (ServerName in /%s)",
				       CLIENT_CONF);
	}
	return 0;
}

/* Whether @path is in the folder @root; both as realpath() gives them. */
static bool is_below(const char *path, const char *root)
{
	return root && text_starts(path, root) && path[strlen(root)] == '/';
}

/*
 * The path of the socket, owned by the caller; NULL with 0 when there is no
 * CUPS. Below a recorded root no link may lead to the server of this machine.
 */
static int find_socket(const struct env *env, char **ret_path, struct err *err)
{
	static const char *const signs[] = { "usr/sbin/cupsd", "snap/cups/current", SOCKET };
	_cleanup_free_ char *joined = xasprintf("%s/%s", env->root, SOCKET);
	_cleanup_free_ char *root = realpath(env->root, NULL);
	_cleanup_free_ char *path = realpath(joined, NULL);
	struct stat st;

	if (path && stat(path, &st) == 0) {
		if (!S_ISSOCK(st.st_mode))
			return err_set(err, -ENOTSOCK, "/%s is no socket", SOCKET);
		if (env->root[0] && !is_below(path, root))
			return err_set(err, -EXDEV, "/%s is that of another machine", SOCKET);
		*ret_path = TAKE_PTR(path);
		return 0;
	}
	if (errno != ENOENT && errno != ENOTDIR)
		return err_errno(err, -errno, "/%s", SOCKET);
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		if (may_be_there(env, signs[i]))
			return err_set(err, -ENOENT,
				       "CUPS is installed and does not run, so that its queues "
				       "are not known");
	}
	return 0;
}

static int queues_read(const struct env *env, json_t **ret_queues, struct err *err)
{
	_cleanup_free_ char *path = NULL;
	json_t *lines = NULL;
	int r = check_client(env, err);

	if (r >= 0)
		r = find_socket(env, &path, err);
	if (r < 0)
		return r;
	if (!path) {
		*ret_queues = json_array();
		return 0;
	}
	r = helper_run(env, "cups", (const char *const[]){ path, NULL }, ASK_MS, &lines, err);
	if (r >= 0)
		r = queues_of(lines, ret_queues, err);
	json_decref(lines);
	return r;
}

void queues_set(const struct env *env, json_t *facts)
{
	struct err err = { 0 };
	json_t *queues = NULL;

	if (queues_read(env, &queues, &err) < 0)
		fact_set_unknown(facts, "queues", "%s", err.text);
	else
		fact_set_list(facts, "queues", queues);
}
