/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A load of connections, each posting the next report as soon as the last one was
 * answered, or when it is its turn.
 *
 *     load [--path PATH] [--rate N] [--once] [--tls] [--least N] PORT CONNECTIONS SECONDS TEMPLATE
 *          KEYS [ACKED]
 *
 * TEMPLATE is a body in which @DEVICE@, @SEQUENCE@ and @FLIP@ (1 and 9 in turn) are put
 * in; KEYS has a line "DEVICE KEY" for each connection. ACKED gets a line "DEVICE
 * SEQUENCE" for each report that was answered with 2xx, written before the next is sent.
 *
 * --path is where it is posted, /v1/reports; --rate is how many all connections post in a
 * second, evenly, where the time of a request begins when it was due, so that one who is
 * late is not overlooked; --once takes a new connection for each request; --tls speaks TLS, with
 * the library that agents do, and looks at no certificate. Connections that stay have shaken hands
 * before the time begins. --least goes on beyond SECONDS, for two minutes at most, until N were
 * answered or told to come back: where many begin at once the first answer takes its time.
 *
 * Prints one line of JSON. A connection that ends stays ended: a collector that was killed
 * shows as fewer requests, not as an error of this.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BODY_MAX (300 * 1024)
#define HEAD_MAX 1024
#define ANSWER_MAX 8192
#define SAMPLES_MAX (4 * 1024 * 1024)
#define PIECES_MAX 64
#define DRAIN_US (5 * 1000 * 1000LL)
#define SHAKE_US (60 * 1000 * 1000LL)
#define LEAST_US (120 * 1000 * 1000LL)

struct client {
	int fd;
	SSL *tls;        /* NULL: plain */
	bool is_waiting; /* for its turn */
	char device[64], key[64];
	uint64_t sequence;
	char *request;
	size_t request_len, sent;
	char answer[ANSWER_MAX];
	size_t received;
	int64_t begun_us;
};

/* The template cut at its blanks. */
enum blank { BLANK_NONE, BLANK_DEVICE, BLANK_SEQUENCE, BLANK_FLIP };
static const char *const blanks[] = {
	[BLANK_DEVICE] = "@DEVICE@",
	[BLANK_SEQUENCE] = "@SEQUENCE@",
	[BLANK_FLIP] = "@FLIP@",
};
struct piece {
	const char *text;
	size_t len;
	enum blank blank; /* what stands behind the text */
};
static struct piece pieces[PIECES_MAX];
static size_t n_pieces;

static struct {
	const char *path;
	double rate; /* 0: as fast as they are answered */
	bool is_once;
	bool is_shaking; /* hands, and nothing else yet */
	SSL_CTX *tls;    /* NULL: plain */
	int port, epoll;
	double seconds;
	size_t least; /* answers */
} load = { .path = "/v1/reports" };

static float *samples_ms;
static size_t n_samples, n_refused, n_open;
static bool is_over; /* no more is posted, and what is answered yet does not count */
static FILE *acked;

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* --- requests --------------------------------------------------------------------------- */

/* The first blank in @text, or its end. */
static const char *find_blank(const char *text, enum blank *ret_blank)
{
	const char *first = text + strlen(text);

	*ret_blank = BLANK_NONE;
	for (unsigned i = BLANK_DEVICE; i <= BLANK_FLIP; i++) {
		const char *at = strstr(text, blanks[i]);

		if (at && at < first) {
			first = at;
			*ret_blank = i;
		}
	}
	return first;
}

static void read_template(const char *path)
{
	static char text[BODY_MAX];
	FILE *file = fopen(path, "r");
	const char *at = text;

	if (!file)
		die(path);
	(void)!fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	while (n_pieces < PIECES_MAX) {
		struct piece *piece = &pieces[n_pieces++];
		const char *blank = find_blank(at, &piece->blank);

		piece->text = at;
		piece->len = (size_t)(blank - at);
		if (piece->blank == BLANK_NONE)
			return;
		at = blank + strlen(blanks[piece->blank]);
	}
	fprintf(stderr, "%s: more than %d blanks\n", path, PIECES_MAX);
	exit(1);
}

