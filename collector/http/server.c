/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <microhttpd.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "collector/http/header.h"
#include "collector/http/link.h"
#include "collector/http/loop.h"
#include "collector/http/newcomer.h"
#include "collector/http/server.h"
#include "collector/metrics.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"

#define STOP_MS INT64_C(5000)
#define STOP_STEP_MS 10
#define STREAM_BYTES ((size_t)16 * 1024)

/* What the library's callbacks are given: whose connection it is. */
struct worker {
	struct server *server;
	struct loop *loop;
};

struct server {
	struct server_config config;
	struct links links;
	size_t max_connections;
	int quiet_fd; /* the listening socket after server_close(); else -1 */
	atomic_bool is_closing;
	atomic_int n_requests;
	atomic_size_t large_bytes; /* of all bodies that are large */
	unsigned n_workers;
	struct worker workers[];
};

/* What is kept of a connection from its first to its last byte. */
struct peer {
	struct link *link;
	struct newcomer newcomer;
	char network[NETWORK_SIZE]; /* of its other end */
};

/* One request on a connection and what became of it. */
struct exchange {
	struct server *server;
	struct MHD_Connection *connection;
	struct sleeper sleeper;
	struct peer *peer;
	struct request request;
	struct response response;
	char *target;
	const char *target_at; /* where it was received, and may be no more: only for its place */
	size_t body_size;      /* allocated */
	size_t large_bytes;    /* of these, what is counted in the server's */
	size_t n_drained;      /* bytes of a body that nobody wants */
	bool is_begun;
	bool is_waiting;
	bool is_answered;
};

/* --- connections --------------------------------------------------------------- */

static struct peer *peer_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info->socket_context;
}

static struct peer *make_peer(const struct worker *worker, struct MHD_Connection *connection)
{
	struct server *server = worker->server;
	struct peer *peer = xcalloc(1, sizeof(*peer));
	const union MHD_ConnectionInfo *info;

	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	if (info->client_addr)
		network_text(info->client_addr, peer->network);
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	peer->link = links_add(&server->links, info->connect_fd);
	if (server->config.tls)
		loop_came(worker->loop, &peer->newcomer, connection);
	return peer;
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
			  enum MHD_ConnectionNotificationCode code)
{
	const struct worker *worker = cls;
	struct peer *peer = *socket_context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*socket_context = make_peer(worker, connection);
	} else if (peer) {
		loop_goes(worker->loop, &peer->newcomer);
		loop_has_room(worker->loop);
		links_remove(&worker->server->links, peer->link);
		free(peer);
		*socket_context = NULL;
	}
}

void server_cut_slow(struct server *server)
{
	links_cut_slow(&server->links);
}

/* --- requests ----------------------------------------------------------------- */

static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
	const struct worker *worker = cls;
	struct server *server = worker->server;
	struct exchange *exchange = xcalloc(1, sizeof(*exchange));
	struct peer *peer = peer_of(connection);

	exchange->server = server;
	exchange->connection = connection;
	exchange->sleeper.loop = worker->loop;
	exchange->sleeper.connection = connection;
	exchange->target = xstrdup(target); /* within LIMIT_CONNECTION_MEMORY */
	exchange->target_at = target;
	exchange->peer = peer;
	/* Who asks has shaken hands, and sleeps when it is told to by the request. */
	loop_goes(worker->loop, &peer->newcomer);
	atomic_fetch_add(&server->n_requests, 1);
	link_stage(exchange->peer->link, STAGE_READING);
	return exchange;
}

/* From now on @size bytes of memory are the body's. False: all have too many. */
static bool count_large(struct exchange *exchange, size_t size)
{
	atomic_size_t *all = &exchange->server->large_bytes;
	size_t now = size > LIMIT_SMALL_BODY ? size : 0, was = exchange->large_bytes;

	if (now <= was) {
		atomic_fetch_sub(all, was - now);
	} else if (atomic_fetch_add(all, now - was) > LIMIT_LARGE_BODIES - (now - was)) {
		atomic_fetch_sub(all, now - was);
		return false;
	}
	exchange->large_bytes = now;
	return true;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **request_context,
			 enum MHD_RequestTerminationCode code)
{
	const struct worker *worker = cls;
	struct exchange *exchange = *request_context;

	(void)code;
	(void)connection;
	if (!exchange)
		return;
	link_stage(exchange->peer->link, STAGE_IDLE);
	if (!exchange->is_answered)
		metrics_cut();
	response_done(&exchange->response);
	target_done(&exchange->request.target);
	caller_done(&exchange->request.caller);
	free(exchange->request.body);
	(void)count_large(exchange, 0);
	free(exchange->target);
	free(exchange);
	*request_context = NULL;
	atomic_fetch_sub(&worker->server->n_requests, 1);
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name,
				 const char *value)
{
	(void)kind;
	header_field(cls, name, value);
	return MHD_YES;
}

