import { browser } from "./browser.js";
import { ForwardClock } from "./forward-clock.js";
import { OutboxCore } from "./outbox-core.js";
import { OutboxStore } from "./outbox-store.js";
import { NoAnswer, ask } from "./server.js";

const TURN_LIMIT_MS = 25_000;
/** What is written cannot be taken as it is, and would not be another time. */
const REFUSED = new Set([409, 422]);

/** What one has written and the log does not have yet: does what `OutboxCore` says, and tells it what happens. */
export class Outbox {
  #url;
  #viewerId;
  #core;
  #view;
  #listener;
  #world;
  #clock;
  #timer = null;
  #request = null;
  #endTurn = null;

  /**
   * `view` has `show(rows, endedBy)`, as `OutboxList`; `listener` has `isInLog(entry)`, `added()`,
   * `rejected(content, reason)`, `failed(trouble)`, `delivered()` and `ended(ending)`.
   */
  constructor(view, { viewerId, roomId }, listener, world = browser) {
    this.#url = `/room/${roomId}/send`;
    this.#viewerId = viewerId;
    this.#view = view;
    this.#listener = listener;
    this.#world = world;
    this.#clock = new ForwardClock(world);
    const store = new OutboxStore(viewerId, roomId, world);
    this.#core = new OutboxCore(store, (entry) => listener.isInLog(entry), world);
    world.whenStored((key) => {
      if (store.isKeyOfThis(key)) this.#perform(this.#core.changedElsewhere(this.#clock.now));
    });
    world.beforeLeaving(() => this.#core.hasUnsaved);
  }

  /** Draws and sends what is left from before. */
  start() {
    this.#perform(this.#core.start());
  }

  /** When this comes back, the content is kept. `replyTo` is the id of the message that it answers, or null. */
  send(content, replyTo) {
    this.#perform(this.#core.write(content, replyTo));
  }

  /** Takes away what has come into the log. */
  settle() {
    this.#perform(this.#core.logged(this.#clock.now));
  }

  /** The reader wants it tried again. */
  retry(key) {
    this.#perform(this.#core.retry(key, this.#clock.now));
  }

  /** The reader does not want it sent. */
  discard(key) {
    this.#perform(this.#core.discard(key, this.#clock.now));
  }

  /** Tries again at once. */
  wake() {
    this.#perform(this.#core.wake(this.#clock.now));
  }

  /** No more can be sent from this page; what is kept is sent when the same person comes back. */
  end(ending) {
    this.#core.end(ending);
    this.#perform([]);
  }

  #perform(actions) {
    this.#view.show(this.#core.rows, this.#core.endedBy);
    for (const action of actions) this.#do(action);
    this.#setTimer();
  }

  #do(action) {
    switch (action.kind) {
      case "takeTurn":
        return this.#takeTurn();
      case "send":
        return this.#send(action.entry);
      case "abort":
        return this.#request.abort();
      case "endTurn":
        return this.#endTurn();
      case "written":
        return this.#listener.added();
      case "delivered":
        return this.#listener.delivered();
      case "troubled":
        return this.#listener.failed(action.trouble);
      case "giveBack":
        return this.#listener.rejected(action.content, action.reason);
      case "ended":
        return this.#listener.ended(action.ending);
    }
  }

  #setTimer() {
    this.#world.clearTimer(this.#timer);
    const { dueAt } = this.#core;
    if (dueAt === Infinity) return;
    const act = () => this.#perform(this.#core.due(this.#clock.now));
    this.#timer = this.#world.setTimer(act, Math.max(0, dueAt - this.#clock.now));
  }

  /** One tab at a time, where browsers have locks between tabs: in secure contexts. */
  async #takeTurn() {
    let isBegun = false;
    const begin = () => {
      isBegun = true;
      return new Promise((resolve) => {
        this.#endTurn = resolve;
        this.#perform(this.#core.begin(this.#clock.now));
      });
    };
    const locks = this.#world.locks();
    if (!locks) return begin();
    const wait = new AbortController();
    const timer = this.#world.setTimer(() => wait.abort(), TURN_LIMIT_MS);
    try {
      await locks.request(`obrolan-send-${this.#viewerId}-${this.#url}`, { signal: wait.signal }, begin);
    } catch (error) {
      // Refused, or held by a tab that hangs: sending the same twice is harmless.
      if (isBegun) throw error;
      begin();
    } finally {
      this.#world.clearTimer(timer);
    }
  }

  async #send(entry) {
    this.#request = new AbortController();
    const outcome = await this.#ask(entry, this.#request);
    this.#perform(this.#core.answered(outcome, this.#clock.now));
  }

  /** One attempt, and what came of it. */
  async #ask({ content, clientId, replyTo }, controller) {
    const form = { content, client_id: clientId };
    if (replyTo !== null) form.reply_to = replyTo;
    const question = { viewerId: this.#viewerId, accept: "application/json", form, controller };
    try {
      const answer = await ask(this.#url, question, this.#world);
      if (answer.isOk) return { kind: "sent", id: idFrom(answer) };
      if (answer.ending) return { kind: "ended", ending: answer.ending };
      if (REFUSED.has(answer.status)) return { kind: "rejected", reason: answer.detail ?? "Pesan ditolak." };
      return { kind: "failed", trouble: answer.trouble, retryAfterMs: answer.retryAfterMs };
    } catch (error) {
      // No answer, or one cut short: whether it is stored is unknown.
      const isExpected = error instanceof NoAnswer;
      if (!isExpected) console.error(error);
      const { trouble, retryAfterMs } = isExpected ? error : new NoAnswer("unavailable", "a mistake of the script's");
      return { kind: "failed", trouble, retryAfterMs };
    }
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
