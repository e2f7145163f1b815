/* Where the files are unpacked to, once for a version. */
#ifndef LAUNCHER_CACHE_H
#define LAUNCHER_CACHE_H

#include "program.h"
#include "tree.h"

struct unpacked {
  char path[SYSTEM_PATH_LIMIT];
  /* To be executed; of memory where `part` is PART_WITHOUT_RUNTIME. */
  int runtime;
  enum part part;
};

/*
 * Finds the checked files, unpacking them where they are not there or not as they should be. False, and why, where no place will do.
 * The folder stays open, and with it a lock that keeps it from being pruned, until the program that is started ends.
 */
bool cache_find(struct program *program, struct unpacked *unpacked, struct trouble *trouble);

#endif
