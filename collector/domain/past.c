/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/past.h"

#define LAYOUT 1
#define TEXT_MAX 128
#define NONE 0xff /* no place of a boot */

/* --- boots ---------------------------------------------------------------------- */

static unsigned digit(char letter)
{
	return (unsigned)(letter <= '9' ? letter - '0' : letter - 'a' + 10);
}

/* @text is a UUID in lower case, as whoever accepted the report checked. */
static void boot_bytes(const char *text, unsigned char bytes[static PAST_BOOT_BYTES])
{
	for (size_t i = 0; i < PAST_BOOT_BYTES; i++) {
		text += *text == '-';
		bytes[i] = (unsigned char)(digit(text[0]) << 4 | digit(text[1]));
		text += 2;
	}
}

static void boot_text(const unsigned char *bytes, char text[static REPORT_BOOT_ID_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < PAST_BOOT_BYTES; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*text++ = '-';
		*text++ = digits[bytes[i] >> 4];
		*text++ = digits[bytes[i] & 15];
	}
	*text = '\0';
}

/* n_boots: it is not there. */
static size_t boot_find(const struct past *past, const unsigned char *id)
{
	size_t i = past->n_boots;

	/* Mostly it is the last one. */
	while (i > 0 && memcmp(past->boots[i - 1].id, id, PAST_BOOT_BYTES) != 0)
		i--;
	return i > 0 ? i - 1 : past->n_boots;
}

static bool boot_is_used(const struct past *past, size_t boot)
{
	if (past->has_edge && past->edge_boot == boot)
		return true;
	for (size_t i = 0; i < past->n_reports; i++) {
		if (past->reports[i].boot == boot)
			return true;
	}
	return false;
}

/* Take the boot at @boot out; those behind it move up. */
static struct past_boot boot_take(struct past *past, size_t boot)
{
	struct past_boot taken = past->boots[boot];

	memmove(&past->boots[boot], &past->boots[boot + 1],
		(past->n_boots - boot - 1) * sizeof(past->boots[0]));
	past->n_boots--;
	for (size_t i = 0; i < past->n_reports; i++) {
		if (past->reports[i].boot > boot)
			past->reports[i].boot--;
		else if (past->reports[i].boot == boot)
			past->reports[i].boot = NONE;
	}
	if (past->has_edge && past->edge_boot > boot)
		past->edge_boot--;
	else if (past->has_edge && past->edge_boot == boot)
		past->edge_boot = NONE;
	return taken;
}

/* Put @boot at the end, with what boot_take() left without one. */
static size_t boot_append(struct past *past, const struct past_boot *boot)
{
	size_t place = past->n_boots++;

	past->boots[place] = *boot;
	for (size_t i = 0; i < past->n_reports; i++) {
		if (past->reports[i].boot == NONE)
			past->reports[i].boot = (uint8_t)place;
	}
	if (past->has_edge && past->edge_boot == NONE)
		past->edge_boot = (uint8_t)place;
	return place;
}

/* The place of the boot of @report, which is the last used from now on. */
static size_t boot_use(struct past *past, const struct report *report)
{
	struct past_boot boot = { 0 };
	size_t i;

	boot_bytes(report->boot_id, boot.id);
	i = boot_find(past, boot.id);
	if (i + 1 == past->n_boots)
		return i;
	if (i < past->n_boots) {
		boot = boot_take(past, i);
		return boot_append(past, &boot);
	}
	if (past->n_boots == PAST_BOOTS) {
		for (i = 0; boot_is_used(past, i);)
			i++;
		/* There are more places than reports, so one is not used. */
		assert(i < PAST_BOOTS);
		(void)boot_take(past, i);
	}
	return boot_append(past, &boot);
}
static_assert(PAST_BOOTS > PAST_REPORTS + 1, "a boot is always left that no report needs");

bool past_meet(struct past *past, const struct report *report)
{
	struct past_boot *boot = &past->boots[boot_use(past, report)];
	bool is_new = !boot->is_met;

	boot->is_met = true;
	return is_new;
}

