/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cups SOCKET: which queues the CUPS server behind the Unix socket SOCKET has.
 *
 * CUPS-Get-Printers is asked of that one server; cupsGetDests() would look for
 * printers in the network. A device-uri can hold passwords and the names of
 * hosts: of it only the scheme is said and, where the address is no host, what
 * is needed to tell what the queue leads to.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cups/cups.h>

#include "agent/helper/say.h"

/* Until the server is given up; the agent waits a little longer, and ends what uses 2 s of CPU. */
#define ANSWER_MS 2500L
#define CPU_MS 1500L
#define QUEUES_MAX 65    /* one more than the agent lists */
#define REASONS_MAX 65   /* likewise */
#define URI_PART_MAX 256 /* bytes; what is longer is cut by httpSeparateURI() */

enum as { AS_TEXT, AS_TEXTS, AS_ENUM, AS_BOOL, AS_URI };

/* What is asked of a queue, and how it is said. */
static const struct said {
	const char *attribute, *member;
	enum as as;
} table[] = {
	{ "printer-name", "name", AS_TEXT },
	{ "printer-make-and-model", "make_model", AS_TEXT },
	{ "printer-state", "state", AS_ENUM },
	{ "printer-state-reasons", "reasons", AS_TEXTS },
	{ "printer-type", "type", AS_ENUM },
	{ "printer-is-accepting-jobs", "accepting", AS_BOOL },
	{ "printer-is-temporary", "temporary", AS_BOOL },
	{ "device-uri", NULL, AS_URI },
};

static int give_up(http_t *http, void *data)
{
	(void)http;
	(void)data;
	return 0;
}

static const char *no_password(const char *prompt, http_t *http, const char *method,
			       const char *resource, void *data)
{
	(void)prompt;
	(void)http;
	(void)method;
	(void)resource;
	(void)data;
	return NULL;
}

/* "beh:/1/3/5/usb://..." of the backend that tries again: the uri that it hands jobs on to. */
static const char *unwrap(const char *uri)
{
	const char *at = uri;

	if (strncmp(uri, "beh:/", 5) != 0)
		return uri;
	for (int slashes = 0; at && slashes < 4; slashes++) {
		at = strchr(at, '/');
		at += at ? 1 : 0;
	}
	return at ? at : uri;
}

static bool is_this_device(const char *host)
{
	return strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
	       strncmp(host, "127.", 4) == 0;
}

/*
 * Say where @uri leads, in so far as it is on this device: "via" is the port's
 * kind in an hp: uri, "localhost" with its port, or "usb" for what ipp-usb
 * announces as "NAME (USB)". usb://MAKER/MODEL names no host.
 */
static void say_uri(json_t *said, const char *uri)
{
	char scheme[64] = "", user[URI_PART_MAX], host[URI_PART_MAX] = "", path[URI_PART_MAX] = "";
	char *first;
	int port = 0;

	uri = unwrap(uri);
	if (httpSeparateURI(HTTP_URI_CODING_ALL, uri, scheme, sizeof(scheme), user, sizeof(user),
			    host, sizeof(host), &port, path, sizeof(path)) < HTTP_URI_STATUS_OK)
		return;
	first = path + strspn(path, "/");
	json_object_set_new(said, "scheme", say_text(scheme));
	if (strcmp(scheme, "usb") == 0) {
		/* Without the serial number. */
		first[strcspn(first, "?")] = '\0';
		json_object_set_new(said, "usb_maker", say_text(host));
		json_object_set_new(said, "usb_product", say_text(first));
	} else if (strcmp(scheme, "hp") == 0 || strcmp(scheme, "hpfax") == 0) {
		first[strcspn(first, "/?")] = '\0';
		json_object_set_new(said, "via", say_text(first));
	} else if (is_this_device(host)) {
		json_object_set_new(said, "via", say_text("localhost"));
		json_object_set_new(said, "port", json_integer(port));
	} else if (strstr(host, "(USB)._ipp")) {
		json_object_set_new(said, "via", say_text("usb"));
	}
}

static json_t *texts(ipp_attribute_t *attribute)
{
	json_t *said = json_array();

	for (int i = 0; i < ippGetCount(attribute) && i < REASONS_MAX; i++)
		json_array_append_new(said, say_text(ippGetString(attribute, i, NULL)));
	return said;
}

static bool is_text(ipp_tag_t tag)
{
	return tag == IPP_TAG_NAME || tag == IPP_TAG_NAMELANG || tag == IPP_TAG_TEXT ||
	       tag == IPP_TAG_TEXTLANG || tag == IPP_TAG_KEYWORD || tag == IPP_TAG_URI;
}

/* An attribute of another type than it should have is left out, which makes it unknown. */
static void say_attribute(json_t *said, const struct said *row, ipp_attribute_t *attribute)
{
	const char *text = NULL;
	ipp_tag_t tag = ippGetValueTag(attribute);

	if (is_text(tag))
		text = ippGetString(attribute, 0, NULL);
	if (row->as == AS_TEXT && text)
		json_object_set_new(said, row->member, say_text(text));
	else if (row->as == AS_TEXTS && text)
		json_object_set_new(said, row->member, texts(attribute));
	else if (row->as == AS_URI && text)
		say_uri(said, text);
	else if (row->as == AS_ENUM && tag == IPP_TAG_ENUM)
		json_object_set_new(said, row->member, json_integer(ippGetInteger(attribute, 0)));
	else if (row->as == AS_BOOL && tag == IPP_TAG_BOOLEAN)
		json_object_set_new(said, row->member, json_boolean(ippGetBoolean(attribute, 0)));
}

