"""Somebody with the database changes messages that were sent, while all the rest goes on."""

import asyncio

from records import Change, now

#: Messages changed a second.
CHANGES = 2
#: Of the latest so many, so that some are changed before everybody has read them, and some several times.
LATEST = 300
#: What stands between a message and the number of its last change: no message has it.
MARK = " ✎"
#: A message with the mark must fit as well.
LONGEST = 3900


def original(content):
    """What the message was when it was sent."""
    return content.partition(MARK)[0]


class Changes:
    def __init__(self, database, records, random):
        self.database = database
        self.records = records
        self.random = random

    async def run(self, stopping):
        """Until `stopping` is set. What fails is left: the change is made or it is not, and nobody was told that it is."""
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
            change = Change(message.room, min(message.ids), f"{message.content}{MARK}{number}", now())
            self.records.changes.append(change)
            try:
                await self.database.primary.sql(self._statement(change, number))
            except RuntimeError:
                self.records.events["a change whose end is unknown"] += 1
                continue
            change.acknowledged = now()

    def _any_message(self):
        latest = [message for message in self.records.sent[-LATEST:] if message.ids and len(message.content) < LONGEST]
        return self.random.choice(latest) if latest else None

    @staticmethod
    def _statement(change, number):
        """As one transaction: who is told of it looks after its end."""
        return (f"UPDATE messages SET content = split_part(content, '{MARK}', 1) || '{MARK}{number}' "
                f"WHERE room_id = {change.room} AND id = {change.id}; "
                f"SELECT pg_notify('obrolan', 'chaos r{change.room}')")
