/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "agent/config.h"
#include "agent/probe/listing.h"
#include "common/base/file.h"
#include "common/base/id.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define QUOTE_MAX 60 /* bytes of a wrong value that are told */
#define PATH_TEXT_MAX 1024
#define URL_TEXT_MAX 2048

/* What is being read, and where in it. */
struct reading {
	struct config *config;
	const char *file;
	const char *rest; /* of the text */
	unsigned line;
	unsigned seen; /* bits of the rows of keys[] that this file has set */
	int r;
	struct err *err;
};

static int wrong(struct reading *reading, const char *value, const char *expected)
{
	_cleanup_free_ char *clean = text_clean(value, strlen(value), QUOTE_MAX);

	if (secret_is_in(value) || strchr(value, '@'))
		return err_set(reading->err, -EINVAL,
			       "%s:%u: expected %s; what is there is not quoted, since it may be a "
			       "secret",
			       reading->file, reading->line, expected);
	return err_set(reading->err, -EINVAL, "%s:%u: '%s': expected %s", reading->file,
		       reading->line, clean, expected);
}

static void replace(char **text, const char *value)
{
	free(*text);
	*text = value[0] ? xstrdup(value) : NULL;
}

/* --- the keys ---------------------------------------------------------------- */

static int set_path(struct reading *reading, char **path, const char *value)
{
	if (value[0] && (value[0] != '/' || strlen(value) > PATH_TEXT_MAX))
		return wrong(reading, value, "a path that begins with /");
	replace(path, value);
	return 0;
}

static int set_url(struct reading *reading, const char *value)
{
	if (value[0] && ((!text_starts(value, "https://") && !text_starts(value, "http://")) ||
			 strlen(value) > URL_TEXT_MAX))
		return wrong(reading, value, "an address such as https://ready.example.org");
	replace(&reading->config->url, value);
	return 0;
}

static int set_key_file(struct reading *reading, const char *value)
{
	return set_path(reading, &reading->config->key_file, value);
}

static int set_ca_file(struct reading *reading, const char *value)
{
	return set_path(reading, &reading->config->ca_file, value);
}

static int set_state_dir(struct reading *reading, const char *value)
{
	return set_path(reading, &reading->config->state_dir, value);
}

static int set_role(struct reading *reading, const char *value)
{
	struct config *config = reading->config;

	config->role = ROLE_STUDENT;
	config->has_role = value[0];
	if (value[0] && device_role_parse(value, &config->role) < 0)
		return wrong(reading, value, "student, ta, shared or spare");
	return 0;
}

static int add_pin(struct reading *reading, const char *value)
{
	struct config *config = reading->config;
	char *longer;

	if (!value[0]) {
		replace(&config->pins, "");
		config->n_pins = 0;
		return 0;
	}
	if (http_pin_check(value, NULL) < 0)
		return wrong(reading, value,
			     "sha256// and the 44 characters of a key's hash in base64");
	if (config->n_pins == CONFIG_PINS_MAX)
		return err_set(reading->err, -E2BIG, "%s:%u: more than %d pins", reading->file,
			       reading->line, CONFIG_PINS_MAX);
	longer = config->pins ? xasprintf("%s;%s", config->pins, value) : xstrdup(value);
	free(config->pins);
	config->pins = longer;
	config->n_pins++;
	return 0;
}

/* "08:00" at *@text, which is moved on; -1: it is none. "24:00" only ends a day. */
static int take_minute(const char **text)
{
	const char *s = *text;
	int hour, minute;

	for (int i = 0; i < 5; i++) {
		if (i == 2 ? s[i] != ':' : s[i] < '0' || s[i] > '9')
			return -1;
	}
	hour = (s[0] - '0') * 10 + s[1] - '0';
	minute = (s[3] - '0') * 10 + s[4] - '0';
	*text += 5;
	return hour * 60 + minute <= 24 * 60 && minute < 60 ? hour * 60 + minute : -1;
}

static int add_quiet(struct reading *reading, const char *value)
{
	static const char expected[] = "hours such as 08:00-15:00, 22:00-06:00";
	static const char between[] = ", \t";
	struct config *config = reading->config;
	const char *text = value;

	if (!value[0])
		config->n_quiet = 0;
	while (*text) {
		struct quiet_hours *quiet = &config->quiet[config->n_quiet];

		if (config->n_quiet == CONFIG_QUIET_MAX)
			return err_set(reading->err, -E2BIG, "%s:%u: more than %d quiet hours",
				       reading->file, reading->line, CONFIG_QUIET_MAX);
		quiet->start_min = take_minute(&text);
		if (quiet->start_min < 0 || *text++ != '-')
			return wrong(reading, value, expected);
		quiet->end_min = take_minute(&text);
		if (quiet->end_min < 0 || quiet->start_min == quiet->end_min ||
		    quiet->start_min == 24 * 60 || (*text && !strchr(between, *text)))
			return wrong(reading, value, expected);
		text += strspn(text, between);
		config->n_quiet++;
	}
	return 0;
}

