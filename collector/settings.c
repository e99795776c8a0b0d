/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "collector/settings.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define THREADS_MAX 64
#define BACKLOG 1024
#define TOKEN_FILE_MAX 256

int settings_threads(const char *text, unsigned *ret_threads, struct err *err)
{
	cpu_set_t cores;
	char *end;
	long n;

	if (!text) {
		CPU_ZERO(&cores);
		n = sched_getaffinity(0, sizeof(cores), &cores) < 0 ? 1 : CPU_COUNT(&cores);
		*ret_threads = (unsigned)(n > THREADS_MAX ? THREADS_MAX : n);
		return 0;
	}
	n = strtol(text, &end, 10);
	if (end == text || *end || n < 1 || n > THREADS_MAX)
		return err_set(err, -EINVAL, "--threads %s: give a number from 1 to %d", text,
			       THREADS_MAX);
	*ret_threads = (unsigned)n;
	return 0;
}

int settings_history(const char *text, int64_t *ret_days, struct err *err)
{
	int64_t days = SETTINGS_HISTORY_DAYS;
	char *end;

	if (text) {
		days = strtol(text, &end, 10);
		if (end == text || *end || days < SETTINGS_HISTORY_DAYS_MIN ||
		    days > SETTINGS_HISTORY_DAYS_MAX)
			return err_set(err, -EINVAL,
				       "--history-days %s: give a number from %d to %d", text,
				       SETTINGS_HISTORY_DAYS_MIN, SETTINGS_HISTORY_DAYS_MAX);
	}
	*ret_days = days;
	return 0;
}

#define URL_MAX 1024

int settings_moved_to(const char *url, struct err *err)
{
	bool is_https = text_starts(url, "https://") && url[8];
	/* For tests and trials: keys do not leave the machine. */
	bool is_here =
		text_starts(url, "http://127.0.0.1:") || text_starts(url, "http://localhost:");

	if ((!is_https && !is_here) || strlen(url) > URL_MAX || strpbrk(url, " \t\r\n\"<>\\") ||
	    !text_is_utf8(url, strlen(url)))
		return err_set(err, -EINVAL,
			       "--moved-to %.100s: give the address of the new collector, as in "
			       "https://testready.example.org",
			       url);
	return 0;
}

/* --- listening ----------------------------------------------------------------- */

static bool is_port(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len <= 5 && strspn(text, "0123456789") == len &&
	       strtol(text, NULL, 10) <= UINT16_MAX;
}

static int split(const char *listen, char **ret_host, char **ret_port, struct err *err)
{
	const char *colon = strrchr(listen, ':');
	size_t len = colon ? (size_t)(colon - listen) : 0;

	if (len > 2 && listen[0] == '[' && listen[len - 1] == ']') {
		listen++;
		len -= 2;
	} else if (len == 0 || memchr(listen, ':', len)) {
		return err_set(err, -EINVAL,
			       "--listen %s: give ADDR:PORT, as in 127.0.0.1:8080 or [::1]:8080",
			       listen);
	}
	/* The resolver takes any number and keeps its lowest 16 bits. */
	if (!is_port(colon + 1))
		return err_set(err, -EINVAL, "--listen %s: a port is a number from 0 to %d", listen,
			       UINT16_MAX);
	*ret_host = xstrndup(listen, len);
	*ret_port = xstrdup(colon + 1);
	return 0;
}

static bool is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 24 ==
		       IN_LOOPBACKNET;
	return address->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)address)->sin6_addr);
}

static int resolve(const char *listen, struct addrinfo **ret_address, struct err *err)
{
	static const struct addrinfo hints = { .ai_flags =
						       AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
					       .ai_socktype = SOCK_STREAM };
	_cleanup_free_ char *host = NULL, *port = NULL;
	int r = split(listen, &host, &port, err);

	if (r < 0)
		return r;
	r = getaddrinfo(host, port, &hints, ret_address);
	if (r == 0)
		return 0;
	err_set(err, -EINVAL, "--listen %s: not a numeric address and port, as in 127.0.0.1:8080",
		listen);
	return -EINVAL;
}

