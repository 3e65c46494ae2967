// Linux calls that Swift's Glibc module does not name. Header only.
#ifndef PLENARY_CLINUX_H
#define PLENARY_CLINUX_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

// These hide behind _GNU_SOURCE, which the importer does not define.
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
int pthread_setname_np(pthread_t thread, const char *name);
// F_SETLEASE of fcntl(2), the same on every architecture (linux/fcntl.h).
static const int32_t plenary_set_lease = 1024;

// sched_setattr(2), for which this glibc has no word: makes the calling thread an ordinary one of this niceness, which
// asks for slices of this length (since Linux 6.12; older ones ignore it). 0, or -1 and errno.
static inline int plenary_set_niceness(int32_t niceness, uint64_t slice_nanoseconds) {
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } attributes = {.size = sizeof attributes, .nice = niceness, .runtime = slice_nanoseconds};
  return (int)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

// CRC-32C by the processor's own instruction (SSE 4.2), for which Swift has no word: `crc` is the register as it is,
// not inverted. Only where `plenary_has_crc32c` says yes.
#ifdef __x86_64__
static inline bool plenary_has_crc32c(void) { return __builtin_cpu_supports("sse4.2"); }

__attribute__((target("sse4.2"))) static inline uint32_t plenary_crc32c(
    uint32_t crc, const void *bytes, size_t count) {
  const unsigned char *at = (const unsigned char *)bytes;
  uint64_t wide = crc;
  for (; count >= 8; count -= 8, at += 8) {
    uint64_t word;
    memcpy(&word, at, 8);
    wide = __builtin_ia32_crc32di(wide, word);
  }
  crc = (uint32_t)wide;
  for (; count > 0; count -= 1, at += 1) crc = __builtin_ia32_crc32qi(crc, *at);
  return crc;
}
#else
static inline bool plenary_has_crc32c(void) { return false; }
static inline uint32_t plenary_crc32c(uint32_t crc, const void *bytes, size_t count) { return crc; }
#endif

#endif
