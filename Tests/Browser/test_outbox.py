"""What one has written is kept until the server has it, and is stored once."""

import chromium
import pytest

SEND = "*/send"
WITHOUT_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });"
WITHOUT_STORAGE = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } });"
# After a failure nothing is tried again by itself for long.
PATIENT = """
    const real = setTimeout;
    window.setTimeout = (action, milliseconds, ...more) =>
        real(action, milliseconds < 500 ? milliseconds : milliseconds * 100, ...more);
"""
FILL_STORAGE = """
    for (let size = 1 << 22; size >= 1; size >>= 1) {
        try {
            for (let n = 0; ; n++) localStorage.setItem(`filler.${size}.${n}`, "x".repeat(size));
        } catch {}
    }
"""
ASKS_BEFORE_LEAVING = """
    const event = new Event("beforeunload", { cancelable: true });
    dispatchEvent(event);
    return event.defaultPrevented;
"""
ANSWERS_GET_LOST = """
    const real = fetch;
    window.fetch = async (url, options) => {
        if (options?.method !== "POST") return real(url, options);
        await real(url, { ...options, signal: undefined });
        return new Promise((_, reject) => {
            options.signal.addEventListener("abort", () => reject(options.signal.reason));
        });
    };
"""
NOTHING_IS_HEARD = """
    const real = fetch;
    window.fetch = async (url, options) => {
        if (options?.method === "POST") window.stored = (await real(url, options)).status;
        return new Promise(() => {});
    };
"""


def kept(page):
    """How many messages the browser keeps."""
    return page.script("return Object.keys(localStorage).filter((key) => key.startsWith('obrolan.outbox.')).length")


def test_what_is_written_offline_is_pending_and_sent_in_order_when_the_network_is_back(open_browser, room):
    alice, budi, room = room
    page = open_browser(alice).room
    page.open(room)
    chromium.go_offline(page.driver)
    page.says("Koneksi terputus, mencoba lagi…")
    for content in ("satu", "dua", "tiga"):
        page.send(content)
    page.has_failed("satu")
    page.has_pending("satu", "dua", "tiga")
    assert len(page.find_all(".failed")) == 1
    budi.send(room, "sementara itu")
    chromium.go_offline(page.driver, offline=False)
    page.has_stored("sementara itu", "satu", "dua", "tiga")
    assert budi.messages(room) == ["sementara itu", "satu", "dua", "tiga"]
    assert kept(page) == 0


def test_what_could_not_be_sent_survives_a_reload(open_browser, room):
    alice, budi, room = room
    page = open_browser(alice).room
    page.open(room)
    chromium.block(page.driver, SEND)
    page.send("satu")
    page.send("dua")
    page.has_failed("satu")
    page.driver.refresh()
    page.has_failed("satu")
    page.has_pending("satu", "dua")
    assert not page.find(".empty").is_displayed()
    chromium.block(page.driver)
    page.driver.refresh()
    page.has_stored("satu", "dua")
    assert budi.messages(room) == ["satu", "dua"]


def test_what_was_written_in_a_tab_that_crashed_is_sent_once(open_browser, room):
    alice, budi, room = room
    person = open_browser(alice)
    chromium.open_tab(person.driver)
    person.room.open(room)
    chromium.block(person.driver, SEND)
    person.room.send("belum terkirim")
    person.room.has_failed("belum terkirim")
    chromium.crash(person.driver)
    person.room.open(room)
    person.room.has_stored("belum terkirim")
    person.room.driver.refresh()
    person.room.has_stored("belum terkirim")
    assert budi.messages(room) == ["belum terkirim"]


def test_what_was_stored_while_the_tab_crashed_is_not_sent_again(open_browser, room):
    alice, budi, room = room
    person = open_browser(alice)
    chromium.open_tab(person.driver, NOTHING_IS_HEARD)
    person.room.open(room)
    person.room.send("sekali saja")
    person.room.until(lambda: person.room.script("return window.stored") == 201, "the message stored")
    person.room.has_pending("sekali saja")
    chromium.crash(person.driver)
    chromium.block(person.driver, SEND)
    person.room.open(room)
    person.room.has_stored("sekali saja")
    assert kept(person.room) == 0
    assert budi.messages(room) == ["sekali saja"]


