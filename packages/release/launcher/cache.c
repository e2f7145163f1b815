/*
 * Invariants:
 * 1. A folder has its last name only when it is whole: it is written under another name and renamed.
 * 2. Under a name that begins with `new-` nobody works who has not the lock, so who has it may remove them all.
 * 3. A folder somebody runs from is locked (shared); nobody removes one he cannot lock alone.
 */
#define _GNU_SOURCE
#include "cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "folder.h"

static const char override_name[] = "CLAUDE_ORCHESTRATOR_CACHE_DIR";
static const char product_name[] = "claude-orchestrator";
static const char versions_name[] = "executable";
static const char lock_name[] = "lock";
static const char new_prefix[] = "new-";

enum {
  NAME_LIMIT = 128,
  /* Somebody who unpacks has 60 s; then it is done without the lock, beside him. */
  LOCK_TRIES = 1200,
  LOCK_PAUSE_MICROSECONDS = 50000,
  UNUSED_DAYS = 30,
};

struct place {
  /* What exists before us. */
  char base[SYSTEM_PATH_LIMIT];
  char product[NAME_LIMIT];
  /* Open: where the versions are. */
  int versions;
  enum part part;
  char id[NAME_LIMIT];
};

static bool open_versions(struct place *place, struct trouble *trouble) {
  if (mkdir(place->base, 0700) != 0 && errno != EEXIST) return say(trouble, "%s: %s", place->base, strerror(errno)), false;
  const int base = open(place->base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (base < 0) return say(trouble, "%s: %s", place->base, strerror(errno)), false;
  struct trouble why = {""};
  const int product = folder_open(base, place->product, true, &why);
  place->versions = product < 0 ? -1 : folder_open(product, versions_name, true, &why);
  close(base);
  if (product >= 0) close(product);
  if (place->versions < 0) say(trouble, "%s: %.900s", place->base, why.text);
  return place->versions >= 0;
}

/* The folder's descriptor goes to the program that is started, and holds its lock as long as that lives. */
static int keep_from_pruning(int folder) {
  struct stat status;
  const time_t day = 24 * 60 * 60;
  if (flock(folder, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) return -1;
  if (fstat(folder, &status) == 0 && time(NULL) - status.st_mtime > day) futimens(folder, NULL);
  return fcntl(folder, F_SETFD, 0);
}

static bool use(const struct place *place, const struct program *program, struct unpacked *unpacked, struct trouble *trouble) {
  const int folder = folder_open(place->versions, place->id, false, trouble);
  if (folder < 0) return false;
  const int runtime = tree_check(folder, &program->pack, place->part, trouble);
  if (runtime < 0 || keep_from_pruning(folder) != 0) {
    close(folder);
    return false;
  }
  unpacked->runtime = runtime;
  unpacked->part = place->part;
  const int length = snprintf(unpacked->path, sizeof unpacked->path, "%s/%s/%s/%s", place->base, place->product, versions_name, place->id);
  return length > 0 && (size_t)length < sizeof unpacked->path;
}

static int take_lock(const struct place *place) {
  const int lock = openat(place->versions, lock_name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  for (int i = 0; lock >= 0 && i < LOCK_TRIES; i++) {
    if (flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno != EWOULDBLOCK && errno != EINTR) break;
    usleep(LOCK_PAUSE_MICROSECONDS);
  }
  if (lock >= 0) close(lock);
  return -1;
}

static bool is_of_an_older_version(const char *name, const char *id) {
  return name[0] >= '0' && name[0] <= '9' && strcmp(name, id) != 0;
}

static bool is_unused(int versions, const char *name) {
  struct trouble nobody_asks;
  struct stat status;
  const int folder = folder_open(versions, name, false, &nobody_asks);
  if (folder < 0) return false;
  const bool is_old = fstat(folder, &status) == 0 && time(NULL) - status.st_mtime > (time_t)UNUSED_DAYS * 24 * 60 * 60;
  const bool unused = is_old && flock(folder, LOCK_EX | LOCK_NB) == 0;
  close(folder);
  return unused;
}

/* What a killed one left, and versions that nobody has started for long. Only under the lock. */
static void prune(const struct place *place) {
  const int again = openat(place->versions, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = again < 0 ? NULL : fdopendir(again);
  for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
    const bool is_left = strncmp(entry->d_name, new_prefix, sizeof new_prefix - 1) == 0;
    if (is_left || (is_of_an_older_version(entry->d_name, place->id) && is_unused(place->versions, entry->d_name))) {
      folder_remove(place->versions, entry->d_name);
    }
  }
  if (entries != NULL) closedir(entries);
}

static bool new_name(char name[NAME_LIMIT]) {
  unsigned char random[8];
  if (getentropy(random, sizeof random) != 0) return false;
  int length = snprintf(name, NAME_LIMIT, "%s", new_prefix);
  for (unsigned i = 0; i < sizeof random; i++) length += snprintf(name + length, (size_t)(NAME_LIMIT - length), "%02x", random[i]);
  return true;
}

/* Gives the written folder its name. What has it and is good was put there by somebody as fast; what is not good makes way. */
static bool publish(const struct place *place, const char *name) {
  char old[NAME_LIMIT];
  if (renameat(place->versions, name, place->versions, place->id) == 0) return true;
  if ((errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR) || !new_name(old)) return false;
  const bool made_way = renameat(place->versions, place->id, place->versions, old) == 0;
  const bool done = made_way && renameat(place->versions, name, place->versions, place->id) == 0;
  folder_remove(place->versions, old);
  return done;
}

static bool write_new(const struct place *place, struct program *program, struct trouble *trouble) {
  char name[NAME_LIMIT];
  struct trouble why = {""};
  if (!program_unpack(program, trouble)) return false;
  if (!new_name(name)) return say(trouble, "the system has no random numbers"), false;
  const int folder = folder_open(place->versions, name, true, &why);
  bool good = folder >= 0 && tree_write(folder, &program->pack, place->part, program->content, &why);
  if (folder >= 0) close(folder);
  if (!good) {
    const unsigned long long size = program->pack.size - (place->part == PART_ALL ? 0 : program->pack.files[0].size);
    say(trouble, "%s: %llu MB could not be written: %.800s", place->base, size / 1000000 + 1, why.text);
  }
  if (good && !publish(place, name)) {
    say(trouble, "%s: the unpacked files could not be put in place: %s", place->base, strerror(errno));
    good = false;
  }
  if (!good) folder_remove(place->versions, name);
  return good;
}

static bool unpack_once(const struct place *place, struct program *program, struct unpacked *unpacked, struct trouble *trouble) {
  struct trouble why = {""};
  const int lock = take_lock(place);
  /* Whoever had the lock before us has unpacked them. */
  if (use(place, program, unpacked, &why)) return lock < 0 || close(lock) == 0;
  if (lock >= 0) prune(place);
  bool good = write_new(place, program, trouble);
  if (good && !use(place, program, unpacked, &why)) {
    say(trouble, "%s: what was unpacked is not there any more: %.900s", place->base, why.text);
    good = false;
  }
  if (lock >= 0) close(lock);
  return good;
}

static bool try_place(struct place *place, struct program *program, struct unpacked *unpacked, struct trouble *trouble) {
  if (!open_versions(place, trouble)) return false;
  const bool may_execute = system_may_execute(place->versions);
  bool good = false;
  if (place->part == PART_ALL && !may_execute) {
    say(trouble, "%s: no program may be started from there (it is mounted noexec)", place->base);
  } else {
    struct trouble why = {""};
    const char *light = place->part == PART_ALL ? "" : "-light";
    snprintf(place->id, sizeof place->id, "%.63s%s", (const char *)program->slot.id, light);
    good = use(place, program, unpacked, &why) || unpack_once(place, program, unpacked, trouble);
  }
  close(place->versions);
  return good;
}

static void set_place(struct place *place, const char *base, bool is_shared, enum part part) {
  snprintf(place->base, sizeof place->base, "%s", base);
  snprintf(place->product, sizeof place->product, "%s", product_name);
  if (is_shared) snprintf(place->product, sizeof place->product, "%s-%u", product_name, (unsigned)geteuid());
  place->part = part;
}

/* Where there is a folder to unpack into, the runtime may still have to be started from memory. */
static bool find_from_memory(struct place *place, bool has_base, struct program *program, struct unpacked *unpacked) {
  struct trouble unheard;
  const char *shared[] = {getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp", "/dev/shm"};
  const bool overridden = getenv(override_name) != NULL;
  bool found = false;
  if (has_base) {
    place->part = PART_WITHOUT_RUNTIME;
    found = try_place(place, program, unpacked, &unheard);
  }
  for (unsigned i = 0; !found && !overridden && i < sizeof shared / sizeof *shared; i++) {
    if (shared[i] == NULL || shared[i][0] != '/') continue;
    set_place(place, shared[i], true, PART_WITHOUT_RUNTIME);
    found = try_place(place, program, unpacked, &unheard);
  }
  if (!found) return false;
  unpacked->runtime = system_memory_file(program->content, program->pack.files[0].size);
  return unpacked->runtime >= 0;
}

bool cache_find(struct program *program, struct unpacked *unpacked, struct trouble *trouble) {
  struct place place;
  char base[SYSTEM_PATH_LIMIT];
  const char *asked = getenv(override_name);
  if (asked != NULL && asked[0] != '/') return say(trouble, "%s is not an absolute path: %.900s", override_name, asked), false;
  const bool has_base = asked != NULL || system_cache_base(base);
  if (has_base) {
    set_place(&place, asked == NULL ? base : asked, false, PART_ALL);
    if (try_place(&place, program, unpacked, trouble)) return true;
  } else {
    say(trouble, "there is no HOME to unpack into");
  }
#ifdef __linux__
  /* First: of one that is damaged nothing is put anywhere. */
  return program_unpack(program, trouble) && find_from_memory(&place, has_base, program, unpacked);
#else
  return (void)find_from_memory, false;
#endif
}
