import assert from "node:assert/strict";
import test from "node:test";
import { Outbox } from "../../Public/js/outbox.js";
import { VirtualBrowser, settled } from "./virtual-browser.mjs";

const ANSWER_LIMIT_MS = 20_000;
const TURN_LIMIT_MS = 25_000;
const PROBLEM = { "Content-Type": "application/problem+json" };

/** The outbox of somebody's page in a tab: what it shows, and what it has said. */
function open(browser, changes = {}) {
  const page = { world: Object.assign(browser.tab(), changes), shown: [], said: [], log: new Set(), outbox: null };
  const view = { show: (rows) => (page.shown = rows.map(({ entry, words }) => `${entry.content}: ${words}`)) };
  const listener = {
    isInLog: ({ clientId }) => page.log.has(clientId),
    added: () => page.said.push("added"),
    rejected: (content, reason) => page.said.push(`rejected: ${content}, ${reason}`),
    failed: (trouble) => page.said.push(`failed: ${trouble}`),
    delivered: () => page.said.push("delivered"),
    ended: (ending) => {
      page.said.push(`ended: ${ending}`);
      page.outbox.end(ending);
    },
  };
  page.outbox = new Outbox(view, { viewerId: "7", roomId: "9" }, listener, page.world);
  return page;
}

/** The one request that is under way. */
async function only(browser) {
  await settled();
  const asked = browser.asked();
  assert.equal(asked.length, 1, `${asked.length} requests`);
  return asked[0];
}

const stored = (id) => ({ text: JSON.stringify({ id }) });

test("what is written is sent in order, one after the other, each with a client id of its own", async () => {
  const browser = new VirtualBrowser();
  const page = open(browser);
  const contents = ["satu", "dua\n<b>", "tiga"];
  for (const content of contents) page.outbox.send(content);
  const ids = new Set();
  for (const [number, content] of contents.entries()) {
    const request = await only(browser);
    assert.equal(request.path, "/room/9/send");
    assert.deepEqual([request.redirect, request.cache], ["error", "no-store"], "nobody else answers in its place");
    assert.deepEqual([request.form.content, request.form.viewer], [content, "7"]);
    ids.add(request.form.client_id);
    request.answer(stored(41 + number));
  }
  await settled();
  assert.equal(browser.asked().length, 0);
  assert.equal(ids.size, 3);
  assert.deepEqual(page.said, ["added", "added", "added", "delivered", "delivered", "delivered"]);
  assert.equal(page.shown.length, 3, "until they come into the log");
  page.log = ids;
  page.outbox.settle();
  assert.deepEqual(page.shown, []);
});

test("a reply says what it answers, and what is none says nothing of that", async () => {
  const browser = new VirtualBrowser();
  const page = open(browser);
  page.outbox.send("satu", null);
  page.outbox.send("dua", "12");
  const first = await only(browser);
  assert.ok(!("reply_to" in first.form));
  first.answer(stored(41));
  assert.equal((await only(browser)).form.reply_to, "12");
});

for (const [name, answer, trouble] of [
  ["no network", null, "lost"],
  ["a proxy's answer, whatever its status", { ...stored(1), isForeign: true }, "foreign"],
  ["a proxy's refusal", { status: 422, isForeign: true }, "foreign"],
  ["a busy server", { status: 503, text: '{"code":"busy"}', fields: PROBLEM }, "busy"],
  ["a server that is asked too often", { status: 429, text: "{}", fields: PROBLEM }, "busy"],
  ["an answer that does not say what is stored", { text: "{}" }, "unavailable"],
  ["an answer that is cut short", { text: '{"id": 4' }, "unavailable"],
  ["a refusal as of another site", { status: 403, text: '{"code":"cross_site"}', fields: PROBLEM }, "cross_site"],
]) {
  test(`after ${name} the same is sent again, with the same client id`, async () => {
    const browser = new VirtualBrowser({ fraction: 0.5 });
    const page = open(browser);
    page.outbox.send("satu");
    const first = await only(browser);
    if (answer) first.answer(answer);
    else first.fail();
    await settled();
    assert.deepEqual([page.shown, page.said], [["satu: Gagal terkirim"], ["added", `failed: ${trouble}`]]);
    await browser.pass(749);
    assert.equal(browser.asked().length, 0);
    await browser.pass(1);
    assert.deepEqual((await only(browser)).form, first.form);
  });
}

for (const [status, text, reason] of [
  [422, '{"detail":"Terlalu panjang."}', "Terlalu panjang."], [422, "<h1>", "Pesan ditolak."],
  [409, '{"detail":"Sudah dipakai.","code":"reused"}', "Sudah dipakai."],
]) {
  test(`what is refused by ${status} ${text} comes back, and is not sent again`, async () => {
    const browser = new VirtualBrowser();
    const page = open(browser);
    page.outbox.send("satu");
    (await only(browser)).answer({ status, text, fields: text.startsWith("{") ? PROBLEM : {} });
    await browser.pass(120_000);
    assert.deepEqual([page.shown, page.said], [[], ["added", `rejected: satu, ${reason}`, "delivered"]]);
    assert.equal(browser.requests.length, 1);
  });
}

