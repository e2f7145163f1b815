/*
 * Invariants:
 * 1. A folder is entered from the one above it, by a descriptor, and never through a link.
 * 2. The runtime's bytes are read from the descriptor that is executed later, after writers were locked out.
 * 3. A job is taken by one thread; `failed` only ever goes up.
 */
#define _GNU_SOURCE
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "system.h"
#include "vendor/blake3/blake3.h"

enum { THREAD_LIMIT = 4, FOLDER_LIMIT = 64, PIECE_SIZE = 1 << 17, WRITE_SIZE = 1 << 16 };

struct folders {
  int count;
  struct {
    char path[PATH_LIMIT + 1];
    int folder;
    int entries;
  } all[FOLDER_LIMIT];
};

struct check {
  const struct pack *pack;
  enum part part;
  int runtime;
  int parents[FILE_LIMIT];
  /* The files but the runtime, then the runtime's segments. */
  atomic_uint next;
  atomic_uint failed;
};

static const char *name_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

/* The folder of the path's first `length` characters; opened, or made, from the one above it. Its place in the list; negative where it cannot be. */
static int enter(struct folders *folders, const char *path, size_t length, bool make, struct trouble *trouble) {
  for (int i = 0; i < folders->count; i++) {
    if (strlen(folders->all[i].path) == length && strncmp(folders->all[i].path, path, length) == 0) return i;
  }
  size_t above = length;
  while (above > 0 && path[above - 1] != '/') above--;
  const int parent = enter(folders, path, above == 0 ? 0 : above - 1, make, trouble);
  if (parent < 0) return -1;
  if (folders->count == FOLDER_LIMIT) return say(trouble, "too many folders"), -1;
  char name[PATH_LIMIT + 1];
  memcpy(name, path + above, length - above);
  name[length - above] = '\0';
  const int folder = folder_open(folders->all[parent].folder, name, make, trouble);
  if (folder < 0) return -1;
  folders->all[parent].entries++;
  memcpy(folders->all[folders->count].path, path, length);
  folders->all[folders->count].path[length] = '\0';
  folders->all[folders->count].folder = folder;
  folders->all[folders->count].entries = 0;
  return folders->count++;
}

static int folder_of(struct folders *folders, const char *path, bool make, struct trouble *trouble) {
  const size_t length = (size_t)(name_of(path) - path);
  return enter(folders, path, length == 0 ? 0 : length - 1, make, trouble);
}

static void leave(struct folders *folders) {
  for (int i = 1; i < folders->count; i++) close(folders->all[i].folder);
}

static void start_at(struct folders *folders, int folder) {
  folders->count = 1;
  folders->all[0].path[0] = '\0';
  folders->all[0].folder = folder;
  folders->all[0].entries = 0;
}

/* In pieces that stay in the processor's cache between being read and being hashed. */
static bool is_segment(int file, const struct pack_file *known, uint64_t index, uint8_t piece[PIECE_SIZE]) {
  const uint64_t start = index * SEGMENT_SIZE;
  const uint64_t left = known->size - start;
  const size_t length = (size_t)(left < SEGMENT_SIZE ? left : SEGMENT_SIZE);
  uint8_t digest[DIGEST_SIZE];
  blake3_hasher hasher;
  blake3_hasher_init(&hasher);
  for (size_t done = 0; done < length;) {
    const size_t rest = length - done;
    const ssize_t read = pread(file, piece, rest < PIECE_SIZE ? rest : PIECE_SIZE, (off_t)(start + done));
    if (read < 0 && errno == EINTR) continue;
    if (read <= 0) return false;
    blake3_hasher_update(&hasher, piece, (size_t)read);
    done += (size_t)read;
  }
  blake3_hasher_finalize(&hasher, digest, DIGEST_SIZE);
  return memcmp(digest, known->digests + index * DIGEST_SIZE, DIGEST_SIZE) == 0;
}

