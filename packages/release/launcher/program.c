#include "program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unpack.h"

static bool read_at(int file, void *buffer, size_t length, uint64_t offset) {
  for (size_t done = 0; done < length;) {
    const ssize_t read = pread(file, (char *)buffer + done, length - done, (off_t)(offset + done));
    if (read < 0 && errno == EINTR) continue;
    if (read <= 0) return false;
    done += (size_t)read;
  }
  return true;
}

static bool is_whole(const struct program *program) {
  struct stat status;
  const struct slot *slot = &program->slot;
  if (fstat(program->file, &status) != 0) return false;
  return slot->table_offset > 0 && slot->table_size < PACK_LIMIT && slot->data_size < PACK_LIMIT &&
         slot->table_offset + slot->table_size + slot->data_size <= (uint64_t)status.st_size;
}

bool program_open(struct program *program, const char *called, struct trouble *trouble) {
  program->slot = launcher_slot;
  program->file = system_open_self(program->path, called);
  if (program->file < 0) {
    say(trouble, "this program's own file cannot be opened: %s", strerror(errno));
    return false;
  }
  const size_t size = (size_t)program->slot.table_size;
  if (is_whole(program) && (program->table = malloc(size + 1)) != NULL &&
      read_at(program->file, program->table, size, program->slot.table_offset)) {
    uint8_t digest[DIGEST_SIZE];
    pack_digest(program->table, size, digest);
    if (memcmp(digest, program->slot.table_digest, DIGEST_SIZE) == 0 && pack_parse(program->table, size, &program->pack)) {
      return true;
    }
  }
  say(trouble, "%s is damaged: download it again", program->path);
  return false;
}

bool program_unpack(struct program *program, struct trouble *trouble) {
  if (program->content != NULL) return true;
  const struct slot *slot = &program->slot;
  uint8_t *packed = malloc((size_t)slot->data_size + 1);
  uint8_t *content = mmap(NULL, (size_t)program->pack.size + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (packed == NULL || content == MAP_FAILED) {
    say(trouble, "there is no memory to unpack %llu MB", (unsigned long long)program->pack.size / 1000000);
    free(packed);
    return false;
  }
  const bool good = read_at(program->file, packed, (size_t)slot->data_size, slot->table_offset + slot->table_size) &&
                    unpack(&program->pack, packed, (size_t)slot->data_size, content);
  free(packed);
  if (!good) {
    munmap(content, (size_t)program->pack.size + 1);
    say(trouble, "%s is damaged: download it again", program->path);
    return false;
  }
  program->content = content;
  return true;
}
