import { Delivery } from "./delivery.js";
import { OutboxStore } from "./outbox-store.js";
import { timeLabel } from "./times.js";

const SLOW_MS = 1_000;
const HELP_AFTER_MS = 5_000;

/** What one has written and the log does not have yet, drawn below it in every tab of the room. */
export class Outbox {
  #list;
  #blank;
  #store;
  #delivery;
  #listener;
  #items = new Map();
  #failedKey = null;
  #endedBy = null;

  /**
   * `listener` has `isInLog(entry)`, `continues(date)`, `added()`, `rejected(content, reason)`, `failed(trouble)`,
   * `delivered()` and `ended(ending)`.
   */
  constructor(list, blank, { viewerId, roomId }, listener) {
    this.#list = list;
    this.#blank = blank;
    this.#listener = listener;
    this.#store = new OutboxStore(viewerId, roomId);
    this.#store.watch(() => this.#changedElsewhere());
    this.#delivery = new Delivery(`/room/${roomId}/send`, viewerId, this.#store, {
      sent: (entry, id) => this.#sent(entry, id),
      rejected: (entry, reason) => this.#rejected(entry, reason),
      failed: (entry, trouble) => this.#failed(entry, trouble),
      ended: (ending) => listener.ended(ending),
    });
    list.addEventListener("click", (event) => this.#clicked(event.target));
    addEventListener("beforeunload", (event) => {
      if (this.#store.hasUnsaved) event.preventDefault();
    });
  }

  /** Draws and sends what is left from before. */
  start() {
    this.#draw();
    this.#delivery.start();
  }

  /** When this comes back, the content is kept. */
  send(content) {
    this.#store.add(content);
    this.#draw();
    this.#listener.added();
    this.#delivery.start();
  }

  /** Takes away what has come into the log. */
  settle() {
    // One of them may be under way, or have failed and have the next ones wait.
    if (this.#draw() > 0) this.#delivery.wake();
  }

  /** Tries again at once. */
  wake() {
    this.#delivery.wake();
  }

  /** No more can be sent from this page; what is kept is sent when the same person comes back. */
  end(ending) {
    this.#endedBy = ending;
    this.#list.dataset.endedBy = ending;
    this.#delivery.stop();
    this.#draw();
  }

  #changedElsewhere() {
    this.#draw();
    const head = this.#store.head;
    if (head === undefined) return;
    if (this.#failedKey !== null && head.key !== this.#failedKey) this.#delivery.wake();
    // The tab where it was written sends it; if that one is gone, this one does.
    else setTimeout(() => this.#delivery.start(), HELP_AFTER_MS);
  }

  #sent(entry, id) {
    this.#store.markStored(entry, id);
    this.#listener.delivered();
    this.#draw();
  }

  #rejected(entry, reason) {
    // Another tab may have given it back, too.
    if (this.#store.has(entry.key)) this.#listener.rejected(entry.content, reason);
    this.#store.remove(entry);
    this.#listener.delivered();
    this.#draw();
  }

  #failed(entry, trouble) {
    this.#failedKey = entry.key;
    this.#listener.failed(trouble);
    this.#draw();
  }

  #clicked(target) {
    const button = target.closest("button");
    const item = button?.closest(".message");
    const entry = this.#store.entries.find(({ key }) => item && this.#items.get(key) === item);
    if (!entry) return;
    if (button.matches(".discard")) this.#store.remove(entry);
    if (entry.key === this.#failedKey) this.#failedKey = null;
    this.#draw();
    this.#delivery.wake();
  }

  /** Brings the list in line with the store; the answer is how many were found in the log and are gone for that. */
  #draw() {
    const settled = this.#store.entries.filter((entry) => this.#listener.isInLog(entry));
    for (const entry of settled) this.#store.remove(entry);
    const entries = this.#store.entries;
    const keys = new Set(entries.map((entry) => entry.key));
    for (const [key, item] of this.#items) {
      if (keys.has(key)) continue;
      item.remove();
      this.#items.delete(key);
    }
    if (!entries.some((entry) => entry.key === this.#failedKey && entry.storedId === null)) this.#failedKey = null;
    entries.forEach((entry, index) => {
      const item = this.#items.get(entry.key) ?? this.#make(entry);
      const place = this.#list.children[index];
      // What is in its place stays there, with the focus that it may have.
      if (place !== item) this.#list.insertBefore(item, place ?? null);
      this.#show(entry, item);
    });
    return settled.length;
  }

  #make(entry) {
    const item = this.#blank.content.firstElementChild.cloneNode(true);
    const time = item.querySelector("time");
    time.dateTime = entry.date.toISOString();
    time.textContent = timeLabel(entry.date);
    item.querySelector(".content").textContent = entry.content;
    item.classList.toggle("grouped", this.#items.size > 0 || this.#listener.continues(entry.date));
    setTimeout(() => item.classList.add("slow"), SLOW_MS);
    this.#items.set(entry.key, item);
    return item;
  }

  #show(entry, item) {
    const isPending = entry.storedId === null;
    const isFailed = isPending && (entry.key === this.#failedKey || this.#endedBy !== null);
    item.classList.toggle("pending", isPending);
    item.classList.toggle("failed", isFailed);
    const state = item.querySelector(".delivery-state");
    const words = this.#words(isFailed);
    if (state.textContent !== words) state.textContent = words;
  }

  #words(isFailed) {
    if (this.#endedBy !== null) return "Belum terkirim";
    if (isFailed) return "Gagal terkirim";
    return this.#failedKey === null ? "Mengirim…" : "Menunggu…";
  }
}
