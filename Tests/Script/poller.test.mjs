import assert from "node:assert/strict";
import test from "node:test";
import { Poller } from "../../Public/js/poller.js";
import { VirtualBrowser, settled } from "./virtual-browser.mjs";

const HOLD_SECONDS = 25;
const GIVEN_UP_MS = 35_000;
const WITHOUT_SLOT_MS = 2_000;
const SUCCESSION_MS = 350;
/** Chance in the middle: pauses after failures are three quarters of what they may be. */
const MIDDLE = 0.5;
const FIRST_PAUSE_MS = 750;

/** The page of somebody in a tab, that has heard up to `cursor`. */
function open(browser, { cursor = "40", room = "9", hidden = false } = {}) {
  const world = browser.tab();
  world.hidden = hidden;
  const page = { world, news: [], said: [], poller: null };
  const facts = { roomId: room, viewerId: "7", cursor, holdSeconds: String(HOLD_SECONDS) };
  const listener = {
    news: (html, members) => html !== "" && page.news.push(html, members),
    lost: (trouble) => page.said.push(`lost: ${trouble}`),
    found: () => page.said.push("found"),
    ended: (ending) => page.said.push(`ended: ${ending}`),
  };
  page.poller = new Poller(facts, listener, world);
  page.isDone = page.poller.run();
  return page;
}

/** An answer that has brought `cursor`. */
function news(cursor, text = `<li>${cursor}</li>`, more = {}) {
  return { text, fields: { "Obrolan-Cursor": cursor, "Obrolan-Members": "2", "Obrolan-Has-More": "false", ...more } };
}

const nothing = (cursor) => news(cursor, "");

/** The one request that is under way. */
function only(browser, page = null) {
  const asked = browser.asked(page?.world);
  assert.equal(asked.length, 1, `${asked.length} requests`);
  return asked[0];
}

test("a request is held, one at a time, and each asks for what is newer than the last", async () => {
  const browser = new VirtualBrowser();
  const page = open(browser);
  await settled();
  for (let cursor = 41; cursor < 51; cursor += 1) {
    const request = only(browser);
    assert.deepEqual([request.path, request.query.wait], ["/room/9/messages", String(HOLD_SECONDS)]);
    assert.equal(request.query.after, String(cursor - 1));
    assert.deepEqual(request.query, { viewer: "7", after: String(cursor - 1), wait: String(HOLD_SECONDS) });
    request.answer(news(String(cursor)));
    await settled();
  }
  only(browser).answer(nothing("50"));
  await settled();
  assert.equal(only(browser).query.after, "50");
  assert.equal(page.news.length, 20);
  assert.deepEqual(page.said, []);
});

test("ids are compared as numbers, however large", async () => {
  const browser = new VirtualBrowser();
  open(browser, { cursor: "9007199254740993" });
  await settled();
  only(browser).answer(news("9007199254740992"));
  await settled();
  assert.equal(only(browser).query.after, "9007199254740993");
});

test("after failures it pauses twice as long each time, up to half a minute, and says so once", async () => {
  const browser = new VirtualBrowser({ fraction: MIDDLE });
  const page = open(browser);
  await settled();
  for (const pause of [750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500]) {
    only(browser).fail();
    await browser.pass(pause - 1);
    assert.equal(browser.asked().length, 0, `sooner than after ${pause} ms`);
    await browser.pass(1);
    assert.equal(only(browser).query.wait, "0", "the first answer shall come at once");
  }
  assert.deepEqual(page.said, ["lost: lost"]);
});

test("pauses after failures are by chance, but at least half of what they may be", async () => {
  for (const [fraction, pause] of [[0, 500], [0.999999, 1_000]]) {
    const browser = new VirtualBrowser({ fraction });
    open(browser);
    await settled();
    only(browser).fail();
    await browser.pass(pause - 2);
    assert.equal(browser.asked().length, 0);
    await browser.pass(2);
    only(browser);
  }
});

test("after a success the next failure is followed by a short pause again", async () => {
  const browser = new VirtualBrowser({ fraction: MIDDLE });
  const page = open(browser);
  await settled();
  for (let failures = 0; failures < 6; failures += 1) {
    only(browser).fail();
    await browser.pass(30_000);
  }
  only(browser).answer(nothing("40"));
  await settled();
  assert.deepEqual(page.said, ["lost: lost", "found"]);
  assert.equal(only(browser).query.wait, String(HOLD_SECONDS));
  only(browser).fail();
  await browser.pass(FIRST_PAUSE_MS);
  only(browser);
  assert.deepEqual(page.said, ["lost: lost", "found", "lost: lost"]);
});

