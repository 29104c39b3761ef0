import { Backoff, retryAfterMs } from "./backoff.js";
import { HoldSlots } from "./hold-slots.js";
import { Pause } from "./pause.js";

const HOLD_SECONDS = 25;
const ANSWER_GRACE_MS = 10_000;
const WITHOUT_SLOT_PAUSE_MS = 2_000;
const FINAL = new Set([401, 403, 404, 409]);

/** Follows a room by one held request at a time, and never gives up but where the server says there is no more. */
export class Poller {
  #url;
  #viewerId;
  #cursor;
  #members;
  #listener;
  #slots = new HoldSlots();
  #backoff = new Backoff();
  #pause = new Pause();
  #round = null;
  #isWoken = false;
  #isLost = false;
  #isEnded = false;

  /** `listener` has `news(html, members)`, `lost()`, `found()` and `ended(status)`. */
  constructor({ roomId, viewerId, cursor, members }, listener) {
    this.#url = `/room/${roomId}/messages`;
    this.#viewerId = viewerId;
    this.#cursor = cursor;
    this.#members = members;
    this.#listener = listener;
  }

  async run() {
    while (!this.#isEnded) {
      this.#isWoken = false;
      this.#round = new AbortController();
      const pause = await this.#ask();
      if (pause > 0 && !this.#isWoken && !this.#isEnded) await this.#pause.for(pause);
    }
  }

  /** Asks again at once: what is held may hang on a connection that died unseen. */
  wake() {
    this.#isWoken = true;
    this.#round?.abort();
    this.#pause.end();
  }

  stop() {
    this.#isEnded = true;
    this.wake();
  }

  /** One request; the answer is how long to pause after it, in milliseconds. */
  async #ask() {
    try {
      const { response, html, held } = await this.#slots.use((mayHold) => this.#get(mayHold));
      if (this.#isEnded) return 0;
      if (FINAL.has(response.status)) return this.#end(response.status);
      const cursor = response.headers.get("Obrolan-Cursor");
      if (!response.ok || cursor === null) return this.#fail(retryAfterMs(response));
      const recovered = this.#isLost;
      const members = response.headers.get("Obrolan-Members") ?? this.#members;
      this.#backoff.succeeded();
      this.#take(cursor, members, html);
      const hasMore = response.headers.get("Obrolan-Has-More") === "true";
      return held || recovered || hasMore ? 0 : WITHOUT_SLOT_PAUSE_MS;
    } catch (error) {
      if (this.#isWoken || this.#isEnded) return 0;
      if (!isTransport(error)) console.error(error);
      return this.#fail(0);
    }
  }

  async #get(mayHold) {
    // After a failure the first answer shall come at once, to say that the connection is back.
    const wait = mayHold && !this.#isLost ? HOLD_SECONDS : 0;
    const round = this.#round;
    const timer = setTimeout(() => round.abort(), wait * 1000 + ANSWER_GRACE_MS);
    const query = new URLSearchParams({ after: this.#cursor, members: this.#members, wait, viewer: this.#viewerId });
    try {
      const response = await fetch(`${this.#url}?${query}`, {
        headers: { Accept: "text/html" },
        cache: "no-store",
        signal: round.signal,
      });
      return { response, html: await response.text(), held: wait > 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  #take(cursor, members, html) {
    if (this.#isLost) this.#listener.found();
    this.#isLost = false;
    this.#members = members;
    this.#listener.news(html, members);
    this.#cursor = cursor;
  }

  #lose() {
    if (!this.#isLost) this.#listener.lost();
    this.#isLost = true;
  }

  #fail(leastMs) {
    this.#lose();
    return this.#backoff.failed(leastMs);
  }

  #end(status) {
    this.stop();
    this.#listener.ended(status);
    return 0;
  }
}

function isTransport(error) {
  return error instanceof TypeError || error?.name === "AbortError";
}
