import { Delivery } from "./delivery.js";

const HELP_AFTER_MS = 5_000;

/**
 * What one has written and the log does not have yet, in one of the tabs of the room; what becomes of it, and how it
 * looks meanwhile.
 *
 * Pure but for the store, which tabs have in common: it is told what happens, with the time in milliseconds, which must
 * not go back, and answers with what to do, in this order: what `Delivery` says of `takeTurn`, `send`, `abort` and
 * `endTurn`, and
 *
 * - `written`: it is kept now;
 * - `delivered`: the server answers sends, `troubled` (`trouble`, which may be null): it does not;
 * - `giveBack` (`content`, `reason`): the server will not have it;
 * - `ended` (`ending`): call `end`, here and wherever else something is under way.
 */
export class OutboxCore {
  #store;
  #isInLog;
  #delivery;
  /** What could not be sent when it was last tried. */
  #failedKey = null;
  #endedBy = null;
  #helpAt = Infinity;

  /** `isInLog(entry)` tells whether the log has it; `world.random` spreads the pauses. */
  constructor(store, isInLog, world) {
    this.#store = store;
    this.#isInLog = isInLog;
    this.#delivery = new Delivery(world);
  }

  /** What is to be shown, in order: each with its `entry`, `isPending`, `isFailed`, and the state in words. */
  get rows() {
    return this.#store.entries.map((entry) => {
      const isPending = entry.storedId === null;
      const isFailed = isPending && (entry.key === this.#failedKey || this.#endedBy !== null);
      return { entry, isPending, isFailed, words: this.#words(isFailed) };
    });
  }

  /** Why no more can be sent; null while it can. */
  get endedBy() {
    return this.#endedBy;
  }

  get hasUnsaved() {
    return this.#store.hasUnsaved;
  }

  /** When `due` has something to do. */
  get dueAt() {
    return Math.min(this.#helpAt, this.#delivery.dueAt);
  }

  /** What is left from before can be sent. */
  start() {
    this.#tidy();
    return this.#next();
  }

  /** Something was written; when this comes back, it is kept. */
  write(content, replyTo = null) {
    this.#store.add(content, replyTo);
    this.#tidy();
    return [{ kind: "written" }, ...this.#next()];
  }

  /** It is this tab's turn. */
  begin(now) {
    return this.#delivery.begin(this.#store.head, now);
  }

  /** What came of an attempt; see `Delivery`. */
  answered(outcome, now) {
    const actions = this.#delivery.answered(outcome, now).flatMap((action) => this.#heed(action));
    this.#tidy();
    return [...actions, ...this.#next()];
  }

  /** Something has come into the log. */
  logged(now) {
    // One of them may be under way, or have failed and have the next ones wait.
    return this.#tidy() > 0 ? this.wake(now) : [];
  }

  /** Another tab has changed something in the store. */
  changedElsewhere(now) {
    const failedKey = this.#failedKey;
    this.#tidy();
    const { head } = this.#store;
    if (head === undefined) return [];
    if (failedKey !== null && head.key !== failedKey) return this.wake(now);
    // The tab where it was written sends it; if that one is gone, this one does.
    this.#helpAt = Math.min(this.#helpAt, now + HELP_AFTER_MS);
    return [];
  }

  /** The reader wants it tried again. */
  retry(key, now) {
    if (key === this.#failedKey) this.#failedKey = null;
    return this.wake(now);
  }

  /** The reader does not want it sent. */
  discard(key, now) {
    const entry = this.#store.entries.find((each) => each.key === key);
    if (entry) this.#store.remove(entry);
    return this.retry(key, now);
  }

  /** Tries again at once. */
  wake(now) {
    this.#tidy();
    return [...this.#delivery.wake((entry) => !this.#store.has(entry.key), now), ...this.#next()];
  }

  /** Time has passed. */
  due(now) {
    if (now >= this.#helpAt) this.#helpAt = Infinity;
    return [...this.#delivery.due(now), ...this.#next()];
  }

  /** No more can be sent from this page; what is kept is sent when the same person comes back. */
  end(ending) {
    this.#endedBy = ending;
    this.#helpAt = Infinity;
    this.#delivery.stop();
  }

  #heed(action) {
    const { kind, entry } = action;
    switch (kind) {
      case "sent":
        this.#store.markStored(entry, action.id);
        return [{ kind: "delivered" }];
      case "rejected": {
        // Another tab may have given it back, too.
        const isMine = this.#store.has(entry.key);
        this.#store.remove(entry);
        const giveBack = { kind: "giveBack", content: entry.content, reason: action.reason };
        return [...(isMine ? [giveBack] : []), { kind: "delivered" }];
      }
      case "failed":
        this.#failedKey = entry.key;
        return [{ kind: "troubled", trouble: action.trouble }];
      default:
        return [action];
    }
  }

  /** Takes away what has come into the log, and tells how much that was. */
  #tidy() {
    const { entries } = this.#store;
    const settled = entries.filter((entry) => this.#isInLog(entry));
    for (const entry of settled) this.#store.remove(entry);
    const failed = entries.find(({ key }) => key === this.#failedKey);
    if (failed === undefined || failed.storedId !== null || settled.includes(failed)) this.#failedKey = null;
    return settled.length;
  }

  #next() {
    return this.#delivery.start(this.#store.head);
  }

  #words(isFailed) {
    if (this.#endedBy !== null) return "Belum terkirim";
    if (isFailed) return "Gagal terkirim";
    return this.#failedKey === null ? "Mengirim…" : "Menunggu…";
  }
}
