/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same bytes as each of the files that say who a device is: identity, settlement,
 * what the collector said of requirements, what root left, and the list of mounts. What is read can
 * be written, and is then read as the same.
 */
#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/dmi.h"
#include "agent/identity.h"
#include "agent/machine_disk.h"
#include "agent/requirements_view.h"
#include "agent/settlement.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "build/fuzz/state-XXXXXX";

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_folder(void)
{
	(void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void make_folder(const char *path)
{
	_cleanup_free_ char *full = xasprintf("%s%s", folder, path);

	if (mkdir(full, 0700) < 0)
		abort();
}

static struct state *open_state(void)
{
	static struct state state = { .lock_fd = -1 };

	if (state.path)
		return &state;
	if (!mkdtemp(folder))
		abort();
	(void)atexit(remove_folder);
	make_folder("/run");
	make_folder("/run/testready-agent");
	make_folder("/proc");
	make_folder("/proc/self");
	state.path = folder;
	state.dir_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return &state;
}

static void put(const char *path, const uint8_t *data, size_t size)
{
	_cleanup_free_ char *full = xasprintf("%s/%s", folder, path);
	FILE *file = fopen(full, "w");

	if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
		abort();
}

static void check_identity(struct state *state)
{
	struct identity identity, again;
	struct err err = { 0 };

	if (identity_read(state, &identity, &err) < 0) {
		if (!err.text[0])
			abort();
		return;
	}
	if (identity_write(state, &identity, &err) < 0 || identity_read(state, &again, &err) < 0 ||
	    strcmp(identity.device_id, again.device_id) != 0 ||
	    strcmp(identity.url, again.url) != 0 || identity.fingerprint.n != again.fingerprint.n)
		abort();
	identity_done(&identity);
	identity_done(&again);
}

static void check_settlement(struct state *state)
{
	struct settlement settlement, again;
	struct err err = { 0 };

	if (settlement_read(state, &settlement, &err) < 0) {
		if (!err.text[0])
			abort();
		return;
	}
	if (settlement_write(state, &settlement, &err) < 0 ||
	    settlement_read(state, &again, &err) < 0 ||
	    strcmp(settlement.request_id, again.request_id) != 0)
		abort();
	settlement_done(&settlement);
	settlement_done(&again);
}

static void check_requirements(struct state *state)
{
	static const char device_id[] = "0123456789abcdef0123456789abcdef";
	struct requirements_view view;
	struct requirements_note note, again;
	struct err err = { 0 };
	json_t *json;

	if (requirements_view_read(state, device_id, &view, &err) < 0 && !err.text[0])
		abort();
	json = requirements_view_json(&view);
	if (!json)
		abort();
	json_decref(json);
	requirements_view_done(&view);
	if (requirements_note_read(state, device_id, &note, &err) < 0)
		return;
	if (requirements_note_write(state, device_id, &note, &err) < 0 ||
	    requirements_note_read(state, device_id, &again, &err) < 0 ||
	    note.judged_for != again.judged_for || strcmp(note.version, again.version) != 0)
		abort();
	requirements_note_done(&note);
	requirements_note_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct state *state = open_state();
	char *values[MACHINE_DISK_VALUES_MAX];
	struct dmi dmi;
	size_t n;

	put("identity.json", data, size);
	put("settlement.json", data, size);
	put(STATE_FILE_REQUIREMENTS, data, size);
	put("run/testready-agent/dmi.json", data, size);
	put("proc/self/mountinfo", data, size);
	check_identity(state);
	check_settlement(state);
	check_requirements(state);
	if (dmi_read(folder, &dmi, NULL) >= 0)
		dmi_done(&dmi);
	n = machine_disk(folder, values);
	for (size_t i = 0; i < n; i++)
		free(values[i]);
	return 0;
}
