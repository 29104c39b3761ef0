"""Requests that pass through the proxy."""

import concurrent.futures
import re
import socket
import ssl
import time

import pytest
from obrolan_testing import machine
from obrolan_testing.machine import until

# How soon news have to be there, and how long after the last thing a process writes its log.
NEWS_SECONDS = 1
LOG_SECONDS = 3
HELD_SECONDS = 30


def client_of(target, process):
    """Whose request it was, as the access log has it, or None if there was none."""
    line = re.search(rf"\] (\S+) [A-Z]+ {re.escape(target)} \d+ ", process.log())
    return line and line[1]


def test_a_message_sent_at_one_process_reaches_requests_held_at_the_other(proxy, processes, visit):
    member = visit(proxy.port)
    room = member.create_room()
    readers = [visit(proxy.port, like=member) for _ in range(4)]
    cursor = 0
    with concurrent.futures.ThreadPoolExecutor(len(readers)) as pool:
        for sender, other in (processes, processes[::-1]):
            targets = [f"/room/{room}/messages?after={cursor}&wait=20&limit={50 + place}" for place in range(4)]
            held = [pool.submit(reader.get, target) for reader, target in zip(readers, targets)]
            time.sleep(0.5)
            assert not any(request.done() for request in held)
            cursor = visit(sender.port, like=member).post(f"/room/{room}/send", {"content": sender.name}).json["id"]
            sent = time.monotonic()
            answers = [request.result() for request in held]
            assert time.monotonic() - sent < NEWS_SECONDS
            assert [[message["id"] for message in answer.json["messages"]] for answer in answers] == [[cursor]] * 4
            assert until(lambda: any(client_of(target, other) for target in targets), LOG_SECONDS), f"none was held at {other.name}"


def test_a_request_that_is_held_in_vain_is_answered_after_thirty_seconds(all_proxies, visit):
    """Through both proxies at once, three times each."""
    member = visit(all_proxies["nginx"].port)
    room = member.create_room()
    readers = [visit(proxy.port, like=member) for proxy in all_proxies.values() for _ in range(3)]
    begin = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(len(readers)) as pool:
        target = f"/room/{room}/messages?after=0&wait={HELD_SECONDS}"
        answers = list(pool.map(lambda reader: reader.get(target), readers))
    assert HELD_SECONDS <= time.monotonic() - begin < HELD_SECONDS + 3
    assert [(answer.status, answer.json["messages"]) for answer in answers] == [(200, [])] * len(readers)


def test_a_request_is_not_held_for_somebody_who_has_gone(proxy, processes, visit):
    def descriptors():
        return sum(machine.descriptors(process.pid) for process in processes)

    member = visit(proxy.port)
    room = member.create_room()
    readers = [visit(proxy.port, like=member) for _ in range(40)]
    with concurrent.futures.ThreadPoolExecutor(len(readers)) as pool:
        held = [pool.submit(reader.get, f"/room/{room}/messages?after=0&wait=20") for reader in readers]
        time.sleep(1)
        # Some of them may be on connections that the proxy has kept, so there need not be so many more than before.
        most = descriptors()
        for reader in readers:
            reader.hang_up()
        assert until(lambda: descriptors() <= most - len(readers), 5)
        assert all(request.exception() for request in held)


def test_a_form_is_taken_from_the_same_site_only(proxy, visit):
    member = visit(proxy.port)
    for origin, status in ((f"http://127.0.0.1:{proxy.port}", 201), ("http://127.0.0.1", 403), ("http://x.id", 403)):
        answer = member.post("/room/create", {"type": "group"}, Origin=origin)
        assert answer.status == status, origin
    member = visit(proxy.tls_port, certificate=proxy.certificate)
    answer = member.post("/room/create", {"type": "group"}, Origin=f"https://127.0.0.1:{proxy.tls_port}")
    assert answer.status == 201


@pytest.mark.parametrize("size", [65_537, 500_000])
def test_too_much_content_gets_the_answer_of_the_program(proxy, visit, size):
    answer = visit(proxy.port).post("/room/create", {"type": "x" * (size - len("type="))})
    assert (answer.status, answer.content) == (413, b"The content is too large.\n")


def test_a_browser_is_offered_http_2_by_tls(proxy):
    tls = ssl.create_default_context(cafile=proxy.certificate)
    tls.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", proxy.tls_port), timeout=5) as connection,
        tls.wrap_socket(connection, server_hostname="127.0.0.1") as session,
    ):
        assert session.selected_alpn_protocol() == "h2"
