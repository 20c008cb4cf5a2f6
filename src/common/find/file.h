// SPDX-License-Identifier: GPL-2.0-or-later
// file.h: files and folders that the command line names, recognised by device and inode.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	const char *data; // followed by a NUL
	size_t len;
};

struct fileid {
	uint64_t dev, inode;
};

struct file {
	struct fileid id;  // inode 0: it does not exist, and `dev` is that of the folder that does
	char *path;	   // absolute and without links; owned
	const char *typed; // the last part of the path as it was typed, borrowed
	bool linked;	   // the path ended in a link to a file with another name
	bool script;	   // it begins with "#!" ...
	// ... and the first line has this program, whose name is cut as the kernel does; env(1) and
	// its options are skipped
	char interpreter[16];
	bool below; // of a folder: all below it is meant as well
	int fd;	    // keeps the inode from being used again; owned
};

#define FILE_NULL ((struct file){.fd = -1})

// Find the file `text`, which is borrowed. 0 also if it does not exist: a process can still use it.
// -ENOTDIR, -EACCES, -ELOOP, -ENAMETOOLONG, -ENOMEM, -EMFILE.
int file_open(struct file *out, const char *text);

// May be called twice.
void file_close(struct file *f);

struct location;

// Whether a process is at this file or folder: its device and inode are the same; or, if it was
// removed or replaced, its path and device are.
bool file_is(const struct file *f, const struct location *at);

// The same for a folder and all below it: the id of the folder is one of `count` ids, or the path
// of what was removed is below.
bool file_holds(
	const struct file *f, const struct location *at, const struct fileid *ids, size_t count);

// The program that the first line of a script has: its name, cut to `size` bytes with the NUL, or
// "". False: it is no script.
bool file_interpreter(const char *text, char *name, size_t size);

struct files {
	struct file *list; // owned
	size_t count;
};

void files_free(struct files *all);