void past_forget_boots(struct past *past)
{
	for (size_t i = 0; i < past->n_boots; i++)
		past->boots[i].is_met = false;
}

/* --- reports -------------------------------------------------------------------- */

static void set_neighbour(const struct past *past, size_t boot, int64_t sequence,
			  struct report_neighbour *neighbour)
{
	boot_text(past->boots[boot].id, neighbour->boot_id);
	neighbour->sequence = sequence;
}

void past_place(const struct past *past, const struct report *report,
		struct report_place *ret_place)
{
	struct report_place place = { 0 };
	const struct past_report *below = NULL, *above = NULL;
	unsigned char boot[PAST_BOOT_BYTES];

	boot_bytes(report->boot_id, boot);
	for (size_t i = 0; i < past->n_reports && !above; i++) {
		const struct past_report *other = &past->reports[i];

		if (other->sequence > report->sequence) {
			above = other;
		} else if (other->sequence == report->sequence &&
			   memcmp(past->boots[other->boot].id, boot, sizeof(boot)) == 0) {
			place.is_there = true;
			place.observed_ms = other->observed_ms;
			place.state = other->state;
		} else {
			below = other;
		}
	}
	if (below)
		set_neighbour(past, below->boot, below->sequence, &place.below);
	if (above)
		set_neighbour(past, above->boot, above->sequence, &place.above);
	place.is_old = past->has_edge && report->sequence <= past->edge_sequence && !place.is_there;
	if (place.is_old)
		set_neighbour(past, past->edge_boot, past->edge_sequence, &place.above);
	else if (past->has_edge && !below)
		set_neighbour(past, past->edge_boot, past->edge_sequence, &place.below);
	*ret_place = place;
}

/* Of what is forgotten the highest number is known. */
static void forget(struct past *past, uint8_t boot, int64_t sequence)
{
	if (past->has_edge && sequence < past->edge_sequence)
		return;
	past->has_edge = true;
	past->edge_boot = boot;
	past->edge_sequence = sequence;
}

static void forget_lowest(struct past *past)
{
	forget(past, past->reports[0].boot, past->reports[0].sequence);
	past->n_reports--;
	memmove(&past->reports[0], &past->reports[1], past->n_reports * sizeof(past->reports[0]));
}

void past_add(struct past *past, const struct report *report, enum device_state state)
{
	uint8_t boot = (uint8_t)boot_use(past, report);
	size_t at = past->n_reports;

	/* That it came is all that is kept of one that is lower than all of them. */
	if (at == PAST_REPORTS && report->sequence < past->reports[0].sequence) {
		forget(past, boot, report->sequence);
		return;
	}
	if (at == PAST_REPORTS)
		forget_lowest(past);
	at = past->n_reports;
	while (at > 0 && past->reports[at - 1].sequence > report->sequence)
		at--;
	memmove(&past->reports[at + 1], &past->reports[at],
		(past->n_reports - at) * sizeof(past->reports[0]));
	past->n_reports++;
	past->reports[at] =
		(struct past_report){ boot, state, report->sequence, report->observed_ms };
}

int64_t past_newest(const struct past *past)
{
	return past->n_reports > 0 ? past->reports[past->n_reports - 1].sequence : 0;
}

/* --- as it is stored --------------------------------------------------------------- */

static unsigned char *write_number(unsigned char *at, int64_t number)
{
	for (size_t i = 0; i < sizeof(number); i++)
		*at++ = (unsigned char)((uint64_t)number >> 8 * i);
	return at;
}

