/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/cpu_info.h"

/* Past this the number is not a speed. */
#define GHZ_MAX 100.0
#define MHZ_MAX 100000.0

/* The words for a model: x86 and most, MIPS, POWER, older ARM. */
static const char *const model_keys[] = { "model name", "cpu model", "cpu", "Model" };

/* The value of "KEY\t: VALUE" if @line has that key, else NULL. */
static const char *line_value(const char *line, const char *key)
{
	size_t len = strlen(key);

	if (strncmp(line, key, len) != 0)
		return NULL;
	line += len;
	line += strspn(line, " \t");
	if (*line != ':')
		return NULL;
	line++;
	return line + strspn(line, " \t");
}

static void read_line(const char *line, struct cpu_info *info, size_t *model_rank)
{
	const char *value = line_value(line, "cpu MHz");
	double mhz;

	if (line_value(line, "processor")) {
		info->cores++;
		return;
	}
	if (value) {
		mhz = strtod(value, NULL);
		if (mhz > info->mhz && mhz < MHZ_MAX)
			info->mhz = (int)(mhz + 0.5);
		return;
	}
	for (size_t i = 0; i < *model_rank; i++) {
		value = line_value(line, model_keys[i]);
		if (value) {
			snprintf(info->model, sizeof(info->model), "%.*s",
				 (int)strcspn(value, "\n"), value);
			*model_rank = i;
			return;
		}
	}
}

void cpu_info_parse(const char *text, struct cpu_info *ret_info)
{
	size_t model_rank = ARRAY_SIZE(model_keys);
	const char *at;
	double ghz;

	*ret_info = (struct cpu_info){ 0 };
	for (const char *line = text; *line;) {
		read_line(line, ret_info, &model_rank);
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	/* "… CPU @ 2.40GHz" stands still; the speed now does not. */
	at = strstr(ret_info->model, "@ ");
	if (!at)
		return;
	ghz = strtod(at + 2, NULL);
	if (ghz > 0 && ghz < GHZ_MAX && strstr(at, "GHz"))
		ret_info->mhz = (int)(ghz * 1000 + 0.5);
}
