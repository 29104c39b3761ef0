"""The proof has to find each kind of defect, or it proves nothing."""

import pytest
from changes import trace
from proof import prove
from records import Absence, Change, EndedSession, HeldEnd, LockedRoom, Received, Records, Sent, Stored

ROOM = 7
OTHER_ROOM = 8
MEMBERS = {("alice", ROOM), ("john", ROOM), ("alice", OTHER_ROOM)}


def sent(number, sender, at, room=ROOM):
    return Sent(f"client-{number}", sender, room, f"content {number}", at, at + 0.02, {number})


def stored(message, id):
    return Stored(id, message.room, message.sender, message.client_id, message.content, f"2026-01-31T10:05:{id:02}Z")


def received(message, id, at=None, session=1):
    at = message.at + 0.03 if at is None else at
    return Received(id, message.sender, message.content, at, at - 1, session)


class World:
    """Alice and John talk in a room; alice has another one, too."""

    def __init__(self):
        self.records = Records()
        self.records.sent = [
            sent(1, "alice", 10), sent(2, "john", 11), sent(3, "alice", 12), sent(4, "alice", 13, OTHER_ROOM)]
        self.stored = [stored(message, number) for number, message in enumerate(self.records.sent, 1)]
        in_room = [received(message, number) for number, message in enumerate(self.records.sent[:3], 1)]
        self.records.received = {
            ("alice", ROOM): in_room, ("john", ROOM): list(in_room),
            ("alice", OTHER_ROOM): [received(self.records.sent[3], 4)],
        }
        self.troubles = []

    @property
    def john(self):
        return self.records.received["john", ROOM]

    def found(self):
        return {violation.kind for violation in prove(self.records, self.stored, MEMBERS, self.troubles)}


@pytest.fixture
def world():
    return World()


def test_nothing_is_found_where_all_is_well(world):
    assert world.found() == set()


def test_an_acknowledged_message_that_is_not_stored_is_lost(world):
    del world.stored[3]
    del world.records.received["alice", OTHER_ROOM][0]
    assert world.found() == {"lost"}


def test_a_message_that_was_never_acknowledged_may_be_stored_or_not(world):
    for message in world.records.sent[2:]:
        message.acknowledged, message.ids = None, set()
    del world.stored[3]
    world.records.received["alice", OTHER_ROOM].clear()
    assert world.found() == set()


def test_a_message_stored_under_another_id_than_told_is_lost(world):
    world.records.sent[2].ids = {5}
    assert world.found() == {"lost"}


def test_a_message_stored_under_another_client_id_is_unexpected(world):
    world.stored[2] = world.stored[2]._replace(client_id="another")
    assert world.found() == {"unexpected"}


def test_a_message_stored_with_another_content_is_lost_and_nobody_s(world):
    world.stored[2] = world.stored[2]._replace(content="something else")
    assert world.found() == {"lost", "leaked"}


def test_a_message_stored_twice_is_doubled(world):
    world.stored.append(world.stored[3]._replace(id=9, client_id="another"))
    world.records.received["alice", OTHER_ROOM].append(received(world.records.sent[3], 9))
    assert "doubled" in world.found()


def test_a_message_acknowledged_under_two_ids_is_doubled(world):
    world.records.sent[1].ids = {2, 9}
    assert "doubled" in world.found()


def test_a_message_told_twice_is_doubled(world):
    world.john.append(world.john[1])
    assert world.found() == {"doubled"}


def test_messages_told_in_another_order_are_out_of_order(world):
    world.john[0], world.john[1] = world.john[1], world.john[0]
    assert world.found() == {"disordered"}


def test_a_sender_s_messages_stored_in_another_order_are_out_of_order(world):
    world.records.sent[0].at, world.records.sent[2].at = 12, 10
    assert "disordered" in world.found()


