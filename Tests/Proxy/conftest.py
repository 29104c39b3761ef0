import itertools

import proxies
import pytest
from obrolan_testing.client import Client
from obrolan_testing.machine import scratch_folder
from obrolan_testing.program import Program, Site


@pytest.fixture(scope="session")
def folder():
    with scratch_folder("proxy") as folder:
        yield folder


@pytest.fixture(scope="session")
def direct(folder):
    """A process without a proxy, that believes nobody; the database is its own."""
    process = Site(folder, "--log-level", "info")
    try:
        yield process.start()
        assert process.stop() == 0, process.log()[-2000:]
    finally:
        process.end()


@pytest.fixture(scope="session")
def processes(folder, direct):
    """The two processes that are behind the proxies."""
    arguments = ("--log-level", "info", "--trusted-proxies", "127.0.0.1", "--idle-timeout", "86400")
    processes = [Program(folder / f"{name}.log", *direct.cluster.arguments, *arguments) for name in "ab"]
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
        visitor = Client(port, session=like and like.session, keeps_alive=True, **options)
        visitors.append(visitor)
        if not like:
            visitor.register(next(names))
        return visitor

    yield visit
    for visitor in visitors:
        visitor.close()
