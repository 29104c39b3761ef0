"""People talk to each other."""

import re

from selenium.webdriver.common.keys import Keys

# Less than anything takes that finds a message which nobody has told of: a held request ends after 25 s, and the server
# looks for what it has missed every 10 s.
SOON_SECONDS = 5


def test_the_example_from_registration_to_leaving_the_room(open_browser):
    john, alice = open_browser(), open_browser()

    john.landing.open()
    john.landing.register("john")
    john.dashboard.reaches("/dashboard")
    john.dashboard.shows("h1", "Selamat datang, john!")
    john.dashboard.create_group()
    room = john.room.reaches_one()
    john.room.shows(".empty-title", f"Room created! Share ID: {room}")
    john.room.has_facts(f"Room ID: {room} | Type: Group | Members: 1")

    alice.landing.open()
    alice.landing.register("alice")
    alice.dashboard.reaches("/dashboard")
    alice.dashboard.shows("h1", "Selamat datang, alice!")
    alice.dashboard.join(room)
    alice.room.reaches(f"/room/{room}")
    alice.room.has_facts(f"Room ID: {room} | Type: Group | Members: 2")
    john.room.has_facts(f"Room ID: {room} | Type: Group | Members: 2")

    alice.room.send("Hai semua!")
    assert re.fullmatch(r"\[alice\] \d\d:\d\d - Hai semua!", john.room.hears("Hai semua!"))
    alice.room.is_settled()
    assert re.fullmatch(r"\[you\] \d\d:\d\d - Hai semua!", alice.room.hears("Hai semua!"))

    john.room.send("Hai, alice.")
    assert alice.room.hears("Hai, alice.").startswith("[john] ")

    alice.room.back()
    alice.dashboard.reaches("/dashboard")
    alice.dashboard.click(f'.rooms-item[href="/room/{room}"]')
    alice.room.reaches(f"/room/{room}")
    assert alice.room.contents() == ["Hai semua!", "Hai, alice."]
    alice.room.leave()
    alice.dashboard.reaches(rf"/dashboard\?left={room}")
    alice.dashboard.shows(".left p", f"Anda keluar dari Room {room}.")
    john.room.has_facts(f"Room ID: {room} | Type: Group | Members: 1")
    alice.driver.back()
    alice.room.shows(".lead", "Anda bukan anggota ruang ini.")

    john.room.leave()
    john.dashboard.reaches(rf"/dashboard\?left={room}")
    john.dashboard.until(lambda: john.dashboard.find(".rooms-empty"), "no room left")


def test_a_message_shows_at_the_other_side_at_once(open_browser, register):
    alice, budi = register("alice"), register("budi")
    room = alice.create_room()
    budi.join(room)
    sender, receiver = open_browser(alice).room, open_browser(budi).room
    sender.open(room)
    receiver.open(room)
    for content in ("satu", "dua", "tiga"):
        sender.send(content)
        receiver.hears(content, seconds=SOON_SECONDS)
    assert receiver.contents() == ["satu", "dua", "tiga"]


def test_a_message_that_changes_is_shown_in_its_place(server, open_browser, register):
    alice, budi = register("alice"), register("budi")
    room = alice.create_room()
    budi.join(room)
    page = open_browser(budi).room
    page.open(room)
    for content in ("satu", "dua", "tiga"):
        alice.send(room, content)
    page.has_stored("satu", "dua", "tiga")
    for before, after in (("dua", "<b>DUA</b>"), ("tiga", "TIGA"), ("<b>DUA</b>", "dua lagi")):
        server.cluster.psql(
            f"UPDATE messages SET content = '{after}' WHERE room_id = {room} AND content = '{before}'; "
            f"SELECT pg_notify('obrolan', 'test r{room}')")
        page.hears(after, seconds=SOON_SECONDS)
    assert page.stored() == ["satu", "dua lagi", "TIGA"]
    page.send("empat")
    page.has_stored("satu", "dua lagi", "TIGA", "empat")
    page.driver.refresh()
    assert page.stored() == ["satu", "dua lagi", "TIGA", "empat"]


def test_enter_sends_and_shift_enter_makes_a_line(open_browser, register):
    alice = register("alice")
    room = alice.create_room()
    page = open_browser(alice).room
    page.open(room)
    page.write("baris satu", Keys.SHIFT, Keys.ENTER, Keys.NULL, "baris dua")
    assert page.find("#content").get_property("value") == "baris satu\nbaris dua"
    page.write(Keys.ENTER)
    page.hears("baris satu\nbaris dua")
    assert page.find("#content").get_property("value") == ""
    page.is_settled()
    assert alice.messages(room) == ["baris satu\nbaris dua"]


def test_a_blank_message_is_not_sent(open_browser, register):
    alice = register("alice")
    room = alice.create_room()
    page = open_browser(alice).room
    page.open(room)
    page.send("   ")
    page.find("#content").clear()
    page.send("ada isinya")
    page.hears("ada isinya")
    page.is_settled()
    assert alice.messages(room) == ["ada isinya"]


def test_a_dm_is_for_two_and_the_third_person_is_told_on_the_dashboard(open_browser, register):
    alice, budi, citra = register("alice"), register("budi"), register("citra")
    first, third = open_browser(alice), open_browser(citra)
    first.dashboard.open()
    first.dashboard.create_dm()
    room = first.room.reaches_one()
    first.room.has_facts(f"Room ID: {room} | Type: DM | Members: 1")
    budi.join(room)
    first.room.has_facts(f"Room ID: {room} | Type: DM | Members: 2")

    third.dashboard.open()
    third.dashboard.join(room)
    third.dashboard.shows("#join-error", "DM ini sudah berisi dua orang.")
    third.dashboard.shows("h1", f"Selamat datang, {citra.name}!")
    assert third.dashboard.find("#join-id").get_property("value") == str(room)


def test_a_dm_can_name_its_other_person(open_browser, register):
    alice, budi = register("alice"), register("budi")
    first, second = open_browser(alice), open_browser(budi)
    first.dashboard.open()
    first.dashboard.create_dm(budi.name)
    first.room.reaches_one()
    first.room.shows("h1", budi.name)
    first.room.send("Halo, Budi.")
    first.room.is_settled()
    second.dashboard.open()
    second.dashboard.shows(".rooms-label", alice.name)
    second.dashboard.shows(".rooms-last", f"{alice.name}: Halo, Budi.")


def test_markup_in_messages_and_names_is_text(open_browser, register):
    markup = '<script>window.harmed = true</script><img src="/x" onerror="window.harmed = true"><b>&amp;</b> {{ user }}'
    name = "<b>tebal</b> & <i>miring"
    alice, budi = register("alice"), register("budi")
    room = alice.create_room(name=name)
    budi.join(room)
    reader = open_browser(budi)
    reader.room.open(room)
    alice.send(room, markup)
    reader.room.hears(markup)
    reader.room.open(room)
    assert reader.room.contents() == [markup]
    reader.room.shows("h1", name)
    assert reader.driver.title == f"{name} – Obrolan"
    assert not reader.room.find_all(".content *, h1 *")
    reader.room.shows(".side .rooms-label", name)
    reader.dashboard.open()
    reader.dashboard.shows(".rooms-label", name)
    reader.dashboard.join('"><b>1')
    reader.dashboard.shows("#join-error", "Room ID harus berupa angka, misalnya 7.")
    assert reader.dashboard.find("#join-id").get_property("value") == '"><b>1'
    assert reader.room.script("return window.harmed") is None
