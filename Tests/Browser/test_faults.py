"""Networks break, servers restart: nothing is lost and nothing is said twice."""

import chromium


def test_a_message_that_failed_is_kept_and_stored_once_when_the_network_is_back(open_browser, room):
    alice, budi, room = room
    page = open_browser(alice).room
    page.open(room)
    chromium.go_offline(page.driver)
    page.says("Koneksi terputus, mencoba lagi…")
    page.send("jangan hilang")
    page.shows(".failed .delivery-state", "Gagal terkirim")
    assert page.contents() == ["jangan hilang"]
    chromium.go_offline(page.driver, offline=False)
    page.says("Terhubung kembali")
    page.is_settled()
    page.is_quiet()
    page.hears("jangan hilang")
    assert budi.messages(room) == ["jangan hilang"]


def test_a_message_whose_answer_was_lost_is_stored_once(open_browser, room):
    alice, budi, room = room
    page = open_browser(alice).room
    page.open(room)
    page.script("""
        const real = window.fetch;
        window.lost = 0;
        window.fetch = async (url, options) => {
            const response = await real(url, options);
            if (options?.method !== "POST" || window.lost > 0) return response;
            window.lost += 1;
            throw new TypeError("the answer was lost");
        };
    """)
    page.send("sekali saja")
    page.until(lambda: page.script("return window.lost") == 1, "the answer lost")
    page.is_settled()
    page.send("lalu ini")
    page.is_settled()
    assert page.contents() == ["sekali saja", "lalu ini"]
    assert budi.messages(room) == ["sekali saja", "lalu ini"]


def test_a_page_recovers_by_itself_when_the_server_restarts(open_browser, server, room):
    alice, budi, room = room
    page = open_browser(budi).room
    page.open(room)
    alice.send(room, "sebelum")
    page.hears("sebelum")
    try:
        assert server.stop() == 0, server.log()
        page.says("Koneksi terputus, mencoba lagi…")
    finally:
        server.start()
    alice.send(room, "sementara itu")
    page.hears("sementara itu")
    page.is_quiet()
    page.send("sesudah")
    page.is_settled()
    assert alice.messages(room) == ["sebelum", "sementara itu", "sesudah"]


def test_logging_out_in_one_tab_ends_the_other(open_browser, room):
    alice, _, room = room
    person = open_browser(alice)
    person.room.open(room)
    first = person.driver.current_window_handle
    person.driver.switch_to.new_window("tab")
    person.dashboard.open()
    person.dashboard.log_out()
    person.landing.reaches("/")
    person.driver.switch_to.window(first)
    person.room.says("Sesi Anda sudah berakhir.")
    assert person.room.find(".composer button").get_property("disabled")
    person.room.click(".connection a")
    person.landing.reaches("/")


def test_a_deleted_account_leaves_its_messages_without_a_name(open_browser, room):
    alice, budi, room = room
    alice.send(room, "kenang-kenangan")
    leaver, stayer = open_browser(alice), open_browser(budi)
    stayer.room.open(room)
    leaver.dashboard.open()
    leaver.dashboard.delete_account()
    leaver.landing.reaches("/")
    stayer.room.has_facts(f"Room ID: {room} | Type: Group | Members: 1")
    stayer.room.open(room)
    assert stayer.room.hears("kenang-kenangan").startswith("[akun dihapus] ")
    stayer.dashboard.open()
    stayer.dashboard.shows(".rooms-last", "akun dihapus: kenang-kenangan")
    leaver.landing.log_in(alice.name)
    leaver.landing.shows("#login-error", "Tidak ada pengguna dengan nama itu.")
