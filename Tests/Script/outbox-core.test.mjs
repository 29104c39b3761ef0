import assert from "node:assert/strict";
import test from "node:test";
import { OutboxCore } from "../../Public/js/outbox-core.js";
import { OutboxStore } from "../../Public/js/outbox-store.js";
import { chooseSeed } from "./chance.mjs";
import { OutboxSimulation } from "./outbox-simulation.mjs";
import { Storage } from "./storage.mjs";
import { VirtualBrowser } from "./virtual-browser.mjs";

const RUNS = Number(process.env.RUNS ?? 400);
const STEPS_OF_RUN = 300;
const LOST = { kind: "failed", trouble: "lost", retryAfterMs: 0 };

test("whatever happens, what is written is stored once, in order, or comes back", (t) => {
  const seed = chooseSeed();
  t.diagnostic(`SEED=${seed}`);
  for (let run = 0; run < RUNS; run += 1) {
    const simulation = new OutboxSimulation(seed + run);
    let step = 0;
    try {
      for (; step < STEPS_OF_RUN; step += 1) simulation.step();
      simulation.recover();
    } catch (error) {
      error.message = `SEED=${seed + run} fails after ${step} steps: ${error.message}`;
      throw error;
    }
  }
});

/** An outbox of one tab; `log` has the client ids of what has come into the log. Pauses are of 750, 1,500 … ms. */
function outboxOf({ storage = new Storage(), log = new Set() } = {}) {
  const world = { ...new VirtualBrowser({ fraction: 0.5 }).tab(), storage: () => storage };
  const store = new OutboxStore("7", "9", world);
  const core = new OutboxCore(store, ({ clientId }) => log.has(clientId), world);
  return { core, store, log, storage };
}

const kinds = (actions) => actions.map(({ kind }) => kind);
const states = ({ core }) => core.rows.map(({ entry, words }) => `${entry.content}: ${words}`);

/** Begins the turn that it asks for, and gives the entry that it sends. */
function sent(core, actions, now) {
  assert.equal(actions.at(-1)?.kind, "takeTurn");
  const [send, ...more] = core.begin(now);
  assert.deepEqual([send.kind, more], ["send", []]);
  return send.entry;
}

test("what is written is shown and sent, and gone when it has come into the log", () => {
  const box = outboxOf();
  const actions = box.core.write("satu");
  assert.deepEqual(kinds(actions), ["written", "takeTurn"]);
  const entry = sent(box.core, actions, 0);
  assert.equal(entry.content, "satu");
  assert.deepEqual(states(box), ["satu: Mengirim…"]);
  assert.deepEqual(kinds(box.core.answered({ kind: "sent", id: "41" }, 5)), ["endTurn", "delivered"]);
  const [row] = box.core.rows;
  assert.deepEqual([row.isPending, row.isFailed, row.entry.storedId], [false, false, "41"]);
  box.log.add(entry.clientId);
  assert.deepEqual(box.core.logged(6), []);
  assert.deepEqual([box.core.rows, Object.keys(box.storage)], [[], []]);
});

test("the next one waits until the first is settled, and says so when that one has failed", () => {
  const box = outboxOf();
  sent(box.core, box.core.write("satu"), 0);
  assert.deepEqual(kinds(box.core.write("dua")), ["written"]);
  assert.deepEqual(states(box), ["satu: Mengirim…", "dua: Mengirim…"]);
  assert.deepEqual(kinds(box.core.answered(LOST, 0)), ["endTurn", "troubled"]);
  assert.deepEqual(states(box), ["satu: Gagal terkirim", "dua: Menunggu…"]);
  assert.equal(sent(box.core, box.core.due(750), 750).content, "satu");
  assert.equal(sent(box.core, box.core.answered({ kind: "sent", id: "1" }, 751), 751).content, "dua");
  assert.deepEqual(states(box), ["satu: Mengirim…", "dua: Mengirim…"]);
});

