"""People edit and delete what they have sent, while all the rest goes on."""

import asyncio

from client import Connection
from records import Change, now

#: Messages changed a second, and one of so many is deleted.
CHANGES = 2
DELETED = 6
#: Of the latest so many, so that some are changed before everybody has read them, and some several times.
LATEST = 300
#: What stands between a message and the number of its last change: no message has it.
MARK = " ✎"
#: A message with the mark must fit as well.
LONGEST = 3900


def original(content):
    """What the message was when it was sent."""
    return content.partition(MARK)[0]


def trace(id):
    """What stands in the records for the content of a deleted message: no message is like that."""
    return f"✗{id}"


class Changes:
    def __init__(self, persons, records, random):
        self.persons = persons
        self.records = records
        self.random = random
        self._deleted = set()
        #: A change of these may still be under way, whatever has been answered: they are left alone.
        self._doubtful = set()

    async def run(self, stopping):
        """Until `stopping` is set. Each is tried once: it is made or it is not."""
        number = 0
        while not stopping.is_set():
            try:
                await asyncio.wait_for(stopping.wait(), self.random.expovariate(CHANGES))
            except TimeoutError:
                pass
            message = self._any_message()
            if message is None or stopping.is_set():
                continue
            number += 1
            await self._change(message, min(message.ids), f"{message.content}{MARK}{number}")

    async def _change(self, message, id, content):
        if id in self._deleted:
            answer = await self._ask(message, id, "edit", {"content": content}, expected={409, 403})
            if answer is not None and answer.status == 200:
                self.records.violation("unexpected", f"{id}, which was deleted, could be edited")
            return
        is_deletion = self.random.randrange(DELETED) == 0
        change = Change(message.room, id, trace(id) if is_deletion else content, now())
        self.records.changes.append(change)
        what, fields = ("delete", {}) if is_deletion else ("edit", {"content": content})
        answer = await self._ask(message, id, what, fields, expected={200, 403})
        if answer is not None and answer.status == 200:
            change.acknowledged = now()
            if is_deletion:
                self._deleted.add(id)
            told = answer.json()
            if told["id"] != id or told["content"] != (None if is_deletion else content):
                self.records.violation("lost", f"{change} was acknowledged as {told}")
        elif answer is None or answer.status not in (401, 403):
            self._doubtful.add(id)
            self.records.events["a change whose end is unknown"] += 1

    async def _ask(self, message, id, what, fields, expected):
        person = self.persons[message.sender]
        # One of its own: one that was cut is not to be waited for by what comes next.
        connection = Connection(person.port)
        try:
            return await person.ask(connection, what, "POST", f"/room/{message.room}/message/{id}/{what}", fields,
                                    expected=expected, cookie=person.cookie)
        finally:
            connection.close()

    def _any_message(self):
        latest = [message for message in self.records.sent[-LATEST:]
                  if message.ids and len(message.content) < LONGEST and min(message.ids) not in self._doubtful
                  and self.persons[message.sender].is_logged_in.is_set()]
        return self.random.choice(latest) if latest else None
