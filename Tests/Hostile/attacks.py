"""What hostile clients do to a server, and an ordinary client that is there meanwhile."""

import collections
import os
import re
import selectors
import socket
import struct
import sys
import time

GET = b"GET /css/style.css HTTP/1.1\r\nHost: localhost\r\n\r\n"


def connect(port, receive_buffer=None):
    connection = socket.socket()
    connection.settimeout(30)
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.connect(("127.0.0.1", port))
    return connection


def status_of(answer):
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else None


# The ordinary client


def fetch(connection, target):
    connection.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536) or sys.exit("the ordinary client's connection was closed")
    head, _, content = answer.partition(b"\r\n\r\n")
    length = int(re.search(rb"Content-Length: (\d+)", head)[1])
    while len(content) < length:
        content += connection.recv(65536) or sys.exit("the ordinary client's connection was closed")
    if status_of(head) != 200:
        sys.exit(f"the ordinary client was answered {head!r}")


def ordinary(port, stop, times):
    """A page and a file by turns, forty a second, each tenth by a new connection; sends the milliseconds each took."""
    connection = connect(port)
    due = time.monotonic()
    taken = []
    while not stop.is_set():
        begin = time.monotonic()
        if len(taken) % 10 == 9:
            connection.close()
            connection = connect(port)
        fetch(connection, "/" if len(taken) % 2 else "/css/style.css")
        taken.append((time.monotonic() - begin) * 1e3)
        due += 0.025
        time.sleep(max(0, due - time.monotonic()))
    times.send(taken)


# The attacks. Each gives a sentence about what came of it, and whether that is as it should be.


def trickle(port, seconds, count, head, piece, expected):
    """Connections that send `head`, and then `piece` each second, until they are answered."""
    selector = selectors.DefaultSelector()
    for _ in range(count):
        connection = connect(port)
        connection.sendall(head)
        selector.register(connection, selectors.EVENT_READ)
    waiting = set(key.fileobj for key in selector.get_map().values())
    statuses = []
    end = time.monotonic() + seconds
    next_piece = time.monotonic() + 1
    while waiting and time.monotonic() < end:
        for key, _ in selector.select(timeout=max(0, next_piece - time.monotonic())):
            try:
                statuses.append(status_of(key.fileobj.recv(4096)))
            except ConnectionResetError:
                statuses.append(None)
            selector.unregister(key.fileobj)
            waiting.discard(key.fileobj)
            key.fileobj.close()
        if time.monotonic() >= next_piece:
            next_piece += 1
            for connection in waiting:
                try:
                    connection.send(piece)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # Its answer is to be read.
    told = statuses.count(expected)
    return f"{told} of {count} answered {expected}", told == count


def slow_heads(port, seconds):
    return trickle(port, seconds, 1000, b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"a: b\r\n", 408)


def slow_content(port, seconds):
    head = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n"
    return trickle(port, seconds, 1000, head, b"x" * 20, 408)


def slow_reading(port, seconds):
    """Ask for much and read a byte a second."""
    connections = [connect(port, receive_buffer=2048) for _ in range(300)]
    for connection in connections:
        connection.setblocking(False)
        try:
            connection.send(GET * 1500)
        except BlockingIOError:
            pass
    closed = set()
    end = time.monotonic() + seconds
    while len(closed) < len(connections) and time.monotonic() < end:
        time.sleep(1)
        for connection in connections:
            try:
                connection.send(b"")
                if connection.recv(1) == b"" or connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                    closed.add(connection)
                # What the server has reset cannot be written to any more.
                connection.send(b"G")
            except BlockingIOError:
                pass
            except OSError:
                closed.add(connection)
    return f"{len(closed)} of {len(connections)} closed", len(closed) == len(connections)


def idle(port, seconds):
    """Ten thousand connections without a word; then each of them is still good for a request."""
    connections = [connect(port) for _ in range(10_000)]
    time.sleep(seconds)
    answered = 0
    for connection in connections[::100]:
        connection.sendall(GET)
        answered += status_of(connection.recv(64)) == 200
    return f"{answered} of 100 asked after {seconds} s answered", answered == 100


def resets(port, seconds):
    """Connect, perhaps begin a request, and reset: half of them at once, the others when the server has seen them."""
    count = 0
    lingering = collections.deque()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection = connect(port)
        if count % 3 == 1:
            connection.send(GET)
        if count % 3 == 2:
            connection.send(b"POST /login HTT")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if count % 2:
            connection.close()
        else:
            lingering.append(connection)
        if len(lingering) > 100:
            lingering.popleft().close()
        count += 1
    while lingering:
        lingering.popleft().close()
    return f"{count:,} connections", count > 0


def gigabytes(port, seconds):
    """One gigabyte after another where 64 KiB are allowed, chunked and by length, without looking at the answer."""
    heads = [b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n",
             b"POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3b9aca00\r\n"]
    statuses = []
    sent = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection = connect(port)
        rest = 1_000_000_000
        try:
            connection.sendall(heads[len(statuses) % 2])
            while rest > 0:
                rest -= connection.send(b"x" * 65536)
        except (BrokenPipeError, ConnectionResetError):
            pass  # The server has had enough of it.
        sent += 1_000_000_000 - rest
        try:
            statuses.append(status_of(connection.recv(4096)))
        except ConnectionResetError:
            statuses.append(None)
        connection.close()
    # Who never reads may find the answer gone with the reset.
    as_expected = all(status in (413, None) for status in statuses) and len(statuses) > 0
    return f"{sent / 1e6:,.0f} MB on {len(statuses)} connections, {statuses.count(413)} saw 413", as_expected


def gigabyte_read(port, seconds):
    """The same by a client that looks for an answer while it sends: it sees 413 each time."""
    statuses = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection = connect(port)
        connection.sendall(b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n" + b"x" * 1_000_000)
        statuses.append(status_of(connection.recv(4096)))
        connection.close()
    return f"{statuses.count(413)} of {len(statuses)} saw 413", statuses.count(413) == len(statuses) > 0


def garbage(port, seconds):
    """Random bytes, and random changes of a request."""
    refused = 0
    count = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection = connect(port)
        bytes_sent = bytearray(os.urandom(200) if count % 2 else GET)
        for byte in os.urandom(3):
            bytes_sent[byte % len(bytes_sent)] = byte
        connection.sendall(bytes_sent)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(4096)
        refused += answer == b"" or (status_of(answer) or 0) >= 400
        count += 1
        connection.close()
    return f"{refused:,} of {count:,} refused", refused > 0


ATTACKS = {attack.__name__.replace("_", "-"): attack for attack in (
    slow_heads, slow_content, slow_reading, idle, resets, gigabytes, gigabyte_read, garbage)}