test("what the server asks to wait is heeded, also beyond what it would pause, up to a minute", async () => {
  for (const [value, pause] of [["3", 3_000], ["3600", 60_000], ["0", FIRST_PAUSE_MS], ["soon", FIRST_PAUSE_MS]]) {
    const browser = new VirtualBrowser({ fraction: MIDDLE });
    const page = open(browser);
    await settled();
    const fields = { "Retry-After": value, "Content-Type": "application/problem+json" };
    only(browser).answer({ status: 503, text: '{"code":"busy"}', fields });
    await browser.pass(pause - 1);
    assert.equal(browser.asked().length, 0, value);
    await browser.pass(1);
    only(browser);
    assert.deepEqual(page.said, ["lost: busy"]);
  }
});

test("an answer that is not the application's is none, whatever it says", async () => {
  for (const answer of [nothing("99"), { status: 401 }, { status: 404 }]) {
    const browser = new VirtualBrowser({ fraction: MIDDLE });
    const page = open(browser);
    await settled();
    only(browser).answer({ ...answer, isForeign: true });
    await browser.pass(FIRST_PAUSE_MS);
    assert.deepEqual(page.said, ["lost: foreign"]);
    assert.equal(only(browser).query.after, "40");
  }
});

test("an answer of the application without a cursor is a failure", async () => {
  const browser = new VirtualBrowser({ fraction: MIDDLE });
  const page = open(browser);
  await settled();
  only(browser).answer({ text: "<li>?</li>" });
  await settled();
  assert.deepEqual([page.said, page.news], [["lost: unavailable"], []]);
  assert.equal(browser.asked().length, 0);
});

test("a request that is not answered in time is given up", async () => {
  const browser = new VirtualBrowser({ fraction: MIDDLE });
  const page = open(browser);
  await browser.pass(GIVEN_UP_MS - 1);
  only(browser);
  assert.deepEqual(page.said, []);
  await browser.pass(1);
  assert.deepEqual(page.said, ["lost: lost"]);
});

test("waking asks anew at once, and what hangs is given up", async () => {
  const browser = new VirtualBrowser({ fraction: MIDDLE });
  const page = open(browser);
  await browser.pass(5_000);
  const hanging = only(browser);
  page.poller.wake();
  await settled();
  assert.notEqual(only(browser), hanging);
  only(browser).fail();
  await settled();
  assert.equal(browser.asked().length, 0);
  page.poller.wake();
  await settled();
  assert.equal(only(browser).at, browser.time.now, "a pause is cut short");
  assert.deepEqual(page.said, ["lost: lost"], "giving up is no failure");
});

for (const [status, code, ending] of [
  [401, "not_logged_in", "not_logged_in"], [403, "not_a_member", "not_a_member"], [404, "no_such_room", "no_such_room"],
  [409, "other_viewer", "other_viewer"], [401, null, "not_logged_in"],
]) {
  test(`${status} ${code ?? "without a code"} ends it, in all tabs`, async () => {
    const browser = new VirtualBrowser();
    const [first, second] = [open(browser), open(browser)];
    await browser.pass(10);
    const fields = code ? { "Content-Type": "application/problem+json" } : {};
    only(browser, second).answer({ status, text: JSON.stringify({ code }), fields });
    await browser.pass(120_000);
    assert.equal(browser.asked().length, 0);
    for (const page of [first, second]) assert.deepEqual(page.said, [`ended: ${ending}`]);
    await Promise.all([first.isDone, second.isDone]);
    first.poller.wake();
    await settled();
    assert.equal(browser.asked().length, 0);
  });
}

test("a refusal as of another site ends nothing", async () => {
  const browser = new VirtualBrowser({ fraction: MIDDLE });
  const page = open(browser);
  await settled();
  const fields = { "Content-Type": "application/problem+json" };
  only(browser).answer({ status: 403, text: '{"code":"cross_site"}', fields });
  await browser.pass(FIRST_PAUSE_MS);
  assert.deepEqual(page.said, ["lost: cross_site"]);
  only(browser);
});

test("of several tabs the newest asks, and passes on what comes", async () => {
  const browser = new VirtualBrowser();
  const pages = [open(browser), open(browser), open(browser)];
  await browser.pass(10);
  const request = only(browser);
  assert.equal(request.tab, pages[2].world);
  request.answer(news("41"));
  await browser.pass(10);
  for (const page of pages) assert.deepEqual(page.news, ["<li>41</li>", "2"]);
  assert.equal(only(browser).query.after, "41");
});