static int set_period(struct reading *reading, const char *value)
{
	char *end;
	long period_s;

	errno = 0;
	period_s = strtol(value, &end, 10);
	if (value[0] &&
	    (errno || *end || period_s < CONFIG_PERIOD_MIN_S || period_s > CONFIG_PERIOD_MAX_S))
		return wrong(reading, value, "seconds, from 300 to 604800");
	reading->config->period_s = period_s;
	return 0;
}

static const struct {
	const char *name;
	int (*set)(struct reading *reading, const char *value);
	bool is_list;
} keys[] = {
	{ "url", set_url, false },
	{ "key_file", set_key_file, false },
	{ "ca_file", set_ca_file, false },
	{ "pin", add_pin, true },
	{ "role", set_role, false },
	{ "quiet_hours", add_quiet, true },
	{ "state_dir", set_state_dir, false },
	{ "period_s", set_period, false },
};

/* --- a file ------------------------------------------------------------------ */

static int no_key(struct reading *reading, const char *name)
{
	_cleanup_free_ char *clean = secret_is_in(name) ? xstrdup("(not quoted)")
							: text_clean(name, strlen(name), QUOTE_MAX);
	_cleanup_free_ char *there = xstrdup(keys[0].name);

	for (size_t i = 1; i < ARRAY_SIZE(keys); i++) {
		char *longer = xasprintf("%s, %s", there, keys[i].name);

		free(there);
		there = longer;
	}
	return err_set(reading->err, -EINVAL, "%s:%u: no key '%s'; there are %s", reading->file,
		       reading->line, clean, there);
}

static int take(struct reading *reading, const char *section, const char *name, const char *value)
{
	size_t i = 0;

	if (section[0])
		return err_set(reading->err, -EINVAL,
			       "%s:%u: there are no sections, such as the one above this line",
			       reading->file, reading->line);
	while (i < ARRAY_SIZE(keys) && strcmp(keys[i].name, name) != 0)
		i++;
	if (i == ARRAY_SIZE(keys))
		return no_key(reading, name);
	if (!keys[i].is_list && reading->seen & 1U << i)
		return err_set(reading->err, -EINVAL, "%s:%u: %s is there twice", reading->file,
			       reading->line, name);
	reading->seen |= 1U << i;
	return keys[i].set(reading, value);
}

/* Called by inih for each "name = value". The first thing that is wrong counts. */
static int on_value(void *user, const char *section, const char *name, const char *value)
{
	struct reading *reading = user;

	if (reading->r >= 0)
		reading->r = take(reading, section, name, value ? value : "");
	return reading->r >= 0;
}

/* One line for inih, which does not say in which line it is. NULL: that was the last. */
static char *next_line(char *line, int size, void *user)
{
	struct reading *reading = user;
	size_t len = strcspn(reading->rest, "\n");

	if (!reading->rest[0] || reading->r < 0)
		return NULL;
	reading->line++;
	if (len > (size_t)size - 2) {
		reading->r =
			err_set(reading->err, -E2BIG, "%s:%u: the line is longer than %d bytes",
				reading->file, reading->line, size - 2);
		return NULL;
	}
	memcpy(line, reading->rest, len);
	line[len] = '\0';
	reading->rest += len + (reading->rest[len] == '\n');
	return line;
}

/* Ours are longer than its 200 bytes, and a ";" divides pins and is in no comment. */
static void set_up_ini(void)
{
	ini_use_stack = false;
	ini_max_line = CONFIG_LINE_MAX;
	ini_initial_alloc = CONFIG_LINE_MAX;
	ini_allow_multiline = false;
	ini_allow_inline_comments = false;
}

int config_parse(const char *text, size_t len, const char *file, struct config *config,
		 struct err *err)
{
	struct reading reading = { .config = config, .file = file, .rest = text, .err = err };
	int line;

	if (len > CONFIG_FILE_MAX)
		return err_set(err, -E2BIG, "%s: larger than %zu bytes", file, CONFIG_FILE_MAX);
	if (!text_is_utf8(text, len))
		return err_set(err, -EINVAL, "%s: not a text in UTF-8", file);
	set_up_ini();
	line = ini_parse_stream(next_line, &reading, on_value, &reading);
	if (reading.r < 0)
		return reading.r;
	if (line != 0)
		return err_set(err, -EINVAL, "%s:%d: expected NAME = VALUE", file, line);
	return 0;
}

/* --- the files --------------------------------------------------------------- */

