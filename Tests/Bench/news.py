"""How news reach those who wait for them."""
import re
import resource
import select
import socket
import statistics
import time

from load import Crowd
from obrolan_testing.client import Client, request_bytes
from obrolan_testing.machine import cpu, memory, status, until_idle

RATE = 100
RATE_SECONDS = 10
SENDERS = 16
# Longer than from one round to the next (`ChatLimits.roundWithNews`).
QUIET_SECONDS = 12


def raise_descriptor_limit():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class People:
    """People, each with a session of their own, evenly spread over rooms of their own."""

    def __init__(self, database, name, count, rooms):
        # The trigger that counts members would update one row ten thousand times in one transaction.
        row = database.psql(f"""
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
            raise RuntimeError("the people's ids have gaps")
        database.psql("ANALYZE")
        self.count = count
        self.rooms = rooms
        self.first_room = first_room
        self._first = first

    def cookie(self, number):
        return f"{self._first + number:064x}"

    def room(self, number):
        return self.first_room + number % self.rooms


def poll(people, number, cursor):
    return request_bytes("GET", f"/room/{people.room(number)}/messages?after={cursor}&wait=30", session=people.cookie(number))


def park(program, people):
    """A connection for each person, on which a request is held; they are held when the program has nothing to do."""
    connections = {}
    for number in range(people.count):
        connection = Client(program.port, session=people.cookie(number)).hold(people.room(number), after=0)
        connection.setblocking(False)
        connections[connection.fileno()] = (number, connection)
    until_idle(program.pid)
    return connections


def waiting_in_one_room(program, people, messages, neighbours):
    """Has them wait, says something again and again, and yields the values: how long it took to reach them, and others
    meanwhile."""
    threads = status(program.pid, "Threads")
    sessions = [people.cookie(number) for number in range(people.count)]
    with Crowd(program.port, people.room(0), sessions, neighbours) as crowd:
        until_idle(program.pid)
        resident, threads = memory(program.pid), status(program.pid, "Threads") - threads
        taken = []
        for _ in range(messages):
            taken.append(crowd.say())
            until_idle(program.pid)
        page = crowd.say(neighbours)[2] if neighbours else None
    yield "memory", resident
    yield "last", statistics.median(last for _, last, _ in taken)
    if neighbours:
        yield "half", statistics.median(half for half, _, _ in taken)
        yield "threads", threads
        yield "page", page


def quiet_rooms(program, people):
    """Parks requests in many rooms where nothing is said, and yields what that costs; then something is said in one."""
    connections = park(program, people)
    resident = memory(program.pid)
    spent = cpu(program.pid)
    time.sleep(QUIET_SECONDS)
    spent = cpu(program.pid) - spent
    sent = time.monotonic()
    Client(program.port, session=people.cookie(0)).send(people.room(0), "Halo!")
    for number, connection in connections.values():
        if people.room(number) == people.room(0):
            connection.setblocking(True)
            if b"Halo!" not in connection.recv(65536):
                raise RuntimeError("a parked request was answered without the message")
    took = (time.monotonic() - sent) * 1e3
    for _, connection in connections.values():
        connection.close()
    yield "memory", resident
    yield "cpu", spent / QUIET_SECONDS * 100
    yield "last", took


def across_processes(sender, reader, people):
    """Sends at one process, at a steady rate, to those who follow at the other one, each in one of many rooms."""
    readers = park(reader, people)
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
    due = messages * people.count // people.rooms
    sent_at, latencies, acknowledged = [], [], []
    seen = set()
    begin = time.monotonic()
    while len(latencies) < due or len(acknowledged) < messages:
        now = time.monotonic()
        if now - begin > RATE_SECONDS + 20:
            raise RuntimeError(f"{len(latencies)} of {due} deliveries came")
        if len(sent_at) < messages and now >= begin + len(sent_at) / RATE and idle:
            idle.pop().sendall(message(people, len(sent_at)))
            sent_at.append(time.monotonic())
            continue
        wait = begin + len(sent_at) / RATE - now if len(sent_at) < messages else 1
        for descriptor, _ in epoll.poll(max(0, wait)):
            if descriptor in senders:
                if not senders[descriptor].recv(65536).startswith(b"HTTP/1.1 201"):
                    raise RuntimeError("a message was not stored")
                acknowledged.append(time.monotonic())
                idle.append(senders[descriptor])
                continue
            number, connection = readers[descriptor]
            answer = connection.recv(65536)
            now = time.monotonic()
            for content in re.findall(rb'"content":"(\d+)"', answer):
                if (number, content) in seen:
                    raise RuntimeError("a message came twice")
                seen.add((number, content))
                latencies.append((now - sent_at[int(content)]) * 1e3)
            cursor = re.search(rb'"cursor":(\d+)', answer)
            if not cursor:
                raise RuntimeError(f"a poll was answered {answer!r}")
            connection.sendall(poll(people, number, int(cursor[1])))
    for connection in [*senders.values(), *(connection for _, connection in readers.values())]:
        connection.close()
    latencies.sort()
    yield "p50", latencies[len(latencies) // 2]
    yield "p99", latencies[int(len(latencies) * 0.99)]


def message(people, number):
    return request_bytes("POST", f"/room/{people.room(number)}/send", {"content": number},
                         session=people.cookie(number % people.count))
