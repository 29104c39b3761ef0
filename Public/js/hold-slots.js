import { browser } from "./browser.js";

const SLOTS = 4;

/**
 * A browser keeps at most six HTTP/1.1 connections to one host, whatever the number of its tabs, and every held request
 * takes one. So only this many tabs hold theirs; the others ask and come back. Web Locks are missing outside secure
 * contexts: there every tab holds.
 */
export class HoldSlots {
  #world;

  constructor(world = browser) {
    this.#world = world;
  }

  /** Calls `action` with true while a slot is ours, or with false when all are taken. */
  async use(action) {
    const locks = this.#world.locks();
    if (!locks) return action(true);
    for (let slot = 0; slot < SLOTS; slot++) {
      const outcome = await locks.request(`obrolan-hold-${slot}`, { ifAvailable: true }, async (lock) =>
        lock ? { value: await action(true) } : null,
      );
      if (outcome) return outcome.value;
    }
    return action(false);
  }
}
