/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One thing that was asked of the writer, on its way there and back.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/queue.h>

#include "collector/act/act.h"
#include "collector/act/act_asker.h"
#include "collector/act/act_made_before.h"
#include "collector/act/act_profile.h"
#include "collector/act/actor.h"
#include "collector/act/judges.h"
#include "collector/ingest/accept.h"
#include "collector/ingest/known.h"
#include "common/base/err.h"

enum job_kind {
	JOB_REPORT,
	JOB_KNOWN, /* a report of which the collector may know all but the counters */
	JOB_HEARTBEAT,
	JOB_BEAT, /* a heartbeat that was read without a tree */
	JOB_ENROLL,
	JOB_DEVICE_KEY, /* another key for a device */
	JOB_CONFLICT,   /* a resolution, or its undo */
	JOB_CHANGE,     /* anything else that people ask for */
	JOB_CHECK,      /* whether the store can be written; changes nothing */
	JOB_KIND_MAX_,
};

/*
 * What people ask to be changed, with all it needs; what it brings stays in it. The queue
 * knows nothing of it but how it is run, in a transaction of its own, and freed.
 */
struct change {
	/*
	 * What takes longer than a transaction may, such as the hash of a password: before run(),
	 * by whoever puts it on the queue, on a thread that may be kept. 1: that was all, and
	 * run() is not called. NULL: nothing.
	 */
	int (*prepare)(struct change *change, struct err *err);
	int (*run)(struct change *change, const struct moment *moment, struct err *err);
	void (*free)(struct change *change);
};

/*
 * A job that is not run again where it was before, by whoever asked for it; what it is made of
 * is for who put it on the queue.
 */
struct job_once {
	struct made_request request;
	/* What came of the job, to be remembered; *@ret_answer is owned by the caller. */
	int (*tell)(struct job_once *once, const struct moment *moment, char **ret_answer,
		    struct err *err);
	char *answer; /* filled by the writer: how it was answered before; NULL: this was the first
		       */
};

struct job {
	STAILQ_ENTRY(job) jobs;
	enum job_kind kind;
	size_t bytes;   /* of the body it came from, for the queue's limit */
	uint64_t owner; /* whose share of the queue it takes, a number made of its key; 0: nobody's
			 */
	size_t share;   /* how many places that owner may have */

	char key_hash[HASH_SIZE];      /* of the key that it came with */
	struct accepted_report report; /* of JOB_REPORT; of JOB_KNOWN if it was looked at */
	struct known_head known;       /* of both; contents are "" where it told nothing */
	struct accepted_facts facts;   /* of JOB_KNOWN, where only they are new */
	char *body;                    /* of JOB_KNOWN, owned by the job */
	size_t body_len;
	struct accepted_heartbeat heartbeat; /* of JOB_HEARTBEAT */
	struct known_beat beat;              /* of JOB_BEAT */
	struct accepted_enroll enroll;       /* of JOB_ENROLL */
	char device_id[ID_SIZE];             /* of JOB_DEVICE_KEY */
	struct {
		char id[ID_SIZE];
		enum conflict_resolution resolution; /* RESOLUTION_NONE: undo */
	} conflict;                                  /* of JOB_CONFLICT */
	struct actor actor;                          /* who asks; its texts are the request's */

	struct change *change; /* of JOB_CHANGE, owned by the job */
	bool is_outside;       /* its prepare() asks another machine: on a thread for that */

	/* Of what staff ask for: looked up anew before it is run; its texts are the request's. */
	struct asker asker;
	struct job_once *once; /* allocated and owned by the job; NULL: run however often */

	/*
	 * Filled by the writer before it calls done(): 0, then it is on disk; -EAGAIN:
	 * the store cannot be written now; -EACCES of JOB_ENROLL and JOB_DEVICE_KEY: the
	 * key is not valid; -ENOENT or -EALREADY of JOB_CONFLICT: there is none, or
	 * it is as it is to be; -EKEYREVOKED: who asked may no more; -ENOTUNIQ and -EFBIG of
	 * what has once: see act_made_before.h; of JOB_CHANGE what job_is_refused() knows, as
	 * its run() says; -ESHUTDOWN: it was not run, since the collector ends; else why the
	 * store or the collector failed.
	 */
	int result;
	struct err err;
	struct contact_answer contact; /* of reports and heartbeats */
	struct enroll_answer answer;   /* of JOB_ENROLL */
	char device_key[SECRET_SIZE];  /* of JOB_DEVICE_KEY */

	void (*done)(struct job *job); /* from the writer's thread; the job may be gone after it */
	void *arg;
};

STAILQ_HEAD(job_list, job);

/*
 * Whether @r concerns the job alone: no valid key to enrol with, no such device any more, a
 * conflict that is settled as it is, a waiver of what cannot be waived so, what the roles of
 * whoever asks do not allow.
 */
bool job_is_refused(int r);

struct job *job_new(enum job_kind kind, size_t bytes) _must_check_;
void job_free(struct job *job);
DEFINE_CLEANUP(struct job *, job_free);
