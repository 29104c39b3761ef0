"""What is measured, and what it has to be: the one table of the targets."""
from dataclasses import dataclass

#: The figures of a speed, with the words of the table's head. Ratios are to yardsticks, by their names.
FIGURES = {
    "rate": "req/s", "p50": "p50 ms", "p99": "p99 ms", "server": "server µs", "database": "PostgreSQL µs",
    "slowest": "slowest/median",
}


@dataclass(frozen=True)
class Target:
    """The most, or the least, that a figure may be."""

    figure: str
    limit: float
    is_least: bool = False

    def is_met(self, value):
        return value >= self.limit if self.is_least else value <= self.limit

    @property
    def words(self):
        return f"{self.figure} {'≥' if self.is_least else '≤'} {self.limit:,g}"


def at_most(**limits):
    return tuple(Target(FIGURES[figure], limit) for figure, limit in limits.items())


def at_least(limit, figure):
    return (Target(FIGURES.get(figure, figure), limit, is_least=True),)


#: With 64 connections nobody waits for twice as long as most do.
EVEN = at_least(0.5, "slowest")
NGINX, NGINX_PAGE = "× nginx", "× nginx with a file of that size"
PGBENCH_16, PGBENCH_64 = "× pgbench, 16 clients", "× pgbench, 64 clients"
P99_OF_TEN = "p99 of the worst of ten runs, ms"

#: Requests by 64 connections, by name: what it is, and its targets.
SPEEDS = {
    "style": ("`GET /css/style.css`", at_least(0.8, NGINX)),
    "page": ("`GET /room/ID`, 50 messages",
             at_most(server=45, database=20, p99=12) + at_least(0.5, NGINX_PAGE) + at_least(0.5, PGBENCH_16) + EVEN),
    "page-gzip": ("the same, gzip", at_most(server=60, database=20)),
    "poll": ("`GET /room/ID/messages?after=LAST`",
             at_most(server=20, database=12, p99=6) + at_least(1, PGBENCH_16) + at_least(1.5, PGBENCH_64) + EVEN),
    "my-rooms": ("`GET /my-rooms`, 50 rooms", at_most(p99=15) + EVEN),
    "send": ("`POST /room/ID/send`, ten rooms, fsync on",
             at_least(4, PGBENCH_64) + (Target(P99_OF_TEN, 25),) + EVEN),
}

#: Single figures, by name: what it is, its unit, and the most that it may be.
VALUES = {
    "start": ("from start to serving, the database aside", "ms", 40),
    "idle": ("idle: resident memory", "MB", 20),
    "500 last": ("500 wait in one room: the last has it, p50", "ms", 5),
    "500 memory": ("500 wait in one room: resident memory", "MB", 40),
    "2000 last": ("2,000 wait in one room: the last has it, p50", "ms", 20),
    "2000 half": ("2,000 wait in one room: half have it, p50", "ms", 20),
    "2000 memory": ("2,000 wait in one room: resident memory", "MB", 80),
    "2000 threads": ("2,000 wait in one room: threads more than without", "", 1),
    "2000 page": ("2,000 wait in one room: a page takes meanwhile, at most", "ms", 100),
    "10000 last": ("10,000 wait in one room: the last has it, p50", "ms", 120),
    "10000 half": ("10,000 wait in one room: half have it, p50", "ms", 120),
    "10000 memory": ("10,000 wait in one room: resident memory", "MB", 100),
    "10000 threads": ("10,000 wait in one room: threads more than without", "", 1),
    "10000 page": ("10,000 wait in one room: a page takes meanwhile, at most", "ms", 100),
    "quiet memory": ("10,000 wait in 5,000 rooms: resident memory", "MB", 200),
    "quiet cpu": ("10,000 wait in 5,000 rooms: CPU while nothing is said", "%", 5),
    "quiet last": ("10,000 wait in 5,000 rooms: those of one room have it", "ms", 50),
    "across p50": ("100 a second, 500 follow at another process: p50", "ms", 5),
    "across p99": ("100 a second, 500 follow at another process: p99", "ms", 8),
}
