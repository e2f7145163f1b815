#include "pack.h"

#include <string.h>

struct reader {
  const uint8_t *at;
  size_t left;
};

static const char table_magic[8] = {'C', 'O', 'P', 'A', 'C', 'K', '0', '1'};

static const uint8_t *take(struct reader *reader, uint64_t length) {
  if (length > reader->left) return NULL;
  const uint8_t *bytes = reader->at;
  reader->at += length;
  reader->left -= (size_t)length;
  return bytes;
}

static bool take_number(struct reader *reader, unsigned width, uint64_t *number) {
  const uint8_t *bytes = take(reader, width);
  if (bytes == NULL) return false;
  *number = 0;
  for (unsigned i = 0; i < width; i++) *number |= (uint64_t)bytes[i] << (8 * i);
  return true;
}

static bool is_plain(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
         (byte != '\0' && strchr("-_.@+", byte) != NULL);
}

/* Each part is a name, and none ends with a dot: nothing leads out of the folder, on any system. */
static bool is_path(const char *path, size_t length) {
  size_t part = 0;
  for (size_t i = 0; i <= length; i++) {
    if (i == length || path[i] == '/') {
      if (part == 0 || path[i - 1] == '.') return false;
      part = 0;
    } else if (is_plain(path[i])) {
      part++;
    } else {
      return false;
    }
  }
  return true;
}

static bool take_file(struct reader *reader, struct pack *pack, struct pack_file *file) {
  uint64_t length, executable;
  if (!take_number(reader, 2, &length) || length == 0 || length > PATH_LIMIT) return false;
  const char *path = (const char *)take(reader, length + 1);
  if (path == NULL || path[length] != '\0' || !is_path(path, (size_t)length)) return false;
  if (!take_number(reader, 1, &executable) || executable > 1) return false;
  if (!take_number(reader, 8, &file->size) || file->size > PACK_LIMIT) return false;
  file->digests = take(reader, pack_segments(file->size) * DIGEST_SIZE);
  if (file->digests == NULL) return false;
  file->path = path;
  file->executable = executable == 1;
  file->offset = pack->size;
  pack->size += file->size;
  return pack->size <= PACK_LIMIT;
}

bool pack_parse(const uint8_t *bytes, size_t length, struct pack *pack) {
  struct reader reader = {bytes, length};
  const uint8_t *magic = take(&reader, sizeof table_magic);
  uint64_t count;
  if (magic == NULL || memcmp(magic, table_magic, sizeof table_magic) != 0) return false;
  if (!take_number(&reader, 4, &count) || count == 0 || count > FILE_LIMIT) return false;
  pack->size = 0;
  pack->count = (uint32_t)count;
  for (uint32_t i = 0; i < pack->count; i++) {
    if (!take_file(&reader, pack, &pack->files[i])) return false;
    /* Sorted after the first, which is the runtime: no name twice. */
    if (i > 1 && strcmp(pack->files[i - 1].path, pack->files[i].path) >= 0) return false;
    if (i > 0 && strcmp(pack->files[0].path, pack->files[i].path) == 0) return false;
  }
  return reader.left == 0;
}

uint64_t pack_segments(uint64_t size) { return (size + SEGMENT_SIZE - 1) / SEGMENT_SIZE; }
