// SPDX-License-Identifier: GPL-2.0-or-later
// stuckfs.c: a process with its working folder and a locked file in a file system whose server does
// not answer any more.
//
//	stuckfs FOLDER [UID TEXT]
//
// Mounts a FUSE file system on FOLDER, opens and locks the file "file" in it and prints "ready".
// From then on stat(2) of that file waits for ever, as it does when the server of a network file
// system is down. With UID and TEXT the server goes on: it is of that user, the file contains the
// text, and all is root's, as far as the server says. Only for root, in a mount namespace of its
// own.
#include "config.h"

#include "helper.h"

#include <fcntl.h>
#include <linux/fuse.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>

static void answer(
	int fuse, const struct fuse_in_header *in, int error, const void *data, size_t size)
{
	char reply[4096];
	struct fuse_out_header out = {
		.len = (uint32_t)(sizeof(out) + size), .error = error, .unique = in->unique};

	memcpy(reply, &out, sizeof(out));
	if (size)
		memcpy(reply + sizeof(out), data, size);
	if (write(fuse, reply, out.len) < 0)
		die("write for opcode %u: %s", in->opcode, strerror(errno));
}

// Answer one request. 1: the file is open.
static int serve(int fuse, const char *text)
{
	static char request[1 << 20];
	struct fuse_in_header in;
	const struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION, .minor = 23, .max_write = 4096};
	const struct fuse_entry_out entry = {.nodeid = 2,
		.entry_valid = 3600,
		.attr = {.ino = 2,
			.mode = S_IFREG | (text ? 0644 : 0666),
			.nlink = 1,
			.size = text ? strlen(text) : 0}};
	const struct fuse_attr_out folder = {.attr_valid = 3600,
		.attr = {.ino = 1, .mode = S_IFDIR | (text ? 0755 : 0777), .nlink = 2}};
	const struct fuse_attr_out file = {.attr_valid = 3600, .attr = entry.attr};
	const struct fuse_statfs_out fs = {.st.bsize = 4096};
	struct fuse_read_in part;
	const struct fuse_open_out opened = {.fh = 1};

	if (read(fuse, request, sizeof(request)) < (ssize_t)sizeof(in))
		die("read: %s", strerror(errno));
	memcpy(&in, request, sizeof(in));
	switch (in.opcode) {
	case FUSE_INIT:
		answer(fuse, &in, 0, &init, sizeof(init));
		return 0;
	case FUSE_LOOKUP:
		answer(fuse, &in, 0, &entry, sizeof(entry));
		return 0;
	case FUSE_GETATTR:
		answer(fuse, &in, 0, in.nodeid == 2 ? &file : &folder, sizeof(folder));
		return 0;
	case FUSE_OPENDIR:
		answer(fuse, &in, 0, &opened, sizeof(opened));
		return 0;
	case FUSE_STATFS:
		answer(fuse, &in, 0, &fs, sizeof(fs));
		return 0;
	case FUSE_READ:
		memcpy(&part, request + sizeof(in), sizeof(part));
		if (!text || part.offset > strlen(text))
			die("a read at %llu", (unsigned long long)part.offset);
		answer(fuse, &in, 0, text + part.offset, strlen(text + part.offset));
		return 0;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
		return 0;
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
		answer(fuse, &in, 0, NULL, 0);
		return 0;
	case FUSE_OPEN:
		answer(fuse, &in, 0, &opened, sizeof(opened));
		return 1;
	case FUSE_ACCESS:
	case FUSE_GETXATTR:
	case FUSE_POLL:
	case FUSE_FLUSH:
		answer(fuse, &in, -ENOSYS, NULL, 0);
		return 0;
	default:
		die("opcode %u", in.opcode);
	}
}

static void serve_as(int fuse, uid_t uid, const char *text)
{
	if (setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0)
		die("setresuid: %s", strerror(errno));
	for (;;)
		serve(fuse, text);
}

int main(int argc, char **argv)
{
	uid_t uid = argc == 4 ? (uid_t)strtoul(argv[2], NULL, 10) : 0;
	char options[96];

	if (argc != 2 && argc != 4)
		die("one argument or three are needed");
	int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	snprintf(options, sizeof(options),
		"fd=%d,rootmode=40000,user_id=%u,group_id=%u,allow_other", fuse, uid, uid);
	// a user can choose this name
	if (fuse < 0 || mount("rw,user_id=0,", argv[1], "fuse", MS_NOSUID | MS_NODEV, options) < 0)
		die("%s: %s", argv[1], strerror(errno));
	pid_t pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid && argc == 4)
		serve_as(fuse, uid, argv[3]);
	if (!pid) {
		while (!serve(fuse, NULL))
			continue;
		for (;;)
			pause();
	}
	close(fuse);
	int fd = chdir(argv[1]) < 0 ? -1 : open("file", O_RDONLY);
	if (fd < 0 || flock(fd, LOCK_EX) < 0)
		die("file: %s", strerror(errno));
	printf("ready\n");
	fflush(stdout);
	for (;;)
		pause();
}
