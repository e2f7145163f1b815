#include "pack.h"
#include "vendor/blake3/blake3.h"

void pack_digest(const uint8_t *bytes, size_t length, uint8_t digest[DIGEST_SIZE]) {
  blake3_hasher hasher;
  blake3_hasher_init(&hasher);
  blake3_hasher_update(&hasher, bytes, length);
  blake3_hasher_finalize(&hasher, digest, DIGEST_SIZE);
}
