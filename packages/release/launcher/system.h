/* What Linux and macOS do differently. */
#ifndef LAUNCHER_SYSTEM_H
#define LAUNCHER_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SYSTEM_PATH_LIMIT = 4096 };

/* Opens this executable and writes where it is, all links followed. Negative where it cannot. */
int system_open_self(char path[SYSTEM_PATH_LIMIT], const char *called);

/* A person's folder for what can be made again. False where the environment names none. */
bool system_cache_base(char path[SYSTEM_PATH_LIMIT]);

/* Keeps everybody from writing into the file until it is closed. False where somebody is writing; where the file system cannot, true. */
bool system_keep_writers_out(int file);

/* Whether programs may be started from where this file is. */
bool system_may_execute(int file);

/* A file in memory that nobody can change any more. Negative where the system has none. */
int system_memory_file(const uint8_t *content, uint64_t size);

/* Becomes the program of this descriptor. Returns only where it cannot. */
void system_become(int file, const char *path, char **argv, char **environment);

#endif
