/* A disk that fails at the n-th durable step below one folder: preloaded, armed by whoever loads it (Linux, glibc). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char folder[4096];
static long fail_at, seen;
static int fail_with, stays, armed;
static char step[64];

/* Fail the n-th step (0: none) with an errno, or with 0 leave at once; `lasting`: all later ones fail too. */
void disk_arm(const char *under, long n, int error, int lasting) {
    pthread_mutex_lock(&mutex);
    snprintf(folder, sizeof folder, "%s", under);
    fail_at = n, fail_with = error, stays = lasting, seen = 0, armed = 1, step[0] = 0;
    pthread_mutex_unlock(&mutex);
}
void disk_disarm(void) { armed = 0; }
long disk_seen(void) { return seen; }
const char *disk_step(void) { return step; }

__attribute__((constructor)) static void from_environment(void) {
    const char *under = getenv("FAILING_DISK"), *n = getenv("FAILING_DISK_AT");
    if (under && n) disk_arm(under, atol(n), 0, 0);
}

static int fails(const char *name, const char *path) {
    if (!armed || !path || strncmp(path, folder, strlen(folder))) return 0;
    pthread_mutex_lock(&mutex);
    seen++;
    int hit = fail_at && (seen == fail_at || (stays && seen > fail_at));
    if (hit && seen == fail_at) {
        const char *slash = strrchr(path, '/');
        snprintf(step, sizeof step, "%s %.40s", name, slash ? slash + 1 : path);
        if (!fail_with) _exit(99);
    }
    pthread_mutex_unlock(&mutex);
    if (hit) errno = fail_with;
    return hit;
}
static int fails_fd(const char *name, int fd) {
    char link[64], path[4096];
    if (!armed) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(name, path);
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, #name)
#define MODE va_list rest; va_start(rest, flags); mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; va_end(rest)

#define OPEN(name) int name(const char *path, int flags, ...) { REAL(int, name, const char *, int, ...); MODE; \
    return flags & O_CREAT && fails("open", path) ? -1 : real(path, flags, mode); }
OPEN(open) OPEN(open64)
#define OPENAT(name) int name(int at, const char *path, int flags, ...) { REAL(int, name, int, const char *, int, ...); MODE; \
    return flags & O_CREAT && fails("open", path) ? -1 : real(at, path, flags, mode); }
OPENAT(openat) OPENAT(openat64)
ssize_t write(int fd, const void *data, size_t n) { REAL(ssize_t, write, int, const void *, size_t);
    return fails_fd("write", fd) ? -1 : real(fd, data, n); }
ssize_t pwrite(int fd, const void *data, size_t n, off_t at) { REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
    return fails_fd("write", fd) ? -1 : real(fd, data, n, at); }
ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at) { REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    return fails_fd("write", fd) ? -1 : real(fd, data, n, at); }
ssize_t writev(int fd, const struct iovec *parts, int n) { REAL(ssize_t, writev, int, const struct iovec *, int);
    return fails_fd("write", fd) ? -1 : real(fd, parts, n); }
int fsync(int fd) { REAL(int, fsync, int); return fails_fd("fsync", fd) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(int, fdatasync, int); return fails_fd("fsync", fd) ? -1 : real(fd); }
int ftruncate(int fd, off_t n) { REAL(int, ftruncate, int, off_t); return fails_fd("truncate", fd) ? -1 : real(fd, n); }
int ftruncate64(int fd, off64_t n) { REAL(int, ftruncate64, int, off64_t); return fails_fd("truncate", fd) ? -1 : real(fd, n); }
int rename(const char *old, const char *new) { REAL(int, rename, const char *, const char *);
    return fails("rename", new) ? -1 : real(old, new); }
int mkdir(const char *path, mode_t mode) { REAL(int, mkdir, const char *, mode_t);
    return fails("mkdir", path) ? -1 : real(path, mode); }
int chmod(const char *path, mode_t mode) { REAL(int, chmod, const char *, mode_t);
    return fails("chmod", path) ? -1 : real(path, mode); }
