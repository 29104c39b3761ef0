import { timeLabel } from "./times.js";
import { newUUID } from "./uuid.js";

const ANSWER_LIMIT_MS = 20_000;
const SLOW_MS = 1_000;
const FINAL = new Set([401, 403, 404]);

/** What has been sent and is not in the log yet, in the order of sending; one request at a time keeps that order. */
export class Outbox {
  #list;
  #blank;
  #url;
  #listener;
  #entries = new Set();
  #line = Promise.resolve();

  /** `listener` has `isStored(id)`, `continues(date)`, `added()`, `rejected(content, reason)` and `ended(status)`. */
  constructor(list, blank, url, listener) {
    this.#list = list;
    this.#blank = blank;
    this.#url = url;
    this.#listener = listener;
    list.addEventListener("click", (event) => this.#retryFrom(event.target));
    // Leaving the page would lose these.
    addEventListener("beforeunload", (event) => {
      if ([...this.#entries].some((entry) => entry.storedId === null)) event.preventDefault();
    });
  }

  send(content) {
    const entry = { content, clientId: newUUID(), storedId: null, item: this.#draw(content) };
    this.#entries.add(entry);
    this.#list.append(entry.item);
    this.#listener.added();
    this.#enqueue(entry);
  }

  /** Takes away what has now come into the log as `messages` (one's own only). */
  settle(messages) {
    for (const message of messages) {
      const content = message.querySelector(".content").textContent;
      const entry = this.#find((each) => each.storedId === message.dataset.id) ??
        this.#find((each) => each.storedId === null && each.content === content && each.item.isConnected);
      if (!entry) continue;
      entry.item.remove();
      // Without its answer this could be another's twin, sent from elsewhere: only the server can tell.
      if (entry.storedId !== null) this.#entries.delete(entry);
      else if (entry.item.matches(".failed")) this.#enqueue(entry);
    }
  }

  #find(test) {
    return [...this.#entries].find(test);
  }

  #draw(content) {
    const item = this.#blank.content.firstElementChild.cloneNode(true);
    const now = new Date();
    const time = item.querySelector("time");
    time.dateTime = now.toISOString();
    time.textContent = timeLabel(now);
    item.querySelector(".content").textContent = content;
    item.classList.toggle("grouped", this.#entries.size > 0 || this.#listener.continues(now));
    return item;
  }

  #retryFrom(target) {
    const item = target.closest("button")?.closest(".failed");
    const entry = item && this.#find((each) => each.item === item);
    if (entry) this.#enqueue(entry);
  }

  #enqueue(entry) {
    entry.item.classList.remove("failed", "slow");
    this.#say(entry, "Mengirim…");
    this.#line = this.#line.then(() => this.#transmit(entry));
  }

  async #transmit(entry) {
    const slow = setTimeout(() => entry.item.classList.add("slow"), SLOW_MS);
    try {
      const response = await this.#post(entry);
      if (response.ok) this.#stored(entry, String((await response.json()).id));
      else if (response.status === 422) this.#reject(entry, await reasonFrom(response));
      else this.#fail(entry, response.status);
    } catch {
      // No answer, or one cut short: whether it is stored is unknown, and a retry with the same client_id is safe.
      this.#fail(entry, 0);
    } finally {
      clearTimeout(slow);
    }
  }

  #post(entry) {
    return fetch(this.#url, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ content: entry.content, client_id: entry.clientId }),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
  }

  #stored(entry, id) {
    entry.storedId = id;
    entry.item.classList.remove("pending", "slow");
    if (!this.#listener.isStored(id)) {
      if (!entry.item.isConnected) this.#list.append(entry.item);
      return;
    }
    entry.item.remove();
    this.#entries.delete(entry);
  }

  #reject(entry, reason) {
    entry.item.remove();
    this.#entries.delete(entry);
    this.#listener.rejected(entry.content, reason);
  }

  #fail(entry, status) {
    if (!entry.item.isConnected) this.#list.append(entry.item);
    entry.item.classList.remove("slow");
    entry.item.classList.add("failed");
    this.#say(entry, "Gagal terkirim");
    if (FINAL.has(status)) this.#listener.ended(status);
  }

  #say(entry, words) {
    entry.item.querySelector(".delivery-state").textContent = words;
  }
}

async function reasonFrom(response) {
  try {
    return (await response.json()).detail ?? "Pesan ditolak.";
  } catch {
    // Not the problem document it should be: the status alone says it was refused.
    return "Pesan ditolak.";
  }
}
