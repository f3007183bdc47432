/* Lets a PostgreSQL server run out of room: while the file DISK_IS_FULL is there, no file of a database (below base/) can grow, as
   on a full disk; what is within a file's size is written, and so is the log of writes, which the server keeps in files of a
   fixed size made before. All that the server makes of it, it makes itself. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int has_no_room(int file, off_t end) {
    const char *full = getenv("DISK_IS_FULL");
    struct stat now;
    char link[40], path[4096];
    if (!full || access(full, F_OK) != 0 || fstat(file, &now) != 0 || end <= now.st_size) {
        return 0;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) {
        return 0;
    }
    path[length] = 0;
    return strstr(path, "/base/") != NULL;
}

static off_t length_of(const struct iovec *parts, int count) {
    off_t length = 0;
    for (int part = 0; part < count; part++) {
        length += (off_t)parts[part].iov_len;
    }
    return length;
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off_t at) {
    if (has_no_room(file, at + (off_t)length)) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_pwrite64, file, bytes, length, at);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t at) {
    return pwrite64(file, bytes, length, at);
}

ssize_t pwritev64(int file, const struct iovec *parts, int count, off_t at) {
    if (has_no_room(file, at + length_of(parts, count))) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_pwritev, file, parts, count, at, 0L);
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at) {
    return pwritev64(file, parts, count, at);
}

/* Answers the error itself. */
int posix_fallocate64(int file, off_t at, off_t length) {
    if (has_no_room(file, at + length)) {
        return ENOSPC;
    }
    return syscall(SYS_fallocate, file, 0, at, length) == 0 ? 0 : errno;
}

int posix_fallocate(int file, off_t at, off_t length) {
    return posix_fallocate64(file, at, length);
}
