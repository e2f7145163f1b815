#define _GNU_SOURCE
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/* Two folders deep there is the page; a tree of another depth is not of our making. */
enum { DEPTH_LIMIT = 16 };

bool folder_owns(int file) {
  struct stat status;
  return fstat(file, &status) == 0 && status.st_uid == geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

int folder_open(int parent, const char *name, bool make, struct trouble *trouble) {
  int folder = openat(parent, name, folder_flags);
  if (folder < 0 && errno == ENOENT && make && (mkdirat(parent, name, 0700) == 0 || errno == EEXIST)) {
    folder = openat(parent, name, folder_flags);
  }
  if (folder < 0) {
    const bool isLink = errno == ELOOP || errno == ENOTDIR;
    say(trouble, "%s %s", name, isLink ? "is a link or no folder" : strerror(errno));
    return -1;
  }
  if (folder_owns(folder)) return folder;
  say(trouble, "%s belongs to somebody else, or others may write into it", name);
  close(folder);
  return -1;
}

static bool is_entry(const struct dirent *entry) { return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0; }

/* A stream of its own: closing it leaves `folder` open. */
static DIR *read_folder(int folder) {
  const int again = openat(folder, ".", folder_flags);
  if (again < 0) return NULL;
  DIR *entries = fdopendir(again);
  if (entries == NULL) close(again);
  return entries;
}

int folder_count(int folder) {
  DIR *entries = read_folder(folder);
  if (entries == NULL) return -1;
  int count = 0;
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;) count += is_entry(entry) ? 1 : 0;
  closedir(entries);
  return count;
}

static void remove_tree(int parent, const char *name, int depth) {
  if (unlinkat(parent, name, 0) == 0 || depth == 0) return;
  const int folder = openat(parent, name, folder_flags);
  if (folder < 0) return;
  DIR *entries = read_folder(folder);
  for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
    if (is_entry(entry)) remove_tree(folder, entry->d_name, depth - 1);
  }
  if (entries != NULL) closedir(entries);
  close(folder);
  unlinkat(parent, name, AT_REMOVEDIR);
}

void folder_remove(int parent, const char *name) { remove_tree(parent, name, DEPTH_LIMIT); }
