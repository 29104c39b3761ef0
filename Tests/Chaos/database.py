"""A primary and its standby, and what a failover manager does with them.

Why no acknowledged message is lost when the primary is killed: with `synchronous_standby_names` set, a commit is
answered (and visible to others) only when the standby has flushed it to its disk, and promotion replays all that the
standby has flushed. The setting would also hold up every commit while there is no standby, so a promoted server runs
without it until a new standby has caught up; and the primary is not killed meanwhile, as two failures at once are more
than two servers survive. The steps in `_make_redundant` are in an order that leaves no moment between.
"""

import asyncio
import json
import os
import shutil
import signal
import time
from pathlib import Path

from obrolan_testing.machine import children, free_ports, postgres_programs
from programs import run, spawn, until
from records import now

# A standby that is told to promote itself just after its connection to the primary broke, while it is connecting again,
# sleeps for wal_retrieve_retry_interval first: five seconds by default.
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = on
wal_level = replica
hot_standby = on
wal_keep_size = '256MB'
wal_retrieve_retry_interval = '100ms'
synchronous_commit = on
log_line_prefix = '%m [%p] '
"""


class Node:
    """One PostgreSQL server."""

    def __init__(self, folder, port, log):
        self.folder = folder
        self.port = port
        self.log = log
        self.process = None

    async def program(self, name, *arguments, seconds=60):
        return await run(PROGRAMS / name, *arguments, log=self.log, user="postgres", seconds=seconds)

    async def start(self):
        self.process = await spawn(PROGRAMS / "postgres", "-D", self.folder, "-p", self.port, log=self.log,
                                   stdout=self.log, user="postgres")

        async def answers():
            if self.process.returncode is not None:
                raise RuntimeError("PostgreSQL has ended")
            try:
                return await self.sql("SELECT 1", database="postgres")
            except RuntimeError:
                return None

        await until(answers, 60, "the start of PostgreSQL")

    async def sql(self, statement, database="obrolan"):
        """What psql prints."""
        return (await self.program(
            "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", self.port, "-U", "obrolan",
            "-d", database, "-c", statement)).strip()

    async def rows(self, query):
        text = await self.sql(f"SELECT row_to_json(row) FROM ({query}) AS row")
        return [json.loads(line) for line in text.splitlines()]

    def freeze(self):
        """Stops all of it between two instructions: its clients hear nothing any more."""
        os.kill(self.process.pid, signal.SIGSTOP)
        while state(self.process.pid) not in "TZX":
            time.sleep(0.001)
        # From here on it has no more of them.
        for pid in children(self.process.pid):
            signal_if_there(pid, signal.SIGSTOP)

    def thaw(self):
        """Lets it go on after `freeze`."""
        for pid in [*children(self.process.pid), self.process.pid]:
            signal_if_there(pid, signal.SIGCONT)

    async def lose_power(self):
        """Ends all of it between two instructions.

        It is frozen first: were the processes killed one after the other, a backend that waits for the standby would
        see the postmaster's death, stop waiting and let others see what only this server has.
        """
        self.freeze()
        processes = [self.process.pid, *children(self.process.pid)]
        for pid in processes:
            signal_if_there(pid, signal.SIGKILL)
        await self.process.wait()

        async def is_gone():
            return all(state(pid) in "ZX" for pid in processes)

        await until(is_gone, 10, "the end of PostgreSQL's processes")

    async def stop(self):
        if self.process and self.process.returncode is None:
            self.process.send_signal(signal.SIGQUIT)
            try:
                await asyncio.wait_for(self.process.wait(), 5)
            except TimeoutError:
                await self.lose_power()


class Database:
    def __init__(self, folder, records):
        self.records = records
        self.log = open(folder / "postgresql.log", "ab")
        top = folder / "postgresql"
        top.mkdir()
        if os.geteuid() == 0:
            shutil.chown(top, "postgres", "postgres")
        ports = free_ports(2)
        self.primary, self.standby = (Node(top / name, port, self.log) for name, port in zip("pq", ports, strict=True))
        self.url = f"host=127.0.0.1,127.0.0.1 port={ports[0]},{ports[1]} user=obrolan dbname=obrolan " \
            "target_session_attrs=read-write"
        #: Whether an acknowledged commit survives the primary.
        self.is_redundant = asyncio.Event()
        #: When there was no primary; the last one may go on.
        self.outages = []
        self._rebuilding = None

    async def start(self):
        await self.primary.program("initdb", "-D", self.primary.folder, "-U", "obrolan", "-A", "trust", "-E", "UTF8",
                                   "--locale", "C.UTF-8")
        settings = f"cat >>{self.primary.folder}/postgresql.conf <<'END'{SETTINGS}END"
        await run("sh", "-c", settings, log=self.log, user="postgres")
        await self.primary.start()
        await self.primary.sql("CREATE DATABASE obrolan", database="postgres")
        await self._rebuild()

    async def fail_over(self, silent_for=0):
        """Has the primary die and promotes the standby; returns when promotion began and ended.

        With `silent_for`, the primary falls silent first, and dies so many seconds later: connections to it are not
        closed. It cannot do harm meanwhile. A failover manager has to end it, too, before it may come to itself.
        """
        await asyncio.wait_for(self.is_redundant.wait(), 120)
        self.is_redundant.clear()
        died = now()
        self.outages.append((died, float("inf")))
        if silent_for:
            self.primary.freeze()
        else:
            await self.primary.lose_power()
        promoting = now()
        await self.standby.program("pg_ctl", "promote", "-D", self.standby.folder, "-w", "-t", "30")
        promoted = now()
        self.outages[-1] = (died, promoted)
        self.primary, self.standby = self.standby, self.primary
        self._rebuilding = asyncio.create_task(self._rebuild(silent_for))
        return promoting, promoted

    async def room(self, place):
        """The id of the room at that place in the list."""
        return int(await self.primary.sql(f"SELECT id FROM rooms ORDER BY id OFFSET {place} LIMIT 1"))

    async def hold_room(self, id, seconds):
        """Locks the room's row, and the room for those who send, as somebody does who begins a transaction by hand and
        is called away."""
        await self.primary.sql(f"BEGIN; SELECT FROM rooms WHERE id = {id} FOR UPDATE; "
                               f"SELECT pg_advisory_xact_lock({id}); SELECT pg_sleep({seconds}); ROLLBACK")

    async def freeze_standby(self, seconds):
        """Commits wait for it meanwhile."""
        self.standby.freeze()
        try:
            await asyncio.sleep(seconds)
        finally:
            self.standby.thaw()

    async def lose_standby(self):
        """Commits wait for it until `do_without_standby`."""
        self.is_redundant.clear()
        await self.standby.lose_power()

    async def do_without_standby(self):
        """What a failover manager does when the standby does not come back; then another one is made."""
        await self.primary.sql("ALTER SYSTEM SET synchronous_standby_names = ''")
        await self.primary.sql("SELECT pg_reload_conf()")
        self._rebuilding = asyncio.create_task(self._rebuild())

    def was_away(self, begin, end):
        """Whether there was no primary in that time, or had not been for long before it."""
        return any(from_ < end and begin < until_ + 5 for from_, until_ in self.outages)

    async def _rebuild(self, silent_for=0):
        """Makes a standby anew from the primary."""
        if silent_for:
            await asyncio.sleep(silent_for)
            await self.standby.lose_power()
        await run("rm", "-rf", self.standby.folder, log=self.log, user="postgres")
        await self.standby.program(
            "pg_basebackup", "-D", self.standby.folder, "-R", "-X", "stream", "-c", "fast", "-d",
            f"host=127.0.0.1 port={self.primary.port} user=obrolan application_name=standby", seconds=120)
        # The copy has the primary's settings: promoted, it would wait for a standby that it does not have yet.
        alone = f"echo \"synchronous_standby_names = ''\" >>{self.standby.folder}/postgresql.auto.conf"
        await run("sh", "-c", alone, log=self.log, user="postgres")
        await self.standby.start()
        await self._make_redundant()

    async def _make_redundant(self):
        primary = self.primary

        async def is_streaming():
            return await primary.sql(
                "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming' AND replay_lsn IS NOT NULL "
                "AND pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) < 1000000")

        await until(is_streaming, 60, "catching up with the primary")
        await primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        await primary.sql("SELECT pg_reload_conf()")

        async def is_set():
            return await primary.sql("SHOW synchronous_standby_names") == "*"

        # A new connection sees it, so the postmaster has told all its children. The checkpointer is the one who tells
        # the backends to wait; it reads the settings before it begins the checkpoint that it is asked for here. From
        # the end of that on every commit waits, and what was committed before is what the standby still has to have.
        await until(is_set, 10, "reading the settings again")
        await primary.sql("CHECKPOINT")
        position = await primary.sql("SELECT pg_current_wal_flush_lsn()")

        async def has_everything():
            return await primary.sql(
                "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming' "
                f"AND replay_lsn >= '{position}'")

        await until(has_everything, 60, "replaying what there was")
        self.is_redundant.set()

    async def rebuilt(self):
        """Waits for the standby under way, if there is one; raises what has hindered it."""
        if self._rebuilding:
            await self._rebuilding

    async def stop(self):
        if self._rebuilding and not self._rebuilding.done():
            self._rebuilding.cancel()
            await asyncio.gather(self._rebuilding, return_exceptions=True)
        await asyncio.gather(self.primary.stop(), self.standby.stop())
        self.log.close()


PROGRAMS = postgres_programs()


def state(pid):
    """The kernel's letter for it; X, which is dead, when it is not there."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "X"


def signal_if_there(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
