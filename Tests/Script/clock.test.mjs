import assert from "node:assert/strict";
import test from "node:test";
import { ForwardClock } from "../../Public/js/forward-clock.js";
import { Pause } from "../../Public/js/pause.js";
import { VirtualBrowser } from "./virtual-browser.mjs";

test("a clock goes on with the machine's, and stands still when that is set back", () => {
  let now = 1_000;
  const clock = new ForwardClock({ ...new VirtualBrowser().tab(), now: () => now });
  const readings = [1_000, 1_500, 100, 200, 3_600_200, 0].map((time) => {
    now = time;
    return clock.now;
  });
  assert.deepEqual(readings, [0, 500, 500, 600, 3_600_600, 3_600_600]);
});

test("a pause ends in time, or when it is cut short, and then does not end the next one", async () => {
  const browser = new VirtualBrowser();
  const pause = new Pause(browser.tab());
  const ended = [];
  pause.for(1_000).then(() => ended.push("first"));
  await browser.pass(400);
  pause.end();
  await browser.pass(0);
  assert.deepEqual(ended, ["first"]);
  pause.for(1_000).then(() => ended.push("second"));
  await browser.pass(999);
  assert.deepEqual(ended, ["first"]);
  await browser.pass(1);
  assert.deepEqual(ended, ["first", "second"]);
});

test("a pause for ever, or for longer than a timer can be set, does not end by itself", async () => {
  const browser = new VirtualBrowser();
  for (const milliseconds of [Infinity, 2 ** 40]) {
    const tab = browser.tab();
    const delays = [];
    tab.setTimer = (action, delay) => delays.push(delay);
    let isEnded = false;
    const pause = new Pause(tab);
    pause.for(milliseconds).then(() => (isEnded = true));
    await browser.pass(1e6);
    assert.equal(isEnded, false);
    assert.ok(delays.every((delay) => delay < 2 ** 31));
    pause.end();
    await browser.pass(0);
    assert.equal(isEnded, true);
  }
});
