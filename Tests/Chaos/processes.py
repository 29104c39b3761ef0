"""The processes of Obrolan, each started anew when it has ended, as systemd does with Restart=always."""

import asyncio
import contextlib
import os
import signal
import subprocess

from log_pipe import LogPipe
from obrolan_testing import machine
from obrolan_testing.machine import ROOT
from programs import spawn
from records import now

RESTART_PAUSE = 0.5
#: Ten seconds are for the requests in progress.
STOP_LIMIT = 12
#: What starting may take, with the database there.
START_LIMIT = 20


def resource_limit(pid, new=None):
    """The soft and the hard limit of a process' descriptors, perhaps changed: by its own user, because another's limits need
    CAP_SYS_RESOURCE, which a sandbox may lack, and what root has started is somebody else by now."""
    change = [f"--nofile={new[0]}:{new[1]}"] if new else ["--nofile", "--raw", "--noheadings", "--output=SOFT,HARD"]
    identity = {"user": machine.status(pid, "Uid"), "group": machine.status(pid, "Gid"), "extra_groups": []} if os.geteuid() == 0 else {}
    answer = subprocess.run(
        ["prlimit", f"--pid={pid}", *change], stdout=subprocess.PIPE, check=True, text=True, **identity)
    return None if new else tuple(map(int, answer.stdout.split()))


class Child:
    """One process from its start to its end."""

    def __init__(self, process, log):
        self.process = process
        self.log = log
        self.started = now()
        #: Set when it serves, or has ended without.
        self.is_up = asyncio.Event()
        self.has_served = False
        #: The signal that was to end it, and when that was sent.
        self.asked_by = None
        self.asked_at = None
        self.ended = None

    @property
    def is_alive(self):
        return self.process.returncode is None

    async def watch_start(self):
        self.has_served = b"serves on" in await self.process.stdout.readline()
        self.is_up.set()

    def end(self, number):
        self.asked_by, self.asked_at = number, now()
        self.process.send_signal(number)


