/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/eval/show.h"

/* The units that names end in, see style of names: value and unit as a person writes them. */
static const struct unit {
	const char *suffix;
	const char *text;
	int64_t per_unit;
} units[] = {
	{ "_mib", " MiB", 1 }, { "_bytes", " GB", 1000000000 }, { "_px", " px", 1 },
	{ "_in", " in", 1 },   { "_percent", " %", 1 },         { "_ms", " ms", 1 },
	{ "mhz", " MHz", 1 },
};

static const struct unit *unit_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (text_ends(name, units[i].suffix))
			return &units[i];
	}
	return NULL;
}

/* What people call a fact, where its path does not say it; a list's name is that of one item. */
static const struct {
	const char *path;
	const char *label;
} labels[] = {
	{ "audio.cards", "sound card" },
	{ "audio.headphones", "headphones" },
	{ "audio.jacks", "sound socket" },
	{ "audio.microphone", "microphone" },
	{ "audio.muted", "muting" },
	{ "braille.displays", "braille display" },
	{ "braille.embossers", "braille embosser" },
	{ "browser.copies", "copies of the secure browser" },
	{ "browser.installs", "secure browser" },
	{ "browser.unread_folders", "folders that could not be looked into" },
	{ "bus", "connection" },
	{ "clock.synchronised", "synchronisation of the clock" },
	{ "cpu.cores", "processors" },
	{ "cpu.mhz", "processor speed" },
	{ "disk.free_bytes", "free disk" },
	{ "disk.total_bytes", "disk" },
	{ "display.screens", "screen" },
	{ "input.keyboards", "keyboard" },
	{ "input.pointers", "pointer" },
	{ "input.switches", "assistive switch device" },
	{ "input.touchscreens", "touchscreen" },
	{ "languages", "language" },
	{ "launchable", "ability to start" },
	{ "memory.total_mib", "memory" },
	{ "network.endpoints", "server" },
	{ "network.interfaces", "network interface" },
	{ "on_network_mount", "kind of drive" },
	{ "os", "system" },
	{ "os.arch", "architecture" },
	{ "os.automatic_updates", "automatic updates" },
	{ "os.desktops", "desktop" },
	{ "os.id", "system" },
	{ "os.kernel", "kernel" },
	{ "os.name", "system name" },
	{ "os.restart_required", "need of a restart" },
	{ "os.updates_staged", "waiting updates" },
	{ "os.version_id", "system version" },
	{ "power.batteries", "battery" },
	{ "printer.printers", "plugged-in printer" },
	{ "printer.queues", "print queue" },
	{ "software.fonts", "font" },
	{ "software.libraries", "library" },
	{ "software.running", "running program" },
	{ "software.screen_blanks", "blanking of the screen" },
	{ "software.web_browsers", "web browser" },
	{ "speech.engines", "speech synthesiser" },
	{ "version_id", "version" },
};

/* A yes and a no as one would say them of a thing: "a keyboard that is wired". */
static const struct {
	const char *name;
	const char *words[2];
	bool is_whole; /* it needs no word of what it is of */
} flags[] = {
	{ "accepting", { "not taking jobs", "taking jobs" }, false },
	{ "automatic_updates", { "no automatic updates", "automatic updates" }, true },
	{ "by_proxy", { "reached directly", "reached through a proxy" }, false },
	{ "capture", { "not able to record", "able to record" }, false },
	{ "dispatcher", { "no speech-dispatcher", "speech-dispatcher" }, true },
	{ "enabled", { "not in use", "in use" }, false },
	{ "internal", { "not built in", "built in" }, false },
	{ "launchable", { "not able to start", "able to start" }, false },
	{ "muted", { "not muted", "muted" }, false },
	{ "on_network_mount", { "on a local drive", "on a network drive" }, false },
	{ "playback", { "not able to play", "able to play" }, false },
	{ "plugged", { "empty", "in use" }, false },
	{ "reachable", { "not reachable", "reachable" }, false },
	{ "restart_required", { "no restart due", "a restart due" }, true },
	{ "running", { "not running", "running" }, false },
	{ "screen_blanks", { "screen stays on", "screen turns off by itself" }, true },
	{ "synchronised", { "not synchronised", "synchronised" }, false },
	{ "up", { "not connected", "connected" }, false },
	{ "updates_staged",
	  { "no updates that wait", "updates that wait for the next start" },
	  true },
	{ "wireless", { "wired", "wireless" }, false },
};

