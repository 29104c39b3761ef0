import assert from "node:assert/strict";
import test from "node:test";
import { isOnlyEmoji } from "../../Public/js/emoji.js";

test("a few emoji alone are told from text, digits and many of them", () => {
  const family = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}";
  const alone = ["🎉", "🎉🎉", family, "❤️", "🇮🇩", "👍🏽", " 🎉 \n", "🎉".repeat(24)];
  const others = ["", "a", "5", "#", "*", "7 5", "a🎉", "🎉!", "🎉".repeat(25)];
  assert.deepEqual(alone.filter((text) => !isOnlyEmoji(text)), []);
  assert.deepEqual(others.filter((text) => isOnlyEmoji(text)), []);
});
