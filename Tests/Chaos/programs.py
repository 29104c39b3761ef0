"""Child processes, none of which outlives this program."""

import asyncio
import os
import random
import socket


#: Below what Linux gives to outgoing connections: one of those must not have the port of a process that is down.
PORTS = range(15_000, 32_000)


def free_ports(count):
    """Ports that nobody uses at this moment."""
    ports = []
    while len(ports) < count:
        port = random.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in ports:
            ports.append(port)
    return ports


def environment():
    """Ours, without what would tell the programs another database or other settings."""
    return {name: value for name, value in os.environ.items()
            if name != "DATABASE_URL" and not name.startswith(("OBROLAN_", "PG"))}


async def spawn(*command, log, user=None, more=None, **options):
    """Starts a program, as another user if this is root. The kernel kills it when this process is killed."""
    prefix = ["setpriv", "--pdeathsig", "KILL"]
    if user and os.geteuid() == 0:
        prefix += ["--reuid", user, "--regid", user, "--clear-groups"]
    return await asyncio.create_subprocess_exec(
        *prefix, *map(str, command), stdin=asyncio.subprocess.DEVNULL, stderr=log, env=environment() | (more or {}),
        start_new_session=True, **options)


async def run(*command, log, user=None, seconds=60):
    """Runs a program to its end and returns what it printed; raises `RuntimeError` when it fails."""
    process = await spawn(*command, log=log, user=user, stdout=asyncio.subprocess.PIPE)
    try:
        async with asyncio.timeout(seconds):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    return output.decode()


async def until(condition, seconds, what):
    """Waits until the coroutine function gives something true, and returns that; raises `TimeoutError`."""
    try:
        async with asyncio.timeout(seconds):
            while not (value := await condition()):
                await asyncio.sleep(0.05)
            return value
    except TimeoutError as error:
        raise TimeoutError(f"{what} took more than {seconds} s") from error
