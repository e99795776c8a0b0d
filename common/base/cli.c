/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "common/base/cli.h"

static void print_command_help(const struct cli_command *command, const struct cli_option *options)
{
	printf("usage: %s %s%s%s%s\n\n%s\n", program_invocation_short_name, command->name,
	       command->args[0] ? " " : "", command->args, options[0].name ? " [OPTIONS]" : "",
	       command->summary);
	if (options[0].name)
		printf("\n");
	for (const struct cli_option *o = options; o->name; o++) {
		char head[64];

		snprintf(head, sizeof(head), "--%s%s%s", o->name, o->value ? " " : "",
			 o->value ? o->value : "");
		printf("  %-26s %s\n", head, o->summary);
	}
}

static int complain(const struct cli_command *command, const char *what, const char *arg)
{
	fprintf(stderr, "%s %s: %s '%s'; see %s %s --help\n", program_invocation_short_name,
		command->name, what, arg, program_invocation_short_name, command->name);
	return -EINVAL;
}

/* Take the option at argv[*i], and its value, which may be the next argument. */
static int take_option(const struct cli_command *command, const struct cli_option *options,
		       char *argv[], int argc, int *i)
{
	const char *arg = argv[*i] + 2;
	size_t n = strcspn(arg, "=");

	for (const struct cli_option *o = options; o->name; o++) {
		if (strlen(o->name) != n || strncmp(o->name, arg, n) != 0)
			continue;
		if (!o->value) {
			if (arg[n] == '=')
				return complain(command, "this option takes no value:", argv[*i]);
			*o->ret_flag = true;
			return 0;
		}
		if (arg[n] == '=') {
			*o->ret_text = arg + n + 1;
			return 0;
		}
		if (*i + 1 >= argc)
			return complain(command, "this option needs a value:", argv[*i]);
		*o->ret_text = argv[++*i];
		return 0;
	}
	return complain(command, "no option", argv[*i]);
}

int cli_parse(const struct cli_command *command, const struct cli_option *options, size_t max_args,
	      int argc, char *argv[], size_t *ret_n_args)
{
	bool only_args = false;
	size_t n_args = 0;

	for (int i = 1; i < argc; i++) {
		if (!only_args && strcmp(argv[i], "--") == 0) {
			only_args = true;
		} else if (!only_args &&
			   (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
			print_command_help(command, options);
			return 1;
		} else if (!only_args && strncmp(argv[i], "--", 2) == 0) {
			int r = take_option(command, options, argv, argc, &i);

			if (r < 0)
				return r;
		} else if (!only_args && argv[i][0] == '-' && argv[i][1] != '\0') {
			return complain(command, "no option", argv[i]);
		} else if (n_args == max_args) {
			return complain(command, "one argument too many:", argv[i]);
		} else {
			argv[++n_args] = argv[i];
		}
	}
	*ret_n_args = n_args;
	return 0;
}

/* How many words of @argv are the command's name; 0: it is another command. */
static int match_words(const char *name, int argc, char *argv[])
{
	int n = 0;

	while (*name) {
		size_t len = strcspn(name, " ");

		if (n >= argc || strlen(argv[n]) != len || strncmp(argv[n], name, len) != 0)
			return 0;
		n++;
		name += len + (name[len] == ' ');
	}
	return n;
}

/* Whether @word is the first of the two words of a command: "site" of "site import". */
static bool is_first_word(const struct cli_command *command, const char *word)
{
	size_t len = strlen(word);

	return len > 0 && strncmp(command->name, word, len) == 0 && command->name[len] == ' ';
}

static bool has_group(const struct cli_program *program, const char *word)
{
	for (const struct cli_command *const *c = program->commands; *c; c++) {
		if (is_first_word(*c, word))
			return true;
	}
	return false;
}

/* What there is; @word: only the commands that begin with it. */
static void print_program_help(const struct cli_program *program, const char *word, FILE *out)
{
	fprintf(out, "usage: %s %s%s [ARGS]\n\n", program->name, word ? word : "COMMAND",
		word ? " ..." : "");
	if (!word)
		fprintf(out, "%s\n\n", program->summary);
	for (const struct cli_command *const *c = program->commands; *c; c++) {
		if (!word || is_first_word(*c, word))
			fprintf(out, "  %-22s %s\n", (*c)->name, (*c)->summary);
	}
	if (word)
		fprintf(out, "\n  COMMAND --help tells more\n");
	else
		fprintf(out, "\n  %-22s %s\n  %-22s %s\n", "help",
			"this text; help COMMAND or COMMAND --help tells more", "version",
			"the version of this program");
}

/* Letters to change, add or drop to get from @a to @b; at most DISTANCE_MAX are told apart. */
enum { DISTANCE_MAX = 32 };
static size_t distance(const char *a, const char *b)
{
	size_t row[DISTANCE_MAX], n = strlen(b);

	if (n >= DISTANCE_MAX || strlen(a) >= DISTANCE_MAX)
		return DISTANCE_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t corner = row[0]++;

		for (size_t j = 0; j < n; j++) {
			size_t change = corner + (a[i] != b[j]);

			corner = row[j + 1];
			if (row[j + 1] > row[j])
				row[j + 1] = row[j];
			row[j + 1]++;
			if (row[j + 1] > change)
				row[j + 1] = change;
		}
	}
	return row[n];
}

