"""Each process in turn is stopped and started again, while people use the program."""

import time

from load import LAST_WORD, Load

ROUNDS = 3
# What the README advises between two processes.
REST_SECONDS = 2
# How long a stop may take: a second for idle connections, and then nothing is left to do.
STOP_SECONDS = 4


def all_messages(member, room):
    messages = []
    while True:
        after = messages[-1]["id"] if messages else 0
        batch = member.get(f"/room/{room}/messages?after={after}&limit=200").json["messages"]
        if not batch:
            return messages
        messages += batch


def test_not_one_request_fails_while_each_process_is_restarted(proxy, processes, visit, direct):
    member = visit(direct.port)
    busy, quiet = member.create_room(), member.create_room()
    stops = []
    with Load(proxy.port, member, busy, quiet) as load:
        time.sleep(1)
        for process in processes * ROUNDS:
            begin = time.monotonic()
            assert process.stop() == 0
            stops.append(time.monotonic() - begin)
            process.start()
            time.sleep(REST_SECONDS)
    print(f"{dict(load.requests)}, stops took {[round(seconds, 2) for seconds in stops]} s")
    print(f"the latest news took {max(load.lateness):.2f} s")
    if load.failures:
        print(*load.failures, "The proxy:", *proxy.log().splitlines()[-50:], sep="\n")
    assert not load.failures
    assert max(stops) < STOP_SECONDS

    messages = all_messages(member, busy)
    stored = {message["content"]: message["id"] for message in messages}
    assert len(stored) == len(messages), "something is there twice"
    assert stored.pop(LAST_WORD)
    # A redirect does not tell the id.
    assert {content: id or stored.get(content) for content, id in load.sent.items()} == stored
    for seen in load.seen:
        assert seen and seen == messages[: len(seen)], "somebody has missed something"
