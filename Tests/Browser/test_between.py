"""What stands between the page and the server answers in its place: the page is not fooled, and recovers."""

import chromium
import pytest
from proxy import Answer, problem

FOREIGN = "Yang menjawab bukan Obrolan"
LOST = "Koneksi terputus, mencoba lagi…"
# More than the page waits between two tries.
RECOVERY_SECONDS = 40
PORTAL = '<!DOCTYPE html><title>Wi-Fi</title><ul class="rooms"><li>Setujui syarat Wi-Fi</li></ul>'
# Time passes twenty times as fast for all that is waited for, and when the messages were asked for is noted, in
# milliseconds of that time. A timer that is set for too long goes off at once, as it does in the browser.
HURRIED = """
    const [realTimeout, realFetch] = [setTimeout, fetch];
    window.asked = [];
    window.setTimeout = (action, milliseconds, ...more) =>
        realTimeout(action, milliseconds < 2 ** 31 ? milliseconds / 20 : milliseconds, ...more);
    window.fetch = (url, options) => {
        if (url.includes("/messages?")) window.asked.push(performance.now() * 20);
        return realFetch(url, options);
    };
"""


def of_script(answer):
    return lambda request: answer if request.is_of_script else None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(404, "<h1>404 Not Found</h1>"), FOREIGN),
        (Answer(403, "<h1>403 Forbidden</h1>"), FOREIGN),
        (Answer(401, "<h1>401</h1>"), FOREIGN),
        (Answer(409, "<h1>409</h1>"), FOREIGN),
        (Answer(422, "{}", "application/json"), FOREIGN),
        (Answer(502, "<h1>502 Bad Gateway</h1>"), FOREIGN),
        (Answer(200, PORTAL), FOREIGN),
        (Answer(200, '{"id": 1}', "application/json", Obrolan_Cursor="99999999"), FOREIGN),
        (Answer(302, Location="/"), LOST),
        (Answer(302, Location="http://localhost:9/"), LOST),
    ],
    ids=["404", "403", "401", "409", "422", "502", "portal", "looks right", "redirect", "redirect elsewhere"],
)
def test_a_page_that_somebody_else_answers_recovers_with_all_that_was_written(open_through, proxy, room, answer, words):
    alice, budi, room = room
    page = open_through(alice).room
    page.open(room)
    page.is_quiet()
    proxy.intercept = of_script(answer)
    proxy.cut()
    page.says(words)
    page.send("jangan hilang")
    page.has_failed("jangan hilang")
    page.write("setengah ja")
    answered = proxy.own_answers
    page.until(lambda: proxy.own_answers > answered + 1, "another try", RECOVERY_SECONDS)
    page.says(words)
    assert page.stored() == []
    proxy.intercept = lambda request: None
    page.has_stored("jangan hilang", seconds=RECOVERY_SECONDS)
    page.is_quiet()
    budi.send(room, "kami juga")
    page.hears("kami juga")
    page.write("di")
    assert page.find("#content").get_property("value") == "setengah jadi"
    assert budi.messages(room) == ["jangan hilang", "kami juga"]


def test_what_a_portal_says_is_no_list_of_rooms(open_through, proxy, room):
    alice, budi, room = room
    page = open_through(alice).room
    proxy.intercept = lambda request: Answer(200, PORTAL) if request.path == "/my-rooms" else None
    page.open(room)
    page.shows(".side-rooms", "Daftar ruang gagal dimuat.")
    proxy.intercept = lambda request: None
    budi.send(room, "ada kabar")
    page.until(lambda: page.find_all(f'.side-rooms [data-room-id="{room}"]'), "the list of rooms")


def test_older_messages_of_somebody_else_are_none(open_through, proxy, room):
    alice, budi, room = room
    for number in range(51):
        budi.send(room, f"pesan {number}")
    page = open_through(alice).room
    portal = Answer(200, PORTAL, Obrolan_Has_More="false")
    proxy.intercept = lambda request: portal if "before" in request.values else None
    page.open(room)
    page.script("document.querySelector('.log-scroller').scrollTop = 0")
    page.shows(".older a", "Gagal dimuat. Coba lagi")
    proxy.intercept = lambda request: None
    page.click(".older a")
    page.hears("pesan 0")


