import { browser } from "./browser.js";

// A timer that is set for longer goes off at once (HTML standard: the delay is a 32-bit integer).
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A pause that can be cut short. */
export class Pause {
  #end = null;
  #world;

  constructor(world = browser) {
    this.#world = world;
  }

  /** Resolves after that many milliseconds, or when `end` is called; `Infinity` waits for that alone. */
  for(milliseconds) {
    return new Promise((resolve) => {
      const delay = Math.min(milliseconds, LONGEST_TIMER_MS);
      const timer = milliseconds === Infinity ? null : this.#world.setTimer(() => this.end(), delay);
      this.#end = () => {
        this.#world.clearTimer(timer);
        this.#end = null;
        resolve();
      };
    });
  }

  end() {
    this.#end?.();
  }
}