/* Words of facts that are not what people write. */
static const struct {
	const char *word;
	const char *text;
} words[] = {
	{ "line_in", "line in" },
	{ "line_out", "line out" },
	{ "not_charging", "not charging" },
	{ "on_screen_keyboard", "on-screen keyboard" },
	{ "remote_control", "remote control" },
	{ "screen_recorder", "screen recorder" },
	{ "screensaver", "screen saver" },
	{ "usb", "USB" },
	{ "virtual_machine", "virtual machine" },
};

enum {
	TEXTS_MAX = 4, /* of a list of texts are shown */
};

static const char *label_of(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(labels); i++) {
		if (strcmp(labels[i].path, path) == 0)
			return labels[i].label;
	}
	return NULL;
}

void show_plural(FILE *out, const char *path)
{
	const char *label = label_of(path);

	if (!label)
		show_name(out, path); /* a list's own name is a plural */
	else if (text_ends(label, "y"))
		fprintf(out, "%.*sies", (int)strlen(label) - 1, label);
	else
		fprintf(out, "%ss", label);
}

void show_name(FILE *out, const char *path)
{
	const struct unit *unit = unit_of(path);
	const char *label = label_of(path);
	size_t len = strlen(path);

	if (label) {
		fputs(label, out);
		return;
	}
	if (unit && unit->suffix[0] == '_')
		len -= strlen(unit->suffix);
	for (size_t i = 0; i < len; i++)
		fputc(path[i] == '.' || path[i] == '_' ? ' ' : path[i], out);
}

void show_flag(FILE *out, const char *path, bool value)
{
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		if (strcmp(flags[i].name, dot ? dot + 1 : path) != 0)
			continue;
		if (dot && !flags[i].is_whole)
			fprintf(out, "%.*s ", (int)(dot - path), path);
		fputs(flags[i].words[value], out);
		return;
	}
	show_name(out, path);
	fputs(value ? " yes" : " no", out);
}

void show_number(FILE *out, const char *name, int64_t value)
{
	const struct unit *unit = unit_of(name);

	if (!unit) {
		fprintf(out, "%" PRId64, value);
	} else if (unit->per_unit == 1) {
		fprintf(out, "%" PRId64 "%s", value, unit->text);
	} else {
		/* Rounded down: 19.99 GB must not read as the 20 that are needed. */
		int64_t tenths = value / (unit->per_unit / 10);

		fprintf(out, "%" PRId64 ".%" PRId64 "%s", tenths / 10, tenths % 10, unit->text);
	}
}

void show_text(FILE *out, const char *text)
{
	_cleanup_free_ char *clean = text_clean(text, strlen(text), SHOW_TEXT_MAX);

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i].word, clean) == 0) {
			fputs(words[i].text, out);
			return;
		}
	}
	fputs(clean[0] ? clean : "(none)", out);
}

static void show_texts(FILE *out, const json_t *list)
{
	size_t n = json_array_size(list);

	if (n == 0)
		fputs("(none)", out);
	for (size_t i = 0; i < n && i < TEXTS_MAX; i++) {
		fputs(i == 0 ? "" : ", ", out);
		show_value(out, "", json_array_get(list, i));
	}
	if (n > TEXTS_MAX)
		fputs(" and more", out);
}

void show_value(FILE *out, const char *name, const json_t *value)
{
	const char *why = fact_unknown_reason(value);

	if (json_is_boolean(value)) {
		fputs(json_is_true(value) ? "yes" : "no", out);
	} else if (json_is_integer(value)) {
		show_number(out, name, json_integer_value(value));
	} else if (json_is_string(value)) {
		show_text(out, json_string_value(value));
	} else if (why) {
		fputs("unknown (", out);
		show_text(out, why);
		fputc(')', out);
	} else {
		show_texts(out, value);
	}
}
