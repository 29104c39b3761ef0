import assert from "node:assert/strict";
import test from "node:test";
import { Poller } from "../../Public/js/poller.js";
import { Chance, chooseSeed } from "./chance.mjs";
import { VirtualBrowser, settled } from "./virtual-browser.mjs";

const RUNS = 100;
const STEPS_OF_RUN = 150;
const MOST_TABS = 4;
const LIMIT = 3;
/** As long as it takes until a leader that has died is missed, and everybody has asked for what lies between. */
const CALM_MS = 180_000;

const STEPS = {
  say: 30, answer: 30, pass: 25, lose: 6, refuse: 4, open: 6, close: 3, crash: 2, hide: 5, show: 5, wake: 4, rest: 2,
};

/** Tabs of one browser that follow one room. A message is its number, and the server has all up to `newest`. */
class FollowingSimulation {
  #chance;
  #browser;
  #newest = 10;
  #tabs = [];

  constructor(seed) {
    this.#chance = new Chance(seed);
    this.#browser = new VirtualBrowser({ seed, hasLocks: false });
    this.open();
  }

  async step() {
    await this[this.#chance.weighted(STEPS)]();
    await settled();
    for (const tab of this.#tabs) {
      const asked = this.#browser.asked(tab.world);
      assert.ok(asked.length <= 1, "one request of a tab at a time");
    }
  }

  say() {
    this.#newest += 1 + this.#chance.below(2);
    // Whoever waits is told.
    for (const request of this.#held()) {
      if (this.#chance.happens(0.7)) this.#answer(request);
    }
  }

  answer() {
    const request = this.#chance.of(this.#asked());
    if (request) this.#answer(request);
  }

  async pass() {
    await this.#browser.pass(this.#chance.of([5, 100, 1_000, 30_000]));
    assert.ok(this.#held().length <= 1, "of several that claim, all but one have given in");
  }

  lose() {
    this.#chance.of(this.#asked())?.fail();
  }

  refuse() {
    const answer = { status: 503, isForeign: this.#chance.happens(0.5), fields: { "Retry-After": "2" } };
    this.#chance.of(this.#asked())?.answer(answer);
  }

  open() {
    if (this.#tabs.length >= MOST_TABS) return;
    const world = this.#browser.tab();
    world.hidden = this.#chance.happens(0.3);
    const tab = { world, seen: this.#newest, poller: null };
    const facts = { roomId: "9", viewerId: "7", cursor: String(tab.seen), holdSeconds: "25" };
    const listener = { news: (html) => this.#see(tab, html), lost: () => {}, found: () => {}, ended: () => {} };
    tab.poller = new Poller(facts, listener, world);
    tab.poller.run();
    this.#tabs.push(tab);
  }

  close() {
    const tab = this.#chance.of(this.#tabs);
    tab?.poller.rest();
    tab?.poller.stop();
    this.#forget(tab);
  }

  crash() {
    const tab = this.#chance.of(this.#tabs);
    if (tab) tab.world.isDead = true;
    this.#forget(tab);
  }

  hide() {
    const tab = this.#chance.of(this.#tabs);
    if (tab) tab.world.hidden = true;
  }

  show() {
    const tab = this.#chance.of(this.#tabs);
    if (tab) tab.world.hidden = false;
    tab?.poller.wake();
  }

  wake() {
    this.#chance.of(this.#tabs)?.poller.wake();
  }

  /** It is frozen, or put into the browser's cache, and comes back. */
  rest() {
    const tab = this.#chance.of(this.#tabs);
    tab?.poller.rest();
    tab?.poller.wake();
  }

  /** Nothing breaks any more: all tabs have to hear all, and one request has to be held. */
  async calm() {
    if (this.#tabs.length === 0) this.open();
    for (let passed = 0; passed < CALM_MS; passed += 500) {
      for (const request of this.#asked()) {
        const isOver = this.#browser.time.now - request.at >= 25_000;
        if (isOver || request.query.wait === "0" || Number(request.query.after) < this.#newest) this.#answer(request);
      }
      await this.#browser.pass(500);
    }
    assert.deepEqual(this.#tabs.map(({ seen }) => seen), this.#tabs.map(() => this.#newest), "all have heard all");
    assert.deepEqual([this.#asked().length, this.#held().length], [1, 1], "one request is held");
  }

  /** What the server is asked by tabs that are there. */
  #asked() {
    return this.#browser.asked().filter(({ tab }) => !tab.isDead);
  }

  #held() {
    return this.#asked().filter(({ query }) => query.wait !== "0");
  }

  #answer(request) {
    const after = Number(request.query.after);
    const last = Math.min(this.#newest, after + LIMIT);
    const text = Array.from({ length: Math.max(0, last - after) }, (_, index) => after + 1 + index).join(" ");
    const fields = { "Obrolan-Cursor": String(Math.max(after, last)), "Obrolan-Has-More": String(last < this.#newest) };
    request.answer({ text, fields: { ...fields, "Obrolan-Members": "2" } });
  }

  #see(tab, html) {
    for (const number of html.split(" ").filter(Boolean).map(Number)) {
      assert.ok(number <= tab.seen + 1, `${number} is shown after ${tab.seen}: what lies between is missed`);
      tab.seen = Math.max(tab.seen, number);
    }
  }

  #forget(tab) {
    this.#tabs = this.#tabs.filter((each) => each !== tab);
  }
}

test("whatever happens to tabs, each hears all without a gap, and in the end one of them asks", async (t) => {
  const seed = chooseSeed();
  t.diagnostic(`SEED=${seed}`);
  for (let run = 0; run < RUNS; run += 1) {
    const simulation = new FollowingSimulation(seed + run);
    let step = 0;
    try {
      for (; step < STEPS_OF_RUN; step += 1) await simulation.step();
      await simulation.calm();
    } catch (error) {
      error.message = `SEED=${seed + run} fails after ${step} steps: ${error.message}`;
      throw error;
    }
  }
});