static void read_header(struct MHD_Connection *connection, const struct request_line *line,
			const char *login_field, struct headers *headers)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	struct header_reader reader = { .login_field = login_field };

	header_begin(&reader, headers, line);
	MHD_get_connection_values(connection, MHD_HEADER_KIND, on_header, &reader);
	header_end(&reader, info ? info->header_size : 0);
}

/* Paths and queries are decoded by target_parse(), strictly and once. */
static size_t leave_as_it_is(void *cls, struct MHD_Connection *connection, char *text)
{
	(void)cls;
	(void)connection;
	return strlen(text);
}

/*
 * What the library asks for is at most STREAM_BYTES, and less where it has less room. While
 * nothing is at hand the connection sleeps; its time goes on, and it is cut awake or asleep.
 */
static ssize_t on_read(void *cls, uint64_t position, char *buffer, size_t max)
{
	struct exchange *exchange = cls;
	const struct stream *stream = &exchange->response.stream;
	ssize_t n = stream->read(stream->source, buffer, max);

	(void)position;
	if (n == -EAGAIN) {
		/* First suspended, then asked for: it may be there before more() returns. */
		MHD_suspend_connection(exchange->connection);
		stream->more(stream->source, &exchange->request);
		return 0;
	}
	if (n >= 0)
		return n;
	return n == -ENODATA ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
}

/* The exchange outlives the answer, and so does its body. */
static struct MHD_Response *make_body(struct exchange *exchange)
{
	const struct response *res = &exchange->response;

	if (res->stream.read)
		return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BYTES, on_read,
							 exchange, NULL);
	return MHD_create_response_from_buffer(res->len, (void *)res->body, MHD_RESPMEM_PERSISTENT);
}

/* A browser is not what has a device's key. */
static bool is_for_browser(const struct route *route)
{
	return !route || route->needs == ACCESS_ANYBODY || route->needs == ACCESS_STAFF;
}

static struct MHD_Response *make_response(struct exchange *exchange)
{
	static const struct {
		const char *name;
		const char *value;
	} browser[] = {
		{ "X-Content-Type-Options", "nosniff" },
		{ "Referrer-Policy", "no-referrer" },
		{ "Content-Security-Policy",
		  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
		  "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
		  "frame-ancestors 'none'" },
	};
	const struct response *res = &exchange->response;
	struct MHD_Response *out;

	out = make_body(exchange);
	if (!out)
		return NULL;
	if (is_for_browser(exchange->request.route) && exchange->request.is_secure)
		MHD_add_response_header(out, "Strict-Transport-Security", "max-age=31536000");
	for (size_t i = 0; is_for_browser(exchange->request.route) && i < ARRAY_SIZE(browser); i++)
		MHD_add_response_header(out, browser[i].name, browser[i].value);
	for (size_t i = 0; i < res->n_headers; i++)
		MHD_add_response_header(out, res->headers[i].name, res->headers[i].value);
	if (res->location)
		MHD_add_response_header(out, MHD_HTTP_HEADER_LOCATION, res->location);
	if (res->type)
		MHD_add_response_header(out, MHD_HTTP_HEADER_CONTENT_TYPE, res->type);
	if (res->cache)
		MHD_add_response_header(out, MHD_HTTP_HEADER_CACHE_CONTROL, res->cache);
	if (res->etag[0])
		MHD_add_response_header(out, MHD_HTTP_HEADER_ETAG, res->etag);
	if (res->closes || atomic_load(&exchange->server->is_closing))
		MHD_add_response_header(out, MHD_HTTP_HEADER_CONNECTION, "close");
	return out;
}

static void note(struct exchange *exchange)
{
	const struct route *const *routes = exchange->server->config.dispatch.routes;
	const struct request *req = &exchange->request;
	const struct response *res = &exchange->response;

	exchange->is_answered = true;
	metrics_request(req->route ? route_row(routes, req->route) : METRICS_NO_ROUTE, res->status,
			res->is_refusal ? res->problem : PROBLEM_MAX_,
			metrics_now_us() - req->now_us);
}

static enum MHD_Result answer(struct exchange *exchange)
{
	struct response *res = &exchange->response;
	struct MHD_Response *out;
	enum MHD_Result is_queued;

