"""Several tabs of one room hold one request, and miss nothing."""

import chromium
import pytest

# How many requests a tab holds, where other tabs can see it (going to a tab to ask brings it to the front), and how
# many it has begun.
COUNTING = """
    let held = 0;
    window.begun = 0;
    const count = (change) => localStorage.setItem("held.NUMBER", held += change);
    count(0);
    const real = fetch;
    window.fetch = async (url, options) => {
        const holds = /[?&]wait=[1-9]/.test(url);
        window.begun += holds;
        count(holds);
        try {
            const response = await real(url, options);
            return new Response(await response.text(), response);
        } finally {
            count(-holds);
        }
    };
"""
# What a tab waits for in case that another one has died takes a second instead of a minute; and nothing else has it
# take over.
IMPATIENT = """
    document.addEventListener("visibilitychange", (event) => event.stopImmediatePropagation());
    const realTimeout = setTimeout;
    window.setTimeout = (action, milliseconds, ...more) =>
        realTimeout(action, milliseconds > 40_000 ? milliseconds / 50 : milliseconds, ...more);
"""


class Tabs:
    """Tabs with one room open, unless told otherwise, in the order in which they were opened."""

    def __init__(self, page, room, count, *scripts):
        self.page = page
        self._room = room
        self._scripts = scripts
        self.names = []
        for _ in range(count):
            self.open()

    def open(self, room=None):
        counting = COUNTING.replace("NUMBER", str(len(self.names)))
        self.names.append(chromium.open_tab(self.page.driver, counting, *self._scripts))
        self.page.open(room or self._room)

    def at(self, number):
        """The page in that tab."""
        self.page.driver.switch_to.window(self.names[number])
        return self.page

    @property
    def all(self):
        return (self.at(number) for number in range(len(self.names)))

    def held(self):
        """How many requests each of them holds; the browser is at one of them."""
        counts = "return arguments[0].map((number) => Number(localStorage[`held.${number}`] ?? 0))"
        return self.page.script(counts, list(range(len(self.names))))

    def hold(self, *numbers):
        """Waits until they hold so many."""
        self.page.until(lambda: self.held() == list(numbers), f"{numbers} held")


def test_of_several_tabs_the_newest_holds_a_request_and_all_show_each_message_once(open_browser, room):
    alice, budi, room = room
    tabs = Tabs(open_browser(budi).room, room, 3)
    tabs.hold(0, 0, 1)
    contents = []
    for number in range(10):
        contents.append(f"pesan {number}")
        alice.send(room, contents[-1])
    for number, page in enumerate(tabs.all):
        page.has_stored(*contents)
        contents.append(f"dari tab {number}")
        page.send(contents[-1])
        page.has_stored(*contents)
    for page in tabs.all:
        page.has_stored(*contents)
    assert alice.messages(room) == contents
    tabs.hold(0, 0, 1)


def test_a_tab_brought_to_the_front_takes_over(open_browser, room):
    alice, budi, room = room
    tabs = Tabs(open_browser(budi).room, room, 2)
    tabs.hold(0, 1)
    tabs.at(0)
    tabs.hold(1, 0)
    alice.send(room, "kepada keduanya")
    for page in tabs.all:
        page.has_stored("kepada keduanya")
    tabs.hold(0, 1)


@pytest.mark.parametrize("leave", ["close", "go elsewhere", "freeze"])
def test_when_the_holder_leaves_another_tab_takes_over(open_browser, room, leave):
    alice, budi, room = room
    tabs = Tabs(open_browser(budi).room, room, 3)
    alice.send(room, "sebelum")
    for page in tabs.all:
        page.has_stored("sebelum")
    page = tabs.at(2)
    if leave == "close":
        page.driver.close()
    elif leave == "freeze":
        page.driver.execute_cdp_cmd("Page.setWebLifecycleState", {"state": "frozen"})
    else:
        page.back()
    alice.send(room, "sementara itu")
    tabs.names.pop()
    for page in tabs.all:
        page.has_stored("sebelum", "sementara itu")
    tabs.hold(0, 1)
    alice.send(room, "sesudah")
    for page in tabs.all:
        page.has_stored("sebelum", "sementara itu", "sesudah")


def test_when_the_holder_dies_without_a_word_another_tab_takes_over(open_browser, room):
    alice, budi, room = room
    person = open_browser(budi)
    person.dashboard.open()
    tabs = Tabs(person.room, room, 2, IMPATIENT)
    tabs.hold(0, 1)
    chromium.crash(person.driver)
    tabs.names.pop()
    tabs.hold(1)
    alice.send(room, "masih ada")
    tabs.at(0).has_stored("masih ada")


