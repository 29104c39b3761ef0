"""The proof: what was sent, acknowledged, stored and read, compared. Functions of records, without any input or output.

The kinds of what may be found: `lost`, `doubled`, `disordered`, `leaked`, `late`, `unexpected`.
"""

from collections import defaultdict

from changes import original, trace
from records import Violation

#: A reader is told of a message, and a held request ends, within so many seconds while nothing is broken.
CALM_LIMIT = 5
#: A message is acknowledged within so many seconds while another room is locked: nobody waits for another's lock.
ELSEWHERE_LIMIT = 2
#: And within so many whatever is broken, counted from the acknowledgement.
LIMIT = 30


def prove(records, stored, members, troubles):
    """Everything that must not be; `members` are the people and rooms of the end, `troubles` when something broke."""
    sendings = {(what.room, what.content): what.at for what in [*records.sent, *records.changes]}
    return [
        *sent_against_stored(records.sent, stored),
        *order_of_stored(records.sent, stored),
        *changes_against_stored(records.changes, stored),
        *readers_against_stored(records.received, stored, members, records.changes, records.sent),
        *read_while_away(records.received, sendings, records.absences),
        *read_after_logout(records.received, sendings, records.ended_sessions),
        *late_ends(records.held_ends, troubles),
        *late_elsewhere(records.sent, records.locked_rooms),
        *late_deliveries(records.received, [*records.sent, *records.changes], records.absences, records.ended_sessions, troubles),
    ]


def sent_against_stored(sent, stored):
    """What is acknowledged is stored, once, under the id that was told; and nothing is stored that nobody sent."""
    rows = defaultdict(list)
    words = _words(sent)
    for row in stored:
        rows[row.room, row.sender, _sent_as(row, words)].append(row)
    for message in sent:
        found = rows.pop((message.room, message.sender, message.content), [])
        if len(message.ids) > 1:
            yield Violation("doubled", f"{_name(message)} was acknowledged as {sorted(message.ids)}")
        if len(found) > 1:
            yield Violation("doubled", f"{_name(message)} is stored as {[row.id for row in found]}")
        if message.acknowledged is not None and not found:
            yield Violation("lost", f"{_name(message)} was acknowledged as {sorted(message.ids)} and is not stored")
        for row in found:
            if message.ids and row.id not in message.ids:
                yield Violation("lost", f"{_name(message)} was acknowledged as {sorted(message.ids)}, not {row.id}")
            if row.client_id != message.client_id:
                yield Violation("unexpected", f"{_name(message)} is stored under the client_id {row.client_id}")
    for left in rows.values():
        for row in left:
            yield Violation("leaked", f"{row.id} in room {row.room} is stored as {row.sender}'s, who did not send it")


def order_of_stored(sent, stored):
    """In a room times do not decrease, and each sender's messages are in the order of sending."""
    last = {}
    for row in sorted(stored, key=lambda row: row.id):
        if row.room in last and row.created_at < last[row.room].created_at:
            yield Violation("disordered", f"{row.id} in room {row.room} is older than {last[row.room].id} before it")
        last[row.room] = row
    greatest = {}
    for message in sorted(sent, key=lambda message: message.at):
        if not message.ids:
            continue
        key = (message.sender, message.room)
        if min(message.ids) <= greatest.get(key, 0):
            yield Violation("disordered", f"{_name(message)} is {min(message.ids)}, the one before {greatest[key]}")
        greatest[key] = max(*message.ids, greatest.get(key, 0))


def changes_against_stored(changes, stored):
    """A change that was acknowledged, or a later one, is what is stored."""
    contents = {row.id: row.content for row in stored}
    last = {change.id: place for place, change in enumerate(changes) if change.acknowledged is not None}
    for id, place in last.items():
        possible = {change.content for change in changes[place:] if change.id == id}
        if contents.get(id) not in possible:
            yield Violation("lost", f"the change of {id} to {changes[place].content[-30:]!r} was acknowledged, "
                            "and is not stored")


def _words(sent):
    """What each message that was acknowledged said when it was sent, by its id: of a deleted one nobody else knows."""
    return {id: message.content for message in sent for id in message.ids}


def _sent_as(row, words):
    """What the stored message said when it was sent."""
    return words.get(row.id, row.content) if row.content == trace(row.id) else original(row.content)


