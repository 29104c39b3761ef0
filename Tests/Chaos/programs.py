"""Child processes, none of which outlives this program."""

import asyncio

from obrolan_testing.machine import as_user, clean_environment


async def spawn(*command, log, user=None, more=None, **options):
    """Starts a program, as another user if this is root. The kernel kills it when this process is killed."""
    return await asyncio.create_subprocess_exec(
        *as_user(user), *map(str, command), stdin=asyncio.subprocess.DEVNULL, stderr=log,
        env=clean_environment(**(more or {})), start_new_session=True, **options)


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
