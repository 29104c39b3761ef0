import { HoldSlots } from "./hold-slots.js";

const HOLD_SECONDS = 25;
const ANSWER_GRACE_MS = 10_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
const WITHOUT_SLOT_PAUSE_MS = 2_000;
const FINAL = new Set([401, 403, 404]);

/** Follows a room by one held request at a time, and never gives up but where the server says there is no more. */
export class Poller {
  #url;
  #cursor;
  #members;
  #listener;
  #slots = new HoldSlots();
  #failures = 0;
  #round = null;
  #woken = false;
  #ended = false;

  /** `listener` has `news(html, members)`, `lost()`, `found()` and `ended(status)`. */
  constructor(url, { cursor, members }, listener) {
    this.#url = url;
    this.#cursor = cursor;
    this.#members = members;
    this.#listener = listener;
  }

  async run() {
    while (!this.#ended) {
      this.#woken = false;
      this.#round = new AbortController();
      const pause = await this.#ask();
      if (pause > 0 && !this.#woken && !this.#ended) await this.#rest(pause);
    }
  }

  /** Asks again at once: what is held may hang on a connection that died unseen. */
  wake() {
    this.#woken = true;
    this.#round?.abort();
  }

  stop() {
    this.#ended = true;
    this.#round?.abort();
  }

  /** One request; the answer is how long to pause after it, in milliseconds. */
  async #ask() {
    try {
      const { response, html, held } = await this.#slots.use((mayHold) => this.#fetch(mayHold));
      if (this.#ended) return 0;
      if (FINAL.has(response.status)) return this.#end(response.status);
      const cursor = response.headers.get("Obrolan-Cursor");
      if (!response.ok || cursor === null) return this.#fail(retryAfterMs(response));
      const recovered = this.#recover();
      this.#members = response.headers.get("Obrolan-Members") ?? this.#members;
      this.#listener.news(html, this.#members);
      this.#cursor = cursor;
      return held || recovered || response.headers.get("Obrolan-Has-More") === "true" ? 0 : WITHOUT_SLOT_PAUSE_MS;
    } catch (error) {
      if (this.#woken || this.#ended) return 0;
      if (!isTransport(error)) console.error(error);
      return this.#fail(0);
    }
  }

  async #fetch(mayHold) {
    // After a failure the first answer shall come at once, to say that the connection is back.
    const wait = mayHold && this.#failures === 0 ? HOLD_SECONDS : 0;
    const round = this.#round;
    const timer = setTimeout(() => round.abort(), wait * 1000 + ANSWER_GRACE_MS);
    try {
      const response = await fetch(`${this.#url}?after=${this.#cursor}&members=${this.#members}&wait=${wait}`, {
        headers: { Accept: "text/html" },
        cache: "no-store",
        signal: round.signal,
      });
      return { response, html: await response.text(), held: wait > 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  #rest(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      const wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
      // The controller of this round may be spent by a time-out, so the rest has one of its own.
      this.#round = new AbortController();
      this.#round.signal.addEventListener("abort", wakeUp, { once: true });
    });
  }

  #recover() {
    const recovered = this.#failures > 0;
    if (recovered) this.#listener.found();
    this.#failures = 0;
    return recovered;
  }

  #fail(leastMs) {
    if (this.#failures === 0) this.#listener.lost();
    const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    return Math.max(leastMs, ceiling * (0.5 + Math.random() / 2));
  }

  #end(status) {
    this.#ended = true;
    this.#listener.ended(status);
    return 0;
  }
}

function isTransport(error) {
  return error instanceof TypeError || error?.name === "AbortError";
}

/** `Retry-After` is seconds or a date (RFC 9110, section 10.2.3). */
function retryAfterMs(response) {
  const value = response.headers.get("Retry-After");
  if (value === null) return 0;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0;
}