test("after failures it pauses twice as long each time, or as it is asked to; after a success it begins anew", () => {
  const box = outboxOf();
  let actions = box.core.write("satu");
  let now = 0;
  for (const pause of [750, 1_500, 3_000]) {
    sent(box.core, actions, now);
    box.core.answered(LOST, now);
    assert.equal(box.core.dueAt, now + pause);
    assert.deepEqual(box.core.due(now + pause - 1), []);
    now += pause;
    actions = box.core.due(now);
  }
  sent(box.core, actions, now);
  box.core.answered({ ...LOST, retryAfterMs: 60_000 }, now);
  now += 60_000;
  assert.equal(box.core.dueAt, now);
  sent(box.core, box.core.due(now), now);
  box.core.answered({ kind: "sent", id: "1" }, now);
  sent(box.core, box.core.write("dua"), now);
  box.core.answered(LOST, now);
  assert.equal(box.core.dueAt, now + 750);
});

test("waking cuts a pause short, and has an attempt under way be followed at once if it fails", () => {
  const box = outboxOf();
  sent(box.core, box.core.write("satu"), 0);
  box.core.answered(LOST, 0);
  sent(box.core, box.core.wake(10), 10);
  assert.deepEqual(box.core.wake(20), []);
  sent(box.core, box.core.answered(LOST, 30), 30);
});

test("waking gives an attempt up that hangs for more than three seconds, once, and sends the same again", () => {
  const box = outboxOf();
  const first = sent(box.core, box.core.write("satu"), 0);
  assert.deepEqual(box.core.wake(3_000), []);
  assert.deepEqual(kinds(box.core.wake(3_001)), ["abort"]);
  assert.deepEqual(box.core.wake(3_002), []);
  assert.equal(box.core.dueAt, Infinity);
  const actions = box.core.answered(LOST, 3_003);
  assert.deepEqual(kinds(actions), ["endTurn", "takeTurn"], "giving up is no failure");
  assert.equal(sent(box.core, actions, 3_003).clientId, first.clientId);
});

test("an attempt whose message has come into the log meanwhile is given up after a second", () => {
  const box = outboxOf();
  const first = sent(box.core, box.core.write("satu"), 0);
  box.core.write("dua");
  box.log.add(first.clientId);
  assert.deepEqual(box.core.logged(100), []);
  assert.equal(box.core.dueAt, 1_100);
  assert.deepEqual(box.core.due(1_099), []);
  assert.deepEqual(kinds(box.core.due(1_100)), ["abort"]);
  assert.equal(sent(box.core, box.core.answered(LOST, 1_101), 1_101).content, "dua");
});

test("what the server refuses comes back, and the next one follows", () => {
  const box = outboxOf();
  sent(box.core, box.core.write("satu"), 0);
  box.core.write("dua");
  const actions = box.core.answered({ kind: "rejected", reason: "Terlalu panjang." }, 5);
  assert.deepEqual(kinds(actions), ["endTurn", "giveBack", "delivered", "takeTurn"]);
  assert.deepEqual(actions[1], { kind: "giveBack", content: "satu", reason: "Terlalu panjang." });
  assert.equal(sent(box.core, actions, 5).content, "dua");
});

test("what is refused comes back in one tab only", () => {
  const storage = new Storage();
  const [one, other] = [outboxOf({ storage }), outboxOf({ storage })];
  sent(one.core, one.core.write("satu"), 0);
  sent(other.core, other.core.start(), 0);
  const refused = { kind: "rejected", reason: "no" };
  assert.ok(kinds(one.core.answered(refused, 1)).includes("giveBack"));
  assert.ok(!kinds(other.core.answered(refused, 2)).includes("giveBack"));
});

test("a failed one can be tried again or thrown away", () => {
  const box = outboxOf();
  sent(box.core, box.core.write("satu"), 0);
  box.core.write("dua");
  box.core.answered(LOST, 0);
  const [{ entry }] = box.core.rows;
  sent(box.core, box.core.retry(entry.key, 1), 1);
  assert.deepEqual(states(box), ["satu: Mengirim…", "dua: Mengirim…"]);
  box.core.answered(LOST, 2);
  assert.equal(box.core.dueAt, 2 + 1_500);
  assert.equal(sent(box.core, box.core.discard(entry.key, 3), 3).content, "dua");
  assert.deepEqual(states(box), ["dua: Mengirim…"]);
});