static size_t fill_body(const struct client *client, char *out)
{
	char *start = out;

	for (size_t i = 0; i < n_pieces; i++) {
		memcpy(out, pieces[i].text, pieces[i].len);
		out += pieces[i].len;
		if (pieces[i].blank == BLANK_DEVICE)
			out += sprintf(out, "%s", client->device);
		else if (pieces[i].blank == BLANK_SEQUENCE)
			out += sprintf(out, "%llu", (unsigned long long)client->sequence);
		else if (pieces[i].blank == BLANK_FLIP)
			*out++ = client->sequence % 2 ? '1' : '9';
	}
	return (size_t)(out - start);
}

static void next_request(struct client *client)
{
	static char body[BODY_MAX + HEAD_MAX];
	size_t len;

	client->sequence++;
	len = fill_body(client, body);
	client->request_len = (size_t)sprintf(client->request,
					      "POST %s HTTP/1.1\r\nHost: localhost\r\n"
					      "Authorization: Bearer %s\r\n%s"
					      "Content-Type: application/json\r\n"
					      "Content-Length: %zu\r\n\r\n",
					      load.path, client->key,
					      load.is_once ? "Connection: close\r\n" : "", len);
	memcpy(client->request + client->request_len, body, len);
	client->request_len += len;
	client->sent = client->received = 0;
	client->begun_us = now_us();
}

/* --- TLS ----------------------------------------------------------------------------------- */

static void take_tls(void)
{
	load.tls = SSL_CTX_new(TLS_client_method());
	if (!load.tls)
		die("TLS");
	SSL_CTX_set_mode(load.tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS |
					   SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

/* As send() and recv() tell it. */
static ssize_t tell(const struct client *client, int n)
{
	int why;

	if (n > 0)
		return n;
	why = SSL_get_error(client->tls, n);
	ERR_clear_error();
	if (why == SSL_ERROR_ZERO_RETURN)
		return 0;
	errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
	return -1;
}

static ssize_t put(const struct client *client, const char *bytes, size_t len)
{
	return client->tls ? tell(client, SSL_write(client->tls, bytes, (int)len))
			   : send(client->fd, bytes, len, MSG_NOSIGNAL);
}

static ssize_t get(const struct client *client, char *bytes, size_t size)
{
	return client->tls ? tell(client, SSL_read(client->tls, bytes, (int)size))
			   : recv(client->fd, bytes, size, 0);
}

static void close_client(struct client *client)
{
	SSL_free(client->tls);
	client->tls = NULL;
	close(client->fd);
}

/* --- connections ------------------------------------------------------------------------- */

/* False: it cannot be made, as to a collector that is not there any more. */
static bool connect_client(struct client *client, int flags)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)load.port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = client };

	client->fd = socket(AF_INET, SOCK_STREAM | flags, 0);
	if (client->fd < 0)
		die("socket");
	setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	if (connect(client->fd, (struct sockaddr *)&address, sizeof(address)) < 0 &&
	    errno != EINPROGRESS)
		return false;
	if (fcntl(client->fd, F_SETFL, O_NONBLOCK) < 0 ||
	    epoll_ctl(load.epoll, EPOLL_CTL_ADD, client->fd, &event) < 0)
		die("epoll");
	if (load.tls) {
		client->tls = SSL_new(load.tls);
		if (!client->tls || SSL_set_fd(client->tls, client->fd) != 1)
			die("TLS");
		SSL_set_connect_state(client->tls);
	}
	return true;
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
		n_refused += !is_over;
		return;
	}
	if (acked) {
		fprintf(acked, "%s %llu\n", client->device, (unsigned long long)client->sequence);
		fflush(acked);
	}
	if (!is_over && n_samples < SAMPLES_MAX)
		samples_ms[n_samples++] = (float)(now_us() - client->begun_us) / 1000.0f;
}

