#include "unpack.h"

#include <string.h>

#include "vendor/zstd/zstddeclib.c"

static bool is_intact(const struct pack_file *file, const uint8_t *content) {
  uint8_t digest[DIGEST_SIZE];
  for (uint64_t i = 0; i < pack_segments(file->size); i++) {
    const uint64_t start = i * SEGMENT_SIZE;
    const uint64_t left = file->size - start;
    pack_digest(content + start, (size_t)(left < SEGMENT_SIZE ? left : SEGMENT_SIZE), digest);
    if (memcmp(digest, file->digests + i * DIGEST_SIZE, DIGEST_SIZE) != 0) return false;
  }
  return true;
}

bool unpack(const struct pack *pack, const uint8_t *packed, size_t length, uint8_t *content) {
  if (ZSTD_decompress(content, (size_t)pack->size, packed, length) != pack->size) return false;
  for (uint32_t i = 0; i < pack->count; i++) {
    if (!is_intact(&pack->files[i], content + pack->files[i].offset)) return false;
  }
  return true;
}
