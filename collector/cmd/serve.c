/* SPDX-License-Identifier: Apache-2.0 */
/*
 * serve: the collector itself, until it is told to stop.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "collector/api/api.h"
#include "collector/app.h"
#include "collector/cmd/admin.h"
#include "collector/domain/proxy_login.h"
#include "collector/http/server.h"
#include "collector/settings.h"
#include "common/base/cli.h"
#include "common/base/clock.h"
#include "common/base/fd.h"
#include "common/base/log.h"

static int fail(const struct err *err)
{
	log_line(LOG_ERR, "testready-collector: %s", err->text);
	return CLI_USAGE;
}

/* A row a route, for the test that compares them with docs/openapi.yaml. */
static void print_routes(void)
{
	for (const struct route *const *table = api_routes; *table; table++) {
		for (const struct route *route = *table; route->method; route++) {
			printf("%s %s %s", route->method, route->path, access_words[route->needs]);
			if (route->needs == ACCESS_STAFF)
				printf(":%s", action_words[route->may]);
			for (const char *const *q = route->query; q && *q; q++)
				printf(" %s", *q);
			printf("\n");
		}
	}
}

/*
 * A connection is a descriptor, and the usual soft limit is below what we allow. A core would
 * have the passwords in it that are being compared, and the admin's token.
 */
