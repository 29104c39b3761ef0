"""A person: an account, its session, and the patience to ask until the answer is one that counts."""

import asyncio

from client import Connection, Cut, NoAnswer
from records import now

#: Seconds between two tries: doubled each time, up to the second, and anything between half and all of it.
SHORTEST_PAUSE = 0.05
LONGEST_PAUSE = 1.0
#: An answer takes no longer than this, whatever is broken.
PATIENCE = 20


class Person:
    def __init__(self, name, port, records, random):
        self.name = name
        self.port = port
        self.records = records
        self.random = random
        self.cookie = None
        #: Counts the sessions.
        self.session = 0
        self.is_logged_in = asyncio.Event()
        self.connection = Connection(port)

    async def register(self):
        # Nothing is broken yet, so the name is not taken by a try of our own.
        self._take_session(await self.insist(self.connection, "register", "POST", "/register",
                                             {"username": self.name}, expected={201}, in_session=False))

    async def log_in(self):
        self._take_session(await self.insist(self.connection, "login", "POST", "/login", {"username": self.name},
                                             expected={200}, in_session=False))

    async def log_out(self):
        """Ends the session. From here on whatever else the person does waits until it has logged in again."""
        self.is_logged_in.clear()
        await self.insist(self.connection, "logout", "POST", "/logout", {}, expected={200}, cookie=self.cookie)

    def _take_session(self, answer):
        self.cookie = answer.fields["set-cookie"].partition("=")[2].partition(";")[0]
        self.session += 1
        self.is_logged_in.set()

    async def insist(self, connection, what, method, target, fields=None, *, expected, in_session=True, cookie=None,
                     on_unanswered=None, seconds=PATIENCE):
        """Asks until the answer's status is among `expected`; `on_unanswered` hears of tries whose end is unknown."""
        pause = SHORTEST_PAUSE
        while True:
            if in_session and cookie is None:
                await self.is_logged_in.wait()
            answer = await self.ask(connection, what, method, target, fields, expected=expected, seconds=seconds,
                                    cookie=cookie or (self.cookie if in_session else None))
            if answer is not None and answer.status in expected:
                return answer
            # Also Obrolan's 503 may stand for a statement whose outcome is unknown.
            if on_unanswered:
                on_unanswered()
            wait = pause * self.random.uniform(0.5, 1)
            if answer is not None and "retry-after" in answer.fields:
                wait = max(wait, float(answer.fields["retry-after"]) * self.random.uniform(0.5, 1))
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def ask(self, connection, what, method, target, fields=None, *, expected, cookie, seconds=PATIENCE):
        """Asks once, and counts what comes: the answer, or nil when the connection was cut."""
        asked = now()
        session = self.session
        try:
            answer = await connection.request(method, target, fields, cookie, seconds)
        except NoAnswer:
            self.records.answers[what, "no answer"] += 1
            if seconds >= PATIENCE:
                self.records.violation("late", f"{self.name}'s {what} had no answer within {seconds} s")
            return None
        except Cut:
            self.records.answers[what, "cut"] += 1
            return None
        self.records.answers[what, f"{answer.status} of HAProxy" if answer.is_from_proxy else answer.status] += 1
        if not self._is_expected(answer, expected, session, asked):
            self.records.violation("unexpected", f"{self.name}'s {what} was answered {answer}")
        return answer

    def _is_expected(self, answer, expected, session, asked):
        if answer.status in expected or answer.is_from_proxy:
            return True
        if answer.status == 503:
            return "retry-after" in answer.fields
        # Logged out since, or about to be.
        return answer.status == 401 and (session != self.session or not self.is_logged_in.is_set())
