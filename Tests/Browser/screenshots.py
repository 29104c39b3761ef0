"""Takes pictures of the pages: `screenshots.py all|readme FOLDER`. It is what Scripts/screenshots runs."""

import datetime
import pathlib
import sys

import chromium
from obrolan_testing.client import Member
from obrolan_testing.program import running
from pages import Landing, Room
from proxy import Answer, Proxy, problem

YESTERDAY, TODAY = -1, 0
LOCAL_HOUR = 11
LARGEST_README_PICTURE = 150_000

CLUB = [
    (YESTERDAY, "19:02", "bu.ratna", "Selamat malam semuanya. Besok jadi kumpul di balai desa, ya?"),
    (YESTERDAY, "19:04", "wayan", "Jadi, Bu. Jam empat sore, setelah asar."),
    (YESTERDAY, "19:05", "wayan", "Saya bawa kunci balainya."),
    (YESTERDAY, "19:11", "sari", "Bukunya sudah saya baca sampai bab tujuh. Bagian pasar malamnya bagus sekali!"),
    (YESTERDAY, "19:12", "sari", "Jangan cerita akhirnya dulu, ya 🙏"),
    (YESTERDAY, "19:20", "pak.darmo", "Tenang, saya malah baru bab tiga. Mata tua, bacanya pelan-pelan."),
    (YESTERDAY, "19:21", "bu.ratna", "Yang penting datang, Pak. Kopinya sudah kami siapkan ☕"),
    (TODAY, "06:48", "wayan", "Pagi. Sepertinya sore nanti hujan, jadi bawa payung."),
    (TODAY, "07:05", "dewi", "Pagi! Boleh saya ajak adik saya? Dia ingin ikut membaca juga."),
    (TODAY, "07:06", "sari", "Tentu boleh. Makin ramai makin seru."),
    (
        TODAY,
        "07:30",
        "pak.darmo",
        "Untuk bulan depan saya usul dua buku:\n1. Laskar Pelangi\n2. Bumi Manusia\nSilakan pilih nanti sore.",
    ),
    (TODAY, "07:41", "dewi", "Saya pilih Bumi Manusia."),
    (TODAY, "07:42", "sari", "Setuju dengan Dewi. Ada tiga buku di perpustakaan, cukup untuk bergantian."),
    (TODAY, "07:58", "bu.ratna", "Kalau begitu sampai nanti sore. Jangan lupa payungnya!"),
]
RONDA = [
    (YESTERDAY, "21:10", "wayan", "Malam ini giliran siapa?"),
    (YESTERDAY, "21:14", "pak.darmo", "Saya dan Wayan. Berangkat jam sebelas."),
]
RATNA = [(TODAY, "06:30", "sari", "Bu, resep klepon yang kemarin boleh minta?")]
PLAN = [
    (TODAY, "08:01", "wayan", "Kunci balai ada di saya. Siapa yang bawa tikar?"),
    (TODAY, "08:03", "dewi", "Saya bawa dua."),
    (TODAY, "08:04", "sari", "Saya juga bisa, tetapi yang besar baru dicuci dan mungkin belum kering sampai sore."),
    (TODAY, "08:05", "wayan", "salah ketik"),
    (TODAY, "08:06", "dewi", "salah kirim"),
    (TODAY, "08:06", "dewi", "salah kirim lagi"),
    (TODAY, "08:09", "dewi", "Cukup kok."),
]


