#ifndef C_EPOLL_H
#define C_EPOLL_H

// What the Glibc module does not show to Swift: epoll, eventfd, accept4, socket filters, malloc_trim, and what glibc has
// under _GNU_SOURCE only.

#include <linux/filter.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/types.h>

// Declared here because <sys/socket.h> shows it only under _GNU_SOURCE, which the importing module does not define.
extern int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);

/// Reads what the kernel has of a file in memory, by preadv2(2) with RWF_NOWAIT: -1 with EAGAIN where it has nothing.
ssize_t CEpollReadCached(int file, void *buffer, size_t count, off_t offset);

/// How many processors this process may run on, by sched_getaffinity(2); -1 when that cannot be told.
int CEpollAllowedProcessors(void);

// Swift does not import the EPOLL_* enumerators as the unsigned type that the events field has, nor the O_*-valued flags.
static const uint32_t CEpollIn = EPOLLIN;
static const uint32_t CEpollOut = EPOLLOUT;
static const uint32_t CEpollPeerClosed = EPOLLRDHUP;
static const uint32_t CEpollHangup = EPOLLHUP;
static const uint32_t CEpollError = EPOLLERR;
static const uint32_t CEpollEdgeTriggered = EPOLLET;
static const int CEpollCloseOnExec = EPOLL_CLOEXEC;
static const int CEventNonblocking = EFD_NONBLOCK;
static const int CEventCloseOnExec = EFD_CLOEXEC;

#endif
