/* A client's connection to an HTTP/1.1 server on the loopback: one request at a time, answers with a Content-Length. */
#ifndef CLIENT_H
#define CLIENT_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct client {
    int fd;
    /* What has come of the answer; `content` is where its content begins, and `end` where that ends, when known. */
    char *answer;
    size_t count, capacity, content, end;
    uint64_t asked, answers;
};

static void fail(const char *what, const char *more) {
    fprintf(stderr, "%s: %.300s\n", what, more);
    exit(1);
}

/* Nanoseconds. */
static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static void *grown(void *memory, size_t size) {
    if (!(memory = realloc(memory, size))) fail("memory", strerror(errno));
    return memory;
}

static void open_client(struct client *client, int port, int epoll) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int yes = 1;
    memset(client, 0, sizeof *client);
    client->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (client->fd < 0 || connect(client->fd, (struct sockaddr *)&address, sizeof address) != 0)
        fail("connect", strerror(errno));
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = client}};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, client->fd, &event) != 0) fail("epoll_ctl", strerror(errno));
}

/* The request is small beside the socket's buffer, and the answer to the one before has come. */
static void ask(struct client *client, const char *request, size_t size) {
    client->count = client->content = client->end = 0;
    client->asked = now();
    if (send(client->fd, request, size, MSG_NOSIGNAL) != (ssize_t)size) fail("send", strerror(errno));
}

static void read_head(struct client *client) {
    char *head_end = strstr(client->answer, "\r\n\r\n");
    if (!head_end) return;
    if (strncmp(client->answer, "HTTP/1.1 2", 10) != 0) fail("an answer was", client->answer);
    *head_end = 0;
    char *length = strcasestr(client->answer, "\r\nContent-Length:");
    *head_end = '\r';
    client->content = head_end + 4 - client->answer;
    client->end = client->content + (length ? strtoul(length + 17, NULL, 10) : 0);
}

/* Reads what there is; whether the answer is complete. */
static int receive(struct client *client) {
    size_t wanted = client->end ? client->end + 1 : client->count + 2048;
    if (client->capacity < wanted) client->answer = grown(client->answer, client->capacity = wanted);
    ssize_t count = recv(client->fd, client->answer + client->count, client->capacity - client->count - 1, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return 0;
    if (count <= 0) fail("recv", count ? strerror(errno) : "the connection was closed");
    client->count += count;
    client->answer[client->count] = 0;
    if (!client->end) read_head(client);
    if (!client->end || client->count < client->end) return 0;
    if (client->count > client->end) fail("more than one answer came", client->answer + client->end);
    client->answers += 1;
    return 1;
}

#endif
