import { Backoff } from "./backoff.js";
import { Pause } from "./pause.js";
import { NoAnswer, ask } from "./server.js";

const LOCK_LIMIT_MS = 25_000;
const HUNG_MS = 3_000;
const SETTLED_GRACE_MS = 1_000;
/** What is written cannot be taken as it is, and would not be another time. */
const REFUSED = new Set([409, 422]);

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

  /** `listener` has `sent(entry, id)`, `rejected(entry, reason)`, `failed(entry, trouble)` and `ended(ending)`. */
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
    this.#attempt = attempt;
    try {
      const answer = await this.#post(entry, controller);
      if (answer.isOk) this.#sent(entry, idFrom(answer));
      else if (answer.ending) return this.#end(entry, answer);
      else if (REFUSED.has(answer.status)) this.#listener.rejected(entry, answer.detail ?? "Pesan ditolak.");
      else return this.#fail(entry, answer);
      return 0;
    } catch (error) {
      if (attempt.isSuperseded) return 0;
      // No answer, or one cut short: whether it is stored is unknown.
      if (error instanceof NoAnswer) return this.#fail(entry, error);
      console.error(error);
      return this.#fail(entry, { trouble: "unavailable", retryAfterMs: 0 });
    } finally {
      this.#attempt = null;
    }
  }

  #post({ content, clientId }, controller) {
    const form = { content, client_id: clientId };
    return ask(this.#url, { viewerId: this.#viewerId, accept: "application/json", form, controller });
  }

  #sent(entry, id) {
    this.#backoff.succeeded();
    this.#listener.sent(entry, id);
  }

  #end(entry, { ending }) {
    this.#listener.failed(entry, null);
    this.stop();
    this.#listener.ended(ending);
    return 0;
  }

  /** `trouble` says what kind of failure it was, `retryAfterMs` how long the other side wants to be left alone. */
  #fail(entry, { trouble, retryAfterMs }) {
    this.#listener.failed(entry, trouble);
    return this.#backoff.failed(retryAfterMs);
  }
}

/** The id under which the message is stored, as text. */
function idFrom(answer) {
  try {
    return String(BigInt(JSON.parse(answer.text).id));
  } catch (error) {
    throw new NoAnswer("unavailable", error.message);
  }
}
