"""How fast the program answers 64 connections at once, each of somebody with a session of their own."""
import subprocess

from judging import Round, speed_row
from load import CONNECTIONS, load
from obrolan_testing.client import Member, request_bytes
from obrolan_testing.machine import cpu
from targets import NGINX, NGINX_PAGE, P99_OF_TEN, PGBENCH_16, PGBENCH_64
from yardsticks import SECONDS, PgBench

ROUNDS = 3
ROOMS = 10
#: Of somebody who looks at the list of rooms.
MANY_ROOMS = 50
SENDING_RUNS = 10
SENDING_SECONDS = 3
#: Where `load.c` puts another one each time.
UUID = "_" * 36


class Speeds:
    def __init__(self, program, database, nginx):
        self._program = program
        self._database = database
        self._nginx = nginx
        self._people = [Member(program.port, f"bench{number}") for number in range(CONNECTIONS)]
        self._rooms = [self._people[0].create_room() for _ in range(ROOMS)]
        for number, person in enumerate(self._people):
            person.join(self._rooms[number % ROOMS])
        for number in range(50):
            words = f"Pesan nomor {number}: " + "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh. " * 2
            for place, room in enumerate(self._rooms):
                self._people[place + ROOMS * (number % 6)].send(room, words)
        self._cursors = [self._people[0].get(f"/room/{room}/messages").json["cursor"] for room in self._rooms]
        database.psql("ANALYZE")
        self._pgbench = PgBench(
            database, {"token": f"\\x{self._people[0].session}", "room": self._rooms[0], "last": self._cursors[0],
                       "first_room": self._rooms[0], "last_room": self._rooms[-1]})

    def measure(self, parts):
        """Yields the rows of the table."""
        for part in parts:
            yield from getattr(self, f"_{part.replace('-', '_')}")()

    def _of_all(self, method, target, form=None, **options):
        """A request for each connection; in `target` ROOM stands for the room, and LAST for its newest message."""
        return [request_bytes(
                    method, target.replace("ROOM", f"{self._rooms[number % ROOMS]}").replace(
                        "LAST", f"{self._cursors[number % ROOMS]}"), form, session=person.session, **options)
                for number, person in enumerate(self._people)]

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
        yield self._compare("style", [request_bytes("GET", path)], {NGINX: lambda: self._nginx.measure(path)})

    def _page(self):
        plain = self._of_all("GET", "/room/ROOM", accept="text/html")
        _, size = self._ours(plain[:1], seconds=0.1)
        self._nginx.put("page.html", b"x" * size)
        yield self._compare("page", plain, {
            NGINX_PAGE: lambda: self._nginx.measure("/page.html"),
            PGBENCH_16: lambda: self._pgbench.measure("page.sql", 16)}, ", {:,} bytes")
        coded = self._of_all("GET", "/room/ROOM", accept="text/html", Accept_Encoding="gzip")
        yield self._compare("page-gzip", coded, {}, ", {:,} bytes on the wire")

    def _poll(self):
        yield self._compare("poll", self._of_all("GET", "/room/ROOM/messages?after=LAST"), {
            PGBENCH_16: lambda: self._pgbench.measure("look.sql", 16),
            PGBENCH_64: lambda: self._pgbench.measure("look.sql", 64)})

    def _my_rooms(self):
        somebody = Member(self._program.port, "banyak")
        for _ in range(MANY_ROOMS):
            room = somebody.create_room()
            somebody.send(room, f"Ruang {room}")
        yield self._compare("my-rooms", [request_bytes("GET", "/my-rooms", session=somebody.session)], {}, ", {:,} bytes")

    def _send(self):
        requests = self._of_all("POST", "/room/ROOM/send", {"content": "Hai semua! Ini sebuah pesan.", "client_id": UUID})
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
