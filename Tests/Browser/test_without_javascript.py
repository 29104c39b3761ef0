"""Everything works in a browser without scripts, by forms and reloading."""


def test_the_whole_way_works_without_javascript(open_browser):
    john, alice = open_browser(javascript=False), open_browser(javascript=False)

    john.landing.open()
    john.landing.register("tanpa-skrip")
    john.dashboard.reaches("/dashboard")
    john.dashboard.shows("h1", "Selamat datang, tanpa-skrip!")
    john.dashboard.create_group("Ruang polos")
    room = john.room.reaches_one()
    john.room.shows(".empty-title", f"Room created! Share ID: {room}")
    john.room.shows(".hint", "Tanpa JavaScript, muat ulang untuk melihat pesan baru.")

    alice.landing.open()
    alice.landing.register("polos")
    alice.dashboard.reaches("/dashboard")
    alice.dashboard.join(room)
    alice.room.reaches(f"/room/{room}")
    alice.room.write("Hai semua!")
    alice.room.click(".composer button")
    assert alice.room.hears("Hai semua!").startswith("[you] ")
    alice.room.write(" ")
    alice.room.click(".composer button")
    alice.room.shows("#composer-error", "Pesan tidak boleh kosong.")

    john.room.open(room)
    john.room.has_facts(f"Room ID: {room} | Type: Group | Members: 2")
    assert john.room.hears("Hai semua!").startswith("[polos] ")

    john.room.leave()
    john.dashboard.reaches(rf"/dashboard\?left={room}")
    john.dashboard.log_out()
    john.landing.reaches("/")
    john.landing.log_in("tanpa-skrip")
    john.dashboard.reaches("/dashboard")
    alice.room.back()
    alice.dashboard.reaches("/dashboard")
    alice.dashboard.delete_account()
    alice.landing.reaches("/")
    alice.landing.log_in("polos")
    alice.landing.shows("#login-error", "Tidak ada pengguna dengan nama itu.")


def test_older_messages_are_a_link_away_without_javascript(open_browser, register):
    alice = register("alice")
    room = alice.create_room()
    for number in range(60):
        alice.send(room, f"Pesan {number}")
    page = open_browser(alice, javascript=False).room
    page.open(room)
    assert page.contents() == [f"Pesan {number}" for number in range(10, 60)]
    at_end = "const { scrollTop } = document.querySelector('.log-scroller'); return Math.abs(scrollTop) < 1"
    assert page.script(at_end), "the newest message is in sight at first"
    page.script("document.querySelector('.older').scrollIntoView()")
    page.click(".older a")
    page.until(lambda: page.contents() == [f"Pesan {number}" for number in range(10)], "the first ten")
    assert not page.find_all(".older")
