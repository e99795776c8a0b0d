/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "agent/helper.h"
#include "agent/probe/audio_controls.h"
#include "common/base/mem.h"

/* One card alone, after all together did not answer; and how often that is tried. */
#define ALONE_TIMEOUT_MS 500
#define FAILURES_MAX 3

static void control_add(struct audio_controls *controls, const struct audio_control *control)
{
	controls->controls =
		xreallocarray(controls->controls, controls->n + 1, sizeof(*controls->controls));
	controls->controls[controls->n++] = *control;
}

/* 0 or 1, -1 if it is left out; false if it is something else. */
static bool parse_bool(const json_t *value, int *ret_bool)
{
	*ret_bool = value ? json_is_true(value) : -1;
	return !value || json_is_boolean(value);
}

static bool parse_percent(const json_t *value, int *ret_percent)
{
	json_int_t percent = value ? json_integer_value(value) : -1;

	*ret_percent = (int)percent;
	return !value || (json_is_integer(value) && percent >= 0 && percent <= 100);
}

static bool parse_control(const json_t *line, struct audio_control *control)
{
	static const char *const members[] = {
		[CONTROL_JACK] = "jack",
		[CONTROL_MIXER] = "mixer",
		[CONTROL_WHY_NOT] = "why_not",
	};
	const json_t *card = json_object_get(line, "card");
	const char *name = NULL;
	size_t kind = 0;

	while (kind < ARRAY_SIZE(members) &&
	       !(name = json_string_value(json_object_get(line, members[kind]))))
		kind++;
	if (!name || !json_is_integer(card) || json_integer_value(card) < 0 ||
	    json_integer_value(card) >= AUDIO_CARDS_MAX)
		return false;
	*control = (struct audio_control){ .kind = (enum control_kind)kind,
					   .card = (unsigned)json_integer_value(card) };
	if (!parse_bool(json_object_get(line, "plugged"), &control->plugged) ||
	    !parse_bool(json_object_get(line, "muted"), &control->muted) ||
	    !parse_percent(json_object_get(line, "volume_percent"), &control->volume_percent))
		return false;
	control->name = xstrdup(name);
	return true;
}

int audio_controls_parse(const json_t *lines, struct audio_controls *controls, struct err *err)
{
	_cleanup_(audio_controls_done) struct audio_controls read = { 0 };
	struct audio_control control;
	const json_t *line;
	size_t i;

	json_array_foreach (lines, i, line) {
		if (!parse_control(line, &control))
			return err_set(err, -EPROTO,
				       "the agent's helper 'alsa' did not answer as it should");
		control_add(&read, &control);
	}
	for (i = 0; i < read.n; i++)
		control_add(controls, &read.controls[i]);
	read.n = 0; /* their names are the caller's now */
	return 0;
}

void audio_controls_done(struct audio_controls *controls)
{
	for (size_t i = 0; i < controls->n; i++)
		free(controls->controls[i].name);
	free(controls->controls);
	*controls = (struct audio_controls){ 0 };
}

static int ask(const struct env *env, const unsigned *cards, size_t n, int timeout_ms,
	       struct audio_controls *controls, struct err *err)
{
	char numbers[AUDIO_CARDS_MAX][12];
	const char *args[AUDIO_CARDS_MAX + 1] = { NULL };
	json_t *lines;
	int r;

	for (size_t i = 0; i < n; i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "%u", cards[i]);
		args[i] = numbers[i];
	}
	r = helper_run(env, "alsa", args, timeout_ms, &lines, err);
	if (r < 0)
		return r;
	r = audio_controls_parse(lines, controls, err);
	json_decref(lines);
	return r;
}

static void add_why_not(struct audio_controls *controls, unsigned card, const struct err *err)
{
	const struct audio_control why_not = { .kind = CONTROL_WHY_NOT,
					       .card = card,
					       .name = xstrdup(err->text) };

	control_add(controls, &why_not);
}

void audio_controls_read(const struct env *env, const unsigned *cards, size_t n,
			 struct audio_controls *ret_controls)
{
	struct err err = { 0 };
	size_t n_failures = 0;
	int r = 0;

	*ret_controls = (struct audio_controls){ 0 };
	if (n > 0)
		r = ask(env, cards, n, HELPER_TIMEOUT_MS, ret_controls, &err);
	if (r >= 0)
		return;
	/* A card whose driver hangs: it alone is to stay unheard. Without a helper none answers. */
	if (n == 1 || r == -ENOENT)
		n_failures = FAILURES_MAX;
	for (size_t i = 0; i < n; i++) {
		r = -1;
		if (n_failures < FAILURES_MAX)
			r = ask(env, &cards[i], 1, ALONE_TIMEOUT_MS, ret_controls, &err);
		if (r >= 0)
			continue;
		n_failures++;
		add_why_not(ret_controls, cards[i], &err);
	}
}

const char *audio_controls_why_not(const struct audio_controls *controls, unsigned card)
{
	for (size_t i = 0; i < controls->n; i++) {
		const struct audio_control *control = &controls->controls[i];

		if (control->kind == CONTROL_WHY_NOT && control->card == card)
			return control->name;
	}
	return NULL;
}

const struct audio_control *audio_controls_mixer(const struct audio_controls *controls,
						 unsigned card, const char *name)
{
	for (size_t i = 0; i < controls->n; i++) {
		const struct audio_control *control = &controls->controls[i];

		if (control->kind == CONTROL_MIXER && control->card == card &&
		    strcmp(control->name, name) == 0)
			return control;
	}
	return NULL;
}
