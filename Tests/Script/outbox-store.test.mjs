import assert from "node:assert/strict";
import test from "node:test";
import { OutboxStore } from "../../Public/js/outbox-store.js";
import { Storage, forbiddenStorage } from "./storage.mjs";
import { VirtualBrowser } from "./virtual-browser.mjs";

const PREFIX = "obrolan.outbox.7.9.";

function storeOf(storage, changes = {}) {
  return new OutboxStore("7", "9", { ...new VirtualBrowser().tab(), storage: () => storage, ...changes });
}

const contents = (store) => store.entries.map(({ content }) => content);

test("what was written stays in its order, also when the clock is set back or stands still", () => {
  const storage = new Storage();
  let now = 5_000;
  const store = storeOf(storage, { now: () => now });
  for (const [index, time] of [5_000, 5_000, 1, 0, 5_001].entries()) {
    now = time;
    store.add(`pesan ${index}`);
  }
  assert.deepEqual(contents(store), ["pesan 0", "pesan 1", "pesan 2", "pesan 3", "pesan 4"]);
  assert.deepEqual(contents(storeOf(storage)), contents(store), "another tab sees the same");
  assert.equal(store.entries[0].date.getTime(), 5_000);
});

test("each message has a key of its own with its client id, and is kept as it is", () => {
  const storage = new Storage();
  const store = storeOf(storage);
  const content = '<b>"\\u0000"</b>\n\u{1f389} ';
  store.add(content);
  const [key] = Object.keys(storage);
  const [entry] = store.entries;
  assert.match(key, /^obrolan\.outbox\.7\.9\.\d{16}\.[0-9a-f-]{36}$/);
  assert.deepEqual([entry.key, entry.clientId, entry.content, entry.storedId], [key, key.slice(-36), content, null]);
});

test("a reply keeps what it answers, also when the server has it; what an earlier version has kept is none", () => {
  const storage = new Storage();
  const key = `${PREFIX}0000000000000001.0b8a2f0e-3c1d-4e5f-8a9b-0c1d2e3f4a5b`;
  storage.setItem(key, '{"content":"from before","storedId":null}');
  const store = storeOf(storage);
  store.add("satu");
  store.add("dua", "9007199254740993");
  assert.deepEqual(store.entries.map(({ replyTo }) => replyTo), [null, null, "9007199254740993"]);
  store.markStored(store.entries[2], "41");
  assert.deepEqual([store.entries[2].replyTo, store.entries[2].storedId], ["9007199254740993", "41"]);
});

test("what is stored at the server is no more to be sent, and stays until it is taken away", () => {
  const store = storeOf(new Storage());
  store.add("satu");
  store.add("dua");
  store.markStored(store.head, "9007199254740993");
  assert.equal(store.head.content, "dua");
  assert.equal(store.entries[0].storedId, "9007199254740993");
  const [first] = store.entries;
  store.remove(first);
  store.markStored(first, "1");
  assert.deepEqual(contents(store), ["dua"], "what is gone does not come back");
  assert.equal(store.has(first.key), false);
});

test("others' entries, and what is none, are not looked at and not touched", () => {
  const storage = new Storage();
  const uuid = "0b8a2f0e-3c1d-4e5f-8a9b-0c1d2e3f4a5b";
  const strange = {
    [`obrolan.outbox.7.99.0000000000000001.${uuid}`]: '{"content":"another room","storedId":null}',
    [`obrolan.outbox.77.9.0000000000000001.${uuid}`]: '{"content":"somebody else","storedId":null}',
    [`${PREFIX}1.${uuid}`]: '{"content":"no stamp","storedId":null}',
    [`${PREFIX}0000000000000001.${uuid}`]: "no JSON",
    [`${PREFIX}0000000000000002.${uuid}`]: '{"content":5,"storedId":null}',
    [`${PREFIX}0000000000000003.${uuid}`]: '{"content":"no id","storedId":"x"}',
    [`${PREFIX}0000000000000004.${uuid}`]: '{"content":"no state"}',
    [`${PREFIX}0000000000000005.${uuid}`]: '{"content":"no message","storedId":null,"replyTo":"x"}',
    "obrolan.draft.7.9": "half",
  };
  for (const [key, value] of Object.entries(strange)) storage.setItem(key, value);
  const store = storeOf(storage);
  assert.deepEqual(store.entries, []);
  store.add("satu");
  store.remove(store.entries[0]);
  assert.deepEqual({ ...storage }, strange);
  const keys = [null, `${PREFIX}x`, "obrolan.outbox.7.99.x"];
  assert.deepEqual(keys.map((key) => store.isKeyOfThis(key)), [true, true, false]);
});

test("what finds no room is kept by the tab, between what was stored before and after", () => {
  const rules = { room: Infinity, changed: () => {} };
  const storage = new Storage(rules);
  const store = storeOf(storage);
  store.add("satu");
  rules.room = 0;
  store.add("dua");
  rules.room = Infinity;
  store.add("tiga");
  assert.deepEqual(contents(store), ["satu", "dua", "tiga"]);
  assert.deepEqual(contents(storeOf(storage)), ["satu", "tiga"]);
  assert.equal(store.hasUnsaved, true);
  store.remove(store.entries[1]);
  assert.equal(store.hasUnsaved, false);
});

test("that the server has a message is known to the tab, also if the storage has no room for that", () => {
  const rules = { room: Infinity, changed: () => {} };
  const storage = new Storage(rules);
  const store = storeOf(storage);
  store.add("satu");
  rules.room = 0;
  store.markStored(store.head, "41");
  assert.equal(store.head, undefined);
  assert.equal(store.hasUnsaved, false);
  assert.equal(storeOf(storage).head.content, "satu");
  store.remove(store.entries[0]);
  assert.deepEqual([store.entries, Object.keys(storage)], [[], []]);
});

test("where storage is forbidden everything lives in the tab", () => {
  const store = storeOf(null, { storage: forbiddenStorage });
  store.add("satu");
  assert.deepEqual([contents(store), store.hasUnsaved], [["satu"], true]);
  store.remove(store.entries[0]);
  assert.deepEqual([contents(store), store.hasUnsaved], [[], false]);
});
