import { Composer } from "./composer.js";
import { History } from "./history.js";
import { MessageLog } from "./message-log.js";
import { Outbox } from "./outbox.js";
import { Poller } from "./poller.js";
import { Reading } from "./reading.js";
import { SideRooms } from "./side-rooms.js";
import { wireCopyButtons } from "./copy.js";
import { localiseBriefTimes } from "./times.js";

const FOUND_SHOWN_MS = 2_500;
const ENDINGS = new Map([
  [401, ["Sesi Anda sudah berakhir.", "Masuk lagi", "/"]],
  [403, ["Anda bukan anggota ruang ini lagi.", "Ke ruang lain", "/dashboard"]],
  [404, ["Ruang ini tidak ada lagi.", "Ke ruang lain", "/dashboard"]],
]);

/** The room page: wires its parts to each other. */
class Room {
  #viewerId;
  #facts;
  #empty;
  #connection;
  #log;
  #reading;
  #composer;
  #outbox;
  #poller;
  #side;

  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    const url = `/room/${root.dataset.roomId}`;
    this.#viewerId = root.dataset.viewerId;
    this.#facts = find(".room-facts");
    this.#empty = find(".empty");
    this.#connection = find(".connection");
    this.#log = new MessageLog(find(".messages"));
    this.#reading = new Reading(find(".log-scroller"), find(".to-end"), this.#log);
    this.#composer = new Composer(find(".composer"), (content) => this.#outbox.send(content));
    this.#outbox = new Outbox(find(".outbox"), document.getElementById("pending"), `${url}/send`, {
      isStored: (id) => this.#log.has(id),
      continues: (date) => this.#log.continues(this.#viewerId, date),
      added: () => this.#wrote(),
      rejected: (content, reason) => this.#composer.giveBack(content, reason),
      ended: (status) => this.#end(status),
    });
    this.#poller = new Poller(`${url}/messages`, root.dataset, {
      news: (html, members) => this.#receive(html, members),
      lost: () => this.#say("Koneksi terputus, mencoba lagi…"),
      found: () => this.#sayFound(),
      ended: (status) => this.#end(status),
    });
    const older = find(".older a");
    if (older) new History(older, `${url}/messages`, find(".log-scroller"), this.#log, this.#reading);
    this.#side = new SideRooms(document.querySelector(".side-rooms"), root.dataset.roomId);
  }

  start() {
    const wake = () => this.#poller.wake();
    addEventListener("online", wake);
    // What is held then hangs; asking anew fails at once and says so.
    addEventListener("offline", wake);
    addEventListener("pageshow", (event) => event.persisted && wake());
    document.addEventListener("visibilitychange", () => document.hidden || wake());
    this.#poller.run();
  }

  #receive(html, members) {
    // "… | Members: 5": the number at the end of the line.
    if (members) this.#facts.textContent = this.#facts.textContent.replace(/\d+$/, members);
    const wasAtEnd = this.#reading.atEnd;
    let fresh = [];
    this.#reading.keepPlace(() => {
      fresh = this.#log.append(html);
      this.#outbox.settle(fresh.filter((message) => this.#isOwn(message)));
      if (fresh.length > 0) this.#empty?.remove();
    });
    if (fresh.length === 0) return;
    this.#reading.received(fresh.filter((message) => !this.#isOwn(message)), wasAtEnd);
    this.#side.refreshSoon();
  }

  #isOwn(message) {
    return message.dataset.senderId === this.#viewerId;
  }

  #wrote() {
    this.#empty?.remove();
    this.#log.clearUnread();
    this.#reading.toEnd();
  }

  #say(words) {
    this.#connection.classList.remove("good");
    this.#connection.textContent = words;
  }

  #sayFound() {
    const words = "Terhubung kembali";
    this.#say(words);
    this.#connection.classList.add("good");
    setTimeout(() => {
      if (this.#connection.textContent === words) this.#say("");
    }, FOUND_SHOWN_MS);
  }

  #end(status) {
    const [words, label, target] = ENDINGS.get(status);
    const link = document.createElement("a");
    link.href = target;
    link.textContent = label;
    this.#poller.stop();
    this.#composer.close();
    this.#say(`${words} `);
    this.#connection.append(link);
  }
}

/** iOS lays its keyboard over the page without changing dvh: the page takes the height that is left. */
function followKeyboard() {
  const { style } = document.documentElement;
  const fit = () => {
    // Smaller by pinching is no keyboard.
    if (visualViewport.scale === 1) style.setProperty("--viewport", `${visualViewport.height}px`);
  };
  if (matchMedia("(hover: none)").matches) visualViewport?.addEventListener("resize", fit);
}

localiseBriefTimes(document);
wireCopyButtons(document);
const room = document.querySelector("main[data-room-id]");
if (room) {
  followKeyboard();
  new Room(room).start();
}
