"""Each process in turn is stopped and started again, while people use the program."""

import time

from load import Load

ROUNDS = 3
# After which a proxy has found a process again that has just been started.
NOTICE_SECONDS = 2
# How long a stop may take: a second for idle connections, and then nothing is left to do.
STOP_SECONDS = 4


def all_messages(member, room):
    messages = []
    while batch := member.get(f"/room/{room}/messages?after={messages[-1]['id'] if messages else 0}&limit=200").json["messages"]:
        messages += batch
    return messages


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
            time.sleep(NOTICE_SECONDS)
    print(f"{dict(load.requests)}, stops took {[round(seconds, 2) for seconds in stops]} s")
    print(f"latest news {sorted(load.lateness)[-3:]} s")
    assert not load.failures, "\n".join(load.failures + [line for line in proxy.log().splitlines() if "error" in line][-40:])
    assert max(stops) < STOP_SECONDS

    messages = all_messages(member, busy)
    stored = {message["content"]: message["id"] for message in messages}
    assert len(stored) == len(messages), "something is there twice"
    assert {client_id: id or stored.get(client_id) for client_id, id in load.sent.items()} == {
        content: id for content, id in stored.items() if content != "selesai"
    }
    for seen in load.seen:
        assert seen == messages[:len(seen)], "somebody has missed something"
        assert len(seen) > 0