/* A plain file of this user's with the size and mode it was written with. */
static int open_file(int parent, const struct pack_file *known) {
  const int file = openat(parent, name_of(known->path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return -1;
  struct stat status;
  const mode_t mode = known->executable ? 0500 : 0400;
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
      (status.st_mode & 07777) == mode && (uint64_t)status.st_size == known->size) {
    return file;
  }
  close(file);
  return -1;
}

static bool is_file(int parent, const struct pack_file *known, uint8_t *buffer) {
  const int file = open_file(parent, known);
  if (file < 0) return false;
  bool good = true;
  for (uint64_t i = 0; good && i < pack_segments(known->size); i++) good = is_segment(file, known, i, buffer);
  close(file);
  return good;
}

static void *work(void *argument) {
  struct check *check = argument;
  const struct pack *pack = check->pack;
  const unsigned files = pack->count - 1;
  const uint64_t segments = check->part == PART_ALL ? pack_segments(pack->files[0].size) : 0;
  uint8_t *buffer = malloc(PIECE_SIZE);
  if (buffer == NULL) atomic_fetch_add(&check->failed, 1);
  while (atomic_load(&check->failed) == 0) {
    const unsigned job = atomic_fetch_add(&check->next, 1);
    if (job >= files + segments) break;
    const bool good = job < files ? is_file(check->parents[job + 1], &pack->files[job + 1], buffer)
                                  : is_segment(check->runtime, &pack->files[0], job - files, buffer);
    if (!good) atomic_fetch_add(&check->failed, 1);
  }
  free(buffer);
  return NULL;
}

static void work_together(struct check *check) {
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  const int wanted = processors > THREAD_LIMIT ? THREAD_LIMIT : processors < 1 ? 1 : (int)processors;
  pthread_t threads[THREAD_LIMIT];
  int started = 0;
  while (started < wanted - 1 && pthread_create(&threads[started], NULL, work, check) == 0) started++;
  work(check);
  for (int i = 0; i < started; i++) pthread_join(threads[i], NULL);
}

static int open_runtime(int folder, const struct pack_file *known, struct trouble *trouble) {
  const int file = open_file(folder, known);
  if (file < 0) return say(trouble, "%s is not as it was unpacked", known->path), -1;
  if (!system_keep_writers_out(file)) {
    close(file);
    return say(trouble, "somebody is writing into %s", known->path), -1;
  }
  return file;
}

static bool is_complete(const struct folders *folders, struct trouble *trouble) {
  for (int i = 0; i < folders->count; i++) {
    if (folder_count(folders->all[i].folder) == folders->all[i].entries) continue;
    say(trouble, "there are other files in it than were unpacked");
    return false;
  }
  return true;
}

int tree_check(int folder, const struct pack *pack, enum part part, struct trouble *trouble) {
  struct check *check = calloc(1, sizeof *check);
  struct folders *folders = calloc(1, sizeof *folders);
  bool good = check != NULL && folders != NULL;
  if (!good) say(trouble, "there is no memory");
  if (good) {
    start_at(folders, folder);
    *check = (struct check){.pack = pack, .part = part};
    for (uint32_t i = part; good && i < pack->count; i++) {
      const int found = folder_of(folders, pack->files[i].path, false, trouble);
      good = found >= 0;
      if (!good) break;
      folders->all[found].entries++;
      check->parents[i] = folders->all[found].folder;
    }
    good = good && is_complete(folders, trouble);
  }
  if (good && part == PART_ALL) {
    check->runtime = open_runtime(folder, &pack->files[0], trouble);
    good = check->runtime >= 0;
  }
  if (good) {
    work_together(check);
    good = atomic_load(&check->failed) == 0;
    if (!good) say(trouble, "a file in it is not as it was unpacked");
  }
  if (folders != NULL) leave(folders);
  const int runtime = check == NULL ? 0 : check->runtime;
  if (!good && runtime > 0) close(runtime);
  free(check);
  free(folders);
  return good ? runtime : -1;
}

static bool write_file(int parent, const struct pack_file *known, const uint8_t *content, struct trouble *trouble) {
  const int file = openat(parent, name_of(known->path), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  bool good = file >= 0;
  for (uint64_t done = 0; good && done < known->size;) {
    /* In one piece it would come to lie in large pages of the cache, and Node would have 30 MB more of itself mapped. */
    const uint64_t left = known->size - done;
    const ssize_t written = write(file, content + done, (size_t)(left < WRITE_SIZE ? left : WRITE_SIZE));
    if (written < 0 && errno == EINTR) continue;
    good = written > 0;
    if (good) done += (uint64_t)written;
  }
  good = good && fchmod(file, known->executable ? 0500 : 0400) == 0;
  if (!good) say(trouble, "%s", strerror(errno));
  /* Some file systems say only here that there was no room. */
  if (file >= 0 && close(file) != 0 && good) {
    say(trouble, "%s", strerror(errno));
    good = false;
  }
  return good;
}

bool tree_write(int folder, const struct pack *pack, enum part part, const uint8_t *content, struct trouble *trouble) {
  struct folders *folders = calloc(1, sizeof *folders);
  if (folders == NULL) return say(trouble, "there is no memory"), false;
  start_at(folders, folder);
  bool good = true;
  for (uint32_t i = part; good && i < pack->count; i++) {
    const int found = folder_of(folders, pack->files[i].path, true, trouble);
    good = found >= 0 && write_file(folders->all[found].folder, &pack->files[i], content + pack->files[i].offset, trouble);
  }
  leave(folders);
  free(folders);
  return good;
}
