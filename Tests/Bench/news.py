"""How news reach those who wait for them."""
import http.client
import json
import re
import resource
import select
import socket
import statistics
import time
import urllib.parse

from program import cpu_seconds, fail, status
from yardsticks import tell

RATE = 100
RATE_SECONDS = 10
SENDERS = 16
# Longer than from one round to the next (`ChatLimits.roundWithNews`).
QUIET_SECONDS = 12


def raise_descriptor_limit():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Crowd:
    """People, each with a session of their own, evenly spread over rooms of their own."""

    def __init__(self, psql, name, count, rooms):
        # The trigger that counts members would update one row ten thousand times in one transaction.
        row = psql(f"""
            SET session_replication_role = replica;
            WITH room AS (
                INSERT INTO rooms (type, member_count) SELECT 'group', {count // rooms} FROM generate_series(1, {rooms})
                RETURNING id
            ), person AS (
                INSERT INTO users (username) SELECT '{name}-' || n FROM generate_series(1, {count}) AS n RETURNING id
            ), numbered AS (
                SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM person
            ), session AS (
                INSERT INTO sessions (token_hash, user_id)
                SELECT sha256(decode(lpad(to_hex(id), 64, '0'), 'hex')), id FROM person
            ), member AS (
                INSERT INTO room_members (room_id, user_id)
                SELECT (SELECT min(id) FROM room) + n % {rooms}, id FROM numbered
            )
            SELECT (SELECT min(id) FROM room), (SELECT min(id) FROM person), (SELECT max(id) FROM person)""")
        first_room, first, last = map(int, row.split("|"))
        if last - first + 1 != count:
            fail("the people's ids have gaps")
        psql("ANALYZE")
        self.count = count
        self.rooms = rooms
        self.first_room = first_room
        self._first = first

    def cookie(self, number):
        return f"{self._first + number:064x}"

    def room(self, number):
        return self.first_room + number % self.rooms


def poll(crowd, number, cursor):
    return (f"GET /room/{crowd.room(number)}/messages?after={cursor}&wait=30 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: obrolan_session={crowd.cookie(number)}\r\n\r\n").encode()


