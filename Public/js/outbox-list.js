import { timeLabel } from "./times.js";

const SLOW_MS = 1_000;

/** What one has written and the log does not have yet, drawn below it. */
export class OutboxList {
  #list;
  #blank;
  #listener;
  #items = new Map();

  /**
   * `blank` is the template of an item. `listener` has `continues(date)`, whether the log ends with what such an item
   * would belong to, `retried(key)` and `discarded(key)`.
   */
  constructor(list, blank, listener) {
    this.#list = list;
    this.#blank = blank;
    this.#listener = listener;
    list.addEventListener("click", (event) => this.#clicked(event.target));
  }

  /** Brings the list in line with the rows of `OutboxCore`. */
  show(rows, endedBy) {
    if (endedBy !== null) this.#list.dataset.endedBy = endedBy;
    const keys = new Set(rows.map(({ entry }) => entry.key));
    for (const [key, item] of this.#items) {
      if (keys.has(key)) continue;
      item.remove();
      this.#items.delete(key);
    }
    rows.forEach((row, index) => {
      const item = this.#items.get(row.entry.key) ?? this.#make(row.entry);
      const place = this.#list.children[index];
      // What is in its place stays there, with the focus that it may have.
      if (place !== item) this.#list.insertBefore(item, place ?? null);
      this.#update(item, row);
    });
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

  #update(item, { isPending, isFailed, words }) {
    item.classList.toggle("pending", isPending);
    item.classList.toggle("failed", isFailed);
    const state = item.querySelector(".delivery-state");
    if (state.textContent !== words) state.textContent = words;
  }

  #clicked(target) {
    const button = target.closest("button");
    const item = button?.closest(".message");
    const [key] = [...this.#items].find(([, each]) => item && each === item) ?? [];
    if (key === undefined) return;
    if (button.matches(".discard")) this.#listener.discarded(key);
    else this.#listener.retried(key);
  }
}
