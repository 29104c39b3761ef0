import assert from "node:assert/strict";
import test from "node:test";
import { Tabs } from "../../Public/js/tabs.js";
import { VirtualBrowser } from "./virtual-browser.mjs";

const SILENCE_MS = 45_000;
const LONGEST_SILENCE_MS = 55_000;
const SUCCESSION_MS = 350;

/** Tabs of one room, each with what it has heard, and whether it claims when it is needed. */
function tabsOf(browser, count, claims = true) {
  return Array.from({ length: count }, () => {
    const tab = { world: browser.tab(), heard: [], needed: 0 };
    const needed = () => {
      tab.needed += 1;
      if (claims) tab.tabs.claim("5");
    };
    tab.tabs = new Tabs("7", "9", SILENCE_MS, { heard: (message) => tab.heard.push(message), needed }, tab.world);
    return tab;
  });
}

const leaders = (tabs) => tabs.map(({ tabs }) => tabs.leads);

test("the newest claim leads, and the others hear where it is", async () => {
  const browser = new VirtualBrowser();
  const tabs = tabsOf(browser, 3);
  for (const { tabs: each } of tabs) {
    each.claim("12");
    await browser.pass(10);
  }
  assert.deepEqual(leaders(tabs), [false, false, true]);
  assert.equal(tabs[0].heard.at(-1).cursor, "12");
  tabs[0].tabs.claim("13");
  await browser.pass(10);
  assert.deepEqual(leaders(tabs), [true, false, false]);
});

test("of several that claim in the same moment exactly one stays", async () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const browser = new VirtualBrowser({ seed });
    const tabs = tabsOf(browser, 4);
    for (const { tabs: each } of tabs) each.claim("0");
    await browser.pass(10);
    assert.equal(leaders(tabs).filter(Boolean).length, 1);
  }
});

test("a claim of a clock that was set back is answered by the newer one", async () => {
  const browser = new VirtualBrowser();
  const [first, second] = tabsOf(browser, 2);
  first.tabs.claim("3");
  second.world.now = () => 5;
  const [late] = tabsOf(browser, 1);
  late.world.now = () => 5;
  await browser.pass(10);
  late.tabs.claim("0");
  await browser.pass(10);
  assert.deepEqual(leaders([first, second, late]), [true, false, false]);
  assert.equal(late.heard.at(-1).cursor, "3");
  second.tabs.claim("4");
  await browser.pass(10);
  assert.deepEqual(leaders([first, second]), [false, true], "one that has heard of it claims after it");
});

test("a leader that closes says goodbye, and another one takes over at once", async () => {
  const browser = new VirtualBrowser();
  const tabs = tabsOf(browser, 3);
  tabs[2].tabs.claim("5");
  await browser.pass(10);
  tabs[2].tabs.close();
  assert.deepEqual(browser.told.at(-1).kind, "bye");
  await browser.pass(SUCCESSION_MS + 10);
  assert.equal(leaders(tabs).filter(Boolean).length, 1);
  assert.equal(tabs[2].tabs.leads, false);
  assert.ok(tabs[0].needed + tabs[1].needed >= 1);
});

test("one that closes and does not lead says nothing, and hears nothing any more", async () => {
  const browser = new VirtualBrowser();
  const [first, second] = tabsOf(browser, 2);
  second.tabs.claim("5");
  await browser.pass(10);
  const { length } = browser.told;
  first.tabs.close();
  assert.equal(browser.told.length, length);
  second.tabs.tell({ kind: "news", cursor: "6" });
  await browser.pass(LONGEST_SILENCE_MS);
  assert.equal(first.heard.length, 1);
  assert.equal(first.needed, 0);
});

test("a leader that says nothing is followed by another one, not sooner than a held request takes", async () => {
  const browser = new VirtualBrowser();
  const [first, second] = tabsOf(browser, 2);
  second.tabs.claim("5");
  await browser.pass(SILENCE_MS);
  assert.equal(first.needed, 0);
  second.tabs.tell({ kind: "news", cursor: "6" });
  await browser.pass(SILENCE_MS);
  assert.equal(first.needed, 0, "what it says counts");
  second.tabs.tell({ kind: "lost", trouble: "busy", pauseMs: 60_000 });
  await browser.pass(60_000 + SILENCE_MS);
  assert.equal(first.needed, 0, "it has said that it would pause");
  await browser.pass(LONGEST_SILENCE_MS - SILENCE_MS + 10);
  assert.equal(first.needed, 1);
  assert.deepEqual(leaders([first, second]), [true, false]);
});

test("one that looks for a leader is answered, and takes over where there is none", async () => {
  const browser = new VirtualBrowser();
  const [first, second] = tabsOf(browser, 2);
  first.tabs.claim("5");
  await browser.pass(10);
  assert.equal(second.tabs.hasLeader, true);
  second.tabs.seek();
  await browser.pass(SUCCESSION_MS + 10);
  assert.equal(second.needed, 0);
  const [alone] = tabsOf(new VirtualBrowser(), 1);
  assert.equal(alone.tabs.hasLeader, false);
  const lonely = new VirtualBrowser();
  const [one] = tabsOf(lonely, 1);
  one.tabs.seek();
  await lonely.pass(SUCCESSION_MS);
  assert.equal(one.needed, 1);
});

test("of those that may take over one that is seen comes first", async () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const browser = new VirtualBrowser({ seed });
    const [hidden, seen, leader] = tabsOf(browser, 3);
    hidden.world.hidden = true;
    leader.tabs.claim("5");
    await browser.pass(10);
    leader.tabs.close();
    await browser.pass(5_000);
    assert.deepEqual(leaders([hidden, seen]), [false, true]);
  }
});

test("what is told by one that does not lead is heard by nobody", async () => {
  const browser = new VirtualBrowser();
  const [first, second] = tabsOf(browser, 2);
  first.tabs.claim("5");
  await browser.pass(10);
  second.tabs.tell({ kind: "news", cursor: "99" });
  await browser.pass(10);
  assert.deepEqual(first.heard, []);
});

test("without a way to others each leads by itself", () => {
  const browser = new VirtualBrowser({ hasChannels: false });
  const tabs = tabsOf(browser, 2);
  for (const { tabs: each } of tabs) each.claim("5");
  assert.deepEqual(leaders(tabs), [true, true]);
  tabs[0].tabs.close();
});
