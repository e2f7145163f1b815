/*
 * Runs one command and writes what it took into a file: measure OUT COMMAND [WORD...]
 *
 *   wall       seconds from its start to its end
 *   own        CPU seconds of the process itself, all its threads, none of its children: the clock of the process, read
 *              while it is a zombie, when it can grow no more
 *   children   CPU seconds of the children it waited for (what wait4 adds for them)
 *   peakKb     the most memory it had at once; a child that had more than the process itself would count instead
 *   exit       its exit code, or 128 + signal
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timespec t) { return (double)t.tv_sec + (double)t.tv_nsec / 1e9; }
static double seconds_of(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }

int main(int count, char **words) {
  if (count < 3) {
    fputs("measure OUT COMMAND [WORD...]\n", stderr);
    return 2;
  }
  struct timespec begin, end, own = {0, 0};
  clock_gettime(CLOCK_MONOTONIC, &begin);
  pid_t child = fork();
  if (child == 0) {
    execvp(words[2], words + 2);
    fprintf(stderr, "%s: %s\n", words[2], strerror(errno));
    _exit(127);
  }
  siginfo_t info;
  while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == -1 && errno == EINTR) continue;
  clock_gettime(CLOCK_MONOTONIC, &end);
  clockid_t clock;
  if (clock_getcpuclockid(child, &clock) == 0) clock_gettime(clock, &own);
  struct rusage usage;
  int status;
  if (wait4(child, &status, 0, &usage) == -1) return 2;
  double all = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), children = all - seconds(own);
  FILE *out = fopen(words[1], "w");
  if (out == NULL) return 2;
  fprintf(out, "{\"wall\":%.6f,\"own\":%.6f,\"children\":%.6f,\"peakKb\":%ld,\"exit\":%d}\n", seconds(end) - seconds(begin),
          seconds(own), children > 0 ? children : 0, usage.ru_maxrss,
          WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  fclose(out);
  return 0;
}
