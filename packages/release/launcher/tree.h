/* The unpacked files in a folder of the cache. */
#ifndef LAUNCHER_TREE_H
#define LAUNCHER_TREE_H

#include "pack.h"
#include "trouble.h"

/* What is used of a pack, from this file on: all of it, or all but the runtime, which is then started from memory. */
enum part { PART_ALL = 0, PART_WITHOUT_RUNTIME = 1 };

/*
 * Checks owner, mode and digest of every file, and that there is no other. The runtime is checked through the very descriptor that is
 * answered, and kept from being written to until that is closed. Without the runtime the answer is 0. Negative, and why, where
 * anything is not as the table says.
 */
int tree_check(int folder, const struct pack *pack, enum part part, struct trouble *trouble);

/* Writes every file into an empty folder. False, and why, where one could not be written whole. */
bool tree_write(int folder, const struct pack *pack, enum part part, const uint8_t *content, struct trouble *trouble);

#endif
