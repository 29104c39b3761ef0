"""HAProxy, as docs/haproxy.cfg has it but for ports, paths and what needs rights."""

import asyncio
import re

from obrolan_testing.machine import ROOT, find, free_ports
from programs import spawn, until


class Proxy:
    def __init__(self, folder, server_ports):
        self.port = free_ports(1)[0]
        self._folder = folder
        self._socket = folder / "haproxy.sock"
        self._log = open(folder / "haproxy.log", "ab")
        self._process = None
        text = (ROOT / "docs/haproxy.cfg").read_text()
        for pattern, new, is_needed in [
            (r"127\.0\.0\.1:8081\b", f"127.0.0.1:{server_ports[0]}", True),
            (r"127\.0\.0\.1:8082\b", f"127.0.0.1:{server_ports[1]}", True),
            (r"(?m)^ *bind [\d.]*:80(80)?$", f"    bind 127.0.0.1:{self.port}", True),
            (r"stats socket \S+", f"stats socket {self._socket}", True),
            # As many as somebody without rights may have descriptors for.
            (r"(?m)^ *maxconn .*$", "    maxconn 2000", True),
            # What needs rights, a certificate or a system log.
            (r"(?m)^ *(user|group|chroot|log /dev/log|bind :443) .*$", "", False),
        ]:
            text, count = re.subn(pattern, new, text)
            if is_needed and not count:
                raise RuntimeError(f"nothing in docs/haproxy.cfg is like {pattern}")
        (folder / "haproxy.cfg").write_text(text)
        #: By which names HAProxy has each process: one with checks, and perhaps more.
        self._servers = {name: re.findall(rf"(?m)^ *server ({name}\S*) ", text) for name in "ab"}

    async def start(self):
        self._process = await spawn(find("haproxy"), "-db", "-f", self._folder / "haproxy.cfg", log=self._log, stdout=self._log)
        await self.all_up()

    async def all_up(self):
        """Waits until it has found both processes well."""
        async def are_up():
            if self._process.returncode is not None:
                raise RuntimeError("HAProxy has ended")
            states = await self.states()
            return states.keys() == self._servers.keys() and all(state.startswith("UP") for state in states.values())

        await until(are_up, 60, "HAProxy finding both processes")

    async def states(self):
        """What it believes of each server."""
        try:
            lines = (await self._command("show stat")).splitlines()
        except OSError:
            return {}
        rows = [line.split(",") for line in lines if line]
        names = rows[0]
        servers = [dict(zip(names, row, strict=False)) for row in rows[1:]]
        return {row["svname"]: row["status"] for row in servers
                if row["# pxname"] == "obrolan" and row["svname"] in self._servers}

    async def cut(self, server):
        """Ends all connections to one of the processes."""
        for name in self._servers[server]:
            await self._command(f"shutdown sessions server obrolan/{name}")

    async def _command(self, command):
        reader, writer = await asyncio.open_unix_connection(str(self._socket))
        try:
            writer.write(command.encode() + b"\n")
            return (await asyncio.wait_for(reader.read(), 5)).decode()
        finally:
            writer.close()

    async def stop(self):
        if self._process and self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), 5)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        self._log.close()
