/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a file changes at each site, on its way to the audit log: entries of one LEA each, so that
 * whoever reads the log of one finds its sites in it and no other's. Many sites are one entry,
 * since an entry for each of ten thousand would keep the writer as long as the file does.
 */

#include <jansson.h>

#include "collector/act/act_audit.h"
#include "collector/act/judges.h"

#define IMPORT_LOG_SITES_MAX 50 /* of one entry */

struct import_log {
	json_t *leas; /* by LEA and site: what is before and after; NULL: nothing */
};
void import_log_done(struct import_log *log);

/* Takes @before and @after, either of which may be NULL. Of a site once more: it goes on. */
void import_log_put(struct import_log *log, const struct place *site, json_t *before,
		    json_t *after);

/*
 * What a struct sites_import tells of a site, with arrays by enum site_text: only what differs. A
 * site that goes to another LEA has left the one and come to the other.
 */
void import_log_site(struct import_log *log, const char *const *before, const char *const *after);

/* How many sites are in it, of all LEAs. */
size_t import_log_n_sites(const struct import_log *log);

/* Write all of it: of @note the act and the object, which is the file's name. */
int import_log_write(const struct import_log *log, const struct moment *moment,
		     const struct actor *actor, const struct audit_note *note,
		     struct err *err) _must_check_;