class Village:
    """A server with people on it who have talked since yesterday."""

    def __init__(self, server):
        self._people = {name: Member(server.port, name) for name in ("sari", "bu.ratna", "wayan", "pak.darmo", "dewi")}
        self._moments = []
        now = datetime.datetime.now(datetime.timezone.utc)
        # For the reader it is always late in the morning, whenever the pictures are taken.
        self._offset = LOCAL_HOUR - now.hour
        self._midnight = (now + datetime.timedelta(hours=self._offset)).replace(hour=0, minute=0, second=0)
        self.club = self._talk(CLUB, name="Klub Baca Sukamaju")
        self._talk(RONDA, name="Ronda RT 03")
        self._talk(RATNA, "dm", **{"with": "bu.ratna"})
        self.empty = self._talk([], name="Panitia 17 Agustus")
        self.elsewhere = self._people["wayan"].create_room(name="Karang Taruna")
        self.plan = self._talk(PLAN, name="Perlengkapan")
        self._change()
        server.cluster.psql("".join(self._moments))
        self.reader = self._people["sari"]

    @property
    def time_zone(self):
        # The signs of these zones are those of POSIX: GMT+3 is three hours behind.
        return f"Etc/GMT{-self._offset:+}"

    def _change(self):
        """Somebody has answered, mended and taken back what was said in the room of the plan."""
        messages = self._people["sari"].get(f"/room/{self.plan}/messages").json["messages"]
        ids = [message["id"] for message in messages]
        for name, place, content in (
            ("sari", 0, "Tikar aman. Terima kasih sudah mau pegang kunci, Pak!"),
            ("wayan", 2, "Tidak apa-apa, dua sudah cukup."), ("sari", 5, "Apa itu tadi?"),
        ):
            self._people[name].send(self.plan, content, reply_to=ids[place])
        for name, place in (("wayan", 3), ("dewi", 4), ("dewi", 5)):
            self._people[name].delete(self.plan, ids[place])
        self._people["dewi"].edit(self.plan, ids[1], "Saya bawa dua, satu besar.")

    def _talk(self, messages, kind="group", **fields):
        founder = self._people["sari"]
        room = founder.create_room(kind, **fields)
        if kind == "group":
            for person in self._people.values():
                person.join(room)
        for day, clock, name, content in messages:
            hour, minute = map(int, clock.split(":"))
            at = self._midnight + datetime.timedelta(days=day, hours=hour - self._offset, minutes=minute)
            message = self._people[name].send(room, content)["id"]
            self._moments.append(f"UPDATE messages SET created_at = '{at.isoformat()}' WHERE id = {message};")
        return room


def take(driver, path, whole=False):
    """Saves a picture of the page, of all of it if wanted."""
    if whole:
        width, height = driver.execute_script("return [innerWidth, document.documentElement.scrollHeight]")
        dark = driver.execute_script("return matchMedia('(prefers-color-scheme: dark)').matches")
        chromium.show(driver, width, height, dark)
    # A caret that blinks makes two pictures of the same page differ.
    driver.execute_script("document.activeElement.blur()")
    assert driver.save_screenshot(str(path))


def open_room(driver, server, village, number=None):
    room = Room(driver, server.url)
    room.open(number or village.club)
    if driver.execute_script("return innerWidth") >= 900:
        room.until(lambda: room.find_all(".side .rooms-item"), "the list of rooms")


def take_all(driver, server, village, folder):
    proxy = Proxy(server)
    proxy.start()
    try:
        take_each(driver, server, proxy, village, folder)
    finally:
        proxy.stop()


def take_each(driver, server, proxy, village, folder):
    for width, height in ((360, 780), (1280, 900)):
        for dark in (False, True):
            scheme = "dark" if dark else "light"

            def show(width=width, height=height, dark=dark):
                chromium.show(driver, width, height, dark)

            show()
            driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
            driver.get(server.url)
            take(driver, folder / f"landing-{width}-{scheme}.png", whole=True)
            take_stranger(driver, server, folder, f"{width}-{scheme}", show)
            chromium.log_in(driver, server, village.reader)
            for name in ("dashboard", "my-rooms"):
                show()
                driver.get(f"{server.url}/{name}")
                take(driver, folder / f"{name}-{width}-{scheme}.png", whole=True)
            for name, path in (
                ("details", f"/room/{village.club}/details"),
                ("poster", f"/join/{village.club}/poster"),
                ("invitation", f"/join/{village.elsewhere}"),
                ("stranger", f"/room/{village.elsewhere}"),
                ("empty", f"/room/{village.empty}"),
                ("left", f"/dashboard?left={village.elsewhere}"),
            ):
                show()
                driver.get(f"{server.url}{path}")
                take(driver, folder / f"{name}-{width}-{scheme}.png", whole=name != "empty")
            driver.execute_script("for (const each of document.querySelectorAll('details')) each.open = true")
            take(driver, folder / f"sessions-{width}-{scheme}.png", whole=True)
            show()
            open_room(driver, server, village)
            take(driver, folder / f"room-{width}-{scheme}.png")
            take_changes(driver, server, village, folder, f"{width}-{scheme}")
            take_answers(driver, proxy, village, folder, f"{width}-{scheme}")
            show()
            open_room(driver, server, village)
            take_states(driver, server, folder, f"{width}-{scheme}")


