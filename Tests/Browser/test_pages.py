"""What every page has to be: narrow enough, dark when wished for, without complaints, usable by the keyboard."""

import chromium
import pytest
from selenium.webdriver.common.keys import Keys

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
BACKGROUND = """
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
"""
FOCUS = """
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    const box = document.activeElement.getBoundingClientRect();
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && box.width > 1 && box.height > 1;
"""


@pytest.fixture
def paths(register):
    """Somebody with full rooms, an empty one and long names, and the paths of all pages that she can open."""
    alice = register("Ayu-" + "w" * 24)
    full, empty = alice.create_room(name="W" * 64), alice.create_room("dm")
    strange = register("Orang").create_room(name="W" * 64)
    for content in ("Halo!", LONG_WORD, "a\n" * 20 + "z", "🎉🎉", "שלום עולם"):
        alice.send(full, content)
    return alice, ["/dashboard", "/my-rooms", f"/room/{full}", f"/room/{empty}", "/room/999999999", "/tidak-ada",
                   f"/room/{full}/details", f"/join/{full}/poster", f"/join/{strange}", f"/room/{strange}"]


def visit_all(person, paths):
    """Opens the landing page as a stranger, then every other page, and yields each path."""
    alice, others = paths
    person.page.go("/")
    yield "/"
    chromium.log_in(person.driver, person.page, alice)
    for path in others:
        person.page.go(path)
        yield path
    person.dashboard.open()
    person.dashboard.join("bukan angka, melainkan sesuatu yang panjang")
    person.dashboard.reaches("/room/join")
    yield "/room/join"


@pytest.mark.parametrize("width", [320, 360, 599, 600, 900, 1280])
def test_no_page_scrolls_sideways(open_browser, paths, width):
    person = open_browser()
    chromium.show(person.driver, width)
    wide = [
        path
        for path in visit_all(person, paths)
        if person.page.script("return document.documentElement.scrollWidth > document.documentElement.clientWidth")
    ]
    assert wide == []


@pytest.mark.parametrize(("dark", "brightness"), [(False, range(200, 256)), (True, range(60))], ids=["light", "dark"])
def test_the_background_follows_the_preferred_colour_scheme(open_browser, paths, dark, brightness):
    person = open_browser()
    chromium.show(person.driver, dark=dark)
    for path in visit_all(person, paths):
        assert all(part in brightness for part in person.page.script(BACKGROUND)), path


def test_no_page_makes_the_browser_complain(open_browser, paths):
    person = open_browser()
    for path in visit_all(person, paths):
        # The browser notes by itself that the page it was asked for answered with an error.
        complaints = [text for text in person.page.console() if f"{path} - Failed to load resource" not in text]
        assert complaints == [], path


def test_every_page_has_one_heading_a_main_part_and_a_title(open_browser, paths):
    person = open_browser()
    for path in visit_all(person, paths):
        assert len(person.page.find_all("h1")) == 1, path
        assert len(person.page.find_all("main")) == 1, path
        assert person.driver.title.endswith("Obrolan"), path


def test_the_room_announces_messages_politely(open_browser, register):
    alice = register("alice")
    room = alice.create_room()
    page = open_browser(alice).room
    page.open(room)
    log = page.find('[role="log"]')
    assert log.get_attribute("aria-live") == "polite"
    assert log.accessible_name == "Pesan"


def tab_through(page, count):
    """Presses Tab that many times and returns the accessible names of what has the focus, each visibly."""
    names = []
    for _ in range(count):
        page.press(Keys.TAB)
        assert page.script(FOCUS), f"no visible focus after {names}"
        names.append(page.driver.switch_to.active_element.accessible_name)
    return names


def test_the_landing_page_is_usable_by_keyboard(open_browser):
    person = open_browser()
    person.landing.open()
    assert person.driver.switch_to.active_element.get_attribute("id") == "login-username"
    assert person.page.script(FOCUS)
    assert tab_through(person.page, 3) == ["Masuk", "Nama pengguna baru", "Daftar"]
    person.page.press(Keys.SHIFT, Keys.TAB, Keys.NULL)
    person.page.press("papan-ketik", Keys.ENTER)
    person.dashboard.reaches("/dashboard")


def test_the_room_is_usable_by_keyboard(open_browser, register):
    alice = register("alice")
    room = alice.create_room(name="Warung")
    page = open_browser(alice).room
    page.open(room)
    page.until(lambda: page.find_all(".side .rooms-item"), "the list of rooms")
    assert page.driver.switch_to.active_element.get_attribute("id") == "content"
    page.press("dari papan ketik", Keys.TAB)
    assert page.driver.switch_to.active_element.accessible_name == "Send"
    page.press(Keys.SPACE)
    page.hears("dari papan ketik")
    assert page.driver.switch_to.active_element.get_attribute("id") == "content"
    page.is_settled()
    page.script("document.body.tabIndex = -1; document.body.focus()")
    names = tab_through(page, 13)
    room_link = names.pop(5)
    assert room_link.startswith("Warung")
    assert names == [
        "Lewati ke isi", "Obrolan", "Ruang saya", alice.name, "Keluar",
        "Back", f"Room ID: {room} | Type: Group | Members: 1", "Bagikan undangan", "Leave room", "Percakapan",
        f"Tindakan untuk pesan {page.find('.message').get_attribute('data-id')}", "Pesan",
    ]  # fmt: skip


def test_the_first_tab_offers_to_skip_to_the_content(open_browser, register):
    page = open_browser(register("alice")).page
    page.go("/my-rooms")
    assert tab_through(page, 1) == ["Lewati ke isi"]
    page.press(Keys.ENTER)
    page.reaches("/my-rooms#main")
