"""People who use the program all the time, each on a kept-alive connection, and take note of every failure."""

import datetime
import http.client
import random
import threading
import time
import uuid
from collections import Counter

from obrolan_testing.client import JSON, Client

PAUSE_SECONDS = 0.02
JOIN_SECONDS = 60
# What is said in each room when it is over, so that nobody waits any more.
LAST_WORD = "selesai"


class Load:
    """Of `member`, who is in the rooms `busy`, where people talk, and `quiet`, where nobody does until the end."""

    def __init__(self, port, member, busy, quiet):
        self.failures = []
        self.requests = Counter()
        # What was sent: its client_id, and the message's id as it was answered.
        self.sent = {}
        # What each of those who follow the talk has seen, and how long after it was stored, in seconds.
        self.seen = []
        self.lateness = []
        self._port = port
        self._member = member
        self._busy, self._quiet = busy, quiet
        self._stopping = threading.Event()
        self._begin = time.monotonic()
        people = [
            *[self._read_pages] * 3, *[self._fetch_files] * 2, *[self._send] * 3, *[self._send_forms] * 2,
            *[self._follow_talk] * 2, *[self._wait_for_news] * 2, *[self._come_anew] * 2,
        ]
        self._threads = [threading.Thread(target=self._run, args=(person,), daemon=True) for person in people]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stopping.set()
        for room in (self._busy, self._quiet):
            self._member.post(f"/room/{room}/send", {"content": LAST_WORD})
        for thread in self._threads:
            thread.join(JOIN_SECONDS)
            assert not thread.is_alive()

    def _run(self, person):
        visitor = Client(self._port, session=self._member.session, keeps_alive=True)
        for act in person():
            if self._stopping.is_set():
                break
            visitor = act(visitor) or visitor
            time.sleep(random.uniform(0, PAUSE_SECONDS))
        visitor.close()

    def _ask(self, visitor, expected, method, target, *arguments, **options):
        """The answer, or None if there was none or another one than expected."""
        begin = time.monotonic()
        self.requests[method] += 1
        try:
            answer = visitor.ask(method, target, *arguments, **options)
            if answer.status == expected:
                return answer
            failure = f"{answer.status} {answer.content[:100]}"
        except (OSError, http.client.HTTPException) as error:
            failure = repr(error)
            visitor.close()
        asked, answered = begin - self._begin, time.monotonic() - self._begin
        self.failures.append(f"{method} {target}, asked at {asked:.3f} s, at {answered:.3f} s: {failure}")
        return None

    # Each of these people yields one act after the other.

    def _read_pages(self):
        while True:
            yield lambda visitor: self._get(visitor, f"/room/{self._busy}", accept="text/html")
            yield lambda visitor: self._get(visitor, "/my-rooms")

    def _fetch_files(self):
        while True:
            yield lambda visitor: self._get(visitor, "/css/style.css")
            yield lambda visitor: self._get(visitor, "/js/chat.js")

    def _come_anew(self):
        while True:
            yield lambda visitor: self._get(visitor, "/css/style.css")
            yield lambda visitor: visitor.close()

    def _send(self):
        while True:
            yield lambda visitor: self._post(visitor, 201)

    def _send_forms(self):
        while True:
            yield lambda visitor: self._post(visitor, 303, accept="text/html")

    def _follow_talk(self):
        seen = []
        self.seen.append(seen)
        while True:
            yield lambda visitor: self._poll(visitor, self._busy, seen)

    def _wait_for_news(self):
        while True:
            yield lambda visitor: self._poll(visitor, self._quiet, [])

    def _get(self, visitor, target, **options):
        self._ask(visitor, 200, "GET", target, **options)

    def _post(self, visitor, expected, accept=JSON):
        client_id = str(uuid.uuid4())
        form = {"content": client_id, "client_id": client_id}
        answer = self._ask(visitor, expected, "POST", f"/room/{self._busy}/send", form, accept)
        if answer:
            self.sent[client_id] = answer.json["id"] if accept == JSON else None

    def _poll(self, visitor, room, seen):
        after = seen[-1]["id"] if seen else 0
        answer = self._ask(visitor, 200, "GET", f"/room/{room}/messages?after={after}&wait=30&limit=200")
        if answer:
            messages = answer.json["messages"]
            now = datetime.datetime.now(datetime.timezone.utc)
            seen += messages
            self.lateness += [
                (now - datetime.datetime.fromisoformat(message["created_at"])).total_seconds() for message in messages
            ]
