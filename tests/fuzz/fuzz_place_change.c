/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people send to change a site or an LEA: what is taken has texts that a file may have, what
 * is refused says why.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/time_zone.h"
#include "collector/ingest/accept_site.h"
#include "common/base/mem.h"
#include "common/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool is_so)
{
	if (!is_so)
		abort();
}

static void check_text(const char *text)
{
	_cleanup_free_ char *clean = NULL;

	if (!text)
		return;
	clean = text_clean(text, strlen(text), strlen(text));
	check(text_is_utf8(text, strlen(text)) && strcmp(clean, text) == 0);
}

static void check_person(const struct contact_person *person)
{
	for (size_t i = 0; i < CONTACT_TEXT_MAX_; i++)
		check_text(person->texts[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(accepted_site_done) struct accepted_site site = { 0 };
	_cleanup_(accepted_lea_done) struct accepted_lea lea = { 0 };
	_cleanup_free_ char *site_pointer = NULL, *lea_pointer = NULL;
	struct err err = { 0 };

	if (accept_site((const char *)data, size, &site, &site_pointer, &err) >= 0) {
		check_text(site.change.name);
		for (unsigned role = 0; role < CONTACT_ROLE_MAX_; role++)
			check_person(&site.change.contacts[role]);
	} else {
		check(err.text[0] != '\0');
	}
	if (accept_lea((const char *)data, size, &lea, &lea_pointer, &err) >= 0) {
		check_text(lea.change.name);
		check(!lea.change.zone || time_zone_is_known(lea.change.zone));
		check_person(&lea.change.coordinator);
	} else {
		check(err.text[0] != '\0');
	}
	return 0;
}
