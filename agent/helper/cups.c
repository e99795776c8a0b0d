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

static const char *const asked[] = {
	"printer-name",         "printer-make-and-model",
	"printer-state",        "printer-state-reasons",
	"printer-type",         "printer-is-accepting-jobs",
	"printer-is-temporary", "device-uri",
};

/* Of one printer, while its attributes are read. */
struct queue {
	json_t *said;
	bool is_class;
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
	int port = 0;

	uri = unwrap(uri);
	if (httpSeparateURI(HTTP_URI_CODING_ALL, uri, scheme, sizeof(scheme), user, sizeof(user),
			    host, sizeof(host), &port, path, sizeof(path)) < HTTP_URI_STATUS_OK)
		return;
	json_object_set_new(said, "scheme", say_text(scheme));
	if (strcmp(scheme, "usb") == 0) {
		/* Without the serial number. */
		path[strcspn(path, "?")] = '\0';
		json_object_set_new(said, "usb_maker", say_text(host));
		json_object_set_new(said, "usb_product",
				    say_text(path[0] == '/' ? path + 1 : path));
	} else if (strcmp(scheme, "hp") == 0 || strcmp(scheme, "hpfax") == 0) {
		path[strcspn(path + (path[0] == '/'), "/") + (path[0] == '/')] = '\0';
		json_object_set_new(said, "via", say_text(path + (path[0] == '/')));
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

static void say_text_attribute(struct queue *queue, const char *name, ipp_attribute_t *attribute)
{
	const char *text = ippGetString(attribute, 0, NULL);

	if (!text)
		return;
	if (strcmp(name, "printer-name") == 0)
		json_object_set_new(queue->said, "name", say_text(text));
	else if (strcmp(name, "printer-make-and-model") == 0)
		json_object_set_new(queue->said, "make_model", say_text(text));
	else if (strcmp(name, "printer-state-reasons") == 0)
		json_object_set_new(queue->said, "reasons", texts(attribute));
	else if (strcmp(name, "device-uri") == 0)
		say_uri(queue->said, text);
}

static void say_attribute(struct queue *queue, ipp_attribute_t *attribute)
{
	const char *name = ippGetName(attribute);
	ipp_tag_t tag = ippGetValueTag(attribute);

	if (is_text(tag))
		say_text_attribute(queue, name, attribute);
	else if (strcmp(name, "printer-state") == 0 && tag == IPP_TAG_ENUM)
		json_object_set_new(queue->said, "state",
				    json_integer(ippGetInteger(attribute, 0)));
	else if (strcmp(name, "printer-type") == 0 && tag == IPP_TAG_ENUM)
		queue->is_class = ippGetInteger(attribute, 0) & CUPS_PRINTER_CLASS;
	else if (strcmp(name, "printer-is-accepting-jobs") == 0 && tag == IPP_TAG_BOOLEAN)
		json_object_set_new(queue->said, "accepting",
				    json_boolean(ippGetBoolean(attribute, 0)));
	else if (strcmp(name, "printer-is-temporary") == 0 && tag == IPP_TAG_BOOLEAN)
		json_object_set_new(queue->said, "temporary",
				    json_boolean(ippGetBoolean(attribute, 0)));
}

static void queue_end(struct queue *queue)
{
	if (!queue->said)
		return;
	/* The members of a class are queues of their own; it leads nowhere itself. */
	if (queue->is_class)
		json_object_set_new(queue->said, "scheme", say_text("class"));
	say(queue->said);
	queue->said = NULL;
}

static void say_queues(ipp_t *response)
{
	struct queue queue = { 0 };

	for (ipp_attribute_t *at = ippFirstAttribute(response); at;
	     at = ippNextAttribute(response)) {
		if (ippGetGroupTag(at) != IPP_TAG_PRINTER || !ippGetName(at)) {
			queue_end(&queue);
			continue;
		}
		if (!queue.said)
			queue = (struct queue){ .said = json_object() };
		say_attribute(&queue, at);
	}
	queue_end(&queue);
}

static ipp_t *ask(http_t *http)
{
	ipp_t *request = ippNewRequest(IPP_OP_CUPS_GET_PRINTERS);

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
	http = httpConnect2(argv[1], 0, NULL, AF_LOCAL, HTTP_ENCRYPTION_NEVER, 1, (int)ANSWER_MS, NULL);
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
