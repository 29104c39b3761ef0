import assert from "node:assert/strict";
import { OutboxCore } from "../../Public/js/outbox-core.js";
import { OutboxStore } from "../../Public/js/outbox-store.js";
import { Chance } from "./chance.mjs";
import { SimulatedServer } from "./simulated-server.mjs";
import { Storage, forbiddenStorage } from "./storage.mjs";

const MOST_TABS = 3;
const MOST_PENDING = 4;
const LEAST_PAUSE_MS = 500;
const STORAGE_ROOM = 1_500;
const LONGEST_RECOVERY_MS = 1_000_000;
/** What happens, and how often. */
const STEPS = {
  write: 30, arrive: 40, answer: 40, getLost: 8, arriveAgain: 5, doServerTrouble: 6, hear: 25, learn: 25, pass: 40,
  wake: 8, click: 5, open: 4, close: 3, fill: 3, free: 4, endSession: 0.3,
};

/**
 * Somebody who writes in several tabs of one room, and everything that can happen to that. Beside the real outboxes
 * stands what anybody would say of them: each message is `pending`, or `refused`, `discarded` or `lost` with a tab that
 * could not store it, or `stored` at the server; and `place` says who can see that it is to be sent: "storage", or one
 * tab alone.
 */
export class OutboxSimulation {
  constructor(seed) {
    this.chance = new Chance(seed);
    this.hasLocks = this.chance.happens(0.5);
    this.now = 0;
    this.rules = { room: Infinity, isForbidden: false, changed: (key) => this.#changed(key) };
    this.storage = new Storage(this.rules);
    this.tabs = [];
    this.turns = [];
    /** What is on its way to the server or back: `tab`, `entry`, and `outcome` when it is on its way back. */
    this.requests = [];
    this.server = new SimulatedServer((content) => this.storing(content));
    /**
     * What was written and is still somewhere, in order: `content`, `key`, `state`, `place`, at first `firstPlace`;
     * `isSettled` when the tab that alone had it has no reason to keep it.
     */
    this.written = [];
    this.open();
  }

  step() {
    this[this.chance.weighted(STEPS)]();
    this.check();
  }

  // What happens

  write() {
    const tab = this.chance.of(this.tabs.filter(({ hasEnded }) => !hasEnded));
    if (!tab || this.written.filter(({ state }) => state === "pending").length >= MOST_PENDING) return;
    const content = `${this.chance.happens(0.05) ? "refuse" : "take"} ${this.count++}`;
    const message = { content, key: null, state: "pending", place: null, firstPlace: null, isSettled: false };
    this.written.push(message);
    this.actor = tab;
    // The clock may be set back.
    if (this.chance.happens(0.02)) this.clockShift -= 10_000;
    const actions = tab.core.write(content);
    const { entry } = tab.core.rows.find((row) => row.entry.content === content) ?? {};
    assert.ok(entry, "what was written is shown");
    message.key = entry.key;
    message.place = message.firstPlace = Object.hasOwn(this.storage, entry.key) ? "storage" : tab;
    this.perform(tab, actions);
  }

  /** A request comes to the server. */
  arrive() {
    const request = this.chance.of(this.requests.filter(({ outcome }) => outcome === null));
    if (request) request.outcome = this.server.take(request.entry);
  }

  /** The network carries a request twice, or long after its tab has given it up. */
  arriveAgain() {
    const request = this.chance.of(this.requests);
    if (request) this.server.take(request.entry);
  }

  doServerTrouble() {
    const request = this.chance.of(this.requests.filter(({ outcome }) => outcome === null));
    if (!request) return;
    if (this.chance.happens(0.5)) this.server.take(request.entry);
    request.outcome = { kind: "failed", trouble: "busy", retryAfterMs: this.chance.of([0, 0, 3_000, 60_000]) };
  }

  answer() {
    const request = this.chance.of(this.requests.filter(({ outcome }) => outcome !== null));
    if (request) this.finish(request, request.outcome);
  }

  getLost() {
    const request = this.chance.of(this.requests);
    if (request) this.finish(request, { kind: "failed", trouble: "lost", retryAfterMs: 0 });
  }

  /** The session ends, or somebody else logs in: a tab is told by its attempt, or by what else it asks. */
  endSession() {
    const tab = this.chance.of(this.tabs);
    const request = this.requests.find((each) => each.tab === tab && each.outcome === null);
    if (request) this.finish(request, { kind: "ended", ending: "not_logged_in" });
    else if (tab) this.do(tab, { kind: "ended", ending: "not_logged_in" });
  }

  /** A tab hears of messages, up to one that the server has. */
  hear() {
    const tab = this.chance.of(this.tabs);
    if (tab) this.hearUpTo(tab, tab.heard + this.chance.below(this.server.stored.length - tab.heard + 1));
  }

  hearUpTo(tab, heard) {
    tab.heard = heard;
    // If what was to be sent has come, the next may follow at once.
    if (tab.store.entries.some((entry) => this.isInLog(tab, entry))) this.excuse(tab);
    for (const message of this.written) {
      if (message.place === tab && this.server.hasAmong(heard, message.key.slice(-36))) message.isSettled = true;
    }
    this.actor = tab;
    const actions = tab.core.logged(this.now);
    assert.ok(!tab.store.entries.some((entry) => this.isInLog(tab, entry)), "what is in the log is not shown twice");
    this.perform(tab, actions);
  }

  /** A tab is told by the browser what another one has changed in the storage. */
  learn() {
    const tab = this.chance.of(this.tabs.filter(({ changes }) => changes > 0));
    if (!tab) return;
    tab.changes -= 1;
    // If what has failed here was settled there, the next one may follow at once.
    if (this.expectedHead(tab)?.key !== tab.failedKey) this.excuse(tab);
    this.actor = tab;
    this.perform(tab, tab.core.changedElsewhere(this.now));
  }

  pass() {
    this.passFor(this.chance.of([1, 50, 400, 2_000, 20_000]));
  }

  wake() {
    const tab = this.chance.of(this.tabs);
    if (!tab) return;
    this.excuse(tab);
    this.actor = tab;
    this.perform(tab, tab.core.wake(this.now));
  }

  /** The reader presses a button of a message that has failed. */
  click() {
    const tab = this.chance.of(this.tabs.filter(({ hasEnded }) => !hasEnded));
    const row = tab && this.chance.of(tab.core.rows.filter(({ isFailed }) => isFailed));
    if (!row) return;
    this.excuse(tab);
    this.actor = tab;
    if (this.chance.happens(0.5)) return this.perform(tab, tab.core.retry(row.entry.key, this.now));
    const message = this.messageOf(row.entry);
    message.isSettled = message.isDiscarded = true;
    if (message.state === "pending") message.state = "discarded";
    this.perform(tab, tab.core.discard(row.entry.key, this.now));
  }

  open() {
    if (this.tabs.length >= MOST_TABS) return;
    const tab = {
      heard: this.chance.below(this.server.stored.length + 1), changes: 0, restsUntil: 0, isExcused: false,
      hasEnded: false, isAborted: false, failedKey: null,
    };
    const world = {
      now: () => 1_000_000 + this.now + this.clockShift, random: () => this.chance.fraction(),
      newUUID: () => this.chance.uuid(), storage: () => (this.rules.isForbidden ? forbiddenStorage() : this.storage),
    };
    tab.store = new OutboxStore("7", "9", world);
    tab.core = new OutboxCore(tab.store, (entry) => this.isInLog(tab, entry), world);
    this.tabs.push(tab);
    this.actor = tab;
    this.perform(tab, tab.core.start());
  }

  /** A tab closes or crashes: what it asks is still on its way, and what it alone had is lost. */
  close() {
    const tab = this.chance.of(this.tabs);
    if (tab) this.closeTab(tab);
  }

  closeTab(tab) {
    for (const message of this.written) {
      if (message.place === tab && message.state === "pending") message.state = "lost";
    }
    this.tabs = this.tabs.filter((each) => each !== tab);
    for (const request of this.requests) if (request.tab === tab) request.tab = null;
    this.releaseTurn(tab);
  }

  fill() {
    if (this.chance.happens(0.3)) this.rules.isForbidden = true;
    else this.rules.room = this.chance.below(STORAGE_ROOM);
  }

  free() {
    this.rules.isForbidden = false;
    this.rules.room = Infinity;
  }

  // The rest of the world

  clockShift = 0;
  count = 0;
  /** The tab whose doing a change of the storage is: it is not told of it. */
  actor = null;

  passFor(milliseconds) {
    const end = this.now + milliseconds;
    for (;;) {
      const next = this.tabs.reduce((one, other) => (other.core.dueAt < one.core.dueAt ? other : one), this.tabs[0]);
      if (!next || next.core.dueAt > end) break;
      this.now = Math.max(this.now, next.core.dueAt);
      this.actor = next;
      this.perform(next, next.core.due(this.now));
      assert.ok(next.core.dueAt > this.now, "what was due is done");
    }
    this.now = end;
  }

  /** The server is about to store it: in the order of writing, as far as tabs see what others write. */
  storing(content) {
    const index = this.written.findIndex((message) => message.content === content);
    const message = this.written[index];
    const earlier = this.written.slice(0, index).find(({ state, place }) => state === "pending" && place === "storage");
    assert.ok(message.firstPlace !== "storage" || !earlier, `${content} is stored before ${earlier?.content}`);
    message.state = "stored";
  }

  /** Tells the tab what has come of its request, if it is still there. */
  finish(request, outcome) {
    this.requests = this.requests.filter((each) => each !== request);
    const { tab, entry } = request;
    if (tab === null) return;
    this.actor = tab;
    const wasGivenUp = tab.isAborted;
    tab.isAborted = false;
    if (outcome.kind === "failed" && !wasGivenUp) {
      tab.restsUntil = tab.isExcused ? 0 : this.now + Math.max(outcome.retryAfterMs, LEAST_PAUSE_MS);
      tab.failedKey = entry.key;
    }
    const message = this.messageOf(entry);
    if (outcome.kind === "rejected" && message.state === "pending") message.state = "refused";
    this.perform(tab, tab.core.answered(outcome, this.now));
  }

  perform(tab, actions) {
    for (const action of actions) this.do(tab, action);
  }

  do(tab, action) {
    switch (action.kind) {
      case "takeTurn":
        assert.ok(!this.turns.includes(tab), "one turn at a time");
        assert.ok(this.now >= tab.restsUntil, `the server is left alone until ${tab.restsUntil}`);
        tab.isExcused = false;
        this.turns.push(tab);
        if (!this.hasLocks || this.turns[0] === tab) this.beginTurn(tab);
        return;
      case "endTurn":
        return this.releaseTurn(tab);
      case "send":
        return this.send(tab, action.entry);
      case "abort":
        assert.ok(this.requests.some((request) => request.tab === tab), "there is something to give up");
        assert.ok(!tab.isAborted, "it is given up once");
        tab.isAborted = true;
        return;
      case "giveBack": {
        const message = this.written.find(({ content }) => content === action.content);
        assert.equal(message.state, "refused");
        assert.ok(!message.isGivenBack, `${message.content} is given back once`);
        message.isGivenBack = message.isSettled = true;
        return;
      }
      case "ended":
        tab.hasEnded = true;
        return tab.core.end(action.ending);
      default:
        assert.ok(["written", "delivered", "troubled"].includes(action.kind), action.kind);
    }
  }

  send(tab, entry) {
    assert.ok(!tab.hasEnded, "nothing is sent after the end");
    assert.ok(!this.requests.some((request) => request.tab === tab), "one request of a tab at a time");
    assert.ok(!this.hasLocks || this.turns[0] === tab, "it is this tab's turn");
    assert.equal(entry.key, this.expectedHead(tab)?.key, "the first of what is pending is sent");
    this.requests.push({ tab, entry, outcome: null });
  }

  beginTurn(tab) {
    const actor = this.actor;
    this.actor = tab;
    this.perform(tab, tab.core.begin(this.now));
    this.actor = actor;
  }

  releaseTurn(tab) {
    const wasFirst = this.turns[0] === tab;
    this.turns = this.turns.filter((each) => each !== tab);
    if (this.hasLocks && wasFirst && this.turns.length > 0) this.beginTurn(this.turns[0]);
  }

  /** The tab has a reason to send at once, also if what is under way should fail. */
  excuse(tab) {
    tab.restsUntil = 0;
    tab.isExcused = true;
  }

  #changed(key) {
    const message = this.written.find((each) => each.key === key);
    if (message && Object.hasOwn(this.storage, key)) message.place = "storage";
    for (const tab of this.tabs) if (tab !== this.actor) tab.changes += 1;
  }