def test_a_tab_that_has_missed_messages_asks_for_them(open_browser, room):
    alice, budi, room = room
    tabs = Tabs(open_browser(budi).room, room, 1)
    chromium.go_offline(tabs.at(0).driver)
    tabs.at(0).says("Koneksi terputus, mencoba lagi…")
    alice.send(room, "satu")
    tabs.open()
    alice.send(room, "dua")
    tabs.at(1).has_stored("satu", "dua")
    assert tabs.at(0).stored() == []
    chromium.go_offline(tabs.at(0).driver, offline=False)
    tabs.at(0).has_stored("satu", "dua")
    tabs.at(0).is_quiet()
    alice.send(room, "tiga")
    for page in tabs.all:
        page.has_stored("satu", "dua", "tiga")
    tabs.hold(0, 1)


def test_what_is_pending_shows_in_every_tab_until_it_is_sent(open_browser, room):
    alice, budi, room = room
    tabs = Tabs(open_browser(budi).room, room, 2)
    for page in tabs.all:
        chromium.block(page.driver, "*/send")
    tabs.at(0).send("nanti")
    for page in tabs.all:
        page.has_failed("nanti")
    tabs.at(1).send("lalu ini")
    tabs.at(0).has_pending("nanti", "lalu ini")
    tabs.at(1).click(".failed .discard")
    tabs.at(0).has_pending("lalu ini")
    chromium.block(tabs.at(0).driver)
    for page in tabs.all:
        page.has_stored("lalu ini")
    assert alice.messages(room) == ["lalu ini"]


def test_all_tabs_say_when_the_session_has_ended(open_browser, room):
    _, budi, room = room
    person = open_browser(budi)
    tabs = Tabs(person.room, room, 2)
    tabs.hold(0, 1)
    chromium.open_tab(person.driver)
    person.dashboard.open()
    person.dashboard.log_out()
    person.landing.reaches("/")
    for page in tabs.all:
        page.says("Sesi Anda sudah berakhir.")
    tabs.hold(0, 0)


def test_all_tabs_say_when_the_connection_is_lost_and_found(open_browser, room, server):
    _, budi, room = room
    tabs = Tabs(open_browser(budi).room, room, 2)
    tabs.hold(0, 1)
    try:
        assert server.stop() == 0, server.log()
        for page in tabs.all:
            page.says("Koneksi terputus, mencoba lagi…")
    finally:
        server.start()
    for page in tabs.all:
        page.until(lambda page=page: page.text(".connection") != "Koneksi terputus, mencoba lagi…", "a connection")
    tabs.hold(0, 1)


def test_when_the_machine_wakes_from_sleep_a_new_request_is_held(open_browser, room):
    _, budi, room = room
    tabs = Tabs(open_browser(budi).room, room, 1)
    tabs.hold(1)
    page = tabs.at(0)
    begun = page.script("return window.begun")
    page.script("const real = Date.now; Date.now = () => real() + 3_600_000;")
    page.until(lambda: page.script("return window.begun") == begun + 1, "a new request")
    tabs.hold(1)


def test_the_rooms_of_others_in_the_same_browser_do_not_mix(open_browser, register):
    alice = register("alice")
    rooms = [alice.create_room() for _ in range(2)]
    page = open_browser(alice).room
    tabs = []
    for room in rooms:
        tabs.append(chromium.open_tab(page.driver))
        page.open(room)
    for number, tab in enumerate(tabs):
        page.driver.switch_to.window(tab)
        page.send(f"di ruang {number}")
    for number, (room, tab) in enumerate(zip(rooms, tabs)):
        page.driver.switch_to.window(tab)
        page.has_stored(f"di ruang {number}")
        assert alice.messages(room) == [f"di ruang {number}"]


def test_of_many_rooms_four_hold_a_request_and_the_others_hear_all_the_same(open_browser, register):
    alice, budi = register("alice"), register("budi")
    rooms = [alice.create_room() for _ in range(6)]
    tabs = Tabs(open_browser(budi).room, None, 0)
    for room in rooms:
        budi.join(room)
        tabs.open(room)
    tabs.page.until(lambda: sum(tabs.held()) == 4, "four requests held")
    for room in rooms:
        alice.send(room, f"di ruang {room}")
    for room, page in zip(rooms, tabs.all):
        page.has_stored(f"di ruang {room}")
