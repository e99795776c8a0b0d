/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Sites, windows and inventories from files. As with all of collector/act: in a
 * transaction of the caller, who rolls back on failure. The same file again
 * changes nothing.
 */

#include "collector/act/act.h"
#include "collector/act/import_log.h"
#include "collector/domain/access.h"
#include "collector/domain/import_row.h"
#include "collector/store/store_device.h"

struct import_sites_count {
	int64_t sites;
	int64_t windows;
	int64_t new_sites;
	int64_t changed; /* sites that were there, or their LEA or window */
};

/* What a file does to one thing. */
enum import_act {
	IMPORT_NEW,
	IMPORT_CHANGED,
	IMPORT_REMOVED,
	IMPORT_UNEXPECTED, /* of devices: in no inventory any more */
	IMPORT_MOVED,      /* of devices: away from the inventory of another site */
	IMPORT_MAX_,
};
/* new, changed, removed, unexpected, moved; ended by NULL */
extern const char *const import_act_words[];
/* Those of them that sites and rooms know, which come first; ended by NULL */
extern const char *const import_site_words[], *const import_room_words[];

/* A file of sites that is taken in, site by site. */
struct sites_import {
	struct store *store;
	int64_t now_ms;
	/*
	 * The file is not one of a program: a site that would get another LEA, a code whose leading
	 * zero another has, and a track that the site does not have are refused.
	 */
	bool is_careful;
	/*
	 * NULL, or told of each site that is new or changes, with an array by enum site_text of
	 * what its row says and of what was before; NULL where it says nothing; @before is NULL of
	 * a new one.
	 */
	void (*note)(void *arg, const char *const *before, const char *const *after);
	void *arg;
	struct import_log *log;          /* the same for the audit log; NULL: none */
	struct import_sites_count count; /* of all so far */
	enum site_text at;               /* what of the last row was refused */
};

/*
 * Take in one site, and add to the count. Where the window's profile or days change, or the
 * site's LEA, its devices are put into the queue to be judged again. What the row does not say
 * stays as it is.
 *
 * Of what is wrong with the row, as import->at says: -EEXIST: another site has a window of that
 * id. -EINVAL: what its LEA asks does not fit its profile, a code lost its zero, a track is none of
 * the site's or one that is not to be any more is in use. -EXDEV: the site is another LEA's.
 */
int sites_import_take(struct sites_import *import, const struct site_row *row,
		      struct err *err) _must_check_;
/* Whether sites_import_take() failed with what is wrong with the row. */
bool sites_import_is_refusal(int r);
/* The same, of one site that a program made. */
int act_import_site(struct store *store, const struct site_row *row, int64_t now_ms,
		    struct import_sites_count *count, struct err *err) _must_check_;

struct inventory_count {
	int64_t devices;
	int64_t sites;
	int64_t added;
	int64_t changed;
	int64_t unchanged;
	int64_t removed;    /* lines of an older inventory that no device had claimed */
	int64_t unexpected; /* devices that this inventory does not list any more */
	int64_t moved;      /* what another site's inventory listed with a serial number of this */
};

/*
 * An inventory being taken in, row by row. A row finds its device by asset tag,
 * serial, then host name, or is a new one that was never seen. At the end, devices
 * of the named sites that no row found are unexpected.
 *
 * A machine is at one site. What a row has the serial number of and another site's inventory
 * listed until now is expected there no more, as if that inventory came again without it: the
 * newest file that names a machine says where it counts. A site without an inventory keeps
 * its devices.
 */
struct inventory_import;

/* Is told of each as it is done; @before is NULL of a new one, @after of one that goes. */
struct import_watch {
	void (*note)(void *arg, enum import_act act, const struct device *before,
		     const struct device *after);
	void *arg;
};

/* On success inventory_import_free() *@ret_import, before the end of the transaction. */
int inventory_import_begin(struct store *store, struct profile_cache *cache, int64_t now_ms,
			   struct inventory_import **ret_import, struct err *err) _must_check_;
/*
 * Before the first row: only sites where @grants allow to mend inventories are there, and only
 * from their inventories something is taken away; NULL: all are. @grants outlive it.
 */
void inventory_import_limit(struct inventory_import *import, const struct grants *grants);
void inventory_import_watch(struct inventory_import *import, const struct import_watch *watch);
/* Only look whether the row's site is there. -ENOENT: it is not. */
int inventory_import_check(struct inventory_import *import, const struct inventory_row *row,
			   struct err *err) _must_check_;
/* -ENOENT: no such site. */
int inventory_import_take(struct inventory_import *import, const struct inventory_row *row,
			  struct err *err) _must_check_;
/* The codes of the sites that rows were for; borrowed until the next row. Returns how many. */
size_t inventory_import_sites(const struct inventory_import *import, char *const **ret_codes);
/* What was done at each site by its code, as {CODE: {"new": 1, …}}; borrowed; NULL: nothing. */
json_t *inventory_import_changes(const struct inventory_import *import);
int inventory_import_finish(struct inventory_import *import, struct inventory_count *ret_count,
			    struct err *err) _must_check_;
void inventory_import_free(struct inventory_import *import);
DEFINE_CLEANUP(struct inventory_import *, inventory_import_free);
