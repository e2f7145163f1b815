/* What the two halves of the launcher for Windows share. Paths are as Windows has them, and as long as they like. */
#ifndef LAUNCHER_WINDOWS_H
#define LAUNCHER_WINDOWS_H

#ifndef UNICODE
#define UNICODE
#endif
#define WIN32_LEAN_AND_MEAN
#include <stdbool.h>
#include <wchar.h>
#include <windows.h>

#include "pack.h"

enum { WIDE_LIMIT = 32768, TROUBLE_LIMIT = 2048 };

struct program {
  wchar_t path[WIDE_LIMIT];
  HANDLE file;
  struct slot slot;
  struct pack pack;
  wchar_t trouble[TROUBLE_LIMIT];
};

/* The checked files: each stays open, and can neither be written nor replaced, until this process ends. */
struct unpacked {
  wchar_t path[WIDE_LIMIT];
  HANDLE files[FILE_LIMIT];
};

/* Keeps why something could not be done; answers false. */
bool windows_say(struct program *program, const wchar_t *format, ...);

bool windows_read_at(HANDLE file, void *buffer, size_t length, uint64_t offset);

/* Finds the checked files in the cache, unpacking them where they are not there or not as they should be. */
bool windows_find(struct program *program, struct unpacked *unpacked);

#endif