/* False: the connection is over. */
static bool go_on(struct client *client)
{
	if (is_over)
		return false;
	if (load.is_once)
		close_client(client);
	if (load.rate > 0) {
		client->is_waiting = true;
		return true;
	}
	next_request(client);
	return !load.is_once || connect_client(client, SOCK_NONBLOCK);
}

/* Go on with what the socket allows. False: the connection is over. */
static bool step(struct client *client)
{
	if (load.is_shaking)
		return tell(client, SSL_do_handshake(client->tls)) > 0 || errno == EAGAIN;
	while (!client->is_waiting) {
		ssize_t n;

		if (client->sent < client->request_len) {
			n = put(client, client->request + client->sent,
				client->request_len - client->sent);
			if (n < 0)
				return errno == EAGAIN;
			client->sent += (size_t)n;
			continue;
		}
		n = get(client, client->answer + client->received,
			ANSWER_MAX - 1 - client->received);
		if (n <= 0)
			return n < 0 && errno == EAGAIN;
		client->received += (size_t)n;
		if (is_answered(client)) {
			note_answer(client);
			if (!go_on(client))
				return false;
		}
	}
	return true;
}

static void end_client(struct client *client)
{
	close_client(client);
	client->fd = -1;
	n_open--;
}

/* --- turns -------------------------------------------------------------------------------- */

/* Let those begin whose turn it is; who still waits for an answer is late for it. */
static void give_turns(struct client *clients, size_t n, int64_t begun_us)
{
	static uint64_t n_due;
	static size_t next;
	uint64_t due = (uint64_t)((double)(now_us() - begun_us) / 1e6 * load.rate);

	while (n_due < due) {
		struct client *client = &clients[next];
		int64_t due_us = begun_us + (int64_t)((double)n_due / load.rate * 1e6);

		if (client->fd >= 0 && !client->is_waiting)
			return;
		n_due++;
		next = (next + 1) % n;
		if (client->fd < 0)
			continue;
		client->is_waiting = false;
		next_request(client);
		client->begun_us = due_us;
		if ((load.is_once && !connect_client(client, SOCK_NONBLOCK)) || !step(client))
			end_client(client);
	}
}

static void go_on_with(int timeout_ms)
{
	struct epoll_event events[256];
	int n_events = epoll_wait(load.epoll, events, 256, timeout_ms);

	for (int i = 0; i < n_events; i++) {
		struct client *client = events[i].data.ptr;

		if (client->fd >= 0 && !step(client))
			end_client(client);
	}
}

/*
 * Wait for the answers that are on their way: what is still unread when the same devices
 * post again would arrive among that, and look like another machine's.
 */
static void drain(struct client *clients, size_t n)
{
	int64_t end_us = now_us() + DRAIN_US;
	size_t n_counted = n_open;

	is_over = true;
	for (size_t i = 0; i < n; i++) {
		if (clients[i].fd >= 0 && clients[i].is_waiting)
			end_client(&clients[i]);
	}
	while (n_open > 0 && now_us() < end_us)
		go_on_with(10);
	n_open = n_counted;
}

static bool have_shaken(const struct client *clients, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (clients[i].fd >= 0 && !SSL_is_init_finished(clients[i].tls))
			return false;
	}
	return true;
}

/* All of them, before any of them says anything. */
static void shake_hands(struct client *clients, size_t n)
{
	int64_t end_us = now_us() + SHAKE_US;

	load.is_shaking = true;
	while (!have_shaken(clients, n) && now_us() < end_us)
		go_on_with(10);
	load.is_shaking = false;
}

/* What was told of a socket while hands were shaken is not told again. */
static void begin(struct client *clients, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		clients[i].begun_us = now_us();
		if (clients[i].fd >= 0 && !step(&clients[i]))
			end_client(&clients[i]);
	}
}

/* Whether the time goes on that is measured. */
static bool is_time(int64_t begun_us, double seconds)
{
	int64_t since_us = now_us() - begun_us;

	return since_us < (int64_t)(seconds * 1e6) ||
	       (n_samples + n_refused < load.least && since_us < LEAST_US);
}

