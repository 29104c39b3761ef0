import assert from "node:assert/strict";

/** A server that stores what comes, each client id once, and refuses what begins with "refuse". */
export class SimulatedServer {
  /** The contents that it has, in order. */
  stored = [];
  #places = new Map();
  #stores;

  /** `stores(content)` is called just before something is stored. */
  constructor(stores) {
    this.#stores = stores;
  }

  /** What comes of an attempt to send the entry, as `Delivery` is told of it. */
  take({ clientId, content }) {
    if (content.startsWith("refuse")) return { kind: "rejected", reason: "no" };
    if (!this.#places.has(clientId)) {
      assert.ok(!this.stored.includes(content), `${content} is stored once`);
      this.#stores(content);
      this.stored.push(content);
      this.#places.set(clientId, this.stored.length);
    }
    return { kind: "sent", id: String(this.#places.get(clientId)) };
  }

  /** Whether it is among the first `count` that it has. */
  hasAmong(count, clientId) {
    const place = this.#places.get(clientId);
    return place !== undefined && place <= count;
  }
}
