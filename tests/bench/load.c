/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A load of keep-alive connections, each posting the next report as soon as the
 * last one was answered.
 *
 *     load PORT CONNECTIONS SECONDS TEMPLATE KEYS [ACKED]
 *
 * TEMPLATE is a report in which @DEVICE@ and @SEQUENCE@ are put in; KEYS has a
 * line "DEVICE KEY" for each connection (used in turn). ACKED gets a line
 * "DEVICE SEQUENCE" for each report that was answered with 2xx, written before
 * the next is sent. Prints one line of JSON. A connection that ends stays ended:
 * a collector that was killed shows as fewer requests, not as an error of this.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_MAX (300 * 1024)
#define ANSWER_MAX 8192
#define SAMPLES_MAX (4 * 1024 * 1024)

struct client {
	int fd;
	char device[64], key[64];
	uint64_t sequence;
	char *request;
	size_t request_len, sent;
	char answer[ANSWER_MAX];
	size_t received;
	int64_t begun_us;
};

static char template[REQUEST_MAX];
static float *samples_ms;
static size_t n_samples, n_refused;
static FILE *acked;

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* Copy the template with its two blanks filled. */
static size_t fill_body(const struct client *client, char *out)
{
	char *start = out;

	for (const char *c = template; *c;) {
		if (strncmp(c, "@DEVICE@", 8) == 0) {
			out += sprintf(out, "%s", client->device);
			c += 8;
		} else if (strncmp(c, "@SEQUENCE@", 10) == 0) {
			out += sprintf(out, "%llu", (unsigned long long)client->sequence);
			c += 10;
		} else {
			*out++ = *c++;
		}
	}
	return (size_t)(out - start);
}

static void next_request(struct client *client)
{
	static char body[REQUEST_MAX];
	size_t len;

	client->sequence++;
	len = fill_body(client, body);
	client->request_len = (size_t)sprintf(client->request,
					      "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\n"
					      "Authorization: Bearer %s\r\n"
					      "Content-Type: application/json\r\n"
					      "Content-Length: %zu\r\n\r\n",
					      client->key, len);
	memcpy(client->request + client->request_len, body, len);
	client->request_len += len;
	client->sent = client->received = 0;
	client->begun_us = now_us();
}

/* Whether the whole answer is there: its head, and as much body as it says. */
static bool is_answered(struct client *client)
{
	char *end, *length;

	client->answer[client->received] = '\0';
	end = strstr(client->answer, "\r\n\r\n");
	if (!end)
		return false;
	length = strcasestr(client->answer, "content-length:");
	return client->received >=
	       (size_t)(end + 4 - client->answer) +
		       (length && length < end ? strtoul(length + 15, NULL, 10) : 0);
}

static void note_answer(struct client *client)
{
	int status = atoi(client->answer + 9);

	if (status < 200 || status > 299) {
		n_refused++;
		return;
	}
	if (acked) {
		fprintf(acked, "%s %llu\n", client->device, (unsigned long long)client->sequence);
		fflush(acked);
	}
	if (n_samples < SAMPLES_MAX)
		samples_ms[n_samples++] = (float)(now_us() - client->begun_us) / 1000.0f;
}

/* Go on with what the socket allows. False: the connection is over. */
static bool step(struct client *client)
{
	for (;;) {
		ssize_t n;

		if (client->sent < client->request_len) {
			n = send(client->fd, client->request + client->sent,
				 client->request_len - client->sent, MSG_NOSIGNAL);
			if (n < 0)
				return errno == EAGAIN;
			client->sent += (size_t)n;
			continue;
		}
		n = recv(client->fd, client->answer + client->received,
			 ANSWER_MAX - 1 - client->received, 0);
		if (n <= 0)
			return n < 0 && errno == EAGAIN;
		client->received += (size_t)n;
		if (is_answered(client)) {
			note_answer(client);
			next_request(client);
		}
	}
}

static int compare_float(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static void print_result(double seconds)
{
	qsort(samples_ms, n_samples, sizeof(*samples_ms), compare_float);
	printf("{\"answered\": %zu, \"refused\": %zu, \"seconds\": %.3f, \"per_second\": %.1f, "
	       "\"p50_ms\": %.3f, \"p99_ms\": %.3f}\n",
	       n_samples, n_refused, seconds, (double)n_samples / seconds,
	       n_samples ? (double)samples_ms[n_samples / 2] : 0,
	       n_samples ? (double)samples_ms[n_samples * 99 / 100] : 0);
}

static void read_keys(const char *path, struct client *clients, size_t n)
{
	FILE *file = fopen(path, "r");

	for (size_t i = 0; file && i < n; i++) {
		if (fscanf(file, "%63s %63s", clients[i].device, clients[i].key) != 2) {
			fprintf(stderr, "%s: fewer keys than connections\n", path);
			exit(1);
		}
	}
	if (!file) {
		perror(path);
		exit(1);
	}
	fclose(file);
}

static void connect_client(struct client *client, int port, int epoll)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = client };

	client->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(client->fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		perror("connect");
		exit(1);
	}
	setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	if (fcntl(client->fd, F_SETFL, O_NONBLOCK) < 0 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, client->fd, &event) < 0)
		exit(1);
	client->request = malloc(REQUEST_MAX + 1024);
	/* A device counts on and on: each run begins above the numbers of the one before. */
	client->sequence = (uint64_t)now_us();
	next_request(client);
}

int main(int argc, char *argv[])
{
	int port = argc > 5 ? atoi(argv[1]) : 0, epoll = epoll_create1(0);
	size_t n = argc > 5 ? (size_t)atoi(argv[2]) : 0, n_open = n;
	struct client *clients = calloc(n + 1, sizeof(*clients));
	int64_t begun_us, end_us;
	FILE *file;

	if (argc < 6 || !(file = fopen(argv[4], "r"))) {
		fprintf(stderr, "usage: load PORT CONNECTIONS SECONDS TEMPLATE KEYS [ACKED]\n");
		return 1;
	}
	(void)!fread(template, 1, sizeof(template) - 1, file);
	fclose(file);
	acked = argc > 6 ? fopen(argv[6], "w") : NULL;
	samples_ms = malloc(SAMPLES_MAX * sizeof(*samples_ms));
	read_keys(argv[5], clients, n);
	for (size_t i = 0; i < n; i++)
		connect_client(&clients[i], port, epoll);

	begun_us = now_us();
	end_us = begun_us + (int64_t)(atof(argv[3]) * 1e6);
	while (n_open > 0 && now_us() < end_us) {
		struct epoll_event events[256];
		int n_events = epoll_wait(epoll, events, 256, 100);

		for (int i = 0; i < n_events; i++) {
			struct client *client = events[i].data.ptr;

			if (client->fd >= 0 && !step(client)) {
				close(client->fd);
				client->fd = -1;
				n_open--;
			}
		}
	}
	print_result((double)(now_us() - begun_us) / 1e6);
	for (size_t i = 0; i < n; i++)
		free(clients[i].request);
	free(clients);
	free(samples_ms);
	return acked && fclose(acked) != 0;
}
