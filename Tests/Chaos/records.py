"""What is written down during a run, for the proof at its end. All times are of one monotonic clock, in seconds."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

now = time.monotonic


@dataclass(slots=True)
class Sent:
    """A message that somebody sends, however often."""

    client_id: str
    sender: str
    room: int
    content: str
    #: When it was tried first.
    at: float
    acknowledged: float | None = None
    #: What the acknowledgements called it; all of them the same.
    ids: set = field(default_factory=set)


@dataclass(slots=True)
class Change:
    """Another content that a stored message gets."""

    room: int
    id: int
    content: str
    #: When it was tried.
    at: float
    acknowledged: float | None = None


class Received(NamedTuple):
    """A message in an answer to a reader."""

    id: int
    sender: str | None
    content: str
    at: float
    #: When the request was made.
    asked: float
    #: Which of the reader's sessions it was made with.
    session: int


class Stored(NamedTuple):
    """A message in the database."""

    id: int
    room: int
    sender: str
    client_id: str
    content: str
    created_at: str


class Absence(NamedTuple):
    """The time in which somebody was certainly no member: from the acknowledged leave to the first try to come back."""

    person: str
    room: int
    begin: float
    end: float


class EndedSession(NamedTuple):
    """A session that was over from the acknowledged logout on, and when its person had logged in again."""

    person: str
    session: int
    at: float
    until: float


class HeldEnd(NamedTuple):
    """How a request ended that was held while its person left the room or logged out."""

    person: str
    room: int
    why: str
    #: When leaving or logging out was acknowledged.
    due: float
    at: float
    how: str


class LockedRoom(NamedTuple):
    """When somebody else held a room's locks, while all the rest was well."""

    room: int
    begin: float
    end: float


class Violation(NamedTuple):
    """Something that must not be."""

    kind: str
    sentence: str


class Records:
    """One run's."""

    def __init__(self):
        self.begin = now()
        self.sent: list[Sent] = []
        #: Those without an acknowledgement, by client_id.
        self.pending: dict[str, Sent] = {}
        #: By person and room.
        self.received: dict[tuple[str, int], list[Received]] = {}
        self.absences: list[Absence] = []
        self.ended_sessions: list[EndedSession] = []
        self.held_ends: list[HeldEnd] = []
        self.locked_rooms: list[LockedRoom] = []
        self.changes: list[Change] = []
        self.answers = Counter()
        self.events = Counter()
        self.violations: list[Violation] = []

    def since_begin(self, at):
        return f"{at - self.begin:.2f} s"

    def violation(self, kind, sentence):
        self.violations.append(Violation(kind, f"at {self.since_begin(now())}: {sentence}"))

    def send(self, message):
        self.sent.append(message)
        self.pending[message.client_id] = message

    def acknowledge(self, message, id):
        message.ids.add(id)
        if message.acknowledged is None:
            message.acknowledged = now()
            del self.pending[message.client_id]

    def longest_wait(self):
        """For how long the message has been waiting that has been so for the longest."""
        # Dictionaries keep the order, and this one's is that of sending.
        first = next(iter(self.pending.values()), None)
        return now() - first.at if first else 0

    def longest_of_late(self, seconds):
        """For how long a message had to wait that was sent in the last seconds, and is acknowledged."""
        longest = 0
        for message in reversed(self.sent):
            if message.at < now() - seconds:
                break
            if message.acknowledged is not None:
                longest = max(longest, message.acknowledged - message.at)
        return longest
