"""One run from its beginning to its end: starts everything, breaks it, has it mended, and proves."""

import asyncio
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import report
from changes import Changes
from database import Database
from faults import Faults, schedule
from obrolan_testing.machine import free_ports
from people import People
from processes import Instance
from proof import prove
from proxy import Proxy
from records import Records, Stored, now

#: What everybody has for coming to an end when nothing breaks any more.
FINISH = 60
#: What all the rest may take besides the seconds of faults.
REST = 300
LOG_LINES = 15


class Run:
    def __init__(self, program, seconds, seed, only, keeps):
        self.program = program
        self.seconds = seconds
        self.seed = seed
        self.only = only
        self.keeps = keeps
        self.folder = Path(tempfile.mkdtemp(prefix="obrolan-chaos-"))
        # As root the database runs as another user, who has to pass through.
        self.folder.chmod(0o711)
        self.records = Records()
        self.parts = []

    def main(self):
        """Whether all is proven."""
        # A loop that hangs is past asyncio's help.
        signal.signal(signal.SIGALRM, lambda *_: sys.exit("it hangs"))
        signal.alarm(self.seconds + REST + 60)
        is_proven = False
        try:
            is_proven = asyncio.run(self._bounded())
        except asyncio.CancelledError:
            print("it was told to end")
        finally:
            if is_proven and not self.keeps:
                shutil.rmtree(self.folder)
            else:
                print(f"the logs are in {self.folder}")
            print(f"{'PASSED' if is_proven else 'FAILED'} with --seed {self.seed}", flush=True)
        return is_proven

    async def _bounded(self):
        task = asyncio.current_task()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        try:
            async with asyncio.timeout(self.seconds + REST):
                return await self._run()
        except Exception as error:
            print(f"it came to no end: {error!r}", flush=True)
            self._show_violations(self.records.violations)
            if not isinstance(error, (TimeoutError, RuntimeError)):
                raise
            return False
        finally:
            await self._clean_up()

    async def _run(self):
        # Each with a sequence of its own, so that what people do does not change what breaks.
        chance = {name: random.Random(f"{self.seed} {name}") for name in ("people", "faults", "changes")}
        database = self._part(Database(self.folder, self.records))
        await database.start()
        ports = free_ports(2)
        instances = [self._part(Instance(name, port, self.program, self.folder, database, self.records))
                     for name, port in zip("ab", ports, strict=True)]
        await asyncio.gather(*(instance.start() for instance in instances))
        proxy = self._part(Proxy(self.folder, ports))
        await proxy.start()
        people = self._part(People(proxy.port, self.records, chance["people"]))
        await people.settle()
        print(f"{len(people.persons)} people in {len(people.rooms)} rooms, {len(people.memberships)} readers, "
              f"{self.seconds} s, --seed {self.seed}", flush=True)
        self.records.begin = now()
        people.begin()
        changes = Changes(people.persons, self.records, chance["changes"])
        people.also(changes.run(people.stopping))
        faults = Faults(schedule(chance["faults"], self.only), database, instances, proxy, self.records)
        await self._unless_failed(people, faults.run(self.seconds, self._tell))

        if not await self._unless_failed(people, people.finish(FINISH)):
            self.records.violation("late", f"not everything was acknowledged {FINISH} s after the end")
        await database.rebuilt()
        last_ids = {row["room_id"]: row["last"] for row in await database.primary.rows(
            "SELECT room_id, greatest(max(messages.id), max(messages.change), max(rooms.change)) AS last "
            "FROM messages JOIN rooms ON rooms.id = room_id GROUP BY room_id")}
        if not await self._unless_failed(people, people.catch_up(last_ids, FINISH)):
            self.records.violation("late", f"not everybody had read everything {FINISH} s after the end")
        await people.stop()
        await asyncio.gather(*(instance.stop() for instance in instances))
        return await self._judge(database, people, faults, instances)

    def _part(self, part):
        self.parts.append(part)
        return part

    async def _unless_failed(self, people, coroutine):
        """The coroutine's result, unless one of the people comes to grief by a mistake in this program."""
        watch = asyncio.create_task(people.fail())
        work = asyncio.create_task(coroutine)
        try:
            await asyncio.wait([watch, work], return_when=asyncio.FIRST_COMPLETED)
            if watch.done():
                watch.result()
            return await work
        finally:
            for task in (watch, work):
                task.cancel()
            await asyncio.gather(watch, work, return_exceptions=True)

    async def _judge(self, database, people, faults, instances):
        stored = [Stored(**row) for row in await database.primary.rows(
            # Of a deleted one nothing but its trace, or it is another content than anybody may be told.
            "SELECT messages.id, room_id AS room, username AS sender, client_id, messages.created_at, "
            "content || CASE WHEN messages.deleted_at IS NULL THEN '' ELSE '✗' || messages.id END AS content "
            "FROM messages LEFT JOIN users ON users.id = sender_id ORDER BY messages.id")]
        members = {(row["username"], row["room_id"]) for row in await database.primary.rows(
            "SELECT username, room_id FROM room_members JOIN users ON users.id = user_id")}
        for person, room in members ^ {(each.person.name, each.room) for each in people.memberships}:
            self.records.violation("lost", f"{person}'s membership in room {room} is not as it should be")
        violations = [*self.records.violations, *prove(self.records, stored, members, faults.troubles)]
        report.faults(faults.events, self.records)
        stop_times = [time for instance in instances for time in instance.stop_times]
        report.totals(self.records, faults.events, stored, faults.troubles, stop_times)
        self._show_violations(violations)
        return not violations and bool(stored)

    def _tell(self, event):
        if sys.stderr.isatty():
            print(f"{event.begin - self.records.begin:6.1f} s: {event}", file=sys.stderr, flush=True)

    def _show_violations(self, violations):
        report.verdict(violations)
        if not violations:
            return
        for log in sorted(self.folder.glob("*.log")):
            lines = log.read_text(errors="replace").splitlines()[-LOG_LINES:]
            print("\n".join([f"\nthe end of {log.name}", *(line[:300] for line in lines)]))

    async def _clean_up(self):
        """Ends what was started, the last first, each whatever becomes of the others."""
        for part in reversed(self.parts):
            if isinstance(part, Instance):
                part.close()
                continue
            try:
                await asyncio.shield(asyncio.wait_for(part.stop(), 30))
            except Exception as error:
                print(f"{type(part).__name__} did not stop: {error!r}", file=sys.stderr)
