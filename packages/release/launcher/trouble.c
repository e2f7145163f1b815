#include "trouble.h"

#include <stdarg.h>
#include <stdio.h>

void say(struct trouble *trouble, const char *format, ...) {
  va_list words;
  va_start(words, format);
  vsnprintf(trouble->text, sizeof trouble->text, format, words);
  va_end(words);
}
