"""What breaks, when, and what came of it.

The seed alone decides what, and in which order; how long things take decides when.
"""

import asyncio
from dataclasses import dataclass

from records import LockedRoom, now

#: Seconds without faults between one that is over and the next.
SHORTEST_CALM = 3.5
LONGEST_CALM = 5.5
#: A wait for longer than this, and than twice the longest one just before, is the fault's.
WELL = 0.5
BEFORE = 3
#: When nobody has waited for longer for so many seconds, the fault is over.
CALM = 1
#: What all of it may take, from the fault until everything is as before.
SETTLING_LIMIT = 60
#: After a round of each kind, one time in so many two things break at once.
BOTH = 4

PROCESS_KINDS = ["kill", "stop", "replace", "freeze"]
KINDS = [*PROCESS_KINDS, "failover", "cut", "deafen", "disconnect", "lock", "stall", "exhaust", "standby"]
#: Take half a minute, so they are not in the first round.
SLOW_KINDS = ["silence", "lost"]
#: Need a standby that has everything.
FAILOVERS = {"failover", "silence", "standby", "lost"}
#: Of these one at a time: two failures of the database at once are more than it is made for.
DATABASE_KINDS = {*FAILOVERS, "deafen", "disconnect", "lock", "stall"}
#: How long a silent primary stays that before it dies.
SILENCE = 40
#: For how long commits wait for a standby that is gone, before somebody says that there is none: longer than the program
#: waits for the database.
WITHOUT_STANDBY = 22
#: What the connection has said last by which a process hears of news.
LISTENS = "(query LIKE 'LISTEN%' OR query LIKE 'SELECT ''listening%')"
#: More connections than this of one process are left behind by statements that were given up.
MOST_CONNECTIONS = 30


@dataclass
class Fault:
    """One thing that breaks, with all that chance has decided about it."""

    kind: str
    #: Which process it hits, where it hits one.
    instance: int
    seconds: float
    #: Which room, by its place, where it hits one.
    room: int

    def __str__(self):
        match self.kind:
            case "kill": return f"kill -9 of {'ab'[self.instance]}"
            case "stop": return f"SIGTERM of {'ab'[self.instance]}, then a start"
            case "replace": return f"SIGTERM of {'ab'[self.instance]}, a start at once"
            case "freeze": return f"SIGSTOP of {'ab'[self.instance]} for {self.seconds:.1f} s"
            case "failover": return "kill -9 of the primary"
            case "silence": return "SIGSTOP of the primary, for good"
            case "cut": return f"{'ab'[self.instance]}'s connections cut"
            case "deafen": return f"LISTEN of {'ab'[self.instance]} ended"
            case "disconnect": return f"{'ab'[self.instance]}'s database cut"
            case "lock": return f"a room locked for {self.seconds:.1f} s"
            case "stall": return f"{'ab'[self.instance]}'s log unread for {self.seconds:.1f} s, LISTEN ended"
            case "exhaust": return f"no descriptors for {'ab'[self.instance]} for {self.seconds:.1f} s"
            case "standby": return f"SIGSTOP of the standby for {self.seconds:.1f} s"
            case "lost": return "kill -9 of the standby"


@dataclass
class Event:
    """Faults at one time, and when what was over."""

    faults: list[Fault]
    #: The calm after it.
    pause: float
    begin: float = 0
    #: What was to be broken was, and has been started again.
    done: float = 0
    #: When a message had last waited for longer than usual.
    recovered: float = 0
    #: Everything is there again, but perhaps the next standby.
    settled: float = 0
    #: When the standby was told to be the primary, and when it was.
    promotion: tuple[float, float] | None = None

    @property
    def least_trouble(self):
        """Who listens to a silent primary asks nothing of it, and so hears only by its death that it was silent."""
        return SILENCE + 5 if any(fault.kind == "silence" for fault in self.faults) else 0

    def __str__(self):
        return " + ".join(map(str, self.faults))


def schedule(random, only=()):
    """First each kind once, in any order, then anything; or nothing but the kinds `only`."""
    def fault(kind, instance=None):
        return Fault(kind, random.randrange(2) if instance is None else instance, random.uniform(2, 6),
                     random.randrange(5))

    def event(*faults):
        return Event(list(faults), random.uniform(SHORTEST_CALM, LONGEST_CALM))

    while only:
        yield event(fault(random.choice(only)))
    for kind in random.sample(KINDS, len(KINDS)):
        yield event(fault(kind))
    while True:
        first = fault(random.choice(KINDS + SLOW_KINDS))
        if random.randrange(BOTH) > 0 or first.kind in SLOW_KINDS:
            yield event(first)
            continue
        kinds = [kind for kind in KINDS if kind != first.kind]
        # Of a backend that is told to end while it waits for the standby, others see what the standby does not have
        # yet: so PostgreSQL has it, and the primary's death in that moment is a loss that no program can prevent.
        if first.kind in DATABASE_KINDS:
            kinds = [kind for kind in kinds if kind not in DATABASE_KINDS]
        yield event(first, fault(random.choice(kinds), 1 - first.instance))


