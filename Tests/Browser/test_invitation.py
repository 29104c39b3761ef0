"""From opening the site to a guest's first message, and what an invitation is handed on by."""

import pytest
from obrolan_testing.client import Member
from selenium.webdriver.common.keys import Keys

HAND_ON = """
    Object.defineProperty(navigator, "share", { configurable: true, value: async (data) => { window.handedOn = data; } });
"""
NO_WAY_TO_HAND_ON = 'Object.defineProperty(navigator, "share", { configurable: true, value: undefined });'


class Clicks:
    """Clicks, and counts them."""

    def __init__(self):
        self.count = 0

    def __call__(self, page, selector):
        self.count += 1
        page.click(selector)


def test_a_guest_says_something_after_four_clicks_and_two_names(open_browser):
    host, guest, click = open_browser(), open_browser(), Clicks()
    host.landing.open()
    host.landing.fill("#register-username", "tuan-rumah")
    click(host.landing, 'form[action="/register"] button')
    host.dashboard.reaches("/dashboard")
    click(host.dashboard, ".create button")
    room = host.room.reaches_one()
    invitation = host.page.find(".room-copy").get_attribute("data-copy-path")
    assert invitation == f"/join/{room}"

    guest.page.go(invitation)
    guest.page.reaches(rf"/\?next=%2Fjoin%2F{room}")
    guest.landing.fill("#register-username", "tamu-pertama")
    click(guest.landing, 'form[action="/register"] button')
    guest.page.reaches(invitation)
    guest.page.shows(".room-facts", f"Room ID: {room} | Type: Group | Members: 1")
    click(guest.page, 'form[action="/room/join"] button')
    guest.room.reaches(f"/room/{room}")
    guest.room.send("Hai, saya di sini.")
    assert host.room.hears("Hai, saya di sini.").startswith("[tamu-pertama] ")
    assert click.count <= 4


def test_the_same_way_leads_in_without_javascript(open_browser, register):
    host = register("host")
    room = host.create_room(name="Kelas 4B")
    guest, click = open_browser(javascript=False), Clicks()
    guest.page.go(f"/join/{room}")
    guest.page.reaches(rf"/\?next=%2Fjoin%2F{room}")
    guest.landing.register("tamu-tanpa-skrip")
    guest.page.reaches(f"/join/{room}")
    guest.page.shows("h1", "Kelas 4B")
    click(guest.page, 'form[action="/room/join"] button')
    guest.room.reaches(f"/room/{room}")
    guest.room.write("Hai!")
    click(guest.room, ".composer button")
    assert guest.room.hears("Hai!").startswith("[you] ")
    assert click.count == 2


@pytest.mark.parametrize("javascript", [True, False])
def test_a_name_that_nobody_has_is_registered_with_one_press(open_browser, register, javascript):
    room = register("host").create_room()
    guest = open_browser(javascript=javascript)
    name = f"ratna-{'dengan' if javascript else 'tanpa'}"
    guest.page.go(f"/join/{room}")
    guest.landing.log_in(name)
    guest.landing.shows("#login-error", "Tidak ada pengguna dengan nama itu.")
    guest.landing.shows('button[formaction="/register"]', f"Daftar sebagai {name}")
    guest.landing.click('button[formaction="/register"]')
    guest.page.reaches(f"/join/{room}")
    guest.page.shows(".navbar-user", name)


def test_whoever_has_typed_something_wrong_goes_on_behind_it(open_browser, register):
    person = open_browser()
    person.landing.open()
    person.landing.log_in("wulandari")
    person.landing.reaches("/login")
    person.page.press("-2")
    assert person.page.find("#login-username").get_attribute("value") == "wulandari-2"
    person.landing.register("a b")
    person.landing.reaches("/register")
    person.page.press("c")
    assert person.page.find("#register-username").get_attribute("value") == "a bc"

    member = open_browser(register("alice"))
    member.dashboard.open()
    member.dashboard.join("99999")
    member.dashboard.reaches("/room/join")
    member.page.press("7")
    assert member.page.find("#join-id").get_attribute("value") == "999997"


@pytest.mark.parametrize("path", ["/room/{}", "/room/{}/details"])
def test_an_invitation_is_handed_on_where_the_browser_can(open_browser, register, path):
    alice = register("alice")
    room = alice.create_room(name="Arisan")
    page = open_browser(alice).page
    page.go(path.format(room))
    page.script(HAND_ON)
    page.click("[data-share]")
    handed_on = page.until(lambda: page.script("return window.handedOn"), "what was handed on")
    assert handed_on == {"title": "Arisan", "url": f"{page.url}/join/{room}"}


def test_an_invitation_is_copied_where_it_cannot_be_handed_on(open_browser, register):
    alice = register("alice")
    room = alice.create_room()
    page = open_browser(alice).room
    page.open(room)
    page.script(NO_WAY_TO_HAND_ON)
    page.click(".room-copy")
    page.until(lambda: page.find(".room-copy").get_attribute("aria-label") == "Tersalin", "that it is copied")
    page.click("#content")
    page.press(Keys.CONTROL, "v", Keys.NULL)
    assert page.find("#content").get_attribute("value") == f"{page.url}/join/{room}"


def test_the_poster_prints_the_code_large_and_nothing_to_press(open_browser, register):
    alice = register("alice")
    room = alice.create_room(name="Kelas 4B")
    page = open_browser(alice).page
    page.go(f"/room/{room}")
    page.click('.empty a[href$="/poster"]')
    page.reaches(f"/join/{room}/poster")
    page.shows("h1", "Kelas 4B")
    page.shows(".poster-address", f"{page.url}/join/{room}")
    assert page.script("const { naturalWidth, complete } = document.querySelector('.qr'); return complete && naturalWidth > 0")
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        seen = [page.find(selector).is_displayed() for selector in (".navbar", ".poster-actions", ".qr", ".poster-address")]
        share = page.script("return document.querySelector('.qr').getBoundingClientRect().width / innerHeight")
    finally:
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert seen == [False, False, True, True]
    assert share > 0.5


def test_the_other_browsers_are_logged_out_from_one_of_them(open_browser, server):
    member = Member(server.port, "dua-peramban")
    here, there = open_browser(), open_browser(member)
    here.landing.open()
    here.landing.log_in("dua-peramban")
    here.dashboard.reaches("/dashboard")
    here.dashboard.click(".sessions summary")
    assert [each.text.partition(",")[0] for each in here.page.find_all(".sessions li")] == ["Peramban ini", "Peramban lain"]
    here.dashboard.click('form[action="/logout/others"] button')
    here.dashboard.until(lambda: not here.page.find_all('form[action="/logout/others"]'), "no other session")
    there.dashboard.open()
    there.landing.reaches("/")