test("a tab that has missed something asks for it itself, and holds nothing", async () => {
  const browser = new VirtualBrowser();
  const behind = open(browser, { cursor: "30" });
  open(browser, { cursor: "40" });
  await browser.pass(10);
  const [held, asked] = browser.asked().sort((one, other) => other.query.wait - one.query.wait);
  assert.deepEqual([asked.tab, asked.query.after, asked.query.wait], [behind.world, "30", "0"]);
  held.answer(news("41"));
  await browser.pass(10);
  assert.deepEqual(behind.news, [], "there is something between");
  const [again] = browser.asked(behind.world);
  assert.deepEqual([asked.isDone, again.query.after], [true, "30"]);
  again.answer(news("41"));
  await browser.pass(10);
  assert.deepEqual(behind.news, ["<li>41</li>", "2"]);
  assert.notEqual(only(browser).tab, behind.world);
});

test("what is behind is asked for until there is no more", async () => {
  const browser = new VirtualBrowser();
  open(browser);
  await settled();
  only(browser).answer(news("90", "<li>…90</li>", { "Obrolan-Has-More": "true" }));
  await settled();
  only(browser).answer(news("120"));
  await settled();
  assert.equal(only(browser).query.after, "120");
});

test("when the one that asks is closed another one does, within a third of a second", async () => {
  const browser = new VirtualBrowser();
  const [first, second] = [open(browser, { cursor: "40" }), open(browser, { cursor: "40" })];
  await browser.pass(10);
  second.poller.rest();
  second.poller.stop();
  await browser.pass(SUCCESSION_MS);
  assert.equal(only(browser).tab, first.world);
});

test("when the one that asks dies without a word another one does, when a held request would be over", async () => {
  const browser = new VirtualBrowser();
  const first = open(browser);
  await browser.pass(10);
  const second = open(browser);
  await browser.pass(10);
  // It has said that it leads, and says no more.
  second.world.fetch = () => new Promise(() => {});
  second.world.setTimer = () => 0;
  only(browser).answer(nothing("40"));
  await browser.pass(44_000);
  assert.equal(browser.asked(first.world).length, 0);
  await browser.pass(12_000);
  assert.equal(only(browser).tab, first.world);
});

test("a tab that is hidden when it opens does not take over from one that leads", async () => {
  const browser = new VirtualBrowser();
  const seen = open(browser);
  await browser.pass(10);
  const hidden = open(browser, { hidden: true });
  await browser.pass(SUCCESSION_MS + 1_010);
  assert.equal(only(browser).tab, seen.world);
  hidden.world.hidden = false;
  hidden.poller.wake();
  await browser.pass(10);
  assert.equal(only(browser).tab, hidden.world, "one that is brought to the front does");
});

test("all tabs say when the connection is lost and found", async () => {
  const browser = new VirtualBrowser({ fraction: MIDDLE });
  const pages = [open(browser), open(browser)];
  await browser.pass(10);
  only(browser).fail();
  await browser.pass(FIRST_PAUSE_MS);
  for (const page of pages) assert.deepEqual(page.said, ["lost: lost"]);
  only(browser).answer(nothing("40"));
  await browser.pass(10);
  for (const page of pages) assert.deepEqual(page.said, ["lost: lost", "found"]);
});

test("of many rooms four hold a request, and the others ask every two seconds", async () => {
  const browser = new VirtualBrowser();
  const pages = Array.from({ length: 6 }, (_, room) => open(browser, { room: String(room) }));
  await settled();
  const waits = browser.asked().map(({ query }) => query.wait);
  assert.deepEqual(waits, ["25", "25", "25", "25", "0", "0"]);
  for (const request of browser.asked(pages[5].world)) request.answer(nothing("40"));
  await browser.pass(WITHOUT_SLOT_MS - 1);
  assert.equal(browser.asked(pages[5].world).length, 0);
  await browser.pass(1);
  assert.equal(only(browser, pages[5]).query.wait, "0");
});

test("a room without a slot asks at once for what one answer does not hold", async () => {
  const browser = new VirtualBrowser();
  const pages = Array.from({ length: 5 }, (_, room) => open(browser, { room: String(room) }));
  await settled();
  const last = pages[4];
  only(browser, last).answer(news("41", "<li>41</li>", { "Obrolan-Has-More": "true" }));
  await settled();
  assert.deepEqual([only(browser, last).query.after, only(browser, last).query.wait], ["41", "0"]);
  only(browser, last).answer(news("42"));
  await settled();
  assert.equal(browser.asked(last.world).length, 0);
});

test("where browsers have no locks between tabs every room holds", async () => {
  const browser = new VirtualBrowser({ hasLocks: false });
  for (let room = 0; room < 6; room += 1) open(browser, { room: String(room) });
  await settled();
  assert.deepEqual(browser.asked().map(({ query }) => query.wait), Array(6).fill("25"));
});
