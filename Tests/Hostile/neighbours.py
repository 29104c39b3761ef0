"""People in one chat server, some of whom have to wait, and what the others feel of that."""

import threading
import time

from obrolan_testing.client import Member


class Crowd:
    """Ordinary people who do everything that there is to do, at a measured pace, and take the times: from when a request
    was due, so that who is held up by one is seen to be late with those after it."""

    #: How many there are, and how often each of them asks.
    PEOPLE = 8
    PAUSE = 0.05

    def __init__(self, port, rooms, hall):
        """`rooms` are those where they talk, `hall` the one that they enter and leave."""
        self._people = [Member(port, f"tetangga{number}", keeps_alive=True) for number in range(self.PEOPLE)]
        self._rooms = rooms
        self._hall = hall
        self._is_over = threading.Event()
        self._threads = []
        self._taken = []
        self.unexpected = []
        for person in self._people:
            for room in rooms:
                person.join(room)

    def begin(self):
        for number, person in enumerate(self._people):
            self._threads.append(threading.Thread(target=self._live, args=(person, number)))
            self._threads[-1].start()

    def between(self, begin, end):
        """Milliseconds by kind of request, of those that were due in that time."""
        kinds = {}
        for kind, at, milliseconds in list(self._taken):
            if begin <= at < end:
                kinds.setdefault(kind, []).append(milliseconds)
        return kinds

    def end(self):
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _live(self, person, number):
        due = time.monotonic() + self.PAUSE * number / len(self._people)
        turn = number
        cursor = {room: 0 for room in self._rooms}
        while not self._is_over.is_set():
            room = self._rooms[turn % len(self._rooms)]
            kind, ask, expected = self._deeds(person, room, cursor[room])[turn % 8]
            answer = ask()
            self._taken.append((kind, due, (time.monotonic() - due) * 1e3))
            if answer.status not in expected:
                self.unexpected.append(f"{kind} was answered {answer.status}")
            if kind == "poll" and answer.status == 200:
                cursor[room] = answer.json["cursor"]
            turn += 1
            due += self.PAUSE
            time.sleep(max(0, due - time.monotonic()))

    def _deeds(self, person, room, cursor):
        return [
            ("send", lambda: person.post(f"/room/{room}/send", {"content": "Halo, tetangga!"}), {201}),
            ("poll", lambda: person.get(f"/room/{room}/messages?after={cursor}"), {200}),
            ("room", lambda: person.get(f"/room/{room}"), {200}),
            ("my-rooms", lambda: person.get("/my-rooms"), {200}),
            ("join", lambda: person.post("/room/join", {"room_id": self._hall}), {200}),
            ("leave", lambda: person.post(f"/room/{self._hall}/leave"), {200, 403}),
            ("create", lambda: person.post("/room/create", {"type": "group"}), {201}),
            ("health", lambda: person.get("/healthz"), {200}),
        ]
