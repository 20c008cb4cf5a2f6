// SPDX-License-Identifier: GPL-2.0-or-later
// stuckfs.c: a process with its working folder and a locked file in a file system whose server does
// not answer any more.
//
//	stuckfs FOLDER
//
// Mounts a FUSE file system on FOLDER, opens and locks the file "file" in it and prints "ready".
// From then on stat(2) of that file waits for ever, as it does when the server of a network file
// system is down. Only for root, in a mount namespace of its own.
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
		die("write: %s", strerror(errno));
}

// Answer one request. 1: the file is open.
static int serve(int fuse)
{
	static char request[1 << 20];
	struct fuse_in_header in;
	const struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION, .minor = 23, .max_write = 4096};
	const struct fuse_entry_out entry = {.nodeid = 2,
		.entry_valid = 3600,
		.attr = {.ino = 2, .mode = S_IFREG | 0666, .nlink = 1}};
	const struct fuse_attr_out folder = {
		.attr_valid = 3600, .attr = {.ino = 1, .mode = S_IFDIR | 0777, .nlink = 2}};
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
		answer(fuse, &in, 0, &folder, sizeof(folder));
		return 0;
	case FUSE_OPEN:
		answer(fuse, &in, 0, &opened, sizeof(opened));
		return 1;
	case FUSE_ACCESS:
		answer(fuse, &in, -ENOSYS, NULL, 0);
		return 0;
	default:
		die("opcode %u", in.opcode);
	}
}

int main(int argc, char **argv)
{
	char options[64];

	if (argc != 2)
		die("one argument is needed");
	int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0", fuse);
	if (fuse < 0 || mount("stuckfs", argv[1], "fuse", MS_NOSUID | MS_NODEV, options) < 0)
		die("%s: %s", argv[1], strerror(errno));
	pid_t pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		while (!serve(fuse))
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