def test_a_message_whose_answer_does_not_come_is_settled_by_its_arrival(open_browser, room):
    alice, budi, room = room
    page = open_browser(alice).room
    chromium.open_tab(page.driver, ANSWERS_GET_LOST)
    page.open(room)
    for content in ("satu", "satu", "dua"):
        page.send(content)
    page.has_stored("satu", "satu", "dua")
    assert budi.messages(room) == ["satu", "satu", "dua"]


@pytest.mark.parametrize("scripts", [[], [WITHOUT_LOCKS]], ids=["with locks", "without locks"])
def test_two_tabs_that_send_at_once_store_each_message_once(open_browser, room, scripts):
    alice, budi, room = room
    page = open_browser(alice).room
    tabs = [chromium.open_tab(page.driver, *scripts) for _ in range(2)]
    for tab in tabs:
        page.driver.switch_to.window(tab)
        page.open(room)
        chromium.go_offline(page.driver)
    for number, tab in enumerate(tabs + tabs):
        page.driver.switch_to.window(tab)
        page.send(f"pesan {number}")
    contents = [f"pesan {number}" for number in range(4)]
    for tab in tabs:
        page.driver.switch_to.window(tab)
        page.has_pending(*contents)
    for tab in tabs:
        page.driver.switch_to.window(tab)
        chromium.go_offline(page.driver, offline=False)
    for tab in tabs:
        page.driver.switch_to.window(tab)
        page.has_stored(*contents)
    assert budi.messages(room) == contents


def test_markup_is_text_also_while_it_is_on_its_way(open_browser, room):
    alice, _, room = room
    markup = '<b>tebal</b><img src="/x" onerror="window.harmed = true"> &amp; {{ user }}'
    page = open_browser(alice).room
    page.open(room)
    chromium.block(page.driver, SEND)
    page.send(markup)
    page.has_failed(markup)
    assert page.pending() == [markup]
    assert not page.find_all(".outbox .content *")
    chromium.block(page.driver)
    page.click(".failed .retry")
    page.has_stored(markup)
    assert page.script("return window.harmed") is None


def test_a_failed_message_can_be_tried_again_or_thrown_away(open_browser, room):
    alice, budi, room = room
    page = open_browser(alice).room
    page.open(room)
    page.script(PATIENT)
    chromium.block(page.driver, SEND)
    for content in ("buang saja", "kirim", "ini juga"):
        page.send(content)
    page.has_failed("buang saja")
    page.click(".failed .discard")
    page.has_pending("kirim", "ini juga")
    page.has_failed("kirim")
    chromium.block(page.driver)
    page.click(".failed .retry")
    page.has_stored("kirim", "ini juga")
    assert budi.messages(room) == ["kirim", "ini juga"]


def test_a_server_that_asks_for_patience_is_left_alone_for_so_long(open_browser, room):
    alice, budi, room = room
    page = open_browser(alice).room
    page.open(room)
    page.script("""
        const real = fetch;
        window.attempts = [];
        window.fetch = (url, options) => {
            if (options?.method !== "POST") return real(url, options);
            if (attempts.push(performance.now()) > 1) return real(url, options);
            return Promise.resolve(new Response("", { status: 503, headers: { "Retry-After": "3" } }));
        };
    """)
    page.send("sabar")
    page.has_failed("sabar")
    page.has_stored("sabar")
    first, second = page.script("return window.attempts")
    # Timers are as exact as a millisecond.
    assert second - first >= 2_999
    assert budi.messages(room) == ["sabar"]