	if (!res->status)
		response_problem(res, PROBLEM_INTERNAL, "The collector made no answer.");
	if (request_is_read(&exchange->request))
		response_check_match(res, exchange->request.headers.if_none_match);
	out = make_response(exchange);
	if (!out)
		return MHD_NO;
	link_stage(exchange->peer->link, res->stream.read ? STAGE_STREAMING : STAGE_ANSWERING);
	note(exchange);
	is_queued = MHD_queue_response(exchange->connection, (unsigned)res->status, out);
	MHD_destroy_response(out);
	return is_queued;
}

/*
 * The header is there. A refusal usually waits until the body was read, since a
 * client that is still sending when the connection closes never sees the answer.
 */
/* Where it comes from, and whether nobody on the way could read it. */
static void find_network(struct exchange *exchange)
{
	static struct log_seldom seldom;
	const struct server_config *config = &exchange->server->config;
	struct request *req = &exchange->request;
	const char *proto = req->headers.forwarded_proto;

	memcpy(req->network, exchange->peer->network, sizeof(req->network));
	req->is_secure = config->tls != NULL;
	if (config->proxies &&
	    network_forwarded(config->proxies, req->headers.forwarded_for, req->network)) {
		req->is_secure = proto && strcasecmp(proto, "https") == 0;
		req->proxy_login = req->headers.login;
	} else if (req->headers.login) {
		log_seldom(&seldom, LOG_WARNING,
			   "the field %s of %s was ignored: only an address that "
			   "--trusted-proxy names may say who signed in",
			   config->login_field, req->network);
	}
}

static enum MHD_Result begin(struct exchange *exchange, const char *method, const char *version)
{
	struct request *req = &exchange->request;
	bool is_at_once;

	exchange->is_begun = true;
	req->app = exchange->server->config.app;
	req->method = method;
	req->now_ms = clock_now_ms();
	req->now_us = metrics_now_us();
	read_header(exchange->connection,
		    &(struct request_line){ method, exchange->target_at,
					    exchange->target_at + strlen(exchange->target),
					    version },
		    exchange->server->config.login_field, &req->headers);
	find_network(exchange);
	dispatch_begin(&exchange->server->config.dispatch, exchange->target, req,
		       &exchange->response);
	is_at_once = exchange->response.is_at_once || req->headers.expect ||
		     (req->headers.content_length &&
		      strtoull(req->headers.content_length, NULL, 10) > LIMIT_DRAIN_BYTES);
	return exchange->response.status && is_at_once ? answer(exchange) : MHD_YES;
}

static void forget_body(struct exchange *exchange)
{
	free(exchange->request.body);
	exchange->request.body = NULL;
	exchange->request.body_len = exchange->body_size = 0;
	(void)count_large(exchange, 0);
}

/* Room for @len bytes more, of at most @max in all; false: there is none now. */
static bool grow_body(struct exchange *exchange, size_t len, size_t max)
{
	struct request *req = &exchange->request;
	size_t size = (req->body_len + len) * 2;

	if (req->body_len + len <= exchange->body_size)
		return true;
	if (size > max)
		size = max;
	if (!count_large(exchange, size))
		return false;
	exchange->body_size = size;
	req->body = xreallocarray(req->body, size + 1, 1);
	return true;
}

static void keep_body(struct exchange *exchange, const char *data, size_t len)
{
	struct request *req = &exchange->request;
	size_t max = dispatch_body_bytes(req);

	if (len > max - req->body_len) {
		dispatch_refuse_body(req, &exchange->response);
		forget_body(exchange);
		return;
	}
	if (!grow_body(exchange, len, max)) {
		response_problem(&exchange->response, PROBLEM_UNAVAILABLE,
				 "Too much is being sent at this moment. Nothing was stored; send "
				 "it again later.");
		forget_body(exchange);
		return;
	}
	memcpy(req->body + req->body_len, data, len);
	req->body_len += len;
	req->body[req->body_len] = '\0';
}

static enum MHD_Result take_body(struct exchange *exchange, const char *data, size_t len)
{
	if (!exchange->response.status)
		keep_body(exchange, data, len);
	if (exchange->response.status)
		exchange->n_drained += len;
	return exchange->n_drained > LIMIT_DRAIN_BYTES ? MHD_NO : MHD_YES;
}

static enum MHD_Result end(struct exchange *exchange)
{
	struct request *req = &exchange->request;
	struct response *res = &exchange->response;

	if (exchange->is_waiting) {
		exchange->is_waiting = false;
		res->later.finish(req, res, res->later.work);
		return answer(exchange);
	}
	if (!res->status)
		dispatch_end(&exchange->server->config.dispatch, req, res);
	if (res->status || !res->later.start)
		return answer(exchange);

	/* First suspended, then handed on: the answer may come before start() returns. */
	exchange->is_waiting = true;
	link_stage(exchange->peer->link, STAGE_WAITING);
	MHD_suspend_connection(exchange->connection);
	res->later.start(req, res->later.work);
	return MHD_YES;
}