/* The command that @word was probably meant to be; NULL: none is near. */
static const char *nearest(const struct cli_program *program, const char *word)
{
	const char *best = NULL;
	size_t least = 3;

	for (const struct cli_command *const *c = program->commands; *c; c++) {
		size_t d = distance(word, (*c)->name);

		if (d < least) {
			least = d;
			best = (*c)->name;
		}
	}
	return best;
}

/* @argv is what was typed behind the program's name. */
static int no_command(const struct cli_program *program, int argc, char *argv[])
{
	char two_words[2 * DISTANCE_MAX];
	const char *near = nearest(program, argv[0]);
	bool is_group = has_group(program, argv[0]);

	if (!near && argc > 1) {
		snprintf(two_words, sizeof(two_words), "%.30s %.30s", argv[0], argv[1]);
		near = nearest(program, two_words);
	}
	if (is_group && argc == 1)
		fprintf(stderr, "%s: '%s' needs another word; ", program->name, argv[0]);
	else
		fprintf(stderr, "%s: no command '%s%s%s'; ", program->name, argv[0],
			is_group ? " " : "", is_group ? argv[1] : "");
	if (near)
		fprintf(stderr, "is it '%s'? ", near);
	fprintf(stderr, "%s %s help%s%s\n", near ? "See" : "see", program->name,
		is_group ? " " : "", is_group ? argv[0] : "");
	return CLI_USAGE;
}

static bool is_help(const char *word)
{
	return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* The command that @argv begins with, and how many words its name has; NULL: none. */
static const struct cli_command *find(const struct cli_program *program, int argc, char *argv[],
				      int *ret_n_words)
{
	for (const struct cli_command *const *c = program->commands; *c; c++) {
		*ret_n_words = match_words((*c)->name, argc, argv);
		if (*ret_n_words > 0)
			return *c;
	}
	return NULL;
}

/* Of the program, of the commands that begin with the same word, or of one command. */
static int help(const struct cli_program *program, int argc, char *argv[])
{
	static char option[] = "--help";
	const struct cli_command *command;
	int n;

	if (argc == 0 || is_help(argv[0])) {
		print_program_help(program, NULL, stdout);
		return CLI_OK;
	}
	command = find(program, argc, argv, &n);
	if (command)
		return command->run(2, (char *[]){ argv[n - 1], option, NULL });
	if (argc > 1 || !has_group(program, argv[0]))
		return no_command(program, argc, argv);
	print_program_help(program, argv[0], stdout);
	return CLI_OK;
}

int cli_main(const struct cli_program *program, int argc, char *argv[])
{
	const struct cli_command *command;
	int n;

	if (argc < 2) {
		print_program_help(program, NULL, stderr);
		return CLI_USAGE;
	}
	if (is_help(argv[1]))
		return help(program, argc - 2, argv + 2);
	if (strcmp(argv[1], "version") == 0 || strcmp(argv[1], "--version") == 0) {
		printf("%s %s\n", program->name, VERSION);
		return CLI_OK;
	}
	command = find(program, argc - 1, argv + 1, &n);
	if (command)
		return command->run(argc - n, argv + n);
	if (argc == 3 && is_help(argv[2]) && has_group(program, argv[1]))
		return help(program, 1, argv + 1);
	return no_command(program, argc - 1, argv + 1);
}