  isInLog(tab, { storedId, clientId }) {
    return this.server.hasAmong(tab.heard, clientId) || (storedId !== null && Number(storedId) <= tab.heard);
  }

  messageOf(entry) {
    return this.written.find(({ key }) => key === entry.key);
  }

  // What has to be true

  /** What a tab sees that is to be sent, the first of it. */
  expectedHead(tab) {
    return this.visible(tab, tab.store.entries).find(({ isPending }) => isPending);
  }

  /** What a tab sees, in order: what is in the storage, and what it alone has. `entries` are what its store says. */
  visible(tab, entries) {
    const seen = new Map();
    for (const key of this.rules.isForbidden ? [] : Object.keys(this.storage)) {
      seen.set(key, { key, isPending: this.storage[key].endsWith('"storedId":null}') });
    }
    for (const { key, place, isSettled } of this.written) {
      if (place === tab && !isSettled) seen.set(key, { key, isPending: true });
    }
    // That the server has it a tab may know alone: the storage could not take that.
    for (const { key, storedId } of entries) if (storedId !== null) seen.set(key, { key, isPending: false });
    return [...seen.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
  }

  check() {
    for (const { content, state, key, place } of this.written) {
      if (state !== "pending") continue;
      const isKept =
        place === "storage"
          ? Object.hasOwn(this.storage, key) && this.storage[key].startsWith(`{"content":"${content}"`)
          : this.tabs.includes(place) && place.store.has(key);
      assert.ok(isKept, `${content} is lost`);
    }
    const tab = this.chance.of(this.tabs);
    if (!tab) return;
    const { entries } = tab.store;
    const keys = (list) => list.map(({ key }) => key);
    assert.deepEqual(keys(entries), keys(this.visible(tab, entries)), "what is kept is shown, in order");
    const isUnsaved = ({ key, storedId }) => storedId === null && !Object.hasOwn(this.storage, key);
    assert.equal(tab.core.hasUnsaved, entries.some(isUnsaved), "whether the page asks before it is left");
    const isOver = (message) => message.state !== "pending" && !this.isStillSomewhere(message);
    for (const { content, state, place, isGivenBack, isDiscarded } of this.written.filter(isOver)) {
      const isTold = isGivenBack || isDiscarded || !(place === "storage" || this.tabs.includes(place));
      assert.ok(state !== "refused" || isTold, `${content} is refused, and nobody is told`);
    }
    this.written = this.written.filter((message) => !isOver(message));
  }

  isStillSomewhere({ key, place }) {
    if (Object.hasOwn(this.storage, key) || this.requests.some(({ entry }) => entry.key === key)) return true;
    return this.tabs.includes(place) && place.store.has(key);
  }

  /** Everything works again: all that is pending has to come to the server, and nothing may be left. */
  recover() {
    this.free();
    for (const tab of this.tabs.filter(({ hasEnded }) => hasEnded)) this.closeTab(tab);
    // The room is opened anew, which finds what no tab could read.
    if (this.tabs.length === MOST_TABS) this.close();
    this.open();
    const end = this.now + LONGEST_RECOVERY_MS;
    const isDone = () => this.tabs.every((tab) => tab.core.rows.length === 0) && this.requests.length === 0;
    while (!isDone() && this.now < end) {
      for (const request of [...this.requests]) {
        if (this.requests.includes(request)) this.finish(request, request.outcome ?? this.server.take(request.entry));
      }
      for (const tab of this.tabs) this.hearUpTo(tab, this.server.stored.length);
      while (this.tabs.some(({ changes }) => changes > 0)) this.learn();
      this.passFor(1_000);
      this.check();
    }
    assert.ok(isDone(), "all is settled");
    assert.deepEqual(Object.keys(this.storage), []);
    assert.ok(this.written.every(({ state }) => state !== "pending"));
  }
}
