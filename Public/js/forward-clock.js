import { browser } from "./browser.js";

/** A clock that does not go back when the machine's is set back. It goes on while the machine sleeps. */
export class ForwardClock {
  #world;
  #read;
  #elapsed = 0;

  constructor(world = browser) {
    this.#world = world;
    this.#read = world.now();
  }

  /** Milliseconds since it was made. */
  get now() {
    const read = this.#world.now();
    this.#elapsed += Math.max(0, read - this.#read);
    this.#read = read;
    return this.#elapsed;
  }
}