def send(port, crowd, number, content):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(
        "POST", f"/room/{crowd.room(number)}/send", urllib.parse.urlencode({"content": content}),
        {"Cookie": f"obrolan_session={crowd.cookie(number)}", "Accept": "application/json",
         "Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    if answer.status != 201:
        fail(f"a message was answered {answer.status}")
    message = json.load(answer)
    connection.close()
    return message["id"]


def park(program, crowd, cursor):
    """A connection for each person, on which a request is held; they are held when the program has nothing to do."""
    connections = {}
    for number in range(crowd.count):
        connection = socket.create_connection(("127.0.0.1", program.port), timeout=10)
        connection.sendall(poll(crowd, number, cursor))
        connection.setblocking(False)
        connections[connection.fileno()] = (number, connection)
    spent = -1
    while spent != (spent := cpu_seconds([program.pid])):
        time.sleep(0.25)
    return connections


class Ordinary:
    """Somebody who looks at one page after the other."""

    def __init__(self, program, crowd, epoll):
        self._request = (f"GET /my-rooms HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
                         f"Cookie: obrolan_session={crowd.cookie(0)}\r\n\r\n").encode()
        self._connection = socket.create_connection(("127.0.0.1", program.port), timeout=10)
        self.descriptor = self._connection.fileno()
        self.times = []
        epoll.register(self.descriptor, select.EPOLLIN)

    def ask(self):
        self._begin = time.monotonic()
        self._connection.sendall(self._request)

    def receive(self):
        if not self._connection.recv(65536).startswith(b"HTTP/1.1 200"):
            fail("an ordinary request was not answered")
        self.times.append((time.monotonic() - self._begin) * 1e3)

    def close(self):
        self._connection.close()


def parked(program, crowd, most_memory, most_milliseconds):
    """Parks requests, sends one message, and tells how long it takes to reach all of them, and others meanwhile."""
    threads = status(program.pid, "Threads")
    cursor = send(program.port, crowd, 0, "Halo!")
    connections = park(program, crowd, cursor)
    memory, threads_parked = status(program.pid, "VmRSS"), status(program.pid, "Threads")
    epoll = select.epoll()
    for descriptor in connections:
        epoll.register(descriptor, select.EPOLLIN)
    # So many that each event loop has some of them.
    ordinary = {person.descriptor: person for person in (Ordinary(program, crowd, epoll) for _ in range(6))}
    for person in ordinary.values():
        person.ask()
    sent = time.monotonic()
    send(program.port, crowd, 0, "Halo lagi!")
    times = []
    while len(times) < crowd.count and time.monotonic() - sent < 10:
        for descriptor, _ in epoll.poll(1):
            if descriptor in ordinary:
                ordinary[descriptor].receive()
                ordinary[descriptor].ask()
                continue
            if b"Halo lagi!" not in connections[descriptor][1].recv(65536):
                fail("a parked request was answered without the message")
            times.append((time.monotonic() - sent) * 1e3)
            epoll.unregister(descriptor)
    for connection in [*(connection for _, connection in connections.values()), *ordinary.values()]:
        connection.close()
    if len(times) < crowd.count:
        fail(f"news reached only {len(times)} of {crowd.count} parked requests")
    name = f"{crowd.count:,} parked in one room"
    tell(f"{name}: resident memory", memory / 1024, "MB", most_memory)
    tell(f"{name}: threads more than without", threads_parked - threads, "", 1)
    tell(f"{name}: half are reached", statistics.median(times), "ms", most_milliseconds)
    tell(f"{name}: all are reached", max(times), "ms", most_milliseconds)
    pages = [time for person in ordinary.values() for time in person.times]
    tell(f"{name}: a page takes meanwhile, at most", max(pages), "ms", 100)


def quiet_rooms(program, crowd, most_memory):
    """Parks requests in many rooms where nothing is said, and tells what that costs; then something is said in one."""
    connections = park(program, crowd, 0)
    memory = status(program.pid, "VmRSS")
    spent = cpu_seconds([program.pid])
    time.sleep(QUIET_SECONDS)
    spent = cpu_seconds([program.pid]) - spent
    sent = time.monotonic()
    send(program.port, crowd, 0, "Halo!")
    for number, connection in connections.values():
        if crowd.room(number) == crowd.room(0):
            connection.setblocking(True)
            if b"Halo!" not in connection.recv(65536):
                fail("a parked request was answered without the message")
    took = (time.monotonic() - sent) * 1e3
    for _, connection in connections.values():
        connection.close()
    name = f"{crowd.count:,} parked in {crowd.rooms:,} rooms"
    tell(f"{name}: resident memory", memory / 1024, "MB", most_memory)
    tell(f"{name}: CPU while nothing is said", spent / QUIET_SECONDS * 100, "%", 5)
    tell(f"{name}: the people of one room are reached", took, "ms", 50)


def across_processes(sender, reader, crowd):
    """Sends at one process, at a steady rate, to those who follow at the other one, each in one of many rooms."""
    readers = park(reader, crowd, 0)
    epoll = select.epoll()
    for descriptor in readers:
        epoll.register(descriptor, select.EPOLLIN)
    idle = []
    senders = {}
    for _ in range(SENDERS):
        connection = socket.create_connection(("127.0.0.1", sender.port), timeout=10)
        senders[connection.fileno()] = connection
        idle.append(connection)
        epoll.register(connection.fileno(), select.EPOLLIN)
    messages = RATE * RATE_SECONDS
    due = messages * crowd.count // crowd.rooms
    sent_at, latencies, acknowledged = [], [], []
    seen = set()
    begin = time.monotonic()
    while len(latencies) < due or len(acknowledged) < messages:
        now = time.monotonic()
        if now - begin > RATE_SECONDS + 20:
            fail(f"{len(latencies)} of {due} deliveries came")
        if len(sent_at) < messages and now >= begin + len(sent_at) / RATE and idle:
            idle.pop().sendall(message(crowd, len(sent_at)))
            sent_at.append(time.monotonic())
            continue
        wait = begin + len(sent_at) / RATE - now if len(sent_at) < messages else 1
        for descriptor, _ in epoll.poll(max(0, wait)):
            if descriptor in senders:
                if not senders[descriptor].recv(65536).startswith(b"HTTP/1.1 201"):
                    fail("a message was not stored")
                acknowledged.append(time.monotonic())
                idle.append(senders[descriptor])
                continue
            number, connection = readers[descriptor]
            answer = connection.recv(65536)
            now = time.monotonic()
            for content in re.findall(rb'"content":"(\d+)"', answer):
                if (number, content) in seen:
                    fail("a message came twice")
                seen.add((number, content))
                latencies.append((now - sent_at[int(content)]) * 1e3)
            cursor = re.search(rb'"cursor":(\d+)', answer)
            if not cursor:
                fail(f"a poll was answered {answer!r}")
            connection.sendall(poll(crowd, number, int(cursor[1])))
    for connection in [*senders.values(), *(connection for _, connection in readers.values())]:
        connection.close()
    latencies.sort()
    name = f"{RATE} a second, {crowd.count} follow at another process"
    tell(f"{name}: p50", latencies[len(latencies) // 2], "ms", 5)
    tell(f"{name}: p99", latencies[int(len(latencies) * 0.99)], "ms", 25)


def message(crowd, number):
    content = f"content={number}"
    return (f"POST /room/{crowd.room(number)}/send HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
            f"Cookie: obrolan_session={crowd.cookie(number % crowd.count)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(content)}\r\n\r\n"
            f"{content}").encode()
