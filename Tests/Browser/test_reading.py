"""Reading a long room: where one is, and what came meanwhile."""

import pytest
from selenium.webdriver.common.by import By

SEEDED = 120
TOP_OF = "return document.getElementById(arguments[0]).getBoundingClientRect().top"
CONTENTS_OF = """
    return [...document.querySelectorAll(`[role=log] ${arguments[0]}`)].map((message) =>
        message.querySelector(".content").textContent);
"""
AT_END = """
    const log = document.querySelector(".log-scroller");
    return log.scrollHeight - log.clientHeight - log.scrollTop < 2;
"""


@pytest.fixture
def long_room(register):
    """Two people and a room in which one of them has written 120 messages."""
    alice, budi = register("alice"), register("budi")
    room = alice.create_room()
    budi.join(room)
    for number in range(SEEDED):
        alice.send(room, f"Pesan {number}")
    return alice, budi, room


def scroll_up(page, pixels):
    page.script("document.querySelector('.log-scroller').scrollBy(0, -arguments[0])", pixels)
    page.until(lambda: page.find(".to-end").is_displayed(), "the button to go down")


def set_time(server, room, time="10:05", condition="true"):
    """Has messages come at one moment of one day, whatever the time is."""
    server.cluster.psql(
        f"UPDATE messages SET created_at = '2026-01-31T{time}:00Z' WHERE room_id = {room} AND {condition}")


def first_in_sight(page):
    return page.script("""
        const top = document.querySelector(".log-scroller").getBoundingClientRect().top;
        return [...document.querySelectorAll(".message")].find((each) => each.getBoundingClientRect().top >= top).id;
    """)


def test_a_room_opens_at_its_end_and_follows_what_comes(open_browser, long_room):
    alice, budi, room = long_room
    page = open_browser(budi).room
    page.open(room)
    assert page.script(AT_END)
    assert not page.find(".to-end").is_displayed()
    alice.send(room, "yang terbaru")
    page.hears("yang terbaru")
    page.until(lambda: page.script(AT_END), "the end")
    assert not page.find_all(".unread")


def test_who_has_scrolled_up_stays_there_and_is_told_how_many_messages_came(open_browser, long_room):
    alice, budi, room = long_room
    page = open_browser(budi).room
    page.open(room)
    scroll_up(page, 400)
    page.shows(".to-end", "↓ Ke pesan terbaru")
    seen = first_in_sight(page)
    before = page.script(TOP_OF, seen)
    for number, content in enumerate(("satu", "dua", "tiga"), 1):
        alice.send(room, content)
        page.shows(".to-end", f"↓ {number} pesan baru")
    assert abs(page.script(TOP_OF, seen) - before) < 1
    unread = page.find(".unread")
    assert unread.text == "pesan baru"
    following = unread.find_element(By.XPATH, "following-sibling::*[contains(@class, 'message')]")
    assert following.find_element(By.CSS_SELECTOR, ".content").text == "satu"
    page.click(".to-end")
    page.until(lambda: page.script(AT_END), "the end")
    page.until(lambda: not page.find(".to-end").is_displayed(), "no button")


def test_the_line_before_what_is_new_goes_where_the_news_are(open_browser, long_room):
    alice, budi, room = long_room
    page = open_browser(budi).room
    page.open(room)
    for content in ("satu", "dua"):
        scroll_up(page, 400)
        alice.send(room, content)
        page.shows(".to-end", "↓ 1 pesan baru")
        assert page.script(CONTENTS_OF, ".unread + .message") == [content]
        assert len(page.find_all(".unread")) == 1
        page.click(".to-end")
        page.until(lambda: page.script(AT_END), "the end")
        page.until(lambda: not page.find(".to-end").is_displayed(), "no button")


def test_one_persons_messages_are_a_group_and_those_of_deleted_accounts_are_none(server, open_browser, register):
    alice, budi, citra, dewi = (register(name) for name in ("alice", "budi", "citra", "dewi"))
    room = alice.create_room()
    for person in (budi, citra, dewi):
        person.join(room)
    for person, content in ((alice, "nol"), (alice, "satu"), (alice, "dua"), (citra, "tiga"), (dewi, "empat")):
        person.send(room, content)
    for person in (citra, dewi):
        person.delete_account()
    set_time(server, room)
    set_time(server, room, "10:00", "content = 'nol'")
    page = open_browser(budi).room
    page.open(room)
    # The server groups them, too: what is asked for is what the script makes of them, which writes this title.
    page.until(lambda: page.script("return document.querySelector('.message time').title"), "the script")
    assert page.script(CONTENTS_OF, ".message") == ["nol", "satu", "dua", "tiga", "empat"]
    assert page.script(CONTENTS_OF, ".message[data-sender-id='0']") == ["tiga", "empat"]
    assert page.script(CONTENTS_OF, ".message.grouped") == ["dua"], "the first came five minutes before"


def test_older_messages_load_when_one_scrolls_up(server, open_browser, long_room):
    _, budi, room = long_room
    set_time(server, room)
    page = open_browser(budi).room
    page.open(room)
    assert page.contents() == [f"Pesan {number}" for number in range(70, SEEDED)]
    for expected in (100, SEEDED):
        oldest = page.find(".message").get_attribute("id")
        page.script("document.querySelector('.log-scroller').scrollTop = 0")
        page.until(lambda expected=expected: len(page.contents()) == expected, f"{expected} messages")
        assert page.script(TOP_OF, oldest) > 0, "what one was reading is still in sight"
        assert page.script("return document.querySelector('.log-scroller').scrollTop") > 0
        assert len(page.find_all(".day")) == 1
    assert page.contents() == [f"Pesan {number}" for number in range(SEEDED)]
    assert not page.find_all(".older")


def test_the_title_counts_what_came_while_the_tab_was_hidden(open_browser, register):
    alice, budi = register("alice"), register("budi")
    room = alice.create_room(name="Warung")
    budi.join(room)
    reader = open_browser(budi)
    reader.room.open(room)
    assert reader.driver.title == "Warung – Obrolan"
    tab = reader.driver.current_window_handle
    reader.driver.switch_to.new_window("tab")

    def title_of_the_hidden_tab():
        targets = reader.driver.execute_cdp_cmd("Target.getTargets", {})["targetInfos"]
        return next(target["title"] for target in targets if target["targetId"] == tab)

    for number in (1, 2):
        alice.send(room, f"Pesan {number}")
        expected = f"({number}) Warung – Obrolan"
        reader.room.until(lambda expected=expected: title_of_the_hidden_tab() == expected, expected)
    reader.driver.close()
    reader.driver.switch_to.window(tab)
    reader.room.until(lambda: reader.driver.title == "Warung – Obrolan", "the title without a count")
    reader.room.shows(".unread", "pesan baru")
