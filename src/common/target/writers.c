// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "handle/kernel.h"
#include "target/writers.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

enum {
	LINKS = 40, // the most links that the kernel follows in one path
	FOLDER = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
};

// ---- users ----

static void add_user(struct users *users, uid_t uid)
{
	if (!uid || (users->how == USERS_ONE && users->uid == uid))
		return;
	users->how = users->how == USERS_NONE ? USERS_ONE : USERS_SEVERAL;
	users->uid = uid;
}

bool users_are(const struct users *users, uid_t uid)
{
	return users->how == USERS_NONE || (users->how == USERS_ONE && users->uid == uid);
}

// Add the users that belong to the group according to the user and group databases. This shows
// whether it is a daemon's own group or one that several users share. Group 0 is root's own
// responsibility, so it does not count.
static void add_group(struct users *users, gid_t gid)
{
	const struct passwd *user;

	if (!gid || users->how == USERS_SEVERAL)
		return;
	const struct group *group = getgrgid(gid);
	if (!group)
		users->how = USERS_SEVERAL;
	for (char **name = group ? group->gr_mem : NULL; name && *name; name++) {
		user = getpwnam(*name);
		if (user)
			add_user(users, user->pw_uid);
	}
	// a user's primary group is not among the members that getgrgid lists
	setpwent();
	while ((user = getpwent()))
		if (user->pw_gid == gid)
			add_user(users, user->pw_uid);
	endpwent();
}

// The user whose server answers for the FUSE file system with that device, by the text of a file
// mountinfo; root if it is no user's program. 0; -ENOENT: it is not mounted here.
static int find_server(const char *mountinfo, dev_t device, uid_t *uid)
{
	static const char key[] = ",user_id=";

	for (const char *line = mountinfo; line && *line; line = strchr(line, '\n')) {
		unsigned have[2];

		line += *line == '\n';
		if (sscanf(line, "%*d %*d %u:%u ", &have[0], &have[1]) != 2 ||
			makedev(have[0], have[1]) != device)
			continue;
		// the last word is the kernel's; users choose those before it
		const char *end = strchrnul(line, '\n');
		const char *word = memrchr(line, ' ', (size_t)(end - line));
		const char *option =
			word ? memmem(word, (size_t)(end - word), key, strlen(key)) : NULL;
		*uid = option ? (uid_t)strtoul(option + strlen(key), NULL, 10) : 0;
		return 0;
	}
	return -ENOENT;
}

// ---- rights ----

// An access control list in the form of the kernel (posix_acl_xattr.h of Linux).
enum {
	ACL_USER = 2,
	ACL_OWNING_GROUP = 4,
	ACL_GROUP = 8,
	ACL_MASK = 16,
	ACL_OTHER = 32,
	ACL_WRITE = 2,
	ACL_ROOM = 4096,
};

struct acl_entry {
	uint16_t tag, rights;
	uint32_t id;
};

static struct acl_entry entry_at(const unsigned char *acl, size_t i)
{
	struct acl_entry e;

	memcpy(&e, acl + sizeof(uint32_t) + i * sizeof(e), sizeof(e));
	return (struct acl_entry){le16toh(e.tag), le16toh(e.rights), le32toh(e.id)};
}

static void add_entry(struct users *users, const struct acl_entry *e, gid_t owning)
{
	if (e->tag == ACL_USER)
		add_user(users, e->id);
	else if (e->tag == ACL_GROUP || e->tag == ACL_OWNING_GROUP)
		add_group(users, e->tag == ACL_GROUP ? e->id : owning);
	else if (e->tag == ACL_OTHER)
		users->how = USERS_SEVERAL;
}

static void add_acl(struct users *users, const unsigned char *acl, size_t size, gid_t owning)
{
	size_t count = (size - sizeof(uint32_t)) / sizeof(struct acl_entry);
	unsigned mask = ACL_WRITE;

	for (size_t i = 0; i < count; i++)
		if (entry_at(acl, i).tag == ACL_MASK)
			mask &= entry_at(acl, i).rights;
	for (size_t i = 0; i < count; i++) {
		struct acl_entry e = entry_at(acl, i);

		// the mask limits all entries but those of the owner and of others
		if (e.rights & (e.tag == ACL_OTHER ? ACL_WRITE : mask) && e.tag != ACL_MASK)
			add_entry(users, &e, owning);
	}
}

// Add the user of the server of a FUSE file system: it chooses the contents of its files and their
// owners.
static void add_server(struct users *users, int fd, dev_t device)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	struct statfs fs;
	uid_t uid;

	bool known = !fstatfs(fd, &fs);
	if (known && (uint32_t)fs.f_type != KERNEL_FUSE_MAGIC)
		return;
	if (!known || buffer_read_file(&text, AT_FDCWD, "/proc/self/mountinfo") < 0 ||
		find_server(buffer_text(&text), device, &uid) < 0)
		users->how = USERS_SEVERAL;
	else
		add_user(users, uid);
}

static int add_writers(struct users *users, int fd)
{
	unsigned char acl[ACL_ROOM];
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	add_user(users, st.st_uid);
	add_server(users, fd, st.st_dev);
	// What is written to a character device is not what is read from it. In a sticky folder
	// only the owner of a file can put another in its place.
	if (S_ISCHR(st.st_mode) || (S_ISDIR(st.st_mode) && st.st_mode & S_ISVTX))
		return 0;
	ssize_t size = fgetxattr(fd, "system.posix_acl_access", acl, sizeof(acl));
	if (size >= (ssize_t)sizeof(uint32_t)) {
		add_acl(users, acl, (size_t)size, st.st_gid);
		return 0;
	}
	// an access control list that cannot be read may give rights to any user
	if (size >= 0 || (errno != ENODATA && errno != EOPNOTSUPP && errno != ENOSYS))
		users->how = USERS_SEVERAL;
	if (st.st_mode & S_IWGRP)
		add_group(users, st.st_gid);
	if (st.st_mode & S_IWOTH)
		users->how = USERS_SEVERAL;
	return 0;
}

