#define _GNU_SOURCE
#include "CEpoll.h"

#include <sched.h>
#include <sys/uio.h>

ssize_t CEpollReadCached(int file, void *buffer, size_t count, off_t offset) {
    struct iovec vector = {.iov_base = buffer, .iov_len = count};
    return preadv2(file, &vector, 1, offset, RWF_NOWAIT);
}

int CEpollAllowedProcessors(void) {
    // The kernel refuses a set that is smaller than its own; its largest has 8,192 processors.
    static const int most = 8192;
    cpu_set_t *set = CPU_ALLOC(most);
    if (!set) return -1;
    size_t size = CPU_ALLOC_SIZE(most);
    int count = sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : -1;
    CPU_FREE(set);
    return count;
}
