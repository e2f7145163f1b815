/*
 * What follows the launcher in an executable: a table that names every file with its digests, then all of them in one zstd frame, in
 * the table's order. Where it begins is written into the launcher itself (`slot`), so that a signature may follow it.
 */
#ifndef LAUNCHER_PACK_H
#define LAUNCHER_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  /* Digests are of segments, so that several threads can check one file. */
  SEGMENT_SIZE = 1 << 20,
  DIGEST_SIZE = 32,
  PATH_LIMIT = 240,
  FILE_LIMIT = 4096,
};

/* Nothing that is packed is larger: 1 GiB. */
#define PACK_LIMIT (UINT64_C(1) << 30)

/* The release writes it after linking; the magic word is found once in the launcher. */
struct slot {
  char magic[16];
  uint64_t table_offset;
  uint64_t table_size;
  uint64_t data_size;
  uint8_t table_digest[DIGEST_SIZE];
  /* The folder's name in the cache: version and the beginning of the table's digest. */
  char id[64];
};

extern const volatile struct slot launcher_slot;

struct pack_file {
  /* Relative, with forward slashes, checked; ends with a zero byte. */
  const char *path;
  uint64_t size;
  /* Of its first byte among all unpacked bytes. */
  uint64_t offset;
  const uint8_t *digests;
  bool executable;
};

struct pack {
  uint64_t size;
  uint32_t count;
  struct pack_file files[FILE_LIMIT];
};

/* Reads a table. False for one that is not whole, whatever its bytes are; `pack` points into `bytes`. */
bool pack_parse(const uint8_t *bytes, size_t length, struct pack *pack);

uint64_t pack_segments(uint64_t size);

/* The digest of up to a segment, or of a table. */
void pack_digest(const uint8_t *bytes, size_t length, uint8_t digest[DIGEST_SIZE]);

#endif
