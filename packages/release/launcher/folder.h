/* Folders and files that are this user's alone. Nothing here follows a link. */
#ifndef LAUNCHER_FOLDER_H
#define LAUNCHER_FOLDER_H

#include <stdbool.h>

#include "trouble.h"

/* Opens `name` in `parent` and checks that it is a folder that nobody else may write into. Negative, and why, where it is not. */
int folder_open(int parent, const char *name, bool make, struct trouble *trouble);

/* Whether an open file is this user's and nobody else may write into it. */
bool folder_owns(int file);

/* How many names there are in an open folder; negative where it cannot be read. */
int folder_count(int folder);

/* Removes what `name` is, with all that is in it; what cannot be removed stays. */
void folder_remove(int parent, const char *name);

#endif
