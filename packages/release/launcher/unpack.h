#ifndef LAUNCHER_UNPACK_H
#define LAUNCHER_UNPACK_H

#include "pack.h"

/* Unpacks into `content`, which has room for `pack->size` bytes. False where one byte is not what the table says. */
bool unpack(const struct pack *pack, const uint8_t *packed, size_t length, uint8_t *content);

#endif
