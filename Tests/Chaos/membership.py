"""A person in a room: who reads all the time, writes now and then, and may leave and come back."""

import asyncio
import uuid

from changes import original, trace
from client import Connection
from person import LONGEST_PAUSE, SHORTEST_PAUSE
from records import Absence, HeldEnd, Received, Sent, now

HOLD = 20
#: Longer than a process is stopped, and than a statement may take: by then a request whose end is unknown has ended.
UNKNOWN_FOR = 30
#: A message in so many is sent again after its acknowledgement.
AGAIN = 15
#: A sender asks again after so many seconds, perhaps another process while the first one is still at it.
IMPATIENCE = 2.5
#: What a message may have, in characters.
LONGEST = 4000
WORDS = "halo apa kabar teman ☕ semua 👩‍👩‍👧 besok jadi ya, مرحبا <b>tebal</b> & \"kutip\"\n".split(" ")


class Membership:
    def __init__(self, person, room):
        self.person = person
        self.room = room
        self.records = person.records
        self.random = person.random
        self.reading = Connection(person.port)
        self.writing = Connection(person.port)
        #: Held while a message is sent, and while the person is away.
        self.lock = asyncio.Lock()
        self.is_away = False
        self.returned_at = 0
        self.cursor = 0
        #: When the request was made that is being held, and which session's it is.
        self.held = None
        #: Why it has to end, and since when.
        self.due = None
        self.unknown_until = {"join": 0, "leave": 0}
        #: Set to have the next message sent at once.
        self.now = asyncio.Event()
        self.received = self.records.received.setdefault((person.name, room), [])

    # Reading

    async def read(self):
        """Follows the room, for ever."""
        pause = SHORTEST_PAUSE
        while True:
            await self.person.is_logged_in.wait()
            asked, session = now(), self.person.session
            self.held = (asked, session)
            answer = await self.person.ask(
                self.reading, "poll", "GET", f"/room/{self.room}/messages?after={self.cursor}&wait={HOLD}",
                expected={200, 403}, cookie=self.person.cookie, seconds=HOLD + 15)
            self._note_end("a cut connection" if answer is None else f"a {answer.status}")
            if answer is not None and answer.status == 200:
                self._take(answer.json(), asked, session)
                pause = SHORTEST_PAUSE
                continue
            if answer is not None and answer.status == 403:
                await self._refused("poll", asked)
            # Who was sent away by 401 waits for the next session at the top.
            await asyncio.sleep(pause * self.random.uniform(0.5, 1))
            pause = min(pause * 2, LONGEST_PAUSE)

    def _take(self, page, asked, session):
        at = now()
        for message in page["messages"]:
            content = trace(message["id"]) if message["deleted"] else message["content"]
            self.received.append(Received(message["id"], message["sender"], content, at, asked, session))
        self.cursor = page["cursor"]

    def _note_end(self, how):
        if self.due:
            why, due = self.due
            self.records.held_ends.append(HeldEnd(self.person.name, self.room, why, due, now(), how))
        self.held = self.due = None

    def expect_end(self, why, session=None):
        """The held request has to end from now on: the person has left, or ended that session."""
        if self.held and session in (None, self.held[1]):
            self.due = (why, now())

    async def _refused(self, what, asked):
        """403: right for one who is away; of a member only the late effect of a leave may have made a stranger."""
        if self.is_away or asked < self.returned_at:
            return
        if now() > self.unknown_until["leave"]:
            self.records.violation("unexpected", f"{self.person.name} is in room {self.room} and was refused: {what}")
        self.records.events["left again by a request believed dead"] += 1
        await self._join()

    # Writing

    async def write(self, mean_pause, stopping):
        """Sends a message now and then, the next one when the last one is acknowledged."""
        while not stopping.is_set():
            try:
                await asyncio.wait_for(self.now.wait(), self.random.expovariate(1 / mean_pause))
            except TimeoutError:
                pass
            self.now.clear()
            async with self.lock:
                if not stopping.is_set():
                    await self._send()

    async def _send(self):
        message = Sent(str(uuid.UUID(int=self.random.getrandbits(128), version=4)), self.person.name, self.room,
                       self._content(), now())
        self.records.send(message)
        await self._send_until_stored(message)
        if self.random.randrange(AGAIN) == 0:
            self.records.events["sent again on purpose"] += 1
            await self._send_until_stored(message)

    async def _send_until_stored(self, message):
        fields = {"content": message.content, "client_id": message.client_id}
        is_first = message.acknowledged is None
        while True:
            asked = now()
            answer = await self.person.insist(self.writing, "send", "POST", f"/room/{self.room}/send", fields,
                                              expected={200, 201, 403}, seconds=IMPATIENCE)
            if answer.status != 403:
                break
            await self._refused("send", asked)
        stored = answer.json()
        if answer.status == 201 and not is_first:
            self.records.violation("doubled", f"{message.client_id}, sent again, was answered 201 {stored}")
        is_same = stored["deleted"] or original(stored["content"]) == message.content
        if not is_same or stored["sender"] != self.person.name:
            self.records.violation("lost", f"{message} was acknowledged as {stored}")
        self.records.acknowledge(message, stored["id"])

    def _content(self):
        """Something that is like nothing else in the room."""
        count = self.random.choice([1, 3, 5, 8, 300]) if self.random.randrange(20) else 700
        words = " ".join(self.random.choice(WORDS) for _ in range(count))
        return f"{words[:LONGEST - 17]} {self.random.getrandbits(64):016x}"

    # Leaving and coming back

    async def leave_for(self, seconds, while_away):
        """Leaves, is away for that long or until `while_away` is set, and comes back."""
        # A join whose end is unknown might still make a member of one who has left.
        if now() < self.unknown_until["join"]:
            return
        async with self.lock:
            self.is_away = True
            await self.person.insist(
                self.person.connection, "leave", "POST", f"/room/{self.room}/leave", {}, expected={200, 403},
                on_unanswered=lambda: self._unknown("leave"))
            begin = now()
            self.expect_end("leaving")
            await while_away(self, seconds)
            self.records.absences.append(Absence(self.person.name, self.room, begin, now()))
            await self._join()
            self.is_away = False

    async def _join(self):
        # A connection of its own: the reader may do this while the person is at something else.
        connection = Connection(self.person.port)
        await self.person.insist(connection, "join", "POST", "/room/join", {"room_id": self.room}, expected={200},
                                 on_unanswered=lambda: self._unknown("join"))
        connection.close()
        self.returned_at = now()

    def _unknown(self, what):
        self.unknown_until[what] = now() + UNKNOWN_FOR
