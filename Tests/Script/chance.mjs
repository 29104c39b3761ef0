/** Chance that repeats itself: mulberry32, by Tommy Ettinger. `seed` is a whole number. */
export class Chance {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** From 0 to 1, without 1. */
  fraction() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below `limit`. */
  below(limit) {
    return Math.floor(this.fraction() * limit);
  }

  happens(probability) {
    return this.fraction() < probability;
  }

  /** One of them; undefined of none. */
  of(list) {
    return list[this.below(list.length)];
  }

  /** One of the keys of `weights`, as often as its weight says. */
  weighted(weights) {
    const entries = Object.entries(weights);
    let place = this.fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    return entries.find(([, weight]) => (place -= weight) < 0)?.[0] ?? entries[0][0];
  }

  uuid() {
    const digits = Array.from({ length: 32 }, () => this.below(16).toString(16)).join("");
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }
}

/** The seed of a run: $SEED, or one by chance. A test says it when it fails. */
export function chooseSeed() {
  return process.env.SEED ? Number(process.env.SEED) : Math.floor(Math.random() * 2 ** 32);
}
