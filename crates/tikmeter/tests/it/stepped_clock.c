/* Lets a program see the host's wall clock as it would be after somebody set it: CLOCK_REALTIME is off by STEPPED_BY
   seconds, every other clock is the host's. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now) {
    long answer = syscall(SYS_clock_gettime, clock, now);
    const char *by = getenv("STEPPED_BY");
    if (answer == 0 && clock == CLOCK_REALTIME && by) {
        now->tv_sec += atol(by);
    }
    return (int)answer;
}