int writers_of(int fd, struct users *out)
{
	struct users users = {USERS_NONE, 0};

	int r = add_writers(&users, fd);
	if (!r)
		*out = users;
	return r;
}

// ---- the way ----

struct way {
	struct writers *writers;
	int flags;
	int folder;	  // where `rest` begins; owned
	char *path;	  // owned
	const char *rest; // of `path`
	int links;
};

static void leave(struct way *w)
{
	if (w->folder >= 0)
		close(w->folder);
	free(w->path);
}

// Continue in the folder `fd`, which is taken over.
static int enter(struct way *w, int fd)
{
	if (fd < 0)
		return -errno;
	if (w->folder >= 0)
		close(w->folder);
	w->folder = fd;
	return add_writers(&w->writers->way, fd);
}

// Continue in "/". Its owner does not count, because the owner of "/" also chooses the programs
// that run here. In a user namespace that owner often has no user ID of ours at all.
static int enter_root(struct way *w)
{
	struct stat st;
	int fd = open("/", FOLDER);

	if (fd < 0 || fstat(fd, &st) < 0 || st.st_mode & (S_IWGRP | S_IWOTH))
		return enter(w, fd);
	if (w->folder >= 0)
		close(w->folder);
	w->folder = fd;
	return 0;
}

// Go on at the destination of the link, of `len` bytes at `path`, and then with the rest. Takes
// `path` over, which has room for PATH_MAX bytes.
static int follow(struct way *w, char *path, size_t len)
{
	int n = snprintf(path + len, PATH_MAX - len, "%s%s", *w->rest ? "/" : "", w->rest);

	free(w->path);
	w->path = path;
	w->rest = path;
	if (n < 0 || (size_t)n >= PATH_MAX - len)
		return -ENAMETOOLONG;
	if (++w->links > LINKS)
		return -ELOOP;
	return *path == '/' ? enter_root(w) : 0;
}

// The links in /proc lead to files that may have no path; only the kernel can follow them.
static bool is_of_proc(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == KERNEL_PROCFS_MAGIC;
}

// Follow the symbolic link that `fd` holds. 1, -errno.
static int follow_held(struct way *w, int fd)
{
	char *path = malloc(PATH_MAX);

	if (!path)
		return -ENOMEM;
	ssize_t len = readlinkat(fd, "", path, PATH_MAX);
	if (len < 0) {
		free(path);
		return -errno;
	}
	int r = follow(w, path, (size_t)len);
	return r < 0 ? r : 1;
}

// 1: `name` is a symbolic link, and was followed. 0: it is not a link.
static int try_link(struct way *w, const char *name)
{
	struct stat st;

	// open the link itself, so that it cannot be exchanged after its owner was read
	int fd = openat(w->folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int r = fstat(fd, &st) < 0 ? -errno : S_ISLNK(st.st_mode) && !is_of_proc(fd);
	if (r == 1) {
		add_user(&w->writers->way, st.st_uid);
		r = follow_held(w, fd);
	}
	close(fd);
	return r;
}

// Open the file itself, at the end of the path. -ELOOP: it is a link.
static int open_last(struct way *w, const char *name)
{
	bool of_proc = is_of_proc(w->folder);

	int fd = openat(w->folder, name, w->flags | (of_proc ? 0 : O_NOFOLLOW));
	if (fd < 0)
		return -errno;
	int r = add_writers(&w->writers->file, fd);
	if (r < 0) {
		close(fd);
		return r;
	}
	return fd;
}

// Go one component further. 1: there are more; 0: *fd is the file.
static int step(struct way *w, int *fd)
{
	char name[NAME_MAX + 1];
	const char *at = w->rest + strspn(w->rest, "/");
	size_t len = strcspn(at, "/");

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, len ? at : ".", len ? len : 1);
	name[len ? len : 1] = 0;
	w->rest = at + len + strspn(at + len, "/");
	if (!*w->rest) {
		int r = *fd = open_last(w, name);

		if (r != -ELOOP)
			return r < 0 ? r : 0;
	}
	int r = try_link(w, name);
	if (r)
		return r;
	if (!*w->rest)
		return -ELOOP;
	r = enter(w, openat(w->folder, name, FOLDER | (is_of_proc(w->folder) ? 0 : O_NOFOLLOW)));
	return r < 0 ? r : 1;
}

int writers_open(const char *path, int flags, struct writers *out)
{
	struct writers writers = {{USERS_NONE, 0}, {USERS_NONE, 0}};
	struct way w = {.writers = &writers, .flags = flags, .folder = -1};
	int fd = -1;

	if (!*path)
		return -ENOENT;
	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	w.path = strdup(path);
	if (!w.path)
		return -ENOMEM;
	w.rest = w.path;
	int r = *path == '/' ? enter_root(&w) : enter(&w, open(".", FOLDER));
	do
		r = r < 0 ? r : step(&w, &fd);
	while (r == 1);
	leave(&w);
	if (r < 0)
		return r;
	*out = writers;
	return fd;
}