test("when no more can be sent, all is kept, and shown as not sent", () => {
  const box = outboxOf();
  sent(box.core, box.core.write("satu"), 0);
  box.core.write("dua");
  const actions = box.core.answered({ kind: "ended", ending: "not_logged_in" }, 5);
  assert.deepEqual(kinds(actions), ["endTurn", "troubled", "ended"]);
  box.core.end("not_logged_in");
  assert.deepEqual(states(box), ["satu: Belum terkirim", "dua: Belum terkirim"]);
  assert.ok(box.core.rows.every(({ isFailed }) => isFailed));
  for (const more of [box.core.wake(6), box.core.due(1e9), box.core.logged(7)]) assert.deepEqual(more, []);
  assert.equal(box.core.endedBy, "not_logged_in");
  const next = outboxOf({ storage: box.storage });
  assert.equal(sent(next.core, next.core.start(), 0).content, "satu");
});

test("when the page ends during a pause, nothing is sent after it", () => {
  const box = outboxOf();
  sent(box.core, box.core.write("satu"), 0);
  box.core.answered(LOST, 0);
  box.core.end("not_a_member");
  assert.equal(box.core.dueAt, Infinity);
  assert.deepEqual(box.core.due(10_000), []);
});

test("a turn that comes after the end is given to others", () => {
  const box = outboxOf();
  assert.deepEqual(kinds(box.core.write("satu")), ["written", "takeTurn"]);
  box.core.end("not_a_member");
  assert.deepEqual(kinds(box.core.begin(1)), ["endTurn"]);
  assert.deepEqual(kinds(box.core.write("dua")), ["written"], "what is written all the same is kept");
});

test("a turn that comes when nothing is left to send is given to others", () => {
  const storage = new Storage();
  const [one, other] = [outboxOf({ storage }), outboxOf({ storage })];
  const entry = sent(one.core, one.core.write("satu"), 0);
  assert.deepEqual(kinds(other.core.start()), ["takeTurn"]);
  one.core.answered({ kind: "sent", id: "1" }, 1);
  assert.deepEqual(kinds(other.core.begin(2)), ["endTurn"]);
  one.log.add(entry.clientId);
  one.core.logged(3);
  assert.deepEqual(kinds(other.core.write("dua")), ["written", "takeTurn"]);
});

test("what another tab has written is sent by it, or after five seconds by this one", () => {
  const storage = new Storage();
  const [one, other] = [outboxOf({ storage }), outboxOf({ storage })];
  one.core.write("satu");
  assert.deepEqual(other.core.changedElsewhere(100), []);
  assert.deepEqual(other.core.changedElsewhere(2_000), []);
  assert.equal(other.core.dueAt, 5_100);
  assert.equal(sent(other.core, other.core.due(5_100), 5_100).content, "satu");
});

test("when what has failed here is settled elsewhere, the next one follows at once", () => {
  const storage = new Storage();
  const [one, other] = [outboxOf({ storage }), outboxOf({ storage })];
  sent(one.core, one.core.write("satu"), 0);
  one.core.write("dua");
  one.core.answered(LOST, 0);
  other.core.discard(one.core.rows[0].entry.key, 1);
  assert.equal(sent(one.core, one.core.changedElsewhere(2), 2).content, "dua");
});

test("without storage a message lives in its tab, and the page asks before it is left until it is stored", () => {
  const storage = new Storage({ room: 0, changed: () => {} });
  const box = outboxOf({ storage });
  const actions = box.core.write("satu");
  assert.equal(box.core.hasUnsaved, true);
  assert.deepEqual(outboxOf({ storage }).core.rows, []);
  sent(box.core, actions, 0);
  box.core.answered({ kind: "sent", id: "1" }, 1);
  assert.equal(box.core.hasUnsaved, false);
  assert.deepEqual(box.core.rows.map(({ entry }) => entry.storedId), ["1"]);
});
