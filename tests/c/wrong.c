/* Does on purpose what the sanitizer named by the argument must catch. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    volatile size_t four = 4;
    volatile int most = INT_MAX;

    if (strcmp(how, "freed") == 0) {
        volatile char *volatile room = malloc(four);
        free((void *)room);
        room[0] = 1;
    } else if (strcmp(how, "leak") == 0) {
        char *volatile lost = malloc(four);
        lost = NULL;
        (void)lost;
    } else if (strcmp(how, "undefined") == 0) {
        most = most + 1;
    }
    return 0;
}
