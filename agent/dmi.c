/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/dmi.h"
#include "agent/machine.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/report.h"

static const struct document_limits limits = { .bytes = (size_t)16 * 1024, .depth = 4 };

void dmi_done(struct dmi *dmi)
{
	free(dmi->serial);
	*dmi = (struct dmi){ 0 };
}

void dmi_look(const char *root, struct dmi *ret_dmi)
{
	*ret_dmi = (struct dmi){ .serial = machine_serial(root) };
	machine_fields(root, "dmi", &ret_dmi->fingerprint);
}

/* Let the service's group read it. Without such a group only root can, and that is as well. */
static int give_to_group(int dir_fd, struct err *err)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): the agent has one thread */
	const struct group *group = getgrnam(DMI_GROUP);

	if (!group || geteuid() != 0)
		return 0;
	if (fchownat(dir_fd, DMI_FILE, (uid_t)-1, group->gr_gid, AT_SYMLINK_NOFOLLOW) < 0)
		return err_errno(err, -errno, DMI_FILE);
	return 0;
}

static int open_folder(const char *path, struct err *err)
{
	_cleanup_close_ int fd = -1;
	struct stat st;

	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return err_errno(err, -errno, "cannot make %s", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(err, -errno, "%s", path);
	/* Whoever else owns it could put another file in the place of ours. */
	if (st.st_uid != geteuid())
		return err_set(err, -EPERM, "%s belongs to user %u, this is user %u", path,
			       st.st_uid, geteuid());
	/* Ours keeps others out by its mask; the service has to pass. */
	if (fchmod(fd, 0755) < 0)
		return err_errno(err, -errno, "%s", path);
	return TAKE_FD(fd);
}

int dmi_write(const char *root, const struct dmi *dmi, struct err *err)
{
	_cleanup_free_ char *path = xasprintf("%s" DMI_FOLDER, root);
	_cleanup_close_ int fd = open_folder(path, err);
	_cleanup_free_ char *text = NULL;
	json_t *json;
	int r;

	if (fd < 0)
		return fd;
	json = json_pack("{s:i, s:s, s:o}", "dmi", 1, "serial", dmi->serial, "fingerprint",
			 fingerprint_write(&dmi->fingerprint));
	text = document_canonical(json);
	json_decref(json);
	r = file_write_at(fd, DMI_FILE, text, strlen(text), 0640, err);
	if (r >= 0)
		r = give_to_group(fd, err);
	return r < 0 ? err_prefix(err, r, "cannot write into %s", path) : 0;
}

static int read_members(const struct node *root, struct dmi *dmi, struct err *err)
{
	static const char *const members[] = { "dmi", "serial", "fingerprint", NULL };
	struct node version = node_member(root, "dmi"), serial = node_member(root, "serial");
	struct node fingerprint = node_member(root, "fingerprint");
	const char *text = "";
	int64_t number;
	int r = node_object(root, members, err);

	if (r >= 0)
		r = node_int(&version, 1, 1, &number, err);
	if (r >= 0)
		r = node_text(&serial, REPORT_NAME_MAX, &text, err);
	if (r >= 0)
		r = fingerprint_read(&fingerprint, &dmi->fingerprint, err);
	if (r >= 0)
		dmi->serial = text_clean(text, strlen(text), REPORT_NAME_MAX);
	return r;
}

int dmi_read(const char *root, struct dmi *ret_dmi, struct err *err)
{
	_cleanup_free_ char *path = xasprintf("%s" DMI_FOLDER "/" DMI_FILE, root);
	_cleanup_free_ char *text = NULL;
	struct node node = { .key = "" };
	struct dmi dmi = { 0 };
	json_t *json = NULL;
	size_t len;
	int r = file_read_at(AT_FDCWD, path, limits.bytes, &text, &len, err);

	if (r >= 0)
		r = document_parse(text, len, &limits, &json, err);
	node.value = json;
	if (r >= 0)
		r = read_members(&node, &dmi, err);
	json_decref(json);
	if (r >= 0)
		*ret_dmi = dmi;
	return r;
}