/* Say the queue @said (taken), if there is one. */
static void queue_end(json_t *said)
{
	if (!said)
		return;
	/* The members of a class are queues of their own; it leads nowhere itself. */
	if (json_integer_value(json_object_get(said, "type")) & CUPS_PRINTER_CLASS)
		json_object_set_new(said, "scheme", say_text("class"));
	json_object_del(said, "type");
	say(said);
}

static void say_named(json_t *said, const char *name, ipp_attribute_t *attribute)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (strcmp(table[i].attribute, name) == 0)
			say_attribute(said, &table[i], attribute);
	}
}

static void say_queues(ipp_t *response)
{
	json_t *said = NULL;

	for (ipp_attribute_t *at = ippFirstAttribute(response); at;
	     at = ippNextAttribute(response)) {
		const char *name = ippGetName(at);

		/* What is between two queues has no name. */
		if (ippGetGroupTag(at) != IPP_TAG_PRINTER || !name) {
			queue_end(said);
			said = NULL;
			continue;
		}
		if (!said)
			said = json_object();
		say_named(said, name, at);
	}
	queue_end(said);
}

static ipp_t *ask(http_t *http)
{
	ipp_t *request = ippNewRequest(IPP_OP_CUPS_GET_PRINTERS);
	const char *asked[ARRAY_SIZE(table)];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		asked[i] = table[i].attribute;

	/* No requesting-user-name: with one, queues that this user may not use were left out. */
	ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "limit", QUEUES_MAX);
	ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
		      (int)ARRAY_SIZE(asked), NULL, asked);
	return cupsDoRequest(http, request, "/");
}

/* Whatever libcups is doing: nothing was said yet, and _exit() leaves it so. */
static void say_late(int signal)
{
	static const char late[] =
		"{\"error\":\"CUPS is set up on this device, but did not answer in time\"}\n";
	static const char flood[] = "{\"error\":\"CUPS did not answer as it should: too much\"}\n";
	ssize_t n = signal == SIGALRM ? write(STDOUT_FILENO, late, sizeof(late) - 1)
				      : write(STDOUT_FILENO, flood, sizeof(flood) - 1);

	_exit(n < 0);
}

static void limit_time(void)
{
	const struct itimerval wall = { .it_value = { ANSWER_MS / 1000, ANSWER_MS % 1000 * 1000 } };
	const struct itimerval cpu = { .it_value = { CPU_MS / 1000, CPU_MS % 1000 * 1000 } };

	(void)signal(SIGALRM, say_late);
	(void)signal(SIGPROF, say_late);
	(void)setitimer(ITIMER_REAL, &wall, NULL);
	(void)setitimer(ITIMER_PROF, &cpu, NULL);
}

static void unlimit_time(void)
{
	const struct itimerval off = { 0 };

	(void)setitimer(ITIMER_REAL, &off, NULL);
	(void)setitimer(ITIMER_PROF, &off, NULL);
}

/* libcups says "Host is down" of any socket that cannot be reached. */
_Noreturn static void say_unreachable(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		say_error("CUPS is set up on this device, and cannot be reached: %s",
			  strerrordesc_np(errno));
	say_error("CUPS is set up on this device, and cannot be reached");
}

/* Without a response libcups has an HTTP status, or some errno that has nothing to do with it. */
_Noreturn static void say_refused(const ipp_t *response)
{
	ipp_status_t status = cupsLastError();
	bool is_refused = status == IPP_STATUS_ERROR_FORBIDDEN ||
			  status == IPP_STATUS_ERROR_NOT_AUTHORIZED ||
			  status == IPP_STATUS_ERROR_NOT_AUTHENTICATED;

	if (is_refused || response)
		say_error("CUPS does not say which queues it has: %s", ippErrorString(status));
	say_error("CUPS did not answer as it should");
}

int main(int argc, char *argv[])
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	http_t *http;
	ipp_t *response;

	/* libcups would cut a longer path, and ask another socket. */
	if (argc != 2 || argv[1][0] != '/' || strlen(argv[1]) >= sizeof(address.sun_path))
		say_error("the path of CUPS's socket cannot be used");
	memcpy(address.sun_path, argv[1], strlen(argv[1]) + 1);
	limit_time();
	cupsSetPasswordCB2(no_password, NULL);
	http = httpConnect2(argv[1], 0, NULL, AF_LOCAL, HTTP_ENCRYPTION_NEVER, 1, (int)ANSWER_MS,
			    NULL);
	if (!http)
		say_unreachable(&address);
	httpSetTimeout(http, ANSWER_MS / 1000.0, give_up, NULL);
	response = ask(http);
	unlimit_time();
	/* "No destinations added" is said in these words of an error; HTTP's 404 has no response.
	 */
	if (response && ippGetStatusCode(response) == IPP_STATUS_ERROR_NOT_FOUND)
		say_end();
	if (!response || ippGetStatusCode(response) >= IPP_STATUS_REDIRECTION_OTHER_SITE)
		say_refused(response);
	say_queues(response);
	ippDelete(response);
	httpClose(http);
	say_end();
}
