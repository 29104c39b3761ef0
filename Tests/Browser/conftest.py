import itertools

import chromium
import pages
import pytest
from obrolan_testing.client import Member
from obrolan_testing.program import running
from proxy import Proxy


@pytest.fixture(scope="session")
def server():
    """The program, running."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def member_numbers():
    return itertools.count(1)


@pytest.fixture
def register(server, member_numbers):
    """Makes a person who uses the program by HTTP; the name gets a number, since all tests have one server."""
    return lambda name: Member(server.port, f"{name}{next(member_numbers)}")


@pytest.fixture
def room(register):
    """Two people, and their room."""
    alice, budi = register("alice"), register("budi")
    room = alice.create_room()
    budi.join(room)
    return alice, budi, room


class Browsers:
    """Browsers, kept from test to test: starting one takes longer than most tests."""

    def __init__(self):
        self._idle = {True: [], False: []}
        self._all = []

    def take(self, javascript):
        if self._idle[javascript]:
            return self._idle[javascript].pop()
        driver = chromium.start(javascript)
        self._all.append(driver)
        return driver

    def put_back(self, driver, javascript):
        chromium.reset(driver)
        self._idle[javascript].append(driver)

    def quit(self):
        for driver in self._all:
            driver.quit()


@pytest.fixture(scope="session")
def browsers():
    browsers = Browsers()
    yield browsers
    browsers.quit()


@pytest.fixture
def open_browser(server, browsers, request):
    """Gives a browser of its own, of somebody who is logged in already or of a stranger, and the pages in it."""
    taken = []

    def open_browser(member=None, javascript=True):
        driver = browsers.take(javascript)
        taken.append((driver, javascript))
        if member:
            chromium.log_in(driver, server, member)
        return Person(driver, server.url)

    yield open_browser
    if request.node.stash.get(FAILED, False):
        for number, (driver, _) in enumerate(taken, 1):
            print(f"Browser {number} was at {driver.current_url}, which read:")
            print(driver.execute_script("return document.body.innerText"))
            print("Console:", *driver.get_log("browser"), sep="\n")
    for driver, javascript in taken:
        browsers.put_back(driver, javascript)


@pytest.fixture
def proxy(server):
    """What stands between browsers and the server, and knows what they ask."""
    proxy = Proxy(server)
    proxy.start()
    yield proxy
    proxy.stop()


@pytest.fixture
def open_through(open_browser, proxy):
    """Gives a browser that goes by the proxy."""
    return lambda member: Person(open_browser(member).driver, proxy.url)


class Person:
    """Somebody before a browser."""

    def __init__(self, driver, url):
        self.driver = driver
        self.page = pages.Page(driver, url)
        self.landing = pages.Landing(driver, url)
        self.dashboard = pages.Dashboard(driver, url)
        self.room = pages.Room(driver, url)


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report