@pytest.mark.parametrize("code", ["busy", "unavailable"])
def test_a_busy_server_is_asked_again_with_the_same_client_id(open_through, proxy, room, code):
    alice, budi, room = room
    page = open_through(alice).room
    page.open(room)
    sent = []

    def refuse(request):
        if request.method != "POST":
            return None
        sent.append(request.values["client_id"])
        return problem(503, code, Retry_After="1") if len(sent) < 3 else None

    proxy.intercept = refuse
    page.send("sabar")
    page.says({"busy": "Server sedang sibuk", "unavailable": "Server sedang tidak siap"}[code])
    page.has_failed("sabar")
    page.has_stored("sabar")
    page.is_quiet()
    assert len(sent) == 3 and len(set(sent)) == 1
    assert budi.messages(room) == ["sabar"]


def test_a_send_that_is_refused_as_cross_site_says_so_and_ends_nothing(open_through, proxy, room):
    alice, budi, room = room
    page = open_through(alice).room
    page.open(room)

    def disguise(request):
        if request.method == "POST":
            request.fields |= {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}

    proxy.intercept = disguise
    page.send("dari sini")
    page.says("Kiriman Anda dianggap dari situs lain.")
    page.has_failed("dari sini")
    budi.send(room, "tetap terdengar")
    page.hears("tetap terdengar")
    assert not page.find(".composer button").get_property("disabled")
    assert budi.messages(room) == ["tetap terdengar"]
    proxy.intercept = lambda request: None
    page.click(".failed .retry")
    page.has_stored("tetap terdengar", "dari sini")
    page.is_quiet()


@pytest.mark.parametrize(
    ("value", "least_ms", "is_ours"),
    [
        ("3000000", 60_000, True),
        ("99999999999999999999", 60_000, True),
        ("3600", 60_000, True),
        ("3600", 60_000, False),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 60_000, False),
        ("Thu, 01 Jan 2026 00:00:10 GMT", 10_000, True),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 500, True),
        ("10", 10_000, False),
        ("0", 500, True),
        ("-5", 500, True),
        ("nanti", 500, False),
    ],
)
def test_a_pause_that_is_asked_for_is_a_minute_at_most(open_through, proxy, room, value, least_ms, is_ours):
    _, budi, room = room
    page = open_through(budi).room
    chromium.open_tab(page.driver, HURRIED)
    fields = {"Retry_After": value, "Date": "Thu, 01 Jan 2026 00:00:00 GMT"}
    answer = problem(503, "busy", **fields) if is_ours else Answer(503, **fields)
    proxy.intercept = lambda request: answer if request.path.endswith("/messages") else None
    page.open(room)
    asked = page.until(lambda: (times := page.script("return window.asked"))[2:] and times, "a third try", 30)
    # Timers are as exact as a millisecond, here twenty.
    assert asked[1] - asked[0] >= least_ms - 20, asked
    assert asked[2] - asked[1] >= max(least_ms, 1_000) - 20, asked
    proxy.intercept = lambda request: None
    page.until(lambda: page.text(".connection") in ("", "Terhubung kembali"), "a connection", RECOVERY_SECONDS)


def test_who_is_no_member_any_more_is_told_so_by_the_application(open_through, room):
    alice, _, room = room
    page = open_through(alice).room
    page.open(room)
    alice.leave(room)
    page.says("Anda bukan anggota ruang ini lagi.")
    assert page.find(".composer button").get_property("disabled")


def test_every_request_of_the_script_says_whose_page_it_is(open_through, proxy, room):
    alice, budi, room = room
    for number in range(51):
        budi.send(room, f"pesan {number}")
    page = open_through(alice).room
    page.open(room)
    page.script("document.querySelector('.log-scroller').scrollTop = 0")
    page.hears("pesan 0")
    page.send("selesai")
    page.is_settled()
    viewer = page.find("main").get_attribute("data-viewer-id")
    asked = [request for request in proxy.requests if request.is_of_script]
    assert {request.path for request in asked} >= {f"/room/{room}/messages", f"/room/{room}/send", "/my-rooms"}
    assert [request.path for request in asked if request.values.get("viewer") != viewer] == []
