"""How fast the program answers 64 connections at once, each of somebody with a session of their own."""
import json
import re
import subprocess

from judging import Round, speed_row
from load import CONNECTIONS, load
from program import cpu
from targets import NGINX, NGINX_PAGE, P99_OF_TEN, PGBENCH_16, PGBENCH_64
from yardsticks import SECONDS, PgBench

ROUNDS = 3
ROOMS = 10
#: Of somebody who looks at the list of rooms.
MANY_ROOMS = 50
SENDING_RUNS = 10
SENDING_SECONDS = 3
UUID = "#" * 36


def get(target, cookie=None, *fields):
    head = [f"GET {target} HTTP/1.1", "Host: 127.0.0.1", *fields]
    if cookie:
        head.append(f"Cookie: obrolan_session={cookie}")
    return "\r\n".join([*head, "", ""]).encode()


def send(room, cookie):
    content = f"content=Hai+semua%21+Ini+sebuah+pesan.&client_id={UUID}"
    return (f"POST /room/{room}/send HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: obrolan_session={cookie}\r\n"
            f"Accept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(content)}\r\n\r\n{content}").encode()


class Speeds:
    def __init__(self, program, database, nginx):
        self._program = program
        self._database = database
        self._nginx = nginx
        self._people = [self._register(f"bench{number}") for number in range(CONNECTIONS)]
        self._rooms = [self._room(self._people[0]) for _ in range(ROOMS)]
        for number, cookie in enumerate(self._people):
            self._post("/room/join", {"room_id": self._rooms[number % ROOMS]}, cookie)
        for number in range(50):
            words = f"Pesan nomor {number}: " + "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh. " * 2
            for place, room in enumerate(self._rooms):
                self._post(f"/room/{room}/send", {"content": words}, self._people[place + ROOMS * (number % 6)])
        self._cursors = [self._json(f"/room/{room}/messages", self._people[0])["cursor"] for room in self._rooms]
        database.psql("ANALYZE")
        self._pgbench = PgBench(
            database, {"token": f"\\x{self._people[0]}", "room": self._rooms[0], "last": self._cursors[0],
                       "first_room": self._rooms[0], "last_room": self._rooms[-1]})

    def _post(self, path, fields, cookie=None):
        return self._program.request("POST", path, fields, cookie)

    def _register(self, name):
        return re.search(r"obrolan_session=(\w+)", self._post("/register", {"username": name})[0]).group(1)

    def _room(self, cookie):
        return json.loads(self._post("/room/create", {"type": "group"}, cookie)[1])["id"]

    def _json(self, path, cookie):
        return json.loads(self._program.request("GET", path, cookie=cookie)[1])

    def measure(self, parts):
        """Yields the rows of the table."""
        for part in parts:
            yield from getattr(self, f"_{part.replace('-', '_')}")()

    def _of_all(self, request):
        """A request for each connection; `request` makes it of the place of the room and the cookie."""
        return [request(number % ROOMS, cookie) for number, cookie in enumerate(self._people)]

    def _ours(self, requests, seconds=SECONDS):
        """The figures of one round, and the size of an answer."""
        pids = {"server": self._program.pid, "database": self._database.postmaster}
        before = {name: cpu(pid) for name, pid in pids.items()}
        answer = load(self._program.port, requests, seconds)
        count = answer["requests"]
        figures = {name: (cpu(pid) - before[name]) / count * 1e6 for name, pid in pids.items()}
        figures |= {"rate": count / answer["seconds"], "p50": answer["p50"] / 1e3, "p99": answer["p99"] / 1e3,
                    "slowest": answer["slowest"]}
        return figures, answer["content"]

    def _compare(self, name, requests, yardsticks, note=""):
        """Takes turns; the yardsticks are functions by name. The row, whose `note` is given the size of an answer."""
        _, size = self._ours(requests, seconds=0.5)
        rounds = [Round(self._ours(requests)[0], {word: measure() for word, measure in yardsticks.items()})
                  for _ in range(ROUNDS)]
        return speed_row(name, rounds, note=note.format(size))

    def _style(self):
        path = "/css/style.css"
        yield self._compare("style", [get(path)], {NGINX: lambda: self._nginx.measure(path)})

    def _page(self):
        plain = self._of_all(lambda place, cookie: get(f"/room/{self._rooms[place]}", cookie))
        _, size = self._ours(plain[:1], seconds=0.1)
        self._nginx.put("page.html", b"x" * size)
        yield self._compare("page", plain, {
            NGINX_PAGE: lambda: self._nginx.measure("/page.html"),
            PGBENCH_16: lambda: self._pgbench.measure("page.sql", 16)}, ", {:,} bytes")
        coded = self._of_all(lambda place, cookie: get(f"/room/{self._rooms[place]}", cookie, "Accept-Encoding: gzip"))
        yield self._compare("page-gzip", coded, {}, ", {:,} bytes on the wire")

    def _poll(self):
        def poll(place, cookie):
            return get(f"/room/{self._rooms[place]}/messages?after={self._cursors[place]}", cookie)

        yield self._compare("poll", self._of_all(poll), {
            PGBENCH_16: lambda: self._pgbench.measure("look.sql", 16),
            PGBENCH_64: lambda: self._pgbench.measure("look.sql", 64)})

    def _my_rooms(self):
        somebody = self._register("banyak")
        for _ in range(MANY_ROOMS):
            room = self._room(somebody)
            self._post(f"/room/{room}/send", {"content": f"Ruang {room}"}, somebody)
        yield self._compare("my-rooms", [get("/my-rooms", somebody, "Accept: application/json")], {}, ", {:,} bytes")

    def _send(self):
        requests = self._of_all(lambda place, cookie: send(self._rooms[place], cookie))
        self._ours(requests, seconds=0.5)
        rounds = []
        for run in range(SENDING_RUNS):
            if run % 4 == 0:
                beside = {PGBENCH_64: self._pgbench.measure("send.sql", 64)}
            checkpoint = None
            if run == SENDING_RUNS // 2:
                checkpoint = subprocess.Popen(["psql", "-Xq", "-c", "CHECKPOINT"], env=self._database.environment)
            rounds.append(Round(self._ours(requests, SENDING_SECONDS)[0], beside))
            if checkpoint:
                checkpoint.wait()
        yield speed_row("send", rounds, more={P99_OF_TEN: max(one.figures["p99"] for one in rounds)})
