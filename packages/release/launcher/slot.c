#include "pack.h"

/* Volatile: what the compiler sees here is not what stands here when it runs. */
const volatile struct slot launcher_slot = {
    .magic = {'C', 'O', '-', 'L', 'A', 'U', 'N', 'C', 'H', 'E', 'R', '-', 'S', 'L', 'O', 'T'},
};
