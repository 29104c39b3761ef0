/*
 * Loads an HTTP server from one thread, each connection asking again as soon as it is answered.
 *
 *     load PORT CONNECTIONS SECONDS < requests
 *
 * A request is the number of its bytes, a line feed, and the bytes. The connections take them in turn and keep to theirs;
 * where one has 36 times '_' there is another UUID each time. It prints, in JSON, how many were answered, in microseconds
 * the median and the 99th percentile from asking to the answer's last byte, the content's size, and what the connection
 * with the fewest answers has of what the median connection has. An answer that is not 2xx ends it.
 */
#include "client.h"

struct request {
    char *bytes;
    size_t size;
    char *uuid;
};

static uint64_t state;

/* xorshift64*, which is good enough for names. */
static uint64_t chance(void) {
    state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
    return state * 2685821657736338717ull;
}

static void name_anew(char *uuid) {
    char text[37];
    uint64_t high = chance(), low = chance();
    snprintf(text, sizeof text, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)(high >> 32), (unsigned)(high >> 16) & 0xffff,
             (unsigned)high & 0xfff, (unsigned)(low >> 52), (unsigned long long)low & 0xffffffffffffull);
    memcpy(uuid, text, 36);
}

static struct request *read_requests(size_t *count) {
    struct request *requests = NULL;
    size_t size;
    for (*count = 0; scanf("%zu", &size) == 1 && getchar() == '\n'; *count += 1) {
        requests = grown(requests, (*count + 1) * sizeof *requests);
        struct request *request = &requests[*count];
        request->bytes = grown(NULL, size + 1);
        request->size = size;
        if (fread(request->bytes, 1, size, stdin) != size) fail("requests", "the last one is cut off");
        request->bytes[size] = 0;
        request->uuid = strstr(request->bytes, "____________________________________");
    }
    if (*count == 0) fail("requests", "there are none");
    return requests;
}

static void ask_again(struct client *client, struct request *request) {
    if (request->uuid) name_anew(request->uuid);
    ask(client, request->bytes, request->size);
}

static int ascending(const void *left, const void *right) {
    uint64_t one = *(const uint64_t *)left, other = *(const uint64_t *)right;
    return (one > other) - (one < other);
}

int main(int count, char **arguments) {
    if (count != 4) fail("usage", "load PORT CONNECTIONS SECONDS < requests");
    int port = atoi(arguments[1]), connections = atoi(arguments[2]), epoll = epoll_create1(0);
    size_t request_count, answered = 0, capacity = 1 << 20;
    struct request *requests = read_requests(&request_count);
    struct client *clients = grown(NULL, connections * sizeof *clients);
    uint64_t *times = grown(NULL, capacity * sizeof *times), *shares = grown(NULL, connections * sizeof *shares);
    struct epoll_event events[256];
    state = now() ^ (uint64_t)getpid() << 32;
    for (int i = 0; i < connections; i += 1) open_client(&clients[i], port, epoll);
    uint64_t begin = now(), end = begin + (uint64_t)(atof(arguments[3]) * 1e9), time = begin;
    for (int i = 0; i < connections; i += 1) ask_again(&clients[i], &requests[i % request_count]);
    /* What is under way at the end is waited for, so that the server has worked for nothing that is not counted. */
    for (int waiting = connections; waiting > 0;) {
        int ready = epoll_wait(epoll, events, 256, 30000);
        if (ready <= 0) fail("the server", ready ? strerror(errno) : "does not answer");
        for (int i = 0; i < ready; i += 1) {
            struct client *client = events[i].data.ptr;
            if (!receive(client)) continue;
            time = now();
            if (answered == capacity) times = grown(times, (capacity *= 2) * sizeof *times);
            times[answered++] = time - client->asked;
            if (time < end)
                ask_again(client, &requests[(client - clients) % request_count]);
            else
                waiting -= 1;
        }
    }
    for (int i = 0; i < connections; i += 1) shares[i] = clients[i].answers;
    qsort(times, answered, sizeof *times, ascending);
    qsort(shares, connections, sizeof *shares, ascending);
    printf("{\"requests\": %zu, \"seconds\": %.6f, \"p50\": %.1f, \"p99\": %.1f, \"content\": %zu, \"slowest\": %.3f}\n",
           answered, (time - begin) / 1e9, times[answered / 2] / 1e3, times[answered * 99 / 100] / 1e3,
           clients[0].end - clients[0].content, (double)shares[0] / shares[connections / 2]);
    return 0;
}