/* NOLINTNEXTLINE(readability-function-size): the library gives the parameters */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload_data,
				  size_t *upload_data_size, void **request_context)
{
	struct exchange *exchange = *request_context;

	(void)cls;
	(void)connection;
	(void)url;
	if (!exchange->is_begun)
		return begin(exchange, method, version);
	if (*upload_data_size > 0) {
		size_t len = *upload_data_size;

		*upload_data_size = 0;
		return take_body(exchange, upload_data, len);
	}
	return end(exchange);
}

void request_wake(struct request *req)
{
	struct exchange *exchange =
		(struct exchange *)((char *)req - offsetof(struct exchange, request));

	loop_wake(&exchange->sleeper);
}

/* --- start and stop ------------------------------------------------------------ */

/* What files, the store and its readers need besides. */
#define OTHER_DESCRIPTORS ((rlim_t)256)

static size_t max_connections(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 ||
	    limit.rlim_cur >= LIMIT_CONNECTIONS + OTHER_DESCRIPTORS)
		return LIMIT_CONNECTIONS;
	return limit.rlim_cur > 2 * OTHER_DESCRIPTORS ? limit.rlim_cur - OTHER_DESCRIPTORS
						      : limit.rlim_cur / 2;
}

/* NULL: it could not start. */
static struct MHD_Daemon *start_daemon(struct worker *worker)
{
	struct server *server = worker->server;
	const struct server_config *config = &server->config;
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_CERT_CALLBACK, 0, tls_callback() },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)tls_priorities },
		{ MHD_OPTION_END, 0, NULL },
	};

	if (!config->tls)
		tls[0] = tls[2];
	return MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (config->tls ? MHD_USE_TLS : 0), 0, NULL,
		NULL, on_request, worker, MHD_OPTION_ARRAY, tls, MHD_OPTION_LISTEN_SOCKET,
		config->listen_fd, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)(server->max_connections / config->threads),
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LIMIT_IDLE_SECONDS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LIMIT_CONNECTION_MEMORY,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_target, worker,
		MHD_OPTION_UNESCAPE_CALLBACK, leave_as_it_is, NULL, MHD_OPTION_NOTIFY_COMPLETED,
		on_completed, worker, MHD_OPTION_NOTIFY_CONNECTION, on_connection, worker,
		MHD_OPTION_END);
}

static int start_worker(struct server *server, struct err *err)
{
	struct worker *worker = &server->workers[server->n_workers];
	struct MHD_Daemon *daemon;
	int r;

	worker->server = server;
	daemon = start_daemon(worker);
	if (!daemon)
		return err_set(err, -EIO,
			       "the HTTP server could not start; are there enough file "
			       "descriptors (ulimit -n)?");
	r = loop_start(daemon,
		       &(struct loop_hooks){ server->config.round_begin, server->config.round_end,
					     server->config.app },
		       &worker->loop, err);
	if (r < 0) {
		(void)MHD_quiesce_daemon(daemon);
		MHD_stop_daemon(daemon);
		return r;
	}
	server->n_workers++;
	return 0;
}

int server_start(const struct server_config *config, struct server **ret_server, struct err *err)
{
	struct server *server =
		xcalloc(1, sizeof(*server) + config->threads * sizeof(server->workers[0]));
	int r = 0;

	server->config = *config;
	server->quiet_fd = -1;
	server->max_connections = max_connections();
	links_init(&server->links, server->max_connections, config->tls != NULL);
	while (r >= 0 && server->n_workers < config->threads)
		r = start_worker(server, err);
	if (r < 0) {
		server_close(server);
		server->quiet_fd = -1; /* the caller's still */
		server_stop(server);
		return r;
	}
	*ret_server = server;
	return 0;
}

void server_close(struct server *server)
{
	if (atomic_exchange(&server->is_closing, true))
		return;
	for (unsigned i = 0; i < server->n_workers; i++)
		server->quiet_fd = loop_close(server->workers[i].loop);
}

void server_stop(struct server *server)
{
	const struct timespec step = { .tv_nsec = STOP_STEP_MS * 1000000L };
	int64_t end_ms;

	if (!server)
		return;
	server_close(server);
	/* By the clock: where others keep the machine busy a step is several times as long. */
	end_ms = clock_boot_ms() + STOP_MS;
	while (atomic_load(&server->n_requests) > 0 && clock_boot_ms() < end_ms)
		nanosleep(&step, NULL);
	for (unsigned i = 0; i < server->n_workers; i++)
		loop_end(server->workers[i].loop);
	if (server->quiet_fd >= 0)
		close(server->quiet_fd);
	links_done(&server->links);
	free(server);
}