def test_times_that_decrease_are_out_of_order(world):
    world.stored[1] = world.stored[1]._replace(created_at="2026-01-31T10:05:00Z")
    assert world.found() == {"disordered"}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_stored_message_that_a_member_was_never_told_is_lost(world, number):
    del world.john[number]
    assert world.found() == {"lost"}


def test_a_member_who_was_told_nothing_at_all_has_lost_everything(world):
    del world.records.received["john", ROOM]
    assert world.found() == {"lost"}


def test_a_message_that_was_told_and_is_not_stored_is_lost(world):
    world.john.append(received(sent(9, "alice", 14), 9))
    assert world.found() == {"lost"}


def test_a_message_told_with_another_sender_is_lost(world):
    world.john[0] = world.john[0]._replace(sender="john")
    assert world.found() == {"lost"}


def test_a_message_of_another_room_is_leaked(world):
    world.john.append(received(world.records.sent[3], 4))
    assert world.found() == {"leaked"}


def test_a_message_stored_that_nobody_sent_is_leaked(world):
    world.stored.append(Stored(9, ROOM, "asing0", "client-9", "from a stranger", "2026-01-31T10:06:00Z"))
    for person in ("alice", "john"):
        world.records.received[person, ROOM].append(Received(9, "asing0", "from a stranger", 15, 14, 1))
    assert world.found() == {"leaked"}


def test_an_answer_to_a_request_made_while_away_is_leaked(world):
    world.records.absences = [Absence("john", ROOM, 10.5, 20)]
    world.john[0] = world.john[0]._replace(asked=10.6, at=10.7)
    world.john[1:] = [message._replace(at=21, asked=20.5) for message in world.john[1:]]
    assert world.found() == {"leaked"}


def test_a_held_request_that_is_told_what_was_sent_after_leaving_is_leaked(world):
    world.records.absences = [Absence("john", ROOM, 10.5, 20)]
    world.john[1] = world.john[1]._replace(asked=10.1, at=11.1)
    world.john[2] = world.john[2]._replace(asked=20.5, at=21)
    assert world.found() == {"leaked"}


def test_what_was_sent_before_leaving_may_still_be_told_to_a_held_request(world):
    world.records.absences = [Absence("john", ROOM, 10.01, 20)]
    world.john[0] = world.john[0]._replace(asked=9, at=10.03)
    world.john[1:] = [message._replace(at=20.5, asked=20.1) for message in world.john[1:]]
    assert world.found() == set()


def test_an_answer_to_an_ended_session_is_leaked(world):
    world.records.ended_sessions = [EndedSession("john", 1, 10.5, 10.9)]
    assert world.found() == {"leaked"}


def test_the_next_session_may_read_on(world):
    world.records.ended_sessions = [EndedSession("john", 1, 10.5, 10.9)]
    world.john[1:] = [message._replace(session=2) for message in world.john[1:]]
    assert world.found() == set()


@pytest.mark.parametrize(("seconds", "troubles", "kinds"), [
    (4.9, [], set()),
    (5.1, [], {"late"}),
    (5.1, [(31, 40)], {"late"}),
    (5.1, [(20, 22.5)], set()),
    (29.9, [(20, 22.5)], set()),
    (30.1, [(20, 22.5)], {"late"}),
])
def test_a_held_request_has_five_seconds_to_end_and_thirty_while_something_is_broken(world, seconds, troubles, kinds):
    world.troubles = troubles
    world.records.held_ends = [HeldEnd("john", ROOM, "leaving", 22, 22 + seconds, "a 403")]
    assert world.found() == kinds


@pytest.mark.parametrize(("seconds", "troubles", "kinds"), [
    (4.9, [], set()), (5.1, [], {"late"}), (5.1, [(9, 11)], set()), (30.1, [(9, 11)], {"late"}),
])
def test_a_reader_is_told_within_five_seconds_and_within_thirty_while_something_is_broken(
        world, seconds, troubles, kinds):
    world.troubles = troubles
    world.john[0] = world.john[0]._replace(at=10.02 + seconds)
    assert world.found() == kinds


