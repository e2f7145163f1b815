/*
 * For the release: `makeTable TABLE` reads lines `PATH TAB SOURCE TAB 0|1` from standard input, writes the table of those files, and
 * prints its digest in hex.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"

struct table {
  uint8_t *bytes;
  size_t length;
};

static void fail(const char *what, const char *name) {
  fprintf(stderr, "makeTable: %s: %s\n", what, name);
  exit(1);
}

static void add(struct table *table, const void *bytes, size_t length) {
  table->bytes = realloc(table->bytes, table->length + length);
  if (table->bytes == NULL) fail("no memory", "table");
  memcpy(table->bytes + table->length, bytes, length);
  table->length += length;
}

static void add_number(struct table *table, uint64_t number, unsigned width) {
  uint8_t bytes[8];
  for (unsigned i = 0; i < width; i++) bytes[i] = (uint8_t)(number >> (8 * i));
  add(table, bytes, width);
}

static void add_content(struct table *table, const char *source) {
  static uint8_t segment[SEGMENT_SIZE];
  FILE *file = fopen(source, "rb");
  if (file == NULL) fail("cannot be read", source);
  const size_t at = table->length;
  uint64_t size = 0;
  add_number(table, 0, 8);
  for (size_t read; (read = fread(segment, 1, sizeof segment, file)) > 0; size += read) {
    uint8_t digest[DIGEST_SIZE];
    pack_digest(segment, read, digest);
    add(table, digest, sizeof digest);
  }
  if (ferror(file) != 0) fail("cannot be read", source);
  fclose(file);
  for (unsigned i = 0; i < 8; i++) table->bytes[at + i] = (uint8_t)(size >> (8 * i));
}

int main(int argc, char **argv) {
  static char line[8192];
  static struct pack pack;
  struct table table = {NULL, 0}, files = {NULL, 0};
  uint32_t count = 0;
  if (argc != 2) fail("one file name is needed", "usage");
  for (; fgets(line, sizeof line, stdin) != NULL; count++) {
    const char *path = strtok(line, "\t"), *source = strtok(NULL, "\t"), *executable = strtok(NULL, "\n");
    if (path == NULL || source == NULL || executable == NULL) fail("a line has three parts", line);
    add_number(&files, strlen(path), 2);
    add(&files, path, strlen(path) + 1);
    add_number(&files, executable[0] == '1', 1);
    add_content(&files, source);
  }
  add(&table, "COPACK01", 8);
  add_number(&table, count, 4);
  add(&table, files.bytes, files.length);
  if (!pack_parse(table.bytes, table.length, &pack)) fail("the launcher would refuse this", argv[1]);
  FILE *out = fopen(argv[1], "wb");
  if (out == NULL || fwrite(table.bytes, 1, table.length, out) != table.length) fail("cannot be written", argv[1]);
  if (fclose(out) != 0) fail("cannot be written", argv[1]);
  uint8_t digest[DIGEST_SIZE];
  pack_digest(table.bytes, table.length, digest);
  for (unsigned i = 0; i < DIGEST_SIZE; i++) printf("%02x", digest[i]);
  printf("\n");
  return 0;
}
