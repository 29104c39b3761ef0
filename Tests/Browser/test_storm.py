"""Somebody writes in several tabs while everything breaks that can: all is stored, once, in the order of writing."""

import random

import chromium
import pytest
from obrolan_testing.program import running

STEPS = 60
TABS = 3
RECOVERY_SECONDS = 60


@pytest.fixture
def server():
    """One of its own, which may be killed."""
    with running() as server:
        yield server


class Storm:
    """The tabs, and what happens to them."""

    def __init__(self, page, server, room, friend, chance):
        self.page = page
        self.sent = []
        self._server = server
        self._room = room
        self._friend = friend
        self._chance = chance
        self._is_serving = True
        self._offline = {}
        for _ in range(TABS):
            self._offline[chromium.open_tab(page.driver)] = False
            page.open(room)

    def step(self):
        """Something happens in one of the tabs."""
        tab = self._chance.choice(list(self._offline))
        self.page.driver.switch_to.window(tab)
        kinds = [self._write, self._toggle_network, self._break_server, self._mend_server, self._reload, self._hear]
        self._chance.choices(kinds, [50, 10, 8, 16, 8, 8])[0](tab)

    def calm(self):
        """Everything works again."""
        self._mend_server()
        for tab in self.tabs():
            if self._offline[tab]:
                self._toggle_network(tab)

    def tabs(self):
        """Goes to each tab in turn."""
        for tab in self._offline:
            self.page.driver.switch_to.window(tab)
            yield tab

    def _write(self, _):
        self.sent.append(f"pesan {len(self.sent)}")
        self.page.send(self.sent[-1])

    def _toggle_network(self, tab):
        self._offline[tab] = not self._offline[tab]
        chromium.go_offline(self.page.driver, self._offline[tab])

    def _break_server(self, _):
        if self._is_serving:
            self._chance.choice([self._server.stop, self._server.kill])()
        self._is_serving = False

    def _mend_server(self, _=None):
        if not self._is_serving:
            self._server.start()
        self._is_serving = True

    def _reload(self, tab):
        if self._is_serving and not self._offline[tab]:
            self.page.driver.refresh()

    def _hear(self, _):
        if self._is_serving:
            self._friend.send(self._room, "dari teman")


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_lost_or_doubled_in_a_storm(open_browser, register, server, seed):
    alice, budi = register("alice"), register("budi")
    room = alice.create_room()
    budi.join(room)
    page = open_browser(alice).room
    storm = Storm(page, server, room, budi, random.Random(seed))
    for _ in range(STEPS):
        storm.step()
    storm.calm()
    for _ in storm.tabs():
        page.until(lambda: page.pending() == [], "all sent", RECOVERY_SECONDS)
    said = budi.messages(room)
    assert [content for content in said if content != "dari teman"] == storm.sent
    for _ in storm.tabs():
        # A tab that was loaded anew has the newest fifty and what came since.
        page.until(lambda: page.stored() == said[-len(page.stored()) :], f"the end of {said}")
        assert len(page.stored()) >= min(50, len(said))