class Faults:
    def __init__(self, schedule, database, instances, proxy, records):
        self._schedule = schedule
        self._database = database
        self._instances = instances
        self._proxy = proxy
        self._records = records
        self.events = []

    @property
    def troubles(self):
        """From when to when something was broken."""
        return [(event.begin, max(event.settled, event.begin + event.least_trouble) if event.settled else float("inf"))
                for event in self.events]

    async def run(self, seconds, tell):
        end = now() + seconds
        await asyncio.sleep(SHORTEST_CALM)
        for event in self._schedule:
            await self._happen(event)
            tell(event)
            if now() + event.pause > end - SHORTEST_CALM:
                break
            await asyncio.sleep(event.pause)
        await asyncio.sleep(max(SHORTEST_CALM, end - now()))

    async def _happen(self, event):
        # The second failure of the database waits for the next standby.
        if any(fault.kind in FAILOVERS for fault in event.faults):
            await asyncio.wait_for(self._database.is_redundant.wait(), 120)
        event.begin = now()
        self.events.append(event)
        watch = asyncio.create_task(self._watch(event))
        try:
            async with asyncio.timeout(SETTLING_LIMIT):
                await asyncio.gather(*(self._do(fault, event) for fault in event.faults))
                event.done = now()
                await self._proxy.all_up()
                # What was sent meanwhile is acknowledged, and what is sent now does not wait.
                while self._is_felt(event):
                    await asyncio.sleep(0.02)
        except TimeoutError as error:
            self._records.violation("late", f"{event} was not over after {SETTLING_LIMIT} s: {error}")
        finally:
            watch.cancel()
        event.settled = now()

    def _is_felt(self, event):
        return min(now() - self._records.longest_wait(), now() - CALM) < max(event.done, event.recovered)

    async def _watch(self, event):
        """Finds out until when somebody has waited."""
        event.recovered = event.begin
        usual = max(WELL, 2 * self._records.longest_of_late(BEFORE))
        while True:
            if self._records.longest_wait() > usual:
                event.recovered = now()
            await asyncio.sleep(0.02)

    async def _do(self, fault, event):
        instance = self._instances[fault.instance]
        match fault.kind:
            case "kill": await instance.kill()
            case "stop": await instance.restart()
            case "replace": await instance.replace()
            case "freeze": await instance.freeze(fault.seconds)
            case "failover": event.promotion = await self._database.fail_over()
            case "silence": event.promotion = await self._database.fail_over(silent_for=SILENCE)
            case "cut": await self._proxy.cut(instance.name)
            case "deafen": await self._terminate(instance, LISTENS)
            case "disconnect": await self._terminate(instance, "true")
            case "lock": await self._lock(fault, is_alone=len(event.faults) == 1)
            case "stall": await self._stall(instance, fault.seconds)
            case "exhaust": await instance.exhaust(fault.seconds)
            case "standby": await self._database.freeze_standby(fault.seconds)
            case "lost": await self._lose_standby()

    async def _lock(self, fault, is_alone):
        room = await self._database.room(fault.room)
        begin = now()
        await self._database.hold_room(room, fault.seconds)
        if is_alone:
            self._records.locked_rooms.append(LockedRoom(room, begin, now()))

    async def _stall(self, instance, seconds):
        """Nobody reads the process' log, just when it has something to say."""
        with instance.stalled_log():
            await asyncio.sleep(seconds / 2)
            await self._terminate(instance, LISTENS)
            await asyncio.sleep(seconds / 2)

    async def _lose_standby(self):
        await self._database.lose_standby()
        await asyncio.sleep(WITHOUT_STANDBY)
        for instance in self._instances:
            count = int(await self._database.primary.sql(
                f"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{instance.application_name}'"))
            if count > MOST_CONNECTIONS:
                self._records.violation("unexpected", f"process {instance.name} has {count} database connections")
        await self._database.do_without_standby()

    async def _terminate(self, instance, condition):
        count = await self._database.primary.sql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            f"WHERE application_name = '{instance.application_name}' AND {condition}")
        if count == "0":
            self._records.events["nothing there to terminate"] += 1
