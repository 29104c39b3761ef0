import { Backoff } from "./backoff.js";

const HUNG_MS = 3_000;
const SETTLED_GRACE_MS = 1_000;

/**
 * When what is written is sent: always the first entry, and the next only when that one is settled. An entry has the
 * same client id each time, so sending it again is safe, also from two tabs at once.
 *
 * Pure: it is told what happens, with the time in milliseconds, and answers with what to do, in this order:
 *
 * - `takeTurn`: wait until no other tab sends, and call `begin` then;
 * - `send`, with an `entry`: ask the server, and call `answered` with what comes of it; `abort`: give that up;
 * - `endTurn`: let another tab send;
 * - `sent` (`entry`, `id`), `rejected` (`entry`, `reason`), `failed` (`entry`, `trouble`), `ended` (`ending`): what
 *   came of it.
 */
export class Delivery {
  #backoff;
  /** "idle", "queued" for its turn, "sending" or "pausing". */
  #state = "idle";
  #pauseEnd = Infinity;
  #attempt = null;
  /** Whether the attempt under way is followed by the next at once, even if it fails. */
  #isWoken = false;
  #isEnded = false;

  /** `world.random` spreads the pauses. */
  constructor(world) {
    this.#backoff = new Backoff(world);
  }

  /** When `due` has something to do. */
  get dueAt() {
    if (this.#state === "pausing") return this.#pauseEnd;
    return this.#attempt === null ? Infinity : this.#attempt.giveUpAt;
  }

  /** `head` is to be sent, the first entry that the server may not have; undefined when there is none. */
  start(head) {
    if (this.#state !== "idle" || this.#isEnded || head === undefined) return [];
    this.#state = "queued";
    this.#isWoken = false;
    return [{ kind: "takeTurn" }];
  }

  /** It is this tab's turn. Another tab may have sent what was the first entry. */
  begin(head, now) {
    if (head === undefined || this.#isEnded) {
      this.#state = "idle";
      return [{ kind: "endTurn" }];
    }
    this.#state = "sending";
    this.#attempt = { entry: head, begin: now, giveUpAt: Infinity, isGivenUp: false };
    return [{ kind: "send", entry: head }];
  }

  /**
   * What came of the attempt; its `kind` is "sent" (with `id`), "rejected" (`reason`), "ended" (`ending`) or "failed"
   * (`trouble`, and `retryAfterMs`, for how long the other side wants to be left alone): then it may be stored or not.
   */
  answered(outcome, now) {
    const { entry, isGivenUp } = this.#attempt;
    this.#attempt = null;
    this.#state = "idle";
    const actions = [{ kind: "endTurn" }];
    switch (outcome.kind) {
      case "sent":
        this.#backoff.succeeded();
        return [...actions, { kind: "sent", entry, id: outcome.id }];
      case "rejected":
        this.#backoff.succeeded();
        return [...actions, { kind: "rejected", entry, reason: outcome.reason }];
      case "ended":
        this.stop();
        return [...actions, { kind: "failed", entry, trouble: null }, { kind: "ended", ending: outcome.ending }];
      default:
        // It was to be so.
        if (isGivenUp) return actions;
        this.#pause(now, this.#backoff.failed(outcome.retryAfterMs));
        return [...actions, { kind: "failed", entry, trouble: outcome.trouble }];
    }
  }

  /** Tries again at once. An attempt that hangs, or whose entry is gone by now, is given up for that. */
  wake(isGone, now) {
    this.#isWoken = true;
    if (this.#state === "pausing") this.#state = "idle";
    if (this.#attempt === null || this.#attempt.isGivenUp) return [];
    if (now - this.#attempt.begin > HUNG_MS) return this.#giveUp();
    // Its answer is mostly on the way; giving up costs the connection.
    if (isGone(this.#attempt.entry)) this.#attempt.giveUpAt = Math.min(this.#attempt.giveUpAt, now + SETTLED_GRACE_MS);
    return [];
  }

  /** Time has passed. */
  due(now) {
    if (now < this.dueAt) return [];
    if (this.#attempt !== null) return this.#giveUp();
    this.#state = "idle";
    return [];
  }

  /** Nothing is sent any more. What is under way may still be answered. */
  stop() {
    this.#isEnded = true;
    if (this.#state === "pausing") this.#state = "idle";
  }

  #pause(now, milliseconds) {
    if (this.#isWoken || this.#isEnded) return;
    this.#state = "pausing";
    this.#pauseEnd = now + milliseconds;
  }

  #giveUp() {
    this.#attempt.isGivenUp = true;
    this.#attempt.giveUpAt = Infinity;
    return [{ kind: "abort" }];
  }
}
