/*
 * `claude-orchestrator` as one file: checks what it has unpacked before, unpacks what is missing, and becomes Node with the program.
 * What the program is told of this: its own path, as the first word of its command line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"

/* The program's own, for what the machine does not give. */
enum { EXIT_MACHINE = 1 };

static const char entry_name[] = "dist/cli.mjs";
static const char advice[] = "set CLAUDE_ORCHESTRATOR_CACHE_DIR to a folder of your own with 130 MB of room, from which programs may be started";

static int give_up(const struct trouble *trouble, bool advise) {
  fprintf(stderr, "error: %s\n", trouble->text);
  if (advise) fprintf(stderr, "\nhint: %s\n", advice);
  return EXIT_MACHINE;
}

static bool become(struct program *program, struct unpacked *unpacked, char **argv, char **environment) {
  char entry[SYSTEM_PATH_LIMIT + sizeof entry_name], runtime[SYSTEM_PATH_LIMIT + PATH_LIMIT];
  snprintf(entry, sizeof entry, "%s/%s", unpacked->path, entry_name);
  snprintf(runtime, sizeof runtime, "%s/%s", unpacked->path, program->pack.files[0].path);
  int count = 0;
  while (argv[count] != NULL) count++;
  char **words = calloc((size_t)count + 3, sizeof *words);
  if (words == NULL) return false;
  words[0] = program->path;
  words[1] = entry;
  for (int i = 1; i < count; i++) words[i + 1] = argv[i];
  system_become(unpacked->runtime, runtime, words, environment);
  free(words);
  return false;
}

int main(int argc, char **argv, char **environment) {
  static struct program program;
  static struct unpacked unpacked;
  struct trouble trouble = {""};
  if (!program_open(&program, argc > 0 ? argv[0] : "", &trouble)) return give_up(&trouble, false);
  if (!cache_find(&program, &unpacked, &trouble)) return give_up(&trouble, strstr(trouble.text, "damaged") == NULL);
  if (unpacked.part == PART_WITHOUT_RUNTIME) {
    fprintf(stderr, "claude-orchestrator starts from memory, which takes longer: %s\nhint: %s\n", trouble.text, advice);
  }
  become(&program, &unpacked, argv, environment);
  const bool is_refused = errno == EACCES || errno == EPERM;
  say(&trouble, "Node in %.900s could not be started: %s", unpacked.path, strerror(errno));
  return give_up(&trouble, is_refused);
}
