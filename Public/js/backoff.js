import { browser } from "./browser.js";

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 30_000;
const DOUBLINGS = 10;

/** How long to pause after failures: twice as long each time, by chance so that not everybody comes back at once. */
export class Backoff {
  #failures = 0;
  #random;

  constructor({ random } = browser) {
    this.#random = random;
  }

  /** Counts a failure; the answer is the pause after it in milliseconds, `leastMs` or more. */
  failed(leastMs) {
    const ceiling = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(this.#failures, DOUBLINGS));
    this.#failures += 1;
    return Math.max(leastMs, ceiling * (0.5 + this.#random() / 2));
  }

  succeeded() {
    this.#failures = 0;
  }
}
