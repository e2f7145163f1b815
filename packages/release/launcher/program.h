/* This executable: where it is, and what is packed in it. */
#ifndef LAUNCHER_PROGRAM_H
#define LAUNCHER_PROGRAM_H

#include "pack.h"
#include "system.h"
#include "trouble.h"

struct program {
  char path[SYSTEM_PATH_LIMIT];
  int file;
  struct slot slot;
  struct pack pack;
  uint8_t *table;
  /* All files one after the other; NULL until `program_unpack`. */
  uint8_t *content;
};

bool program_open(struct program *program, const char *called, struct trouble *trouble);

/* Unpacks into memory and checks every digest. Does nothing the second time. */
bool program_unpack(struct program *program, struct trouble *trouble);

#endif
