/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limit of taking reports: libmicrohttpd in poll mode and a plain jansson
 * parse of the body; nothing is checked or stored. Prints its port.
 *
 *     bare_report THREADS [empty] [CERTIFICATE KEY]
 *
 * answers POST with 200 after parsing, or, if it says so, with 204 without parsing; over TLS
 * with that certificate and its key, by the collector's ciphers.
 */
#include <jansson.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BODY_MAX (256 * 1024)

struct body {
	char *bytes;
	size_t len;
};

static bool is_empty;

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *text)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(strlen(text), (void *)text, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result r = MHD_queue_response(connection, status, response);

	MHD_destroy_response(response);
	return r;
}

static enum MHD_Result handle(void *closure, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *data,
			      size_t *data_size, void **state)
{
	struct body *body = *state;
	json_t *json;

	(void)closure;
	(void)url;
	(void)method;
	(void)version;
	if (!body) {
		*state = calloc(1, sizeof(struct body));
		return MHD_YES;
	}
	if (*data_size > 0) {
		if (body->len + *data_size > BODY_MAX)
			return MHD_NO;
		body->bytes = realloc(body->bytes, body->len + *data_size);
		memcpy(body->bytes + body->len, data, *data_size);
		body->len += *data_size;
		*data_size = 0;
		return MHD_YES;
	}
	if (is_empty)
		return answer(connection, MHD_HTTP_NO_CONTENT, "");
	json = json_loadb(body->bytes, body->len, 0, NULL);
	json_decref(json);
	return answer(connection, json ? 200 : 400, "{}");
}

static void done(void *closure, struct MHD_Connection *connection, void **state,
		 enum MHD_RequestTerminationCode why)
{
	struct body *body = *state;

	(void)closure;
	(void)connection;
	(void)why;
	if (body)
		free(body->bytes);
	free(body);
}

static char *read_file(const char *path)
{
	static char text[2][64 * 1024];
	static int n;
	FILE *file = fopen(path, "r");

	if (!file || n == 2) {
		perror(path);
		exit(1);
	}
	(void)!fread(text[n], 1, sizeof(text[n]) - 1, file);
	fclose(file);
	return text[n++];
}

int main(int argc, char *argv[])
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct MHD_OptionItem tls[] = { { MHD_OPTION_END, 0, NULL },
					{ MHD_OPTION_HTTPS_MEM_KEY, 0, NULL },
					{ MHD_OPTION_HTTPS_PRIORITIES, 0,
					  "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:"
					  "%SERVER_PRECEDENCE:%NO_TICKETS" },
					{ MHD_OPTION_END, 0, NULL } };
	struct MHD_Daemon *daemon;
	unsigned flags = MHD_USE_POLL_INTERNAL_THREAD;

	is_empty = argc == 3 || argc == 5;
	if (argc > 3) {
		tls[0].option = MHD_OPTION_HTTPS_MEM_CERT;
		tls[0].ptr_value = read_file(argv[argc - 2]);
		tls[1].ptr_value = read_file(argv[argc - 1]);
		flags |= MHD_USE_TLS;
	}
	daemon = MHD_start_daemon(flags, 0, NULL, NULL, handle, NULL, MHD_OPTION_ARRAY, tls,
				  MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_THREAD_POOL_SIZE,
				  (unsigned)atoi(argc > 1 ? argv[1] : "2"),
				  MHD_OPTION_CONNECTION_LIMIT, 16384u, MHD_OPTION_NOTIFY_COMPLETED,
				  done, NULL, MHD_OPTION_END);
	if (!daemon)
		return 1;
	printf("listening on http%s://127.0.0.1:%u\n", argc > 3 ? "s" : "",
	       MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	pause();
	return 0;
}
