import itertools
import os
import pathlib
import shutil
import tempfile

import proxies
import pytest
from processes import Process
from visitors import Visitor


@pytest.fixture(scope="session")
def folder():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="obrolan-proxy-"))
    # As root the database runs as another user, who has to pass through.
    os.chmod(folder, 0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def direct(folder):
    """A process without a proxy, that believes nobody; the database is its own."""
    process = Process(folder, "direct", "--data-dir", folder / "data")
    try:
        process.start()
        yield process
        assert process.stop() == 0, process.log()[-2000:]
    finally:
        process.end()


@pytest.fixture(scope="session")
def processes(folder, direct):
    """The two processes that are behind the proxies."""
    database = f"host={folder}/data/postgresql user=obrolan dbname=obrolan"
    arguments = ("--database-url", database, "--trusted-proxies", "127.0.0.1", "--idle-timeout", "86400")
    if os.geteuid() == 0:
        # Each becomes somebody else then, who has to be the socket's owner.
        arguments += ("--user", (folder / "data/postgresql").resolve().owner())
    processes = [Process(folder, name, *arguments) for name in ("a", "b")]
    try:
        for process in processes:
            process.start()
        yield processes
        assert [process.stop() for process in processes] == [0, 0]
    finally:
        for process in processes:
            process.end()


@pytest.fixture(scope="session")
def all_proxies(folder, processes):
    """Both proxies, in front of the same processes."""
    certificate = proxies.make_certificate(folder)
    all_proxies = {name: kind(folder, processes, certificate) for name, kind in proxies.PROXIES.items()}
    try:
        for proxy in all_proxies.values():
            proxy.start()
        yield all_proxies
    finally:
        for proxy in all_proxies.values():
            proxy.end()


@pytest.fixture(params=proxies.PROXIES)
def proxy(all_proxies, request):
    return all_proxies[request.param]


@pytest.fixture(scope="session")
def names():
    """User names that nobody has yet: all tests have one database."""
    return (f"orang{number}" for number in itertools.count(1))


@pytest.fixture
def visit(names):
    """Gives a visitor at a port, who is somebody new unless a session is given."""
    visitors = []

    def visit(port, *, like=None, **options):
        visitor = Visitor(port, like=like, **options)
        visitors.append(visitor)
        if not like:
            visitor.register(next(names))
        return visitor

    yield visit
    for visitor in visitors:
        visitor.close()
