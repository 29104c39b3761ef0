"""People mend what they have said, take it back, and answer each other."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

SOON_SECONDS = 5


@pytest.fixture
def two(open_browser, room):
    """Two people before the page of their room, with what Budi has said there."""
    alice, budi, number = room
    budi.send(number, "Jam berapa?")
    pages = [open_browser(person).room for person in (alice, budi)]
    for page in pages:
        page.open(number)
        page.hears("Jam berapa?")
    return alice, budi, number, *pages


def test_the_last_own_message_is_mended_by_the_arrow_up(two):
    alice, budi, number, mine, other = two
    mine.send("Jam tigo")
    other.hears("Jam tigo", seconds=SOON_SECONDS)
    mine.is_settled()
    mine.write(Keys.ARROW_UP)
    assert (mine.written(), mine.bar()) == ("Jam tigo", "Menyunting Jam tigo")
    mine.write(Keys.BACKSPACE, "a", Keys.ENTER)
    for page in (mine, other):
        page.hears("Jam tiga", seconds=SOON_SECONDS)
        page.shows(".edited", "(disunting)")
        assert page.stored() == ["Jam berapa?", "Jam tiga"]
    mine.until(lambda: (mine.written(), mine.bar()) == ("", ""), "an empty field")
    assert mine.focused() == "content"
    mine.driver.refresh()
    assert mine.stored() == ["Jam berapa?", "Jam tiga"]
    assert mine.find_all(".edited")


def test_what_was_being_written_comes_back_after_an_edit(two):
    alice, budi, number, mine, other = two
    mine.send("satu")
    mine.has_stored("Jam berapa?", "satu")
    mine.write("belum selesai")
    mine.act("satu", "edit")
    assert mine.written() == "satu"
    mine.driver.refresh()
    assert mine.written() == "belum selesai"
    mine.act("satu", "edit")
    mine.write(Keys.ESCAPE)
    assert (mine.written(), mine.bar(), mine.focused()) == ("belum selesai", "", "content")
    mine.act("satu", "edit")
    mine.write(" dua", Keys.ENTER)
    mine.has_stored("Jam berapa?", "satu dua")
    mine.until(lambda: mine.written() == "belum selesai", "what was being written")
    assert alice.messages(number) == ["Jam berapa?", "satu dua"]


def test_an_edit_that_is_refused_says_why_and_loses_nothing(server, two):
    alice, budi, number, mine, other = two
    mine.send("lama")
    mine.has_stored("Jam berapa?", "lama")
    mine.act("lama", "edit")
    # Its time ends meanwhile. The trigger would tell everybody of another time.
    server.cluster.psql("ALTER TABLE messages DISABLE TRIGGER number_message_change; "
                        f"UPDATE messages SET created_at = now() - interval '1 hour' WHERE room_id = {number}; "
                        "ALTER TABLE messages ENABLE TRIGGER number_message_change")
    mine.write(" sekali", Keys.ENTER)
    mine.shows("#composer-error", "Pesan itu sudah terlalu lama untuk disunting.")
    assert (mine.written(), mine.bar()) == ("lama sekali", "Menyunting lama")
    mine.find("#composer-bar a").click()
    assert (mine.written(), mine.bar(), mine.text("#composer-error")) == ("", "", "")


def test_deleting_asks_once_and_leaves_a_trace_everywhere(two):
    alice, budi, number, mine, other = two
    mine.send("rahasia")
    other.hears("rahasia", seconds=SOON_SECONDS)
    mine.is_settled()
    mine.act("rahasia", "delete")
    assert mine.stored() == ["Jam berapa?", "rahasia"], "it asks first"
    mine.click('.menu [data-action="confirm"]')
    for page in (mine, other):
        page.has_stored("Jam berapa?", "Pesan dihapus", seconds=SOON_SECONDS)
        assert len(page.find_all("[role=log] .more")) == 1, "there is nothing to be done with a trace"
    mine.until(lambda: not mine.find(".menu").is_displayed(), "no menu")
    mine.until(lambda: "log-scroller" in mine.focused(), "the focus in the log")
    assert not alice.get(f"/room/{number}/messages").content.count(b"rahasia")


def test_one_can_do_less_with_what_others_have_said(two):
    alice, budi, number, mine, other = two
    mine.act("Jam berapa?", "close")
    mine.message("Jam berapa?").find_element(By.CSS_SELECTOR, ".more").send_keys(Keys.ENTER)
    shown = [each.text for each in mine.find_all(".menu button") if each.is_displayed()]
    assert shown == ["Balas", "Tutup"]
    mine.press(Keys.ESCAPE)
    assert mine.focused() == "more"
    assert mine.find("#content").get_property("value") == ""
    mine.write(Keys.ARROW_UP)
    assert (mine.written(), mine.bar()) == ("", ""), "there is nothing of one's own to be edited"


def test_a_reply_quotes_and_leads_there_and_back(two):
    alice, budi, number, mine, other = two
    for index in range(30):
        alice.send(number, f"di antara {index}")
    mine.hears("di antara 29", seconds=SOON_SECONDS)
    mine.script("arguments[0].scrollIntoView()", mine.message("Jam berapa?"))
    mine.act("Jam berapa?", "reply")
    assert mine.bar() == f"Membalas {budi.name} Jam berapa?"
    assert mine.focused() == "content"
    mine.send("Jam tiga")
    assert mine.bar() == ""
    other.hears("Jam tiga", seconds=SOON_SECONDS)
    for page in (mine, other):
        page.is_settled()
        quote = page.message("Jam tiga").find_element(By.CSS_SELECTOR, ".quote")
        assert " ".join(quote.text.split()) == f"{budi.name} Jam berapa?"
    is_seen = """
        const [box, view] = [arguments[0], document.querySelector(".log-scroller")].map((each) => each.getBoundingClientRect());
        return box.top >= view.top && box.bottom <= view.bottom;
    """
    mine.until(lambda: mine.script(is_seen, mine.message("Jam tiga")), "the reply in sight")
    mine.message("Jam tiga").find_element(By.CSS_SELECTOR, ".quote").click()
    mine.until(lambda: mine.script(is_seen, mine.message("Jam berapa?")), "what it answers in sight")
    assert "lit" in mine.message("Jam berapa?").get_attribute("class")
    mine.driver.back()
    mine.until(lambda: mine.script(is_seen, mine.message("Jam tiga")), "the reply in sight again")


def test_a_quote_is_what_the_message_is_now(two):
    alice, budi, number, mine, other = two
    first = budi.get(f"/room/{number}/messages").json["messages"][0]["id"]
    mine.act("Jam berapa?", "reply")
    mine.send("tiga")
    other.hears("tiga", seconds=SOON_SECONDS)
    mine.is_settled()
    budi.edit(number, first, "Jam berapa besok?")
    for page in (mine, other):
        page.shows(".quote-content", "Jam berapa besok?")
    budi.delete(number, first)
    for page in (mine, other):
        page.shows("[role=log] .quote-content", "Pesan dihapus")
        page.driver.refresh()
        assert page.text("[role=log] .quote-content") == "Pesan dihapus"


def test_what_is_deleted_meanwhile_is_neither_answered_nor_edited(two):
    alice, budi, number, mine, other = two
    first = budi.get(f"/room/{number}/messages").json["messages"][0]["id"]
    mine.act("Jam berapa?", "reply")
    mine.write("tiga")
    budi.delete(number, first)
    mine.has_stored("Pesan dihapus")
    assert (mine.bar(), mine.written()) == ("", "tiga")
    own = alice.send(number, "saya")["id"]
    mine.hears("saya")
    mine.act("saya", "edit")
    alice.delete(number, own)
    mine.until(lambda: (mine.bar(), mine.written()) == ("", "tiga"), "what was being written")


def test_runs_of_traces_are_one_line_and_the_name_is_told_again(two):
    alice, budi, number, mine, other = two
    ids = [alice.send(number, f"pesan {index}")["id"] for index in range(5)]
    mine.hears("pesan 4", seconds=SOON_SECONDS)
    for id in ids[1:4]:
        alice.delete(number, id)
    def seen():
        return [each.text for each in mine.find_all("[role=log] .content") if each.is_displayed()]
    mine.until(lambda: seen() == ["Jam berapa?", "pesan 0", "Pesan dihapus", "pesan 4"], "one line for three")
    assert "grouped" not in mine.message("pesan 4").get_attribute("class")
    mine.driver.refresh()
    assert seen() == ["Jam berapa?", "pesan 0", "Pesan dihapus", "pesan 4"]
    assert "grouped" not in mine.message("pesan 4").get_attribute("class")


def test_a_deleted_message_is_not_made_again_by_an_outbox(two):
    """As by another tab, or after a crash: it has what was sent, and does not know that the server has it."""
    alice, budi, number, mine, other = two
    client = "f81d4fae-7dec-41d0-a765-00a0c91e6bf6"
    message = alice.send(number, "sekali", client_id=client)["id"]
    alice.delete(number, message)
    mine.has_stored("Jam berapa?", "Pesan dihapus")
    viewer = mine.find("main").get_attribute("data-viewer-id")
    for index in range(60):
        budi.send(number, f"sesudahnya {index}")
    # The trace is beyond what a page begins with.
    mine.script("""
        const [viewer, room, client] = arguments;
        localStorage.setItem(`obrolan.outbox.${viewer}.${room}.0000000000000001.${client}`,
            JSON.stringify({ content: "sekali", storedId: null }));
    """, viewer, str(number), client)
    mine.driver.refresh()
    mine.is_settled()
    assert "sekali" not in mine.stored()
    assert alice.messages(number).count("sekali") == 0
    assert len(alice.messages(number)) == 62


def test_it_all_works_without_javascript(open_browser, room):
    alice, budi, number = room
    first = budi.send(number, "Jam berapa?")["id"]
    page = open_browser(alice, javascript=False).room
    page.open(number)
    page.find(".more").send_keys(Keys.ENTER)
    page.reaches(f"/room/{number}/message/{first}")
    assert not page.find_all("main form")
    page.click('a[href$="?reply=%d"]' % first)
    assert page.bar() == f"Membalas {budi.name} Jam berapa?"
    page.write("Jam tigo")
    page.click(".composer button")
    page.reaches(f"/room/{number}")
    assert page.stored() == ["Jam berapa?", "Jam tigo"]
    assert " ".join(page.text(".quote").split()) == f"{budi.name} Jam berapa?"
    own = alice.get(f"/room/{number}/messages").json["messages"][1]["id"]
    page.find_all(".more")[1].send_keys(Keys.ENTER)
    page.reaches(f"/room/{number}/message/{own}")
    page.fill("#edit-content", "Jam tiga")
    page.click('form[action$="/edit"] button')
    page.reaches(f"/room/{number}#pesan-{own}")
    assert page.stored() == ["Jam berapa?", "Jam tiga"]
    page.find_all(".more")[1].send_keys(Keys.ENTER)
    page.click('form[action$="/delete"] button')
    page.reaches(f"/room/{number}#pesan-{own}")
    assert page.stored() == ["Jam berapa?", "Pesan dihapus"]
