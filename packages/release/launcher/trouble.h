/* Why something could not be done, in words for a person. */
#ifndef LAUNCHER_TROUBLE_H
#define LAUNCHER_TROUBLE_H

struct trouble {
  char text[1024];
};

/* Replaces what was said before. */
__attribute__((format(printf, 2, 3))) void say(struct trouble *trouble, const char *format, ...);

#endif
