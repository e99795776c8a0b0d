/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What two commands cost, in turns: A B A B …
 *
 *     cost ROUNDS A [ARGS] -- B [ARGS]
 *
 * Prints one line of JSON: for each the CPU milliseconds of every round, and the
 * peak memory in KiB. A program of its own, since the peak that the kernel tells
 * of a child begins with that of the program that started it; and so that under
 * umockdev only the commands are measured, not the setting up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS_MAX 1000

struct side {
	char **command;
	double cpu_ms[ROUNDS_MAX];
	long peak_kib;
};

static double ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static void run(struct side *side, int round)
{
	struct rusage usage;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		/* Not /dev/null: a recorded machine may have one that nobody reads. */
		int output = memfd_create("output", 0);

		dup2(output, STDOUT_FILENO);
		dup2(output, STDERR_FILENO);
		execvp(side->command[0], side->command);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &usage) < 0 || status != 0) {
		fprintf(stderr, "cost: %s failed\n", side->command[0]);
		exit(1);
	}
	side->cpu_ms[round] = ms(usage.ru_utime) + ms(usage.ru_stime);
	if (usage.ru_maxrss > side->peak_kib)
		side->peak_kib = usage.ru_maxrss;
}

static void print_side(const struct side *side, int rounds)
{
	printf("{\"peak_kib\": %ld, \"cpu_ms\": [", side->peak_kib);
	for (int i = 0; i < rounds; i++)
		printf("%s%.3f", i ? ", " : "", side->cpu_ms[i]);
	printf("]}");
}

int main(int argc, char *argv[])
{
	static struct side a, b;
	int rounds = argc > 1 ? atoi(argv[1]) : 0, i = 2;

	while (i < argc && strcmp(argv[i], "--") != 0)
		i++;
	if (rounds < 1 || rounds > ROUNDS_MAX || i + 1 >= argc) {
		fprintf(stderr, "usage: cost ROUNDS A [ARGS] -- B [ARGS]\n");
		return 1;
	}
	argv[i] = NULL;
	a.command = argv + 2;
	b.command = argv + i + 1;
	for (int round = 0; round < rounds; round++) {
		run(&a, round);
		run(&b, round);
	}
	printf("[");
	print_side(&a, rounds);
	printf(", ");
	print_side(&b, rounds);
	printf("]\n");
	return 0;
}
