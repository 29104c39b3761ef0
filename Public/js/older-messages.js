import { ask } from "./server.js";

const AHEAD_PX = 600;

/** Brings older messages when the reader nears the beginning of what is there. */
export class OlderMessages {
  #link;
  #url;
  #viewerId;
  #log;
  #reading;
  #observer;
  #loading = false;

  /** `link` leads to the same messages without a script. */
  constructor(link, { roomId, viewerId }, scroller, log, reading) {
    this.#link = link;
    this.#url = `/room/${roomId}/messages`;
    this.#viewerId = viewerId;
    this.#log = log;
    this.#reading = reading;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.#load();
    });
    this.#observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.#load();
    }, { root: scroller, rootMargin: `${AHEAD_PX}px 0px 0px` });
    this.#observer.observe(link);
  }

  async #load() {
    if (this.#loading) return;
    this.#loading = true;
    this.#observer.unobserve(this.#link);
    this.#link.textContent = "Memuat…";
    try {
      const query = { before: this.#log.firstId };
      const answer = await ask(this.#url, { viewerId: this.#viewerId, accept: "text/html", query });
      const more = answer.field("Obrolan-Has-More");
      if (!answer.isOk || more === null) throw new TypeError(`status ${answer.status}`);
      this.#add(answer.text, more === "true");
    } catch {
      // The network or the server, in words; the next try is the reader's, so that it does not repeat by itself.
      this.#link.textContent = "Gagal dimuat. Coba lagi";
    }
    this.#loading = false;
  }

  #add(html, hasMore) {
    this.#reading.keepPlace(() => {
      const older = this.#log.prepend(html);
      if (!hasMore || older.length === 0) this.#link.parentElement.remove();
    });
    if (!this.#link.isConnected) return;
    this.#link.textContent = "Pesan sebelumnya";
    // Observed anew, it reports again even if it has stayed in sight.
    this.#observer.observe(this.#link);
  }
}
