"""Runs the program on a large database, and compares what each of its statements touched with its bound."""
import time
from dataclasses import dataclass, field

import statements
from bounds import BOUNDS, WITHIN, Bound
from obrolan_testing.client import Client
from obrolan_testing.machine import as_user
from obrolan_testing.program import Program
from plans import PlanLog
from scenarios import ROUNDS, Scenarios


class NamedLog:
    """The plans by the statements' names."""

    def __init__(self, log, known):
        self._log = log
        self._known = known
        self._names = {}
        self.taken = []

    def name(self, sql):
        """None for what no source has: what a trigger, a function or a foreign key does."""
        if sql not in self._names:
            self._names[sql] = next((one.name for one in self._known if one.matches(sql)), None)
        return self._names[sql]

    def take(self):
        new = [(self.name(plan.sql), plan) for plan in self._log.take()]
        self.taken += new
        return new

    def until(self, name, count, seconds=60):
        """Takes until that statement has read so many rows after this call; with 0 it takes what there is."""
        deadline = time.monotonic() + seconds
        seen = 0
        while True:
            new = sum(plan.rows for one, plan in self.take() if one == name)
            if count == 0:
                return
            seen += new
            if seen >= count:
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} was made {seen} times and not {count}")
            time.sleep(0.02)


@dataclass
class Finding:
    """The most that a statement touched in one round; of the rounds the least counts for pages, because the first time
    that a connection does something it reads the catalogue, too."""

    rows: int = 0
    node: str = ""
    pages: list = field(default_factory=list)
    sql: str = ""

    @property
    def least_pages(self):
        return min(self.pages)


def measure(scenarios, log):
    """By scenario and statement; what is within statements has their text for a name."""
    found = {}
    for name, scenario in scenarios:
        for _ in range(ROUNDS):
            log.take()
            log.taken.clear()
            scenario()
            log.take()
            pages = {}
            for statement, plan in log.taken:
                key = (name, statement or " ".join(plan.sql.split()))
                finding = found.setdefault(key, Finding(sql=plan.sql))
                if plan.rows >= finding.rows:
                    finding.rows, finding.node = plan.rows, plan.node
                pages[key] = max(pages.get(key, 0), plan.buffers)
            for key, count in pages.items():
                found[key].pages.append(count)
    return found


def judge(found, known):
    """What is wrong, a line each, and the table of everything."""
    wrong, table = [], []
    names = {one.name for one in known}
    seen = {statement for _, statement in found}
    for name in sorted(names - BOUNDS.keys()):
        wrong.append(f"{name} has no bound: say in Tests/Plans/bounds.py what its answer needs")
    for name in sorted(BOUNDS.keys() - names):
        wrong.append(f"{name} has a bound, and is no statement of the sources any more")
    for name in sorted(names - seen):
        wrong.append(f"{name} was not made: Tests/Plans/scenarios.py has nobody who does what it is for")
    for one in known:
        # Two of one name could hide each other.
        if sum(other.name == one.name for other in known) > 1:
            wrong.append(f"{one.name} is the name of several statements")
    for (scenario, statement), finding in sorted(found.items()):
        bounds = BOUNDS.get(statement, {}) if statement in names else WITHIN
        bound = bounds.get(scenario) or bounds.get("") or Bound(0, 0)
        is_over = finding.rows > bound.rows or finding.least_pages > bound.pages
        line = (f"{statement[:60]:60} {finding.rows:7} of {bound.rows:6} rows, {finding.least_pages:7} of "
                f"{bound.pages:6} pages  {scenario}")
        table.append(line)
        if is_over:
            wrong.append(f"{line}\n    the most in {finding.node}")
    return wrong, table


def run(cluster, program, size):
    """What is wrong, and the table of everything."""
    known = statements.in_sources()
    running = Program(cluster.folder / "obrolan.log", "--event-loops", 1, "--database-url", cluster.url, program=program,
                      prefix=as_user())
    try:
        running.start()
        # Who comes first waits until the names that are there have their keys.
        Client(running.port).register(f"percobaan{time.time_ns()}")
        log = NamedLog(PlanLog(cluster), known)
        found = measure(Scenarios(cluster, running.port, log, size).all(), log)
        running.stop()
    finally:
        running.end()
    return judge(found, known)
