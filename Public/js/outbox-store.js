import { browser } from "./browser.js";

const STAMP_DIGITS = 16;
const KEY = /^(\d{16})\.([0-9a-f-]{36})$/;

/**
 * What one person has written in one room and the server may not have yet, kept in the browser through reloads and
 * crashes.
 *
 * Each entry has a key of its own, `obrolan.outbox.VIEWER.ROOM.STAMP.CLIENT_ID`, so that adding and taking away are one
 * step each and tabs cannot overwrite what others wrote. The stamp is microseconds, made unique: the order of the keys
 * is the order of writing. Where nothing can be stored, an entry lives in this tab alone.
 */
export class OutboxStore {
  #prefix;
  #world;
  #unsaved = new Map();

  constructor(viewerId, roomId, world = browser) {
    this.#prefix = `obrolan.outbox.${viewerId}.${roomId}.`;
    this.#world = world;
  }

  /** Whether a change of this key of the browser's storage, or of all of them (null), changes something here. */
  isKeyOfThis(key) {
    return key === null || key.startsWith(this.#prefix);
  }

  /**
   * In order of writing; each has `key`, `clientId`, `date`, `content`, `replyTo` when it answers a message, and
   * `storedId` when the server has it.
   */
  get entries() {
    const entries = [...this.#unsaved.values(), ...this.#saved()];
    return entries.sort((one, other) => (one.key < other.key ? -1 : 1));
  }

  /** The one to send next; undefined when there is none. */
  get head() {
    return this.entries.find((entry) => entry.storedId === null);
  }

  /** Whether leaving the page would lose something. */
  get hasUnsaved() {
    return [...this.#unsaved.values()].some((entry) => entry.storedId === null);
  }

  has(key) {
    return this.entries.some((entry) => entry.key === key);
  }

  add(content, replyTo = null) {
    const last = this.entries.at(-1);
    // Later than the last one also when the clock was set back.
    const stamp = Math.max(this.#world.now() * 1000, last ? this.#parse(last.key).stamp + 1 : 0);
    const key = `${this.#prefix}${String(stamp).padStart(STAMP_DIGITS, "0")}.${this.#world.newUUID()}`;
    this.#write({ ...this.#parse(key), content, replyTo, storedId: null });
  }

  /** The server has it, under that id; it is kept until it has come into the log. */
  markStored(entry, storedId) {
    // It may be gone since: come into the log, or thrown away.
    if (this.has(entry.key)) this.#write({ ...entry, storedId });
  }

  remove(entry) {
    this.#unsaved.delete(entry.key);
    try {
      this.#world.storage().removeItem(entry.key);
    } catch {
      // Then it was not there either.
    }
  }

  #write(entry) {
    const { key, content, replyTo, storedId } = entry;
    try {
      this.#world.storage().setItem(key, JSON.stringify({ content, replyTo, storedId }));
      this.#unsaved.delete(key);
    } catch {
      // Forbidden or full.
      this.#unsaved.set(key, entry);
    }
  }

  #saved() {
    try {
      return Object.keys(this.#world.storage())
        .filter((key) => !this.#unsaved.has(key))
        .map((key) => this.#read(key))
        .filter((entry) => entry !== null);
    } catch {
      return [];
    }
  }

  #read(key) {
    const parts = this.#parse(key);
    if (parts === null) return null;
    try {
      const { content, replyTo, storedId } = JSON.parse(this.#world.storage().getItem(key));
      if (typeof content !== "string") return null;
      const ids = [replyTo ?? null, storedId].map((id) => (id === null ? null : String(BigInt(id))));
      return { ...parts, content, replyTo: ids[0], storedId: ids[1] };
    } catch {
      // Another tab took it away just now, or it is not of this script's making.
      return null;
    }
  }

  #parse(key) {
    const match = key.startsWith(this.#prefix) && KEY.exec(key.slice(this.#prefix.length));
    if (!match) return null;
    const stamp = Number(match[1]);
    return { key, stamp, clientId: match[2], date: new Date(stamp / 1000) };
  }
}
