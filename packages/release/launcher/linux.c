#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "system.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

int system_open_self(char path[SYSTEM_PATH_LIMIT], const char *called) {
  const ssize_t length = readlink("/proc/self/exe", path, SYSTEM_PATH_LIMIT - 1);
  if (length > 0) {
    path[length] = '\0';
    return open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  }
  /* Without /proc the kernel still tells what it was asked to start. */
  const char *started = (const char *)getauxval(AT_EXECFN);
  if (realpath(started == NULL ? called : started, path) == NULL) return -1;
  return open(path, O_RDONLY | O_CLOEXEC);
}

bool system_cache_base(char path[SYSTEM_PATH_LIMIT]) {
  const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  int length = -1;
  if (cache != NULL && cache[0] == '/') {
    length = snprintf(path, SYSTEM_PATH_LIMIT, "%s", cache);
  } else if (home != NULL && home[0] == '/') {
    length = snprintf(path, SYSTEM_PATH_LIMIT, "%s/.cache", home);
  }
  return length > 0 && length < SYSTEM_PATH_LIMIT;
}

bool system_keep_writers_out(int file) {
  /* Whoever opens it for writing waits meanwhile, and the kernel tells us by a signal that would end us. */
  signal(SIGIO, SIG_IGN);
  return fcntl(file, F_SETLEASE, F_RDLCK) == 0 || errno != EAGAIN;
}

bool system_may_execute(int file) {
  struct statvfs status;
  return fstatvfs(file, &status) != 0 || (status.f_flag & ST_NOEXEC) == 0;
}

int system_memory_file(const uint8_t *content, uint64_t size) {
  int file = memfd_create("claude-orchestrator", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
  /* Kernels before 6.3 do not know MFD_EXEC, and mean it. */
  if (file < 0 && errno == EINVAL) file = memfd_create("claude-orchestrator", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file < 0) return -1;
  for (uint64_t done = 0; done < size;) {
    const ssize_t written = write(file, content + done, (size_t)(size - done));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return close(file), -1;
    done += (uint64_t)written;
  }
  if (fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) return close(file), -1;
  return file;
}

void system_become(int file, const char *path, char **argv, char **environment) {
  (void)path;
  fexecve(file, argv, environment);
}