static void run(struct client *clients, size_t n)
{
	int64_t begun_us;

	if (load.tls && !load.is_once)
		shake_hands(clients, n);
	begun_us = now_us();
	if (load.tls && !load.is_once)
		begin(clients, n);
	while (n_open > 0 && is_time(begun_us, load.seconds)) {
		go_on_with(load.rate > 0 ? 1 : 100);
		if (load.rate > 0)
			give_turns(clients, n, begun_us);
	}
	load.seconds = (double)(now_us() - begun_us) / 1e6;
	drain(clients, n);
}

/* --- the program --------------------------------------------------------------------------- */

static int compare_float(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static void print_result(void)
{
	qsort(samples_ms, n_samples, sizeof(*samples_ms), compare_float);
	printf("{\"answered\": %zu, \"refused\": %zu, \"seconds\": %.3f, \"per_second\": %.1f, "
	       "\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"open\": %zu}\n",
	       n_samples, n_refused, load.seconds, (double)n_samples / load.seconds,
	       n_samples ? (double)samples_ms[n_samples / 2] : 0,
	       n_samples ? (double)samples_ms[n_samples * 99 / 100] : 0, n_open);
}

static void read_keys(const char *path, struct client *clients, size_t n)
{
	FILE *file = fopen(path, "r");

	if (!file)
		die(path);
	for (size_t i = 0; i < n; i++) {
		if (fscanf(file, "%63s %63s", clients[i].device, clients[i].key) != 2) {
			fprintf(stderr, "%s: fewer keys than connections\n", path);
			exit(1);
		}
	}
	fclose(file);
}

/* Returns the place of the first argument that is no option. */
static int read_options(int argc, char *argv[])
{
	static const struct option names[] = {
		{ "path", required_argument, NULL, 'p' },  { "rate", required_argument, NULL, 'r' },
		{ "once", no_argument, NULL, 'o' },        { "tls", no_argument, NULL, 't' },
		{ "least", required_argument, NULL, 'l' }, { 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (c == 'p')
			load.path = optarg;
		else if (c == 'r')
			load.rate = atof(optarg);
		else if (c == 'o')
			load.is_once = true;
		else if (c == 't')
			take_tls();
		else if (c == 'l')
			load.least = strtoul(optarg, NULL, 10);
		else
			exit(2);
	}
	if (argc - optind < 5) {
		fprintf(stderr, "usage: load [--path PATH] [--rate N] [--once] [--tls] "
				"[--least N] PORT CONNECTIONS SECONDS TEMPLATE KEYS [ACKED]\n");
		exit(2);
	}
	return optind;
}

int main(int argc, char *argv[])
{
	char **args = argv + read_options(argc, argv);
	size_t n = (size_t)atoi(args[1]);
	struct client *clients = calloc(n + 1, sizeof(*clients));
	struct rlimit files;

	(void)signal(SIGPIPE, SIG_IGN); /* OpenSSL writes without MSG_NOSIGNAL */
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	load.port = atoi(args[0]);
	load.seconds = atof(args[2]);
	load.epoll = epoll_create1(0);
	read_template(args[3]);
	read_keys(args[4], clients, n);
	acked = args[5] ? fopen(args[5], "w") : NULL;
	samples_ms = malloc(SAMPLES_MAX * sizeof(*samples_ms));
	for (size_t i = 0; i < n; i++) {
		clients[i].request = malloc(BODY_MAX + HEAD_MAX);
		/* A device counts on and on: each run begins above the numbers of the one before.
		 */
		clients[i].sequence = (uint64_t)now_us();
		clients[i].is_waiting = load.rate > 0;
		if (!clients[i].is_waiting)
			next_request(&clients[i]);
		if (!(load.is_once && load.rate > 0) && !connect_client(&clients[i], 0))
			die("connect");
	}
	n_open = n;
	run(clients, n);
	print_result();
	for (size_t i = 0; i < n; i++)
		free(clients[i].request);
	free(clients);
	free(samples_ms);
	return acked && fclose(acked) != 0;
}