test("when the session has ended nothing more is sent, and all is shown as not sent", async () => {
  const browser = new VirtualBrowser();
  const page = open(browser);
  page.outbox.send("satu");
  page.outbox.send("dua");
  (await only(browser)).answer({ status: 401, text: '{"code":"not_logged_in"}', fields: PROBLEM });
  await browser.pass(120_000);
  page.outbox.wake();
  await settled();
  assert.deepEqual(page.shown, ["satu: Belum terkirim", "dua: Belum terkirim"]);
  assert.deepEqual(page.said, ["added", "added", "failed: null", "ended: not_logged_in"]);
  assert.equal(browser.requests.length, 1);
});

test("a request that is not answered is given up after twenty seconds, or when it hangs and the tab is woken", async () => {
  const browser = new VirtualBrowser({ fraction: 0.5 });
  const page = open(browser);
  page.outbox.send("satu");
  const first = await only(browser);
  await browser.pass(ANSWER_LIMIT_MS - 1);
  assert.equal(first.isDone, false);
  await browser.pass(1 + 750);
  const second = await only(browser);
  assert.notEqual(second, first);
  await browser.pass(4_000);
  page.outbox.wake();
  const third = await only(browser);
  assert.ok(second.isDone && third !== second);
  assert.deepEqual(page.said, ["added", "failed: lost"], "giving up is no failure");
});

test("of two tabs one sends at a time, and what is settled is not sent by the other", async () => {
  const browser = new VirtualBrowser();
  const [one, other] = [open(browser), open(browser)];
  one.outbox.send("satu");
  other.outbox.start();
  (await only(browser)).answer(stored(41));
  await settled();
  assert.deepEqual([browser.asked().length, browser.requests.length], [0, 1]);
  other.outbox.send("dua");
  assert.equal((await only(browser)).form.content, "dua", "the turn was given back");
});

test("a tab that hangs in its turn holds up the others for 25 seconds at most", async () => {
  const browser = new VirtualBrowser();
  const [hanging, other] = [open(browser, { fetch: () => new Promise(() => {}) }), open(browser)];
  hanging.outbox.send("satu");
  other.outbox.start();
  await browser.pass(TURN_LIMIT_MS - 1);
  assert.equal(browser.asked().length, 0);
  await browser.pass(1);
  assert.equal((await only(browser)).form.content, "satu");
});

test("where browsers refuse locks, or have none, it sends without a turn", async () => {
  const refusing = { request: () => Promise.reject(new DOMException("no", "SecurityError")) };
  for (const locks of [() => refusing, () => null]) {
    const browser = new VirtualBrowser();
    open(browser, { locks }).outbox.send("satu");
    (await only(browser)).answer(stored(1));
    await settled();
    assert.equal(browser.requests.length, 1);
  }
});

test("what another tab has written is shown when the browser tells of it, and sent when nobody else does", async () => {
  const browser = new VirtualBrowser({ hasLocks: false });
  const [one, other] = [open(browser, { fetch: () => new Promise(() => {}) }), open(browser)];
  one.outbox.send("satu");
  other.world.stored("obrolan.draft.7.9");
  assert.deepEqual(other.shown, []);
  other.world.stored(null);
  assert.deepEqual(other.shown, ["satu: Mengirim…"]);
  await browser.pass(4_999);
  assert.equal(browser.asked().length, 0);
  await browser.pass(1);
  assert.equal((await only(browser)).form.content, "satu");
});

test("a clock that is set back does not make a pause longer", async () => {
  const browser = new VirtualBrowser({ fraction: 0.5 });
  let shift = 0;
  const page = open(browser, { now: () => browser.time.now + shift });
  page.outbox.send("satu");
  (await only(browser)).fail();
  await settled();
  shift = -3_600_000;
  await browser.pass(1_500);
  await only(browser);
});

test("however much happens during a pause, one timer waits for its end", async () => {
  const browser = new VirtualBrowser();
  const page = open(browser);
  page.outbox.send("satu");
  (await only(browser)).fail();
  await settled();
  for (let times = 0; times < 100; times += 1) page.outbox.settle();
  assert.equal(browser.time.pending, 1);
});

test("a failed message can be tried again, or thrown away", async () => {
  const browser = new VirtualBrowser();
  const page = open(browser);
  page.outbox.send("satu");
  page.outbox.send("dua");
  (await only(browser)).fail();
  await settled();
  const [first] = Object.keys(page.world.storage()).sort();
  page.outbox.retry(first);
  (await only(browser)).fail();
  await settled();
  page.outbox.discard(first);
  assert.equal((await only(browser)).form.content, "dua");
  assert.deepEqual(page.shown, ["dua: Mengirim…"]);
});

test("the page asks before it is left only while it alone has something", async () => {
  const browser = new VirtualBrowser();
  const page = open(browser, { storage: () => { throw new Error("SecurityError"); } });
  assert.equal(page.world.asksBeforeLeaving(), false);
  page.outbox.send("satu");
  assert.equal(page.world.asksBeforeLeaving(), true);
  (await only(browser)).answer(stored(1));
  await settled();
  assert.equal(page.world.asksBeforeLeaving(), false);
});
