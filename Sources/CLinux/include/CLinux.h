// Linux calls that Swift's Glibc module does not name. Header only.
#ifndef PLENARY_CLINUX_H
#define PLENARY_CLINUX_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

// These hide behind _GNU_SOURCE, which the importer does not define.
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
int pthread_setname_np(pthread_t thread, const char *name);

#endif
