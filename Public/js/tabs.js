import { browser } from "./browser.js";

const SILENCE_SPREAD_MS = 10_000;
const SUCCESSION_MS = 50;
const SUCCESSION_SPREAD_MS = 300;
const HIDDEN_LAST_MS = 1_000;

/**
 * The tabs in which one person has one room open. One of them leads: it holds the request and tells the others what
 * came.
 *
 * The newest claim leads. Claims are ordered (by a stamp, then by the tab's name), each is heard by all, and hearing
 * one never makes a tab claim: so of several at once exactly one stays. A tab claims when it opens or is brought to the
 * front, and when nobody leads: the leader has said goodbye, or nothing for longer than a held request takes.
 */
export class Tabs {
  #channel;
  #name;
  #leader = { stamp: 0, name: "" };
  #cursor = "0";
  #silenceMs;
  #listener;
  #world;
  #timer = null;

  /**
   * A leader that says nothing for `silenceMs` is taken for dead. `listener` has `heard(message)` and `needed()`, which
   * should claim.
   */
  constructor(viewerId, roomId, silenceMs, listener, world = browser) {
    this.#silenceMs = silenceMs;
    this.#listener = listener;
    this.#world = world;
    this.#name = world.newUUID();
    // Without it every tab leads.
    this.#channel = world.openChannel(`obrolan.${viewerId}.${roomId}`);
    this.#channel?.addEventListener("message", ({ data }) => this.#receive(data));
  }

  get leads() {
    return this.#leader.name === this.#name;
  }

  get hasLeader() {
    return this.#leader.name !== "";
  }

  /** Leads from now on, from `cursor` on. */
  claim(cursor) {
    this.#cursor = cursor;
    this.#leader = { stamp: Math.max(this.#world.now(), this.#leader.stamp + 1), name: this.#name };
    this.#world.clearTimer(this.#timer);
    this.#announce();
  }

  /** Has the leader say where it is; if there is none, `needed` is called. */
  seek() {
    this.#post({ kind: "hello" });
    this.#succeedSoon();
  }

  /** Tells the others, if this tab leads. `message` has a `kind`, and `pauseMs` when none may come for so long. */
  tell(message) {
    if (!this.leads) return;
    this.#cursor = message.cursor ?? this.#cursor;
    this.#post(message);
  }

  /** Lets another tab lead. */
  leave() {
    if (this.leads) this.#post({ kind: "bye" });
    this.#leader = { ...this.#leader, name: "" };
    this.#world.clearTimer(this.#timer);
  }

  close() {
    this.leave();
    this.#channel?.close();
    this.#channel = null;
  }

  #announce() {
    this.#post({ kind: "claim", cursor: this.#cursor });
  }

  #post(message) {
    this.#channel?.postMessage({ ...message, leader: this.#leader });
  }

  #receive(message) {
    if (message.kind === "hello") {
      if (this.leads) this.#announce();
      return;
    }
    const order = compare(message.leader, this.#leader);
    if (order < 0) {
      // By a clock that was set back, a claim may be older than one that it has not heard of.
      if (message.kind === "claim" && this.leads) this.#announce();
      return;
    }
    this.#leader = message.leader;
    if (message.kind === "bye") {
      this.#leader = { ...message.leader, name: "" };
      this.#succeedSoon();
    } else {
      const patience = this.#silenceMs + this.#world.random() * SILENCE_SPREAD_MS;
      this.#succeedAfter((message.pauseMs ?? 0) + patience);
      this.#listener.heard(message);
    }
  }

  #succeedSoon() {
    this.#succeedAfter(SUCCESSION_MS + this.#world.random() * SUCCESSION_SPREAD_MS);
  }

  #succeedAfter(milliseconds) {
    this.#world.clearTimer(this.#timer);
    // One that is seen comes first.
    const delay = milliseconds + (this.#world.isHidden() ? HIDDEN_LAST_MS : 0);
    this.#timer = this.#world.setTimer(() => this.#listener.needed(), delay);
  }
}

function compare(one, other) {
  if (one.stamp !== other.stamp) return one.stamp - other.stamp;
  return one.name === other.name ? 0 : one.name < other.name ? -1 : 1;
}
