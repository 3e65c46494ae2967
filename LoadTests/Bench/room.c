// room PORT: the bound that `make bench` holds Plenary against. A bare WebSocket server on one thread: whoever connects
// to /room/<n> is a member of that room, and every text message goes to all of its members, the sender included,
// unchanged. No tickets, rules, JSON or journal: only the system calls that such a server cannot do without, coalesced.
// All sockets that are ready are read first; then each member of a room in which something was said gets everything in
// one send. It takes what the benchmark's client sends: a request head in one piece, frames that are not fragmented.
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_BYTES = 64 << 10, READY_SOCKETS = 1024, MAX_ROOMS = 20000, MAX_MESSAGE = 64 << 10 };

// Bytes that grow; `start` of them have been dealt with.
struct bytes {
    uint8_t *data;
    size_t start, count, capacity;
};

// A socket. Nothing is kept for it while nothing is half read and nothing waits to be sent.
struct connection {
    int descriptor;
    int room;      // -1: no handshake yet
    int position;  // among the members of its room
    bool waits_for_room, is_over;
    struct bytes unread, unsent;
    struct connection *next_over;
};

struct room {
    struct connection **members;
    int count, capacity;
    struct bytes said;  // in this turn, as frames
    bool is_dirty;
};

static struct room rooms[MAX_ROOMS];
static int dirty[MAX_ROOMS], dirty_count;
static struct connection *over;
static int poller;

static void *checked(void *memory) {
    if (memory == NULL) {
        perror("room: memory");
        exit(1);
    }
    return memory;
}

static uint8_t *reserve(struct bytes *bytes, size_t more) {
    if (bytes->count + more > bytes->capacity) {
        bytes->capacity = (bytes->count + more) * 2;
        bytes->data = checked(realloc(bytes->data, bytes->capacity));
    }
    return bytes->data + bytes->count;
}

static void append(struct bytes *bytes, const uint8_t *data, size_t count) {
    memcpy(reserve(bytes, count), data, count);
    bytes->count += count;
}

static void forget(struct bytes *bytes) {
    free(bytes->data);
    memset(bytes, 0, sizeof *bytes);
}

static void set_interest(struct connection *connection, bool waits_for_room) {
    if (connection->waits_for_room == waits_for_room) return;
    connection->waits_for_room = waits_for_room;
    struct epoll_event event = {.events = EPOLLIN | (waits_for_room ? EPOLLOUT : 0), .data.ptr = connection};
    epoll_ctl(poller, EPOLL_CTL_MOD, connection->descriptor, &event);
}

// Takes it out of its room at once; its memory goes at the end of the turn, since the turn may still name it.
static void end(struct connection *connection) {
    if (connection->is_over) return;
    connection->is_over = true;
    close(connection->descriptor);
    if (connection->room >= 0) {
        struct room *room = &rooms[connection->room];
        room->members[connection->position] = room->members[--room->count];
        room->members[connection->position]->position = connection->position;
    }
    connection->next_over = over;
    over = connection;
}

// Sends what the kernel takes and keeps the rest.
static void send_to(struct connection *connection, const uint8_t *data, size_t count) {
    ssize_t sent = 0;
    if (connection->unsent.count == 0) {
        do sent = send(connection->descriptor, data, count, MSG_NOSIGNAL);
        while (sent < 0 && errno == EINTR);
        if (sent < 0 && errno != EAGAIN) return end(connection);
        if (sent < 0) sent = 0;
    }
    if ((size_t)sent == count) return;
    append(&connection->unsent, data + sent, count - sent);
    set_interest(connection, true);
}

