// Made once: that of a real one takes a thousand times as long as a step of a simulation.
const FULL = new Error("QuotaExceededError");
const FORBIDDEN = new Error("SecurityError");

/** A browser's storage, as the tabs have it in common. What is stored are its own keys, as in browsers. */
export class Storage {
  #rules;

  /** `rules` has `room`, how many characters fit in, and `changed(key)`, called for each change. */
  constructor(rules = { room: Infinity, changed: () => {} }) {
    this.#rules = rules;
  }

  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }

  setItem(key, value) {
    const before = this.getItem(key);
    const others = Object.keys(this).filter((other) => other !== key);
    const size = others.reduce((sum, other) => sum + other.length + this[other].length, key.length + value.length);
    if (size > this.#rules.room) throw FULL;
    this[key] = value;
    if (before !== value) this.#rules.changed(key);
  }

  removeItem(key) {
    if (!Object.hasOwn(this, key)) return;
    delete this[key];
    this.#rules.changed(key);
  }
}

/** As where storage is forbidden. */
export function forbiddenStorage() {
  throw FORBIDDEN;
}
