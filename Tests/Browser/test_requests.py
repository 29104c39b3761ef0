"""How many requests the pages take, and how their files come."""

import re
import shutil
import urllib.error
import urllib.request

import chromium
import pytest
from conftest import Person
from obrolan_testing.client import Member
from obrolan_testing.machine import ROOT, scratch_folder
from obrolan_testing.program import running

PHONE_WIDTH = 360
WAIT_SECONDS = 60
DECLARATION = re.compile(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)
ICON = re.compile(r"/favicon\.[0-9a-f]+\.svg")


def asked_until_waiting(page, proxy, visit):
    """The paths that are asked for by a visit of a room, until it waits for news."""
    before = len(proxy.requests)

    def held():
        return any(float(request.values.get("wait", 0)) > 0 for request in proxy.requests[before:])

    visit()
    page.until(held, "a request that is held", WAIT_SECONDS)
    # What is loaded with the page is loaded by then.
    page.reaches(r"/room/\d+")
    return sorted(request.path for request in proxy.requests[before:])


def test_a_room_takes_five_requests_on_a_cold_phone_and_two_from_then_on(open_through, proxy, room):
    alice, _, room = room
    person = open_through(alice)
    chromium.show(person.driver, PHONE_WIDTH)
    person.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    page = person.room
    own = [f"/room/{room}", f"/room/{room}/messages"]
    cold = asked_until_waiting(page, proxy, lambda: page.open(room))
    files = [path for path in cold if path not in own and not ICON.fullmatch(path)]
    assert len(files) == 2, cold
    assert re.fullmatch(r"/css/style\.[0-9a-f]+\.css", files[0])
    assert re.fullmatch(r"/js/chat\.[0-9a-f]+\.js", files[1])
    # A browser without a window may not ask for the icon, which is one more.
    assert len(own) + len(files) + 1 <= 5
    assert ICON.fullmatch(page.script("return new URL(document.querySelector('link[rel=icon]').href).pathname"))

    page.go("/my-rooms")
    for visit in (lambda: page.open(room), person.driver.refresh):
        again = asked_until_waiting(page, proxy, visit)
        assert [path for path in again if not ICON.fullmatch(path)] == own


def test_the_lists_of_rooms_load_a_script_of_their_own_and_other_pages_none(open_through, proxy, room):
    alice, _, room = room
    person = open_through(alice)
    scripts = {}
    for path in ("/dashboard", "/my-rooms", "/room/999999999", "/"):
        if path == "/":
            person.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        person.page.go(path)
        scripts[path] = person.page.script("return [...document.scripts].map((each) => new URL(each.src).pathname)")
    assert scripts["/dashboard"] == scripts["/my-rooms"]
    assert len(scripts["/dashboard"]) == 1
    assert re.fullmatch(r"/js/rooms\.[0-9a-f]+\.js", scripts["/dashboard"][0])
    assert scripts["/room/999999999"] == scripts["/"] == []
    loaded = {request.path for request in proxy.requests if request.path.startswith("/js/")}
    assert loaded == set(scripts["/dashboard"])


def test_a_file_of_another_version_is_not_there_and_nobody_keeps_that(server):
    for path in ("/js/chat.0123456789abcdef.js", "/css/style.0.css", "/favicon.1.svg"):
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(server.url + path)
        assert refusal.value.code == 404, path
        assert refusal.value.headers["Cache-Control"] == "no-store", path


def test_no_name_of_a_script_hides_one_of_the_browsers(open_browser):
    page = open_browser().page
    page.go("/")
    sources = [path.read_text() for path in sorted((ROOT / "Public/js").glob("*.js"))]
    names = [name for source in sources for name in DECLARATION.findall(source)]
    assert "Room" in names
    assert page.script("return arguments[0].filter((name) => name in window)", names) == []


@pytest.fixture
def workshop():
    """A server that reads its files anew for each request, and the folder of them, in which somebody works."""
    with scratch_folder("workshop") as scratch:
        folder = scratch / "Public"
        shutil.copytree(ROOT / "Public", folder)
        with running("--reload", "yes", "--public", str(folder)) as server:
            yield server, folder


def test_a_change_of_a_script_shows_at_once_and_so_does_a_mistake(open_browser, workshop):
    server, folder = workshop
    alice = Member(server.port, "alice")
    room = alice.create_room()
    driver = open_browser().driver
    chromium.log_in(driver, server, alice)
    page = Person(driver, server.url).room
    page.open(room)
    page.send("dari modul")
    page.has_stored("dari modul")
    script = folder / "js/rooms.js"
    source = script.read_text()
    script.write_text(source + 'document.body.dataset.changed = "yes";\n')
    page.go("/dashboard")
    page.until(lambda: page.find("body").get_attribute("data-changed") == "yes", "the change")
    script.write_text("export default 1;\n" + source)
    page.go("/dashboard")
    page.shows("body", "/js/rooms.js:1: an export has to stand before const, let, class, function or async function")
    script.write_text(source)
    page.go("/dashboard")
    page.shows("h1", "Selamat datang, alice!")
