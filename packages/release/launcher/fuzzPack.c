/* Any bytes at all as a table: refused, or every path and digest inside them. For libFuzzer, and as a program that reads files. */
#include <stdlib.h>
#include <string.h>

#include "pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  static struct pack pack;
  if (!pack_parse(bytes, length, &pack)) return 0;
  uint64_t sum = 0;
  for (uint32_t i = 0; i < pack.count; i++) {
    const struct pack_file *file = &pack.files[i];
    const uint8_t *path = (const uint8_t *)file->path;
    if (path < bytes || path + strlen(file->path) >= bytes + length || file->path[0] == '/') abort();
    if (strncmp(file->path, "../", 3) == 0 || strstr(file->path, "/../") != NULL) abort();
    if (file->digests + pack_segments(file->size) * DIGEST_SIZE > bytes + length) abort();
    if (file->offset != sum) abort();
    sum += file->size;
  }
  if (sum != pack.size || sum > PACK_LIMIT) abort();
  return 0;
}
