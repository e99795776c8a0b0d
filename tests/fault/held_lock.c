/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Somebody who has a lock for a moment, by LD_PRELOAD: who will not wait for it is told three
 * times that it is taken, however long the machine takes for each.
 */
#include <errno.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

int flock(int fd, int operation)
{
	static int n_told;

	if (operation == (LOCK_EX | LOCK_NB) && n_told < 3) {
		n_told++;
		errno = EWOULDBLOCK;
		return -1;
	}
	return (int)syscall(SYS_flock, fd, operation);
}
