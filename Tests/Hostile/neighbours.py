"""People in one chat server, some of whom have to wait, and what the others feel of that."""

import http.client
import json
import subprocess
import threading
import time
import urllib.parse

JSON = {"Accept": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded", **JSON}


class Person:
    """Somebody with an account, a session and one connection; for one thread at a time."""

    def __init__(self, port, name):
        self.name = name
        self._port = port
        self._connection = None
        self._cookie = None
        status, fields, _ = self.post("/register", username=name)
        if status != 201:
            raise RuntimeError(f"{name} was answered {status}")
        self._cookie = fields["Set-Cookie"].partition(";")[0]

    def get(self, target):
        return self._request("GET", target, None, JSON)

    def post(self, target, **fields):
        return self._request("POST", target, urllib.parse.urlencode(fields), FORM)

    def _request(self, method, target, content, fields):
        """Status, fields and JSON."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        cookie = {"Cookie": self._cookie} if self._cookie else {}
        self._connection.request(method, target, content, fields | cookie)
        answer = self._connection.getresponse()
        text = answer.read()
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status, answer.headers, json.loads(text) if is_json else None


class Database:
    """The program's private cluster, as an operator sees it with psql."""

    def __init__(self, folder):
        socket = next((folder / "data").resolve().rglob(".s.PGSQL.5432"))
        self._command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(socket.parent), "-U", "obrolan",
                         "-d", "obrolan", "-c"]

    def sql(self, statement):
        return subprocess.run([*self._command, statement], capture_output=True, text=True, check=True).stdout.strip()

    def hold(self, statement, seconds):
        """Leaves a transaction open in which that was done, as somebody does who is called away."""
        return subprocess.Popen([*self._command, f"BEGIN; {statement}; SELECT pg_sleep({seconds}); ROLLBACK"],
                                stdout=subprocess.DEVNULL)


class Crowd:
    """Ordinary people who do everything that there is to do, at a measured pace, and take the times: from when a request
    was due, so that who is held up by one is seen to be late with those after it."""

    #: How many there are, and how often each of them asks.
    PEOPLE = 8
    PAUSE = 0.05

    def __init__(self, port, rooms, hall):
        """`rooms` are those where they talk, `hall` the one that they enter and leave."""
        self._people = [Person(port, f"tetangga{number}") for number in range(self.PEOPLE)]
        self._rooms = rooms
        self._hall = hall
        self._is_over = threading.Event()
        self._threads = []
        self._taken = []
        self.unexpected = []
        for person in self._people:
            for room in rooms:
                person.post("/room/join", room_id=room)

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
            status, _, answer = ask()
            self._taken.append((kind, due, (time.monotonic() - due) * 1e3))
            if status not in expected:
                self.unexpected.append(f"{kind} was answered {status}")
            if kind == "poll" and status == 200:
                cursor[room] = answer["cursor"]
            turn += 1
            due += self.PAUSE
            time.sleep(max(0, due - time.monotonic()))

    def _deeds(self, person, room, cursor):
        return [
            ("send", lambda: person.post(f"/room/{room}/send", content="Halo, tetangga!"), {201}),
            ("poll", lambda: person.get(f"/room/{room}/messages?after={cursor}"), {200}),
            ("room", lambda: person.get(f"/room/{room}"), {200}),
            ("my-rooms", lambda: person.get("/my-rooms"), {200}),
            ("join", lambda: person.post("/room/join", room_id=self._hall), {200}),
            ("leave", lambda: person.post(f"/room/{self._hall}/leave"), {200, 403}),
            ("create", lambda: person.post("/room/create", type="group"), {201}),
            ("health", lambda: person.get("/healthz"), {200}),
        ]