def readers_against_stored(received, stored, members, changes, sent):
    """Who is a member in the end has seen all that is stored in the room, as it is, each version once, in order, and
    nothing else."""
    words = _words(sent)
    versions = defaultdict(set)
    for change in changes:
        versions[change.id].add(change.content)
    rooms = defaultdict(dict)
    everything = {}
    for row in stored:
        rooms[row.room][row.id] = row
        everything[row.id] = row
    for key in members:
        received.setdefault(key, [])
    for (person, room), messages in received.items():
        seen = {}
        last = 0
        for message in messages:
            was_seen = message.id in seen
            if was_seen and message.content in seen[message.id]:
                yield Violation("doubled", f"{person} was told {message.id} of room {room} twice")
            elif message.id <= last and message.content not in versions[message.id]:
                # What has changed comes with its last change, and is not new when it was there before.
                yield Violation("doubled" if was_seen else "disordered",
                                f"{person} was told {message.id} of room {room} after {last}")
            seen.setdefault(message.id, []).append(message.content)
            if message.content not in versions[message.id]:
                last = max(last, message.id)
            row = rooms[room].get(message.id)
            if row is None and message.id in everything:
                yield Violation("leaked", f"{person} was told {message.id} of another room in room {room}")
            elif row is None:
                yield Violation("lost", f"{person} was told {message.id} of room {room}, which is not stored")
            elif row.sender != message.sender or message.content not in (
                    versions[message.id] | {_sent_as(row, words)}):
                yield Violation("lost", f"{person} was told {message.id} of room {room} with another content or sender")
        if (person, room) in members:
            for id, told in seen.items():
                if id in rooms[room] and told[-1] != rooms[room][id].content:
                    yield Violation("lost", f"{person} was not told that {id} of room {room} has changed last")
            for id in sorted(rooms[room].keys() - seen.keys()):
                yield Violation("lost", f"{person} was never told {id} of room {room}, but others after it"
                                if id < last else f"{person} was never told {id} of room {room}")


def read_while_away(received, sendings, absences):
    """Who has left is told nothing by a request made since, and by none what was sent or changed since."""
    for absence in absences:
        for message in received.get((absence.person, absence.room), ()):
            sent_at = sendings.get((absence.room, message.content), 0)
            if absence.begin < max(message.asked, sent_at) and message.at < absence.end:
                yield Violation("leaked", f"{absence.person} had left room {absence.room} and was told {message.id} "
                                f"{message.at - absence.begin:.3f} s after")


def read_after_logout(received, sendings, ended_sessions):
    """An ended session is told nothing by a request made since, and by none what was sent or changed since."""
    ends = {(end.person, end.session): end.at for end in ended_sessions}
    for (person, room), messages in received.items():
        for message in messages:
            end = ends.get((person, message.session))
            if end is not None and end < max(message.asked, sendings.get((room, message.content), 0)):
                yield Violation("leaked", f"{person} had logged out and was told {message.id} of room {room} "
                                f"{message.at - end:.3f} s after")


def late_ends(held_ends, troubles):
    """Requests that were held when their person left or logged out end soon."""
    for end in held_ends:
        if end.at - end.due > _limit(end.due, troubles):
            yield Violation("late", f"{end.person}'s request to room {end.room} ended by {end.how} "
                            f"{end.at - end.due:.1f} s after {end.why}")


def late_elsewhere(sent, locked_rooms):
    """Who sends to another room than the one that is locked does not wait for that lock."""
    for locked in locked_rooms:
        for message in sent:
            if message.room == locked.room or not locked.begin <= message.at <= locked.end:
                continue
            if message.acknowledged is None or message.acknowledged - message.at > ELSEWHERE_LIMIT:
                yield Violation("late", f"{_name(message)} waited while room {locked.room} was locked")


def late_deliveries(received, sent, absences, ended_sessions, troubles):
    """Who is there is told soon."""
    times = {(message.room, message.content): message.acknowledged for message in sent}
    away = defaultdict(list)
    for absence in absences:
        away[absence.person, absence.room].append((absence.begin - CALM_LIMIT, absence.end + 1))
    for end in ended_sessions:
        away[end.person, None].append((end.at - CALM_LIMIT, end.until + 1))
    for (person, room), messages in received.items():
        for message in messages:
            due = times.get((room, message.content))
            if due is None or message.at - due <= CALM_LIMIT:
                continue
            is_away = _is_within(due, away[person, room]) or _is_within(due, away[person, None])
            if message.at - due > _limit(due, troubles) and not is_away:
                yield Violation("late", f"{person} was told {message.id} of room {room} "
                                f"{message.at - due:.1f} s after it was acknowledged")


def _limit(due, troubles):
    return LIMIT if any(begin < due + CALM_LIMIT and due < end for begin, end in troubles) else CALM_LIMIT


def _is_within(at, intervals):
    return any(begin <= at <= end for begin, end in intervals)


def _name(message):
    return f"{message.sender}'s message {message.client_id} in room {message.room}"