def take_changes(driver, server, village, folder, size):
    """A room where messages were answered, mended and deleted; while one does so, with a script and without."""
    room = Room(driver, server.url)
    open_room(driver, server, village, village.plan)
    take(driver, folder / f"room-changes-{size}.png")
    own = "Tikar aman. Terima kasih sudah mau pegang kunci, Pak!"
    room.act("Saya bawa dua, satu besar.", "reply")
    take(driver, folder / f"room-reply-{size}.png")
    room.act(own, "edit")
    take(driver, folder / f"room-edit-{size}.png")
    room.act(own, "delete")
    take(driver, folder / f"room-delete-{size}.png")
    room.click('.menu [data-action="close"]')
    driver.get(room.message(own).find_element("css selector", ".more").get_property("href"))
    take(driver, folder / f"message-{size}.png", whole=True)


def take_stranger(driver, server, folder, size, show):
    """What somebody sees who is not known, and comes by an invitation."""
    show()
    landing = Landing(driver, server.url)
    landing.open()
    landing.log_in("ratna")
    landing.reaches("/login")
    take(driver, folder / f"unknown-name-{size}.png", whole=True)


def take_answers(driver, proxy, village, folder, size):
    """The room when somebody else answers, when the server is busy, and when it takes us for another site."""
    for name, answer, words in (
        ("foreign", Answer(404, "Not Found"), "Yang menjawab bukan"),
        ("busy", problem(503, "busy"), "Server sedang sibuk"),
        ("cross-site", problem(403, "cross_site"), "Kiriman Anda dianggap"),
    ):
        room = Room(driver, proxy.url)
        proxy.intercept = lambda request: None
        open_room(driver, proxy, village)
        proxy.intercept = lambda request, answer=answer: answer if request.method == "POST" else None
        room.send("Saya sudah di jalan, sebentar lagi sampai.")
        room.says(words)
        room.until(lambda: not room.find_all(".pending:not(.slow)"), "a slow message")
        take(driver, folder / f"room-{name}-{size}.png")
        driver.execute_script("localStorage.clear()")


def take_states(driver, server, folder, size):
    """The room when a message is slow, when the network is away, and when somebody else has logged in."""
    room = Room(driver, server.url)
    chromium.block(driver, "*/send")
    room.send("Saya sudah di jalan, sebentar lagi sampai.")
    room.has_failed("Saya sudah di jalan, sebentar lagi sampai.")
    room.until(lambda: not room.find_all(".pending:not(.slow)"), "a slow message")
    take(driver, folder / f"room-unsent-{size}.png")
    chromium.go_offline(driver)
    room.says("Koneksi terputus, mencoba lagi…")
    room.send("Hujannya deras sekali di sini!")
    room.send("Tunggu saya, ya.")
    room.until(lambda: not room.find_all(".pending:not(.slow)"), "slow messages")
    take(driver, folder / f"room-offline-{size}.png")
    chromium.log_in(driver, server, Member(server.port, f"tamu-{size}"))
    chromium.go_offline(driver, offline=False)
    room.says("Di peramban ini yang masuk sekarang orang lain.")
    take(driver, folder / f"room-other-{size}.png")
    chromium.block(driver)
    driver.execute_script("localStorage.clear()")


def take_for_readme(driver, server, village, folder):
    chromium.show(driver, 1280, 800)
    chromium.log_in(driver, server, village.reader)
    open_room(driver, server, village)
    picture = folder / "screenshot.png"
    take(driver, picture)
    size = picture.stat().st_size
    assert size <= LARGEST_README_PICTURE, f"{picture} has {size} bytes"


def main(what, folder):
    with running() as server:
        village = Village(server)
        driver = chromium.start()
        try:
            driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": village.time_zone})
            {"all": take_all, "readme": take_for_readme}[what](driver, server, village, pathlib.Path(folder))
        finally:
            driver.quit()


if __name__ == "__main__":
    main(*sys.argv[1:])