static void send_rest(struct connection *connection) {
    struct bytes *rest = &connection->unsent;
    ssize_t sent = send(connection->descriptor, rest->data + rest->start, rest->count - rest->start, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return end(connection);
    if (sent > 0) rest->start += sent;
    if (rest->start < rest->count) return;
    forget(rest);
    set_interest(connection, false);
}

static void join(struct connection *connection, int number) {
    struct room *room = &rooms[number];
    if (room->count == room->capacity) {
        room->capacity = room->capacity ? room->capacity * 2 : 16;
        room->members = checked(realloc(room->members, room->capacity * sizeof *room->members));
    }
    connection->room = number;
    connection->position = room->count;
    room->members[room->count++] = connection;
}

// RFC 6455 section 4.2; answers how many of the bytes were the request, 0 if there must be more.
static size_t shake_hands(struct connection *connection, uint8_t *data, size_t count) {
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", field[] = "Sec-WebSocket-Key: ";
    char *end_of_head = memmem(data, count, "\r\n\r\n", 4);
    if (end_of_head == NULL) return 0;
    *end_of_head = 0;
    char *key = strstr((char *)data, field);
    int number;
    if (sscanf((char *)data, "GET /room/%d ", &number) != 1 || number < 0 || number >= MAX_ROOMS || key == NULL) {
        end(connection);
        return 0;
    }
    char text[24 + sizeof guid];
    snprintf(text, sizeof text, "%.24s%s", key + sizeof field - 1, guid);
    uint8_t digest[SHA_DIGEST_LENGTH], accept[32];
    SHA1((uint8_t *)text, strlen(text), digest);
    EVP_EncodeBlock(accept, digest, sizeof digest);
    char answer[160];
    int length = snprintf(answer, sizeof answer,
                          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
    join(connection, number);
    send_to(connection, (uint8_t *)answer, length);
    return (uint8_t *)end_of_head + 4 - data;
}

static void unmask(uint8_t *to, const uint8_t *from, size_t count, const uint8_t key[4]) {
    uint64_t word;
    memcpy(&word, key, 4);
    memcpy((uint8_t *)&word + 4, key, 4);
    size_t index = 0;
    for (; index + 8 <= count; index += 8) {
        uint64_t piece;
        memcpy(&piece, from + index, 8);
        piece ^= word;
        memcpy(to + index, &piece, 8);
    }
    for (; index < count; index++) to[index] = from[index] ^ key[index & 3];
}

// A frame of the server: text, ping's answer.
static void append_frame(struct bytes *to, uint8_t opcode, const uint8_t *payload, size_t count, const uint8_t key[4]) {
    uint8_t *at = reserve(to, count + 4);
    size_t header = count < 126 ? 2 : 4;
    at[0] = 0x80 | opcode;
    at[1] = count < 126 ? count : 126;
    if (header == 4) at[2] = count >> 8, at[3] = count & 0xff;
    unmask(at + header, payload, count, key);
    to->count += header + count;
}

// What one whole frame of a member comes to.
static void take(struct connection *connection, uint8_t opcode, const uint8_t *payload, size_t count,
                 const uint8_t key[4]) {
    if (opcode == 1) {
        struct room *room = &rooms[connection->room];
        if (!room->is_dirty) {
            room->is_dirty = true;
            dirty[dirty_count++] = connection->room;
        }
        append_frame(&room->said, 1, payload, count, key);
    } else if (opcode == 9) {
        struct bytes pong = {0};
        append_frame(&pong, 10, payload, count, key);
        send_to(connection, pong.data, pong.count);
        forget(&pong);
    } else if (opcode != 10) {
        end(connection);
    }
}

// RFC 6455 section 5.2; answers how many bytes were whole frames.
static size_t read_frames(struct connection *connection, const uint8_t *data, size_t count) {
    size_t at = 0;
    while (!connection->is_over && at + 6 <= count) {
        size_t length = data[at + 1] & 0x7f, header = 6;
        if (length == 126) {
            if (at + 8 > count) break;
            length = data[at + 2] << 8 | data[at + 3];
            header = 8;
        }
        if (length == 127 || length >= MAX_MESSAGE || !(data[at] & 0x80) || !(data[at + 1] & 0x80)) {
            end(connection);
            break;
        }
        if (at + header + length > count) break;
        take(connection, data[at] & 0xf, data + at + header, length, data + at + header - 4);
        at += header + length;
    }
    return at;
}

static void read_from(struct connection *connection) {
    static uint8_t buffer[READ_BYTES];
    ssize_t got = recv(connection->descriptor, buffer, sizeof buffer, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return end(connection);
    uint8_t *data = buffer;
    size_t count = got, done = 0;
    if (connection->unread.count > 0) {
        append(&connection->unread, buffer, got);
        data = connection->unread.data;
        count = connection->unread.count;
    }
    if (connection->room < 0) done = shake_hands(connection, data, count);
    if (connection->room >= 0) done += read_frames(connection, data + done, count - done);
    if (connection->is_over) return;
    struct bytes rest = {0};
    if (done < count) append(&rest, data + done, count - done);
    if (connection->unread.data != NULL) forget(&connection->unread);
    connection->unread = rest;
}

static void accept_all(int listener) {
    int descriptor;
    while ((descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        int one = 1;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct connection *connection = checked(calloc(1, sizeof *connection));
        connection->descriptor = descriptor;
        connection->room = -1;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event);
    }
}

// One send for each member of each room in which something was said.
static void send_all(void) {
    for (int index = 0; index < dirty_count; index++) {
        struct room *room = &rooms[dirty[index]];
        for (int member = 0; member < room->count;) {
            struct connection *connection = room->members[member];
            send_to(connection, room->said.data, room->said.count);
            // Who turns out to be gone has given the place to the last one.
            if (!connection->is_over) member++;
        }
        room->said.count = 0;
        room->is_dirty = false;
    }
    dirty_count = 0;
    while (over != NULL) {
        struct connection *connection = over;
        over = connection->next_over;
        forget(&connection->unread);
        forget(&connection->unsent);
        free(connection);
    }
}

static int listen_on(int port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 4096) != 0) {
        perror("room: listen");
        exit(1);
    }
    return listener;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "room PORT\n");
        return 64;
    }
    signal(SIGPIPE, SIG_IGN);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    int listener = listen_on(atoi(argv[1]));
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    static struct epoll_event events[READY_SOCKETS];
    puts("listening");
    fflush(stdout);
    for (;;) {
        int count = epoll_wait(poller, events, READY_SOCKETS, -1);
        for (int index = 0; index < count; index++) {
            struct connection *connection = events[index].data.ptr;
            if (connection == NULL) {
                accept_all(listener);
            } else if (!connection->is_over) {
                if (connection->waits_for_room && events[index].events & EPOLLOUT) send_rest(connection);
                if (!connection->is_over && events[index].events & ~EPOLLOUT) read_from(connection);
            }
        }
        send_all();
    }
}