static int name_socket(int fd, char address[static SETTINGS_ADDRESS_SIZE], struct err *err)
{
	struct sockaddr_storage name = { 0 };
	socklen_t len = sizeof(name);
	char host[64], port[8];

	if (getsockname(fd, (struct sockaddr *)&name, &len) < 0)
		return err_errno(err, -errno, "the listening socket");
	if (getnameinfo((struct sockaddr *)&name, len, host, sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return err_set(err, -EINVAL, "the listening socket has no address");
	snprintf(address, SETTINGS_ADDRESS_SIZE, name.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s",
		 host, port);
	return 0;
}

static int open_socket(const char *listen_text, const struct addrinfo *address, int *ret_fd,
		       struct err *err)
{
	_cleanup_close_ int fd =
		socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const int on = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, address->ai_addr, address->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0)
		return err_errno(err, -errno, "--listen %s", listen_text);
	*ret_fd = TAKE_FD(fd);
	return 0;
}

int settings_listen(const char *listen_text, bool is_private, int *ret_fd,
		    char address[static SETTINGS_ADDRESS_SIZE], struct err *err)
{
	_cleanup_close_ int fd = -1;
	struct addrinfo *info;
	int r = resolve(listen_text, &info, err);

	if (r < 0)
		return r;
	if (!is_private && !is_loopback(info->ai_addr))
		r = err_set(err, -EPERM,
			    "--listen %s: keys would cross the network unencrypted; listen on "
			    "127.0.0.1, give --tls-cert and --tls-key, or put TLS in front and say "
			    "--behind-proxy",
			    listen_text);
	if (r >= 0)
		r = open_socket(listen_text, info, &fd, err);
	freeaddrinfo(info);
	if (r >= 0)
		r = name_socket(fd, address, err);
	if (r < 0)
		return r;
	*ret_fd = TAKE_FD(fd);
	return 0;
}

/* --- the admin's token ----------------------------------------------------------- */

static int make_token(int dir_fd, const char *name, char token[static SECRET_SIZE], struct err *err)
{
	char line[SECRET_SIZE + 1];
	int r;

	secret_new(SECRET_TOKEN, token);
	snprintf(line, sizeof(line), "%s\n", token);
	r = file_write_at(dir_fd, name, line, strlen(line), 0600, err);
	explicit_bzero(line, sizeof(line));
	return r;
}

static int read_token(int dir_fd, const char *name, char token[static SECRET_SIZE], struct err *err)
{
	char *text;
	struct stat st;
	size_t len;
	int r;

	if (fstatat(dir_fd, name, &st, 0) < 0)
		return err_errno(err, -errno, "%s", name);
	if (st.st_mode & 077)
		return err_set(err, -EACCES, "%s: others can use it, mode %04o; chmod 600 it", name,
			       st.st_mode & 07777);
	r = file_read_at(dir_fd, name, TOKEN_FILE_MAX, &text, &len, err);
	if (r < 0)
		return r;
	text[strcspn(text, "\r\n")] = '\0';
	if (!secret_is_valid(SECRET_TOKEN, text))
		r = err_set(err, -EINVAL,
			    "%s: has no token in its first line; delete it, and a new one is made",
			    name);
	else
		memcpy(token, text, SECRET_SIZE);
	explicit_bzero(text, len);
	free(text);
	return r;
}

int settings_token(const char *path, char ret_hash[static HASH_SIZE], bool *ret_is_new,
		   struct err *err)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *dir =
		slash ? xstrndup(path, (size_t)(slash - path) + 1) : xstrdup(".");
	const char *name = slash ? slash + 1 : path;
	_cleanup_close_ int dir_fd = open(dir, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	char token[SECRET_SIZE];
	bool is_new;
	int r;

	if (dir_fd < 0)
		return err_errno(err, -errno, "%s", dir);
	is_new = faccessat(dir_fd, name, F_OK, 0) < 0 && errno == ENOENT;
	r = is_new ? make_token(dir_fd, name, token, err) : read_token(dir_fd, name, token, err);
	if (r < 0)
		return err_prefix(err, r, "the admin's token in %s", dir);
	hash_hex(token, strlen(token), ret_hash);
	explicit_bzero(token, sizeof(token));
	*ret_is_new = is_new;
	return 0;
}