def test_who_was_away_may_be_told_later(world):
    world.records.absences = [Absence("john", ROOM, 9, 19.5)]
    world.john[:] = [message._replace(asked=19.8, at=20) for message in world.john]
    assert world.found() == set()


@pytest.mark.parametrize(("room", "seconds", "kinds"), [
    (OTHER_ROOM, 1.9, set()), (OTHER_ROOM, 2.1, {"late"}), (ROOM, 2.1, set()), (OTHER_ROOM, None, {"late"}),
])
def test_who_sends_does_not_wait_for_the_lock_of_another_room(world, room, seconds, kinds):
    world.records.locked_rooms = [LockedRoom(room, 9.5, 10.5)]
    world.records.sent[0].acknowledged = None if seconds is None else 10 + seconds
    assert world.found() == kinds


def change(world, number, content="content 1 ✎1", at=14, acknowledged=14.02):
    made = Change(ROOM, 1, content, at, acknowledged)
    world.records.changes.append(made)
    for messages in (world.records.received["alice", ROOM], world.john)[:number]:
        messages.append(messages[0]._replace(content=content, at=at + 0.05, asked=at - 1))
    return made


def store(world, content):
    world.stored[0] = world.stored[0]._replace(content=content)


def test_a_message_that_has_changed_is_told_again(world):
    change(world, 2)
    store(world, "content 1 ✎1")
    assert world.found() == set()


def test_whoever_comes_later_is_told_of_it_as_it_is_in_its_new_place(world):
    change(world, 2)
    store(world, "content 1 ✎1")
    del world.john[0]
    assert world.found() == set()


def test_a_change_that_a_member_was_not_told_is_lost(world):
    change(world, 1)
    store(world, "content 1 ✎1")
    assert world.found() == {"lost"}


def test_a_change_that_was_acknowledged_and_is_not_stored_is_lost(world):
    change(world, 0)
    assert world.found() == {"lost"}


def test_a_change_whose_end_is_unknown_may_be_stored_or_not(world):
    change(world, 0, acknowledged=None)
    assert world.found() == set()
    change(world, 2, content="content 1 ✎2", acknowledged=None)
    store(world, "content 1 ✎2")
    assert world.found() == set()


def test_a_change_told_twice_is_doubled(world):
    change(world, 2)
    store(world, "content 1 ✎1")
    world.john.append(world.john[-1])
    assert world.found() == {"doubled"}


def test_what_a_message_was_before_is_not_told_after_it_has_changed(world):
    change(world, 2)
    store(world, "content 1 ✎1")
    world.john.append(world.john[0]._replace(at=15))
    assert "doubled" in world.found()


def test_a_deleted_message_is_a_trace_for_everybody(world):
    change(world, 2, trace(1))
    store(world, trace(1))
    assert world.found() == set()


def test_a_deletion_that_a_member_was_not_told_is_lost(world):
    change(world, 1, trace(1))
    store(world, trace(1))
    assert world.found() == {"lost"}


@pytest.mark.parametrize("content", ["content 1", f"content 1{trace(1)}"])
def test_words_that_stay_after_a_deletion_are_found(world, content):
    change(world, 2, trace(1))
    store(world, content)
    assert "lost" in world.found()


def test_the_words_of_a_deleted_message_are_not_told_any_more(world):
    change(world, 2, trace(1))
    store(world, trace(1))
    world.john.append(world.john[0]._replace(at=15))
    assert "doubled" in world.found()


def test_a_content_that_the_message_never_had_is_lost(world):
    world.john[1] = world.john[1]._replace(content="content 2 ✎7")
    assert "lost" in world.found()


def test_a_change_told_to_who_had_left_before_it_is_leaked(world):
    change(world, 2)
    store(world, "content 1 ✎1")
    world.records.absences = [Absence("john", ROOM, 13.5, 20)]
    assert world.found() == {"leaked"}
