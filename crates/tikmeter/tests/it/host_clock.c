/* Lets a program see the host's wall clock as it would be after somebody set it: CLOCK_REALTIME is off by the seconds that the
   file STEPPED_BY holds, as a number of 64 bits, at any moment; every other clock is the host's. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *stepped_by = NULL;

__attribute__((constructor)) static void find_file(void) {
    const char *path = getenv("STEPPED_BY");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) {
        return;
    }
    void *seconds = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (seconds != MAP_FAILED) {
        stepped_by = seconds;
    }
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    long answer = syscall(SYS_clock_gettime, clock, now);
    if (answer == 0 && clock == CLOCK_REALTIME && stepped_by) {
        now->tv_sec += *stepped_by;
    }
    return (int)answer;
}
