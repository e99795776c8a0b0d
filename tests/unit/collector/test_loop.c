/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "collector/http/loop.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

/* An answer without an end, of one byte a time, between which its connection sleeps. */
struct endless {
	struct sleeper sleeper; /* its loop is known before anybody asks */
	bool has_byte;
};

static ssize_t read_byte(void *cls, uint64_t position, char *buffer, size_t max)
{
	struct endless *endless = cls;

	(void)position;
	(void)max;
	endless->has_byte = !endless->has_byte;
	if (!endless->has_byte) {
		buffer[0] = '.';
		return 1;
	}
	MHD_suspend_connection(endless->sleeper.connection);
	loop_wake(&endless->sleeper);
	return 0;
}

/* NOLINTNEXTLINE(readability-function-size): the library gives the parameters */
static enum MHD_Result answer(void *cls, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *upload_data,
			      size_t *upload_data_size, void **request_context)
{
	struct endless *endless = cls;
	struct MHD_Response *response;
	enum MHD_Result is_queued;

	(void)url;
	(void)method;
	(void)version;
	(void)upload_data;
	(void)upload_data_size;
	(void)request_context;
	endless->sleeper.connection = connection;
	response =
		MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, read_byte, endless, NULL);
	is_queued = MHD_queue_response(connection, 200, response);
	MHD_destroy_response(response);
	return is_queued;
}

static void nothing(struct app *app)
{
	(void)app;
}

static int listen_somewhere(struct sockaddr_in *ret_address)
{
	socklen_t len = sizeof(*ret_address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	*ret_address = (struct sockaddr_in){ .sin_family = AF_INET,
					     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)ret_address, len), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)ret_address, &len), 0);
	return fd;
}

/* A client that asked and got the first of what comes. */
static int ask(const struct sockaddr_in *address)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
	char byte;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)address, sizeof(*address)), 0);
	assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
	assert_int_equal(recv(fd, &byte, 1, 0), 1);
	return fd;
}

static void an_answer_that_is_still_sent_does_not_keep_it_from_ending(void **state)
{
	const struct loop_hooks hooks = { .begin = nothing, .end = nothing };

	(void)state;
	/* In about every second last round the connection is left asleep. */
	for (int i = 0; i < 30; i++) {
		struct endless endless = { .has_byte = false };
		struct sockaddr_in address;
		struct err err = { 0 };
		int listen_fd = listen_somewhere(&address), client;
		struct MHD_Daemon *daemon = MHD_start_daemon(
			MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, answer, &endless,
			MHD_OPTION_LISTEN_SOCKET, listen_fd, MHD_OPTION_END);

		assert_non_null(daemon);
		assert_int_equal(loop_start(daemon, &hooks, &endless.sleeper.loop, &err), 0);
		client = ask(&address);
		assert_int_equal(loop_close(endless.sleeper.loop), listen_fd);
		loop_end(endless.sleeper.loop);
		close(listen_fd);
		close(client);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_that_is_still_sent_does_not_keep_it_from_ending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
