/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The far limit of taking reports: libmicrohttpd in poll mode and SQLite, and nothing in
 * between: the body is not looked at, it becomes the row of whoever sent it. What waits is
 * one transaction, and is answered when that is on disk. Prints its port.
 *
 *     bare_store FILE [THREADS]       what has queued is one transaction, or
 *     bare_store FILE THREADS one     each report is
 */
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BODY_MAX (256 * 1024)
#define BATCH_MAX 512

struct job {
	struct job *next;
	struct MHD_Connection *connection;
	char key[128], *bytes;
	size_t len;
	bool is_stored;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t is_there;
	struct job *first, **end;
	sqlite3 *db;
	size_t batch_max;
} store = {
	PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, &store.first, NULL, BATCH_MAX
};

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "bare_store: %s: %s\n", what, store.db ? sqlite3_errmsg(store.db) : "");
	exit(1);
}

static void run(const char *sql)
{
	must(sqlite3_exec(store.db, sql, NULL, NULL, NULL) == SQLITE_OK, sql);
}

/* What has queued, at most a batch. */
static struct job *take(void)
{
	struct job *jobs, **end = &jobs;
	size_t n = 0;

	pthread_mutex_lock(&store.lock);
	while (!store.first)
		pthread_cond_wait(&store.is_there, &store.lock);
	jobs = store.first;
	while (*end && n++ < store.batch_max)
		end = &(*end)->next;
	store.first = *end;
	*end = NULL;
	if (!store.first)
		store.end = &store.first;
	pthread_mutex_unlock(&store.lock);
	return jobs;
}

static void *write_all(void *arg)
{
	static const char sql[] = "INSERT INTO report (key, body) VALUES (?1, ?2) ON CONFLICT "
				  "(key) DO UPDATE SET body = excluded.body";
	sqlite3_stmt *stmt;

	must(sqlite3_prepare_v2(store.db, sql, -1, &stmt, NULL) == SQLITE_OK, sql);
	for (;;) {
		struct job *jobs = take(), *next;

		run("BEGIN IMMEDIATE");
		for (struct job *job = jobs; job; job = job->next) {
			sqlite3_bind_text(stmt, 1, job->key, -1, SQLITE_STATIC);
			sqlite3_bind_blob(stmt, 2, job->bytes, (int)job->len, SQLITE_STATIC);
			must(sqlite3_step(stmt) == SQLITE_DONE, sql);
			sqlite3_reset(stmt);
		}
		run("COMMIT");
		for (struct job *job = jobs; job; job = next) {
			next = job->next;
			job->is_stored = true;
			MHD_resume_connection(job->connection);
		}
	}
	return arg;
}

static enum MHD_Result answer(struct MHD_Connection *connection)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(2, (void *)"{}", MHD_RESPMEM_PERSISTENT);
	enum MHD_Result r = MHD_queue_response(connection, MHD_HTTP_OK, response);

	MHD_destroy_response(response);
	return r;
}

static void queue(struct job *job)
{
	const char *key = MHD_lookup_connection_value(job->connection, MHD_HEADER_KIND,
						      MHD_HTTP_HEADER_AUTHORIZATION);

	snprintf(job->key, sizeof(job->key), "%s", key ? key : "");
	MHD_suspend_connection(job->connection);
	pthread_mutex_lock(&store.lock);
	*store.end = job;
	store.end = &job->next;
	pthread_cond_signal(&store.is_there);
	pthread_mutex_unlock(&store.lock);
}

static enum MHD_Result handle(void *closure, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *data,
			      size_t *data_size, void **state)
{
	struct job *job = *state;

	(void)closure;
	(void)url;
	(void)method;
	(void)version;
	if (!job) {
		*state = job = calloc(1, sizeof(*job));
		job->connection = connection;
		return MHD_YES;
	}
	if (*data_size > 0) {
		if (job->len + *data_size > BODY_MAX)
			return MHD_NO;
		job->bytes = realloc(job->bytes, job->len + *data_size);
		memcpy(job->bytes + job->len, data, *data_size);
		job->len += *data_size;
		*data_size = 0;
		return MHD_YES;
	}
	if (job->is_stored)
		return answer(connection);
	queue(job);
	return MHD_YES;
}

static void done(void *closure, struct MHD_Connection *connection, void **state,
		 enum MHD_RequestTerminationCode why)
{
	struct job *job = *state;

	(void)closure;
	(void)connection;
	(void)why;
	if (job)
		free(job->bytes);
	free(job);
}

int main(int argc, char *argv[])
{
	unsigned threads = argc > 2 ? (unsigned)atoi(argv[2]) : 2;
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct MHD_Daemon *daemon;
	pthread_t writer;

	if (argc > 3)
		store.batch_max = 1;
	must(argc > 1 && sqlite3_open(argv[1], &store.db) == SQLITE_OK, "no file");
	run("PRAGMA journal_mode = WAL");
	run("PRAGMA synchronous = FULL");
	run("CREATE TABLE IF NOT EXISTS report (key TEXT PRIMARY KEY, body BLOB NOT NULL)");
	daemon = MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL,
				  NULL, handle, NULL, MHD_OPTION_SOCK_ADDR, &address,
				  MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT,
				  16384u, MHD_OPTION_NOTIFY_COMPLETED, done, NULL, MHD_OPTION_END);
	must(daemon && pthread_create(&writer, NULL, write_all, NULL) == 0, "start");
	printf("listening on http://127.0.0.1:%u\n",
	       MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	pause();
	return 0;
}
