// Linux calls that Swift's Glibc module does not name. Header only.
#ifndef PLENARY_CLINUX_H
#define PLENARY_CLINUX_H

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

// accept4 and its flags hide behind _GNU_SOURCE, which the importer does not define.
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);

#endif
