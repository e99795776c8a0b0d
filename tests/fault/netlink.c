/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A kernel that has no room for messages of devices, by LD_PRELOAD: what waits is thrown
 * away, and who asks for it is told ENOBUFS once, as netlink(7) has it. Only recv() does
 * so, by which the agent takes them, and only from what umockdev has in netlink's place.
 */
#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

ssize_t recv(int fd, void *data, size_t len, int flags)
{
	static int n_dropped;
	ssize_t n = syscall(SYS_recvfrom, fd, data, len, flags, NULL, NULL);
	int domain = AF_UNSPEC;
	socklen_t size = sizeof(domain);

	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size);
	if (n <= 0 || domain != AF_UNIX)
		return n;
	/* The test counts them in the log. */
	if (n_dropped++ == 0)
		(void)!write(STDERR_FILENO, "dropped\n", 8);
	while (syscall(SYS_recvfrom, fd, data, len, flags, NULL, NULL) > 0)
		;
	errno = ENOBUFS;
	return -1;
}
