#include "declarations.h"

#define assert(condition) ((void)0)