def test_a_message_that_the_server_refuses_is_given_back_and_holds_up_nothing(open_browser, room):
    alice, budi, room = room
    page = open_browser(alice).room
    page.open(room)
    # White space for the server, and none for the browser: nothing else is refused that the page lets through.
    page.script("""
        const real = fetch;
        window.fetch = (url, options) => {
            if (options?.body?.get("content") === "tolak") options.body.set("content", " ");
            return real(url, options);
        };
    """)
    chromium.block(page.driver, SEND)
    page.send("tolak")
    page.send("terima")
    page.has_failed("tolak")
    chromium.block(page.driver)
    page.has_stored("terima")
    page.shows("#composer-error", "Pesan tidak boleh kosong.")
    assert page.find("#content").get_property("value") == "tolak"
    assert kept(page) == 0


def test_when_somebody_else_has_logged_in_nothing_is_sent_in_their_name(open_browser, room):
    alice, budi, room = room
    person = open_browser(alice)
    person.room.open(room)
    first = person.driver.current_window_handle
    chromium.go_offline(person.driver)
    person.room.says("Koneksi terputus, mencoba lagi…")
    person.room.send("dari alice")
    person.room.has_failed("dari alice")
    second = chromium.open_tab(person.driver)
    person.dashboard.open()
    person.dashboard.log_out()
    person.landing.reaches("/")
    person.landing.log_in(budi.name)
    person.dashboard.reaches("/dashboard")
    person.room.open(room)
    assert person.room.contents() == []

    person.driver.switch_to.window(first)
    chromium.go_offline(person.driver, offline=False)
    person.room.says("Di peramban ini yang masuk sekarang orang lain.")
    person.room.shows(".failed .delivery-state", "Belum terkirim")
    assert not [button for button in person.room.find_all(".delivery button") if button.is_displayed()]
    assert person.room.find(".composer button").get_property("disabled")
    assert kept(person.room) == 1
    assert budi.messages(room) == []

    person.driver.switch_to.window(second)
    person.room.send("dari budi")
    person.room.has_stored("dari budi")
    person.dashboard.open()
    person.dashboard.log_out()
    person.landing.reaches("/")
    person.landing.log_in(alice.name)
    person.dashboard.reaches("/dashboard")
    person.room.open(room)
    person.room.has_stored("dari budi", "dari alice")
    assert person.room.hears("dari alice").startswith("[you] ")
    assert kept(person.room) == 0


@pytest.mark.parametrize("is_full", [True, False], ids=["full", "forbidden"])
def test_without_storage_a_message_is_kept_by_the_page_which_asks_before_it_is_left(open_browser, room, is_full):
    alice, budi, room = room
    page = open_browser(alice).room
    chromium.open_tab(page.driver, *([] if is_full else [WITHOUT_STORAGE]))
    page.open(room)
    page.script(PATIENT)
    try:
        chromium.block(page.driver, SEND)
        if is_full:
            page.send("disimpan")
            page.has_failed("disimpan")
            assert not page.script(ASKS_BEFORE_LEAVING)
            page.script(FILL_STORAGE)
        page.send("dalam ingatan")
        page.has_pending(*["disimpan"][: is_full], "dalam ingatan")
        assert page.script(ASKS_BEFORE_LEAVING)
        chromium.block(page.driver)
        page.click(".failed .retry")
        page.has_stored(*["disimpan"][: is_full], "dalam ingatan")
        assert not page.script(ASKS_BEFORE_LEAVING)
    finally:
        if is_full:
            page.script("localStorage.clear()")
    assert budi.messages(room) == ["disimpan"][: is_full] + ["dalam ingatan"]


def test_a_draft_survives_a_reload_and_stays_in_its_tab(open_browser, room):
    alice, _, room = room
    page = open_browser(alice).room
    page.open(room)
    first = page.driver.current_window_handle

    def draft():
        return page.find("#content").get_property("value")

    page.write("setengah jad")
    page.driver.refresh()
    page.until(lambda: draft() == "setengah jad", "the draft")
    chromium.open_tab(page.driver)
    page.open(room)
    page.write("lain")
    assert draft() == "lain"
    page.driver.switch_to.window(first)
    page.send("i")
    page.has_stored("setengah jadi")
    page.driver.refresh()
    page.has_stored("setengah jadi")
    assert draft() == ""