size_t past_write(const struct past *past, unsigned char ret_bytes[static PAST_BYTES_MAX])
{
	unsigned char *at = ret_bytes;

	*at++ = LAYOUT;
	*at++ = (unsigned char)past->n_boots;
	*at++ = (unsigned char)past->n_reports;
	*at++ = past->has_edge;
	for (size_t i = 0; i < past->n_boots; i++) {
		memcpy(at, past->boots[i].id, PAST_BOOT_BYTES);
		at += PAST_BOOT_BYTES;
		*at++ = past->boots[i].is_met;
	}
	for (size_t i = 0; i < past->n_reports; i++) {
		*at++ = past->reports[i].boot;
		*at++ = (unsigned char)past->reports[i].state;
		at = write_number(at, past->reports[i].sequence);
		at = write_number(at, past->reports[i].observed_ms);
	}
	if (past->has_edge) {
		*at++ = past->edge_boot;
		at = write_number(at, past->edge_sequence);
	}
	return (size_t)(at - ret_bytes);
}

static const unsigned char *read_number(const unsigned char *at, int64_t *ret_number)
{
	uint64_t number = 0;

	for (size_t i = 0; i < sizeof(number); i++)
		number |= (uint64_t)*at++ << 8 * i;
	*ret_number = (int64_t)number;
	return at;
}

/* Whether what was read can be what past_write() was given. */
static bool is_whole(const struct past *past)
{
	for (size_t i = 0; i < past->n_reports; i++) {
		if (past->reports[i].boot >= past->n_boots ||
		    past->reports[i].state >= STATE_MAX_ ||
		    (i > 0 && past->reports[i].sequence < past->reports[i - 1].sequence))
			return false;
	}
	return !past->has_edge || past->edge_boot < past->n_boots;
}

static bool read_bytes(const unsigned char *at, size_t size, struct past *past)
{
	if (size < 4 || at[0] != LAYOUT || at[1] > PAST_BOOTS || at[2] > PAST_REPORTS ||
	    at[3] > 1 ||
	    size != 4 + at[1] * (PAST_BOOT_BYTES + 1U) + at[2] * 18U + (at[3] ? 9U : 0))
		return false;
	past->n_boots = at[1];
	past->n_reports = at[2];
	past->has_edge = at[3];
	at += 4;
	for (size_t i = 0; i < past->n_boots; i++) {
		memcpy(past->boots[i].id, at, PAST_BOOT_BYTES);
		at += PAST_BOOT_BYTES;
		past->boots[i].is_met = *at++ != 0;
	}
	for (size_t i = 0; i < past->n_reports; i++) {
		past->reports[i].boot = *at++;
		past->reports[i].state = *at++;
		at = read_number(at, &past->reports[i].sequence);
		at = read_number(at, &past->reports[i].observed_ms);
	}
	if (past->has_edge) {
		past->edge_boot = *at++;
		(void)read_number(at, &past->edge_sequence);
	}
	return is_whole(past);
}

static bool read_text(const char *bytes, size_t size, struct past *past)
{
	char text[TEXT_MAX], boot_id[REPORT_BOOT_ID_SIZE], word[32];
	struct report report = { .boot_id = boot_id };
	enum device_state state;
	int n = 0;

	if (size >= sizeof(text))
		return false;
	memcpy(text, bytes, size);
	text[size] = '\0';
	/* NOLINTNEXTLINE(cert-err34-c): our own numbers, and what is no number is refused */
	if (sscanf(text, "%36s %" SCNd64 " %" SCNd64 " %31s%n", boot_id, &report.sequence,
		   &report.observed_ms, word, &n) != 4 ||
	    (size_t)n != size || !report_boot_id_is_valid(boot_id) ||
	    device_state_parse(word, &state) < 0)
		return false;
	(void)past_meet(past, &report);
	past_add(past, &report, state);
	return true;
}

int past_read(const void *bytes, size_t size, struct past *ret_past, struct err *err)
{
	struct past past = { 0 };

	if (size > 0 && !read_bytes(bytes, size, &past)) {
		past = (struct past){ 0 };
		if (!read_text(bytes, size, &past))
			return err_set(err, -EUCLEAN,
				       "what is remembered of its reports cannot be read");
	}
	*ret_past = past;
	return 0;
}