class Instance:
    """A place in the proxy's list of servers: there is a process on its port, unless it is being started anew."""

    def __init__(self, name, port, program, folder, database, records):
        self.name = name
        self.port = port
        #: What the database calls its connections.
        self.application_name = f"obrolan-{name}"
        self._program = program
        self._database = database
        self._records = records
        self._log = open(folder / f"obrolan-{name}.log", "ab")
        self._is_over = False
        self._is_replacing = False
        self._starts = set()
        self._children = []
        self._keeping = None
        self.child = None
        self.stop_times = []

    async def start(self):
        self.child = await self._spawn()
        await self.child.is_up.wait()
        if not self.child.has_served:
            raise RuntimeError(f"{self._program} does not start")
        self._keeping = asyncio.create_task(self._keep_running())

    async def _spawn(self):
        log = LogPipe(self._log)
        process = await spawn(
            self._program, "serve", "--host", "127.0.0.1", "--port", self.port, "--trusted-proxies", "127.0.0.1",
            "--log-level", "info", "--event-loops", 2, log=log.writing_end, stdout=asyncio.subprocess.PIPE, cwd=ROOT,
            more={"DATABASE_URL": f"{self._database.url} application_name={self.application_name}"})
        log.begin()
        child = Child(process, log)
        self._children.append(child)
        task = asyncio.create_task(child.watch_start())
        self._starts.add(task)
        task.add_done_callback(self._starts.discard)
        return child

    async def _keep_running(self):
        while True:
            child = self.child
            await child.process.wait()
            child.log.end()
            child.ended = now()
            self._judge(child)
            if self._is_over:
                return
            while self._is_replacing:
                await asyncio.sleep(0.02)
            if self.child is child:
                await asyncio.sleep(RESTART_PAUSE)
                self.child = await self._spawn()

    def _judge(self, child):
        """Who is killed is dead, who is asked to stop exits with 0, and nobody ends otherwise."""
        code, at = child.process.returncode, child.ended
        if child.asked_by == signal.SIGKILL and code == -signal.SIGKILL:
            return
        if child.asked_by == signal.SIGTERM and code == 0:
            self.stop_times.append(at - child.asked_at)
            if self.stop_times[-1] > STOP_LIMIT:
                self._records.violation("unexpected", f"{self.name} took {self.stop_times[-1]:.1f} s to stop")
            return
        if code == 1 and not child.has_served and self._database.was_away(child.started, at):
            self._records.events["started in vain without a database"] += 1
            return
        if code == 1 and not child.has_served and self._was_port_taken(child):
            self._records.events["started in vain while the one before still listened"] += 1
            return
        asked = f"asked by {child.asked_by.name}" if child.asked_by else "unasked"
        self._records.violation("unexpected", f"process {self.name} ended with {code}, {asked}")

    def _was_port_taken(self, child):
        return any(other.started < child.started < (other.ended or now()) for other in self._children)

    async def serves(self):
        """Waits until there is a process that serves."""
        async with asyncio.timeout(60):
            while not (self.child.is_alive and self.child.has_served):
                await asyncio.wait_for(self.child.is_up.wait(), START_LIMIT)
                await asyncio.sleep(0.05)

    async def kill(self):
        await self._end(signal.SIGKILL)

    async def restart(self):
        """Stops it, as `systemctl restart` does."""
        await self._end(signal.SIGTERM)

    async def _end(self, number):
        await self.serves()
        child = self.child
        child.end(number)
        await self._ended(child)
        while self.child is child:
            await asyncio.sleep(0.02)
        await self.serves()

    async def replace(self):
        """Tells it to stop and starts the next one at once, while this one still answers what it has been asked."""
        await self.serves()
        old = self.child
        self._is_replacing = True
        old.end(signal.SIGTERM)
        self.child = new = await self._spawn()
        self._is_replacing = False
        await self._ended(old)
        await asyncio.wait_for(new.is_up.wait(), START_LIMIT)
        # One that found the port taken has ended, and `_keep_running` starts another.
        await self.serves()

    async def _ended(self, child):
        try:
            await asyncio.wait_for(child.process.wait(), STOP_LIMIT + 10)
        except TimeoutError:
            self._records.violation("unexpected", f"process {self.name} did not end at {child.asked_by.name}")
            child.end(signal.SIGKILL)
            await child.process.wait()

    async def freeze(self, seconds):
        """As a machine that is moved, or short of memory, does."""
        await self.serves()
        child = self.child
        child.process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            if child.is_alive:
                child.process.send_signal(signal.SIGCONT)

    async def exhaust(self, seconds):
        """Leaves it no descriptor beyond those that it has."""
        await self.serves()
        child = self.child
        pid = child.process.pid
        soft, hard = resource_limit(pid)
        # The limit bounds numbers, not how many there are.
        highest = max(map(int, os.listdir(f"/proc/{pid}/fd")))
        resource_limit(pid, (highest + 1, hard))
        self._records.events["descriptors taken away"] += 1
        try:
            await asyncio.sleep(seconds)
        finally:
            if child.is_alive:
                resource_limit(pid, (soft, hard))

    @contextlib.contextmanager
    def stalled_log(self):
        """Nobody reads what it logs meanwhile."""
        log = self.child.log
        log.pause()
        try:
            yield
        finally:
            log.resume()

    async def stop(self):
        self._is_over = True
        if self.child and self.child.is_alive:
            self.child.end(signal.SIGTERM)
            await self._ended(self.child)
        if self.child:
            await asyncio.wait_for(self._keeping, 5)

    def close(self):
        """Whatever has happened, nothing is left."""
        if self._keeping:
            self._keeping.cancel()
        for child in self._children:
            if child.is_alive:
                child.process.kill()
            child.log.end()
        self._log.close()