static void set_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CORE, &limit) == 0) {
		limit.rlim_cur = 0;
		(void)setrlimit(RLIMIT_CORE, &limit);
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* Before any thread starts, so that all of them leave the signals to wait_for_end(). */
static void block_signals(sigset_t *ret_ends)
{
	sigemptyset(ret_ends);
	sigaddset(ret_ends, SIGTERM);
	sigaddset(ret_ends, SIGINT);
	sigaddset(ret_ends, SIGHUP);
	pthread_sigmask(SIG_BLOCK, ret_ends, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* A store that may not grow is an error like a full disk, not an end. */
	signal(SIGXFSZ, SIG_IGN);
}

#define CERT_WARN_S (INT64_C(21) * 24 * 60 * 60)

static void say_certificate(struct tls *tls)
{
	int64_t until_s = tls_good_until_s(tls);
	char until[CLOCK_TEXT_SIZE];

	log_line(until_s - clock_now_ms() / 1000 < CERT_WARN_S ? LOG_WARNING : LOG_NOTICE,
		 "the TLS certificate is valid until %s", clock_text(until_s * 1000, until));
}

/* A certificate that was renewed is shown from now on; nobody's connection ends for it. */
static void read_again(struct tls *tls)
{
	struct err err = { 0 };

	if (!tls)
		log_line(LOG_NOTICE, "SIGHUP: there is no certificate to read again");
	else if (tls_reload(tls, &err) < 0)
		log_line(LOG_ERR, "the TLS certificate stays as it was: %s", err.text);
	else
		say_certificate(tls);
}

/* Until a signal, or until somebody found the store damaged: no number of it is told then. */
static int wait_for_end(const sigset_t *ends, const struct server_config *config,
			struct server *server, struct err *err)
{
	const struct timespec second = { .tv_sec = 1 };
	int r;

	for (;;) {
		int signal_number = sigtimedwait(ends, NULL, &second);

		if (signal_number == SIGHUP)
			read_again(config->tls);
		else if (signal_number > 0)
			return 0;
		server_cut_slow(server);
		r = app_check_store(config->app, err);
		if (r < 0)
			return r;
	}
}

/* Where the first account is made: on the pages, where they are served. */
static void say_setup(const struct server_config *config, const char *address)
{
	const char *code = config->app->setup_code;

	if (!code[0])
		return;
	if (config->app->assets)
		printf("no account yet: open %s://%s/setup and enter the code %s\n",
		       config->tls ? "https" : "http", address, code);
	else
		printf("no account yet, and no pages (--web DIR) to make it on: use person add, or "
		       "POST /v1/setup with the code %s\n",
		       code);
}

/* Serve as @config says until a signal. */
static int run_server(const struct server_config *config, const char *address, const sigset_t *ends,
		      struct err *err)
{
	struct server *server;
	int r = server_start(config, &server, err);

	if (r < 0) {
		app_stop(config->app);
		return r;
	}
	printf("listening on %s://%s\n", config->tls ? "https" : "http", address);
	say_setup(config, address);
	fflush(stdout);
	log_line(LOG_NOTICE, "testready-collector %s serves on %s with %u threads", VERSION,
		 address, config->threads);
	r = wait_for_end(ends, config, server, err);
	log_line(LOG_NOTICE,
		 "stopping: no new connections, what was taken is written and answered");
	server_close(server);
	app_stop(config->app);
	server_stop(server);
	log_line(LOG_NOTICE, "stopped");
	return r;
}

/* What is said about TLS and proxies. *@ret_tls is owned by the caller. */
static int prepare_network(const struct settings *settings, struct tls **ret_tls,
			   struct proxies *ret_proxies, struct err *err)
{
	int r = 0;

	if (!settings->tls_cert != !settings->tls_key)
		return err_set(err, -EINVAL, "give --tls-cert and --tls-key together");
	if (settings->proxies) {
		r = proxies_parse(settings->proxies, ret_proxies, err);
		if (r < 0)
			return err_prefix(err, r, "--trusted-proxy");
	}
	if (settings->login_header) {
		r = proxy_login_check_field(settings->login_header, err);
		if (r < 0)
			return err_prefix(err, r, "--login-header");
		if (!settings->proxies)
			return err_set(err, -EINVAL,
				       "--login-header %s: say with --trusted-proxy who may name "
				       "somebody in it",
				       settings->login_header);
	}
	if (settings->tls_cert) {
		r = tls_new(settings->tls_cert, settings->tls_key, ret_tls, err);
		if (r >= 0)
			say_certificate(*ret_tls);
	}
	return r;
}

/* Half of what an identity provider needs is told to be so, and not left out. */
static bool wants_sign_on(const struct sign_on_settings *settings)
{
	return settings->issuer || settings->client_id || settings->secret_file ||
	       settings->ca_file || settings->factor;
}

static int serve(const struct settings *settings, struct err *err)
{
	struct app_config config = { .store_url = settings->store_url,
				     .web_dir = settings->web_dir,
				     .moved_url = settings->moved_to,
				     .has_no_rate_limit = settings->has_no_rate_limit };
	_cleanup_(sign_on_freep) struct sign_on *sign_on = NULL;
	_cleanup_(tls_freep) struct tls *tls = NULL;
	struct proxies proxies = { .n_networks = 0 };
	struct server_config server = { .proxies = &proxies };
	_cleanup_close_ int fd = -1;
	char address[SETTINGS_ADDRESS_SIZE];
	bool is_new_token = false;
	struct app *app;
	unsigned threads;
	sigset_t ends;
	int r;

	r = settings_threads(settings->threads, &threads, err);
	if (r >= 0)
		r = settings_history(settings->history_days, &config.history_days, err);
	if (r >= 0 && settings->moved_to)
		r = settings_moved_to(settings->moved_to, err);
	if (r >= 0)
		r = settings_token(settings->token_file, config.token_hash, &is_new_token, err);
	if (is_new_token)
		log_line(LOG_NOTICE, "made a new admin token in %s; sign in with it",
			 settings->token_file);
	if (r >= 0)
		r = prepare_network(settings, &tls, &proxies, err);
	if (r >= 0 && wants_sign_on(&settings->sign_on))
		r = sign_on_new(&settings->sign_on, &sign_on, err);
	if (r >= 0)
		r = settings_listen(settings->listen, tls || settings->is_behind_proxy, &fd,
				    address, err);
	if (r < 0)
		return r;
	set_limits();
	block_signals(&ends);
	config.sign_on = sign_on;
	r = app_start(&config, &app, err);
	if (r < 0)
		return r;
	sign_on = NULL; /* the app's now */
	server.dispatch = (struct dispatch){ .routes = api_routes,
					     .guard = &app->guard,
					     .assets = app->assets };
	server.app = app;
	server.round_begin = app_round_begin;
	server.round_end = app_round_end;
	server.listen_fd = TAKE_FD(fd);
	server.threads = threads;
	server.tls = tls;
	server.login_field = settings->login_header;
	r = run_server(&server, address, &ends, err);
	app_free(app);
	return r;
}

static int serve_as_asked(struct settings *settings)
{
	struct err err = { 0 };

	if (!settings->token_file)
		return admin_usage(&cmd_serve, "give --admin-token-file FILE");
	settings->store_url = admin_store_url(settings->store_url);
	if (!settings->web_dir && access(DATADIR "/web/index.html", R_OK) == 0)
		settings->web_dir = DATADIR "/web";
	return serve(settings, &err) < 0 ? fail(&err) : CLI_OK;
}

static int run(int argc, char *argv[])
{
	struct settings settings = { .listen = SETTINGS_LISTEN };
	bool is_routes = false;
	const struct cli_option options[] = {
		ADMIN_STORE_OPTION(&settings.store_url),
		{ "listen", "ADDR:PORT", "default " SETTINGS_LISTEN "; port 0: a free one",
		  &settings.listen, NULL },
		{ "web", "DIR", "the pages; default " DATADIR "/web where that is",
		  &settings.web_dir, NULL },
		{ "admin-token-file", "FILE", "made with a new token if it is not there",
		  &settings.token_file, NULL },
		{ "threads", "N", "that serve HTTP; default: as many as there are cores",
		  &settings.threads, NULL },
		{ "history-days", "N", "how long changes of results are kept; default: three years",
		  &settings.history_days, NULL },
		{ "moved-to", "URL", "tell agents, signed, that the collector is there now",
		  &settings.moved_to, NULL },
		{ "tls-cert", "FILE",
		  "speak TLS with this certificate chain (PEM); SIGHUP reads it again",
		  &settings.tls_cert, NULL },
		{ "tls-key", "FILE", "the key of that certificate (PEM)", &settings.tls_key, NULL },
		{ "trusted-proxy", "ADDR",
		  "proxies (ADDR/BITS,...) whose X-Forwarded-For and -Proto are believed",
		  &settings.proxies, NULL },
		{ "login-header", "FIELD",
		  "in which these proxies name whoever signed in there, such as X-Remote-User",
		  &settings.login_header, NULL },
		{ "oidc-issuer", "URL", "let people sign in at this OpenID Connect provider",
		  &settings.sign_on.issuer, NULL },
		{ "oidc-client-id", "ID", "that it knows this collector by",
		  &settings.sign_on.client_id, NULL },
		{ "oidc-client-secret-file", "FILE", "in whose first line the secret for it is",
		  &settings.sign_on.secret_file, NULL },
		{ "oidc-ca", "FILE",
		  "the only authorities to trust for it (PEM); default: the system's",
		  &settings.sign_on.ca_file, NULL },
		{ "oidc-second-factor", "HOW",
		  "it says that it asked for one: amr (default), acr:VALUE or always",
		  &settings.sign_on.factor, NULL },
		{ "public-url", "URL",
		  "of this collector as browsers know it, where they come back to",
		  &settings.sign_on.public_url, NULL },
		{ "behind-proxy", NULL, "a proxy in front speaks TLS: listen on any address", NULL,
		  &settings.is_behind_proxy },
		{ "no-rate-limit", NULL, "for load tests: a key may ask as often as it likes", NULL,
		  &settings.has_no_rate_limit },
		{ "print-routes", NULL, "list what is served and who may, and exit", NULL,
		  &is_routes },
		{ 0 },
	};
	size_t n_args;
	int r = cli_parse(&cmd_serve, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (!is_routes)
		return serve_as_asked(&settings);
	print_routes();
	return CLI_OK;
}

const struct cli_command cmd_serve = {
	.name = "serve",
	.args = "",
	.summary = "take reports and show readiness until told to stop",
	.run = run,
};
