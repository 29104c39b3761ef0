import { Backoff, retryAfterMs } from "./backoff.js";
import { Pause } from "./pause.js";

const ANSWER_LIMIT_MS = 20_000;
const LOCK_LIMIT_MS = 25_000;
const HUNG_MS = 3_000;
const SETTLED_GRACE_MS = 1_000;
const FINAL = new Set([401, 403, 404, 409]);

/**
 * Sends what is in the store: always the first entry, and the next only when that one is settled. An entry has the same
 * client_id each time, so sending it again is safe, also from two tabs at once.
 */
export class Delivery {
  #url;
  #viewerId;
  #store;
  #listener;
  #backoff = new Backoff();
  #pause = new Pause();
  #attempt = null;
  #isRunning = false;
  #isWoken = false;
  #isEnded = false;

  /** `listener` has `sent(entry, id)`, `rejected(entry, reason)`, `failed(entry)` and `ended(status)`. */
  constructor(url, viewerId, store, listener) {
    this.#url = url;
    this.#viewerId = viewerId;
    this.#store = store;
    this.#listener = listener;
  }

  /** Sends until nothing is left; does nothing when it is at it already. */
  async start() {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (!this.#isEnded && this.#store.head) {
        this.#isWoken = false;
        const pause = await this.#inTurn(() => this.#sendHead());
        if (pause > 0 && !this.#isWoken && !this.#isEnded) await this.#pause.for(pause);
      }
    } finally {
      this.#isRunning = false;
    }
  }

  /** Tries again at once; an attempt that hangs, or whose entry is gone, is given up for that. */
  wake() {
    this.#isWoken = true;
    const attempt = this.#attempt;
    if (attempt && Date.now() - attempt.begin > HUNG_MS) this.#giveUp(attempt);
    // Its answer is mostly on the way; giving up costs the connection.
    else if (attempt && !this.#store.has(attempt.key)) setTimeout(() => this.#giveUp(attempt), SETTLED_GRACE_MS);
    this.#pause.end();
    this.start();
  }

  stop() {
    this.#isEnded = true;
    this.#pause.end();
  }

  #giveUp(attempt) {
    attempt.isSuperseded = true;
    attempt.controller.abort();
  }

  /** One tab at a time, where browsers have locks between tabs: in secure contexts. */
  async #inTurn(action) {
    if (!navigator.locks) return action();
    let begun = false;
    const options = { signal: AbortSignal.timeout(LOCK_LIMIT_MS) };
    try {
      return await navigator.locks.request(`obrolan-send-${this.#viewerId}-${this.#url}`, options, () => {
        begun = true;
        return action();
      });
    } catch (error) {
      // Refused, or held by a tab that hangs: sending the same twice is harmless.
      if (begun) throw error;
      return action();
    }
  }

  /** One attempt; the answer is how long to pause after it, in milliseconds. */
  async #sendHead() {
    // Another tab may have sent it while this one waited for its turn.
    const entry = this.#store.head;
    if (!entry || this.#isEnded) return 0;
    const controller = new AbortController();
    const attempt = { key: entry.key, begin: Date.now(), controller, isSuperseded: false };
    const limit = setTimeout(() => controller.abort(), ANSWER_LIMIT_MS);
    this.#attempt = attempt;
    try {
      const response = await this.#post(entry, controller.signal);
      if (response.ok) this.#sent(entry, (await response.json()).id);
      else if (response.status === 422) this.#listener.rejected(entry, await reasonFrom(response));
      else return this.#fail(entry, response.status, retryAfterMs(response));
      return 0;
    } catch {
      // No answer, or one cut short: whether it is stored is unknown.
      return attempt.isSuperseded ? 0 : this.#fail(entry, 0, 0);
    } finally {
      clearTimeout(limit);
      this.#attempt = null;
    }
  }

  #post({ content, clientId }, signal) {
    return fetch(this.#url, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ content, client_id: clientId, viewer: this.#viewerId }),
      signal,
    });
  }

  #sent(entry, id) {
    if (!Number.isInteger(id)) throw new TypeError("not an answer of this program");
    this.#backoff.succeeded();
    this.#listener.sent(entry, String(id));
  }

  #fail(entry, status, leastMs) {
    this.#listener.failed(entry);
    if (FINAL.has(status)) {
      this.stop();
      this.#listener.ended(status);
    }
    return this.#backoff.failed(leastMs);
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
