/*
 * People who wait in one room, and one of them who says something.
 *
 *     crowd PORT ROOM NEIGHBOURS < sessions
 *
 * The lines of the input are sessions, one for each who waits; the first of them is also the one who speaks. When all have
 * asked it prints a line. From then on each line of input, which says how many of the NEIGHBOURS look at one list of rooms
 * after the other meanwhile, is a message: it prints how many microseconds after the sending half of those who wait have
 * it, and all, and how long the neighbours' longest look took; then everybody has asked again. It ends with its input.
 */
#include "client.h"

static char request[1024];
static int room;

static size_t poll_request(const char *session, const char *cursor) {
    return snprintf(request, sizeof request,
                    "GET /room/%d/messages?after=%s&wait=30 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    "Cookie: obrolan_session=%s\r\n\r\n", room, cursor, session);
}

static size_t send_request(const char *session, int number) {
    char content[64];
    int size = snprintf(content, sizeof content, "content=Halo+lagi+%d!", number);
    return snprintf(request, sizeof request,
                    "POST /room/%d/send HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
                    "Cookie: obrolan_session=%s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    "Content-Length: %d\r\n\r\n%s", room, session, size, content);
}

static void look(struct client *neighbour, const char *session) {
    ask(neighbour, request,
        snprintf(request, sizeof request, "GET /my-rooms HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
                 "Cookie: obrolan_session=%s\r\n\r\n", session));
}

int main(int argument_count, char **arguments) {
    if (argument_count != 4) fail("usage", "crowd PORT ROOM NEIGHBOURS < sessions");
    int port = atoi(arguments[1]), neighbour_count = atoi(arguments[3]), epoll = epoll_create1(0);
    room = atoi(arguments[2]);
    char (*sessions)[80] = NULL, line[80], cursor[32] = "0";
    int count = 0;
    for (; fgets(line, sizeof line, stdin) && line[0] != '\n'; count += 1) {
        sessions = grown(sessions, (count + 1) * sizeof *sessions);
        line[strcspn(line, "\n")] = 0;
        strcpy(sessions[count], line);
    }
    /* The first is the speaker's, then those of the neighbours. */
    struct client *waiting = grown(NULL, count * sizeof *waiting);
    struct client *others = grown(NULL, (1 + neighbour_count) * sizeof *others), *speaker = others;
    struct epoll_event events[256];
    for (int i = 0; i <= neighbour_count; i += 1) open_client(&others[i], port, epoll);
    for (int i = 0; i < count; i += 1) open_client(&waiting[i], port, epoll);
    /* Whoever asks after 0 is answered at once when anything was ever said; so the room has to be silent. */
    for (int i = 0; i < count; i += 1) ask(&waiting[i], request, poll_request(sessions[i], cursor));
    printf("waiting\n"), fflush(stdout);
    for (int number = 1; fgets(line, sizeof line, stdin); number += 1) {
        int busy = atoi(line), informed = 0, is_stored = 0, looking = busy;
        uint64_t half = 0, all = 0, longest = 0;
        char words[40];
        snprintf(words, sizeof words, "Halo lagi %d!", number);
        for (int i = 1; i <= busy; i += 1) look(&others[i], sessions[i % count]);
        ask(speaker, request, send_request(sessions[0], number));
        while (informed < count || !is_stored || looking) {
            int ready = epoll_wait(epoll, events, 256, 30000);
            if (ready <= 0) fail("a message", ready ? strerror(errno) : "did not reach everybody");
            for (int i = 0; i < ready; i += 1) {
                struct client *client = events[i].data.ptr;
                if (!receive(client)) continue;
                uint64_t took = now() - client->asked;
                if (client == speaker) {
                    is_stored = 1;
                } else if (client > others && client <= others + neighbour_count) {
                    if (took > longest) longest = took;
                    if (informed < count) look(client, sessions[(client - others) % count]);
                    else looking -= 1;
                } else {
                    if (!strstr(client->answer + client->content, words))
                        fail("an answer without the message", client->answer);
                    all = now() - speaker->asked;
                    if (++informed == (count + 1) / 2) half = all;
                }
            }
        }
        char *found = strstr(waiting[0].answer, "\"cursor\":");
        if (!found) fail("an answer without a cursor", waiting[0].answer);
        snprintf(cursor, sizeof cursor, "%ld", atol(found + 9));
        printf("%.1f %.1f %.1f\n", half / 1e3, all / 1e3, longest / 1e3), fflush(stdout);
        for (int i = 0; i < count; i += 1) ask(&waiting[i], request, poll_request(sessions[i], cursor));
    }
    return 0;
}
