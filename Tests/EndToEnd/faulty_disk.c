// Preloaded into a server under test: its disk does what the file DISK_RULES says, read anew at each call. A rule is a line
// "CALL PART WHAT": calls of that name (pwrite, fdatasync, fsync, fallocate, rename, unlink) on files whose path holds PART
//
// - fail with an errno, when WHAT is a number;
// - do half of what is asked (pwrite), when WHAT is "half";
// - are interrupted every other time, when WHAT is "interrupt";
// - do not return as long as the rule is there, when WHAT is "stall".
//
// Each call that a rule was found for adds a byte to the file DISK_RULES.met.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

enum { NOTHING = 0, HALF = -1, INTERRUPT = -2, STALL = -3 };

// What a call on this path is to do: one of the above, or an errno.
static int rule(const char *call, const char *path) {
    const char *name = getenv("DISK_RULES");
    FILE *rules = name ? fopen(name, "re") : NULL;
    char a_call[32], part[128], what[32];
    int found = NOTHING;
    while (rules && found == NOTHING && fscanf(rules, "%31s %127s %31s", a_call, part, what) == 3) {
        if (strcmp(call, a_call) || !strstr(path, part)) continue;
        found = !strcmp(what, "half") ? HALF : !strcmp(what, "interrupt") ? INTERRUPT
            : !strcmp(what, "stall") ? STALL : atoi(what);
    }
    if (rules) fclose(rules);
    return found;
}

static void note(void) {
    char met[4096];
    snprintf(met, sizeof met, "%s.met", getenv("DISK_RULES"));
    int file = open(met, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file >= 0 && write(file, ".", 1) == 1) close(file);
}

// Answers true when the call is to fail, with errno set; waits as long as it is to stall.
static int fails(const char *call, const char *path, int *found) {
    static atomic_uint calls;
    if ((*found = rule(call, path)) == NOTHING) return 0;
    note();
    while (*found == STALL) {
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        *found = rule(call, path);
    }
    if (*found == INTERRUPT) {
        errno = EINTR;
        return atomic_fetch_add(&calls, 1) % 2;
    }
    if (*found > 0) errno = *found;
    return *found > 0;
}

static int fails_on(const char *call, int file, int *found) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(call, path, found);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    int found = NOTHING;
    if (fails_on("pwrite", file, &found)) return -1;
    return REAL(pwrite)(file, bytes, found == HALF ? (count + 1) / 2 : count, offset);
}

int fdatasync(int file) {
    int found;
    return fails_on("fdatasync", file, &found) ? -1 : REAL(fdatasync)(file);
}

int fsync(int file) {
    int found;
    return fails_on("fsync", file, &found) ? -1 : REAL(fsync)(file);
}

int posix_fallocate(int file, off_t offset, off_t length) {
    int found = NOTHING;
    return fails_on("fallocate", file, &found) ? errno : REAL(posix_fallocate)(file, offset, length);
}

int rename(const char *old, const char *new) {
    int found;
    return fails("rename", old, &found) ? -1 : REAL(rename)(old, new);
}

int unlink(const char *path) {
    int found;
    return fails("unlink", path, &found) ? -1 : REAL(unlink)(path);
}