static int read_file(const char *path, struct config *config, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	char *files;
	size_t len;
	int r = file_read_at(AT_FDCWD, path, CONFIG_FILE_MAX, &text, &len, err);

	if (r >= 0)
		r = config_parse(text, len, path, config, err);
	if (r < 0)
		return r;
	files = xasprintf("%s%s\n", config->files ? config->files : "", path);
	free(config->files);
	config->files = files;
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_drop_ins(const char *folder, char *names[static CONFIG_DROP_INS_MAX],
			 size_t *n_names, struct err *err)
{
	struct listing listing;
	const char *name;
	int r = listing_open(AT_FDCWD, folder, &listing, err);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	while (r >= 0 && (name = listing_next(&listing))) {
		/* What packages and editors leave beside it is none. */
		if (name[0] == '.' || !text_ends(name, ".conf"))
			continue;
		if (*n_names == CONFIG_DROP_INS_MAX)
			r = err_set(err, -E2BIG, "%s: more than %d files", folder,
				    CONFIG_DROP_INS_MAX);
		else
			names[(*n_names)++] = xstrdup(name);
	}
	if (r >= 0 && listing.is_cut)
		r = err_set(err, -EIO, "%s: cannot be read to its end", folder);
	listing_done(&listing);
	qsort(names, *n_names, sizeof(*names), compare_names);
	return r;
}

static int read_drop_ins(struct config *config, struct err *err)
{
	_cleanup_free_ char *folder = xasprintf("%s.d", config->path);
	char *names[CONFIG_DROP_INS_MAX];
	size_t n_names = 0;
	int r = list_drop_ins(folder, names, &n_names, err);

	for (size_t i = 0; i < n_names; i++) {
		_cleanup_free_ char *path = xasprintf("%s/%s", folder, names[i]);

		if (r >= 0)
			r = read_file(path, config, err);
		free(names[i]);
	}
	return r;
}

int config_read(const char *path, const char *root, struct config *ret_config, struct err *err)
{
	struct config config = {
		.path = path ? xstrdup(path) : xasprintf("%s" CONFIG_PATH, root),
		.role = ROLE_STUDENT,
	};
	int r = read_file(config.path, &config, err);

	if (r == -ENOENT && !path)
		r = 0;
	if (r >= 0)
		r = read_drop_ins(&config, err);
	if (r >= 0 && config.ca_file)
		r = config_read_ca(config.ca_file, &config.ca_pem, err);
	if (r < 0) {
		config_done(&config);
		return r;
	}
	*ret_config = config;
	return 0;
}

int config_read_ca(const char *file, char **ret_pem, struct err *err)
{
	_cleanup_free_ char *pem = NULL;
	size_t len;
	int r = file_read_at(AT_FDCWD, file, IDENTITY_CA_MAX, &pem, &len, err);

	if (r < 0)
		return r;
	if (!text_is_utf8(pem, len) || !strstr(pem, "-----BEGIN CERTIFICATE-----"))
		return err_set(err, -EINVAL, "%s: holds no certificate in PEM", file);
	*ret_pem = TAKE_PTR(pem);
	return 0;
}

void config_done(struct config *config)
{
	free(config->path);
	free(config->files);
	free(config->url);
	free(config->key_file);
	free(config->ca_file);
	free(config->ca_pem);
	free(config->pins);
	free(config->state_dir);
	*config = (struct config){ 0 };
}

const char *config_state_path(const struct config *config, const char *option)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): the agent has one thread */
	const char *variable = getenv("TESTREADY_STATE");

	if (!option && !(variable && variable[0]) && config->state_dir)
		return config->state_dir;
	return state_path(option);
}

struct http_settings config_http(const struct config *config, const struct identity *identity,
				 long timeout_ms)
{
	return (struct http_settings){
		.ca_pem = config->ca_pem ? config->ca_pem : identity->ca_pem,
		.pins = config->pins,
		.timeout_ms = timeout_ms,
	};
}

/* --- as a file --------------------------------------------------------------- */

static void print_text(FILE *out, const char *name, const char *value)
{
	if (value)
		fprintf(out, "%s = %s\n", name, value);
}

void config_print(const struct config *config, FILE *out)
{
	print_text(out, "url", config->url);
	print_text(out, "key_file", config->key_file);
	print_text(out, "ca_file", config->ca_file);
	for (const char *pin = config->pins; pin && *pin;) {
		size_t len = strcspn(pin, ";");

		fprintf(out, "pin = %.*s\n", (int)len, pin);
		pin += len + (pin[len] == ';');
	}
	if (config->has_role)
		print_text(out, "role", device_role_text(config->role));
	for (size_t i = 0; i < config->n_quiet; i++) {
		const struct quiet_hours *quiet = &config->quiet[i];

		fprintf(out, "quiet_hours = %02d:%02d-%02d:%02d\n", quiet->start_min / 60,
			quiet->start_min % 60, quiet->end_min / 60, quiet->end_min % 60);
	}
	print_text(out, "state_dir", config->state_dir);
	if (config->period_s)
		fprintf(out, "period_s = %lld\n", (long long)config->period_s);
}
