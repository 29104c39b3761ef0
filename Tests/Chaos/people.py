"""Fifty people in ten rooms and some strangers, and what they do for as long as it goes on."""

import asyncio
import contextlib

from client import Connection
from membership import HOLD, Membership
from person import Person
from records import EndedSession, now

#: How many people the rooms have; the last one is a dm.
SIZES = [25, 22, 20, 18, 16, 14, 13, 12, 12, 2]
PEOPLE = 50
MOST_ROOMS = 5
OUTSIDERS = 4
LEAVERS = 12
LOGGERS_OUT = 6
#: Messages a second by everybody alone, and how often somebody's word makes up to so many answer at once.
ALONE = 25
BURSTS = 2.5
BURST = 10


def distribute(random):
    """The names of each room's members: everybody is in two rooms at least and five at most."""
    names = [f"orang{number:02}" for number in range(PEOPLE)]
    count = dict.fromkeys(names, 0)
    rooms = []
    for size in SIZES:
        free = [name for name in names if count[name] < MOST_ROOMS]
        free.sort(key=lambda name: count[name] + random.uniform(0, 2))
        rooms.append(free[:size])
        for name in rooms[-1]:
            count[name] += 1
    for name in names:
        others = [room for room in rooms[:-1] if name not in room]
        for room in random.sample(others, max(0, 2 - count[name])):
            room.append(name)
    return rooms


class People:
    def __init__(self, port, records, random):
        self.records = records
        self.random = random
        self.rooms = distribute(random)
        names = sorted({name for room in self.rooms for name in room})
        self.persons = {name: Person(name, port, records, random) for name in names}
        self.outsiders = [Person(f"asing{number}", port, records, random) for number in range(OUTSIDERS)]
        self.memberships = []
        self.stopping = asyncio.Event()
        self._ids = []
        self._endless = []
        self._ending = []

    async def settle(self):
        """Registers everybody, makes the rooms, and has all the members in them."""
        await asyncio.gather(*(person.register() for person in [*self.persons.values(), *self.outsiders]))
        for members in self.rooms:
            founder = self.persons[members[0]]
            fields = {"type": "group", "name": f"Ruang {len(self._ids)}"}
            if len(members) == 2:
                fields = {"type": "dm", "with": members[1]}
            answer = await founder.insist(founder.connection, "create", "POST", "/room/create", fields, expected={201})
            id = answer.json()["id"]
            self._ids.append(id)
            for name in members:
                person = self.persons[name]
                await person.insist(person.connection, "join", "POST", "/room/join", {"room_id": id}, expected={200})
                self.memberships.append(Membership(person, id))

    def begin(self):
        self._endless = [asyncio.create_task(membership.read()) for membership in self.memberships]
        pause = len(self.memberships) / ALONE
        names = self.random.sample(list(self.persons), LEAVERS + LOGGERS_OUT)
        coroutines = [
            *(membership.write(pause, self.stopping) for membership in self.memberships),
            *(self._leave_now_and_then(name) for name in names[:LEAVERS]),
            *(self._log_out_now_and_then(name) for name in names[LEAVERS:]),
            *(self._be_nosy(outsider) for outsider in self.outsiders),
            self._answer_at_once(),
        ]
        self._ending = [asyncio.create_task(coroutine) for coroutine in coroutines]

    def also(self, coroutine):
        """Somebody else's work, that ends with theirs."""
        self._ending.append(asyncio.create_task(coroutine))

    async def fail(self):
        """Comes back only by the error of a task that has failed."""
        done, _ = await asyncio.wait([*self._endless, *self._ending], return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
        await asyncio.Event().wait()

    async def finish(self, seconds):
        """Has everybody end what they are at; false when somebody does not come to an end."""
        self.stopping.set()
        for membership in self.memberships:
            membership.now.set()
        _, pending = await asyncio.wait(self._ending, timeout=seconds)
        return not pending

    async def catch_up(self, last_ids, seconds):
        """Waits until every reader has come to the last message of the room; false when one does not."""
        end = now() + seconds
        while any(membership.cursor < last_ids.get(membership.room, 0) for membership in self.memberships):
            if now() > end:
                return False
            await asyncio.sleep(0.05)
        return True

    async def stop(self):
        tasks = [*self._endless, *self._ending]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # What they do

    async def _answer_at_once(self):
        """Somebody says something that many in the room have to answer: what comes at once is what gets mixed up."""
        while await self._pause(self.random.expovariate(BURSTS)):
            room = self.random.choice(self._ids[:5])
            members = [membership for membership in self.memberships if membership.room == room]
            for membership in self.random.sample(members, BURST):
                membership.now.set()

    async def _leave_now_and_then(self, name):
        memberships = [membership for membership in self.memberships if membership.person.name == name]
        while await self._pause(self.random.expovariate(1 / 10)):
            await self.random.choice(memberships).leave_for(self.random.uniform(1, 8), self._be_away)

    async def _be_away(self, membership, seconds):
        if self.random.randrange(2):
            await self._write_as_stranger(membership.person, membership.room)
        await self._pause(seconds)

    async def _log_out_now_and_then(self, name):
        person = self.persons[name]
        memberships = [membership for membership in self.memberships if membership.person is person]
        connection = Connection(person.port)
        while await self._pause(self.random.expovariate(1 / 15)):
            async with contextlib.AsyncExitStack() as stack:
                for membership in memberships:
                    await stack.enter_async_context(membership.lock)
                await self._log_out_for_a_while(person, memberships, connection)

    async def _log_out_for_a_while(self, person, memberships, connection):
        cookie, session = person.cookie, person.session
        await person.log_out()
        end = EndedSession(person.name, session, now(), float("inf"))
        index = len(self.records.ended_sessions)
        self.records.ended_sessions.append(end)
        for membership in memberships:
            membership.expect_end("logging out", session)
        target = f"/room/{memberships[0].room}/messages"
        await self._must_not(person, connection, "replay of a session", "GET", target, None, cookie)
        await self._pause(self.random.uniform(0.5, 2))
        await person.log_in()
        self.records.ended_sessions[index] = end._replace(until=now())

    async def _be_nosy(self, outsider):
        while await self._pause(self.random.uniform(0.2, 0.8)):
            room = self.random.choice(self._ids)
            deed = self.random.randrange(4)
            if deed == 0:
                await self._write_as_stranger(outsider, room)
                continue
            target = [f"/room/{room}/messages?after=0&wait={HOLD}", f"/room/{room}/messages?limit=200", f"/room/{room}"]
            await self._must_not(outsider, outsider.connection, "look of a stranger", "GET", target[deed - 1])

    async def _write_as_stranger(self, person, room):
        # Without a record of it: stored, it is something that nobody has sent.
        fields = {"content": f"from a stranger, {self.random.getrandbits(64):016x}"}
        await self._must_not(person, person.connection, "word of a stranger", "POST", f"/room/{room}/send", fields)

    async def _must_not(self, person, connection, what, method, target, fields=None, cookie=None):
        answer = await person.ask(connection, what, method, target, fields, cookie=cookie or person.cookie,
                                  expected={200, 201, 303, 401 if cookie else 403})
        if answer is not None and answer.status < 400:
            self.records.violation("leaked", f"{person.name}'s {what}, {method} {target}, was answered {answer}")

    async def _pause(self, seconds):
        """Sleeps; false when everything is to end."""
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            pass
        return not self.stopping.is_set()
