#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "system.h"

int _NSGetExecutablePath(char *buffer, uint32_t *size);

int system_open_self(char path[SYSTEM_PATH_LIMIT], const char *called) {
  char found[SYSTEM_PATH_LIMIT];
  uint32_t size = sizeof found;
  if (realpath(_NSGetExecutablePath(found, &size) == 0 ? found : called, path) == NULL) return -1;
  return open(path, O_RDONLY | O_CLOEXEC);
}

bool system_cache_base(char path[SYSTEM_PATH_LIMIT]) {
  const char *home = getenv("HOME");
  if (home == NULL || home[0] != '/') return false;
  const int length = snprintf(path, SYSTEM_PATH_LIMIT, "%s/Library/Caches", home);
  return length > 0 && length < SYSTEM_PATH_LIMIT;
}

bool system_keep_writers_out(int file) {
  (void)file;
  return true;
}

bool system_may_execute(int file) {
  (void)file;
  return true;
}

int system_memory_file(const uint8_t *content, uint64_t size) {
  (void)content;
  (void)size;
  return -1;
}

void system_become(int file, const char *path, char **argv, char **environment) {
  /* There is no fexecve. */
  (void)file;
  execve(path, argv, environment);
}
