/** Where pages are never changed: who says what is found. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeBeside } from "../../extension/content/beside.js";
import { MESSAGE } from "../../extension/shared/messages.js";

/** @param {{isFirefox?: boolean, isShown?: boolean, say?: "alert" | null}} [options] */
async function told({ isFirefox = false, isShown = false, say = "alert" } = {}) {
  /** @type {string[]} */
  const notified = [];
  /** @type {string[]} */
  const sent = [];
  const document = { ariaNotify: (/** @type {string} */ words) => notified.push(words) };
  const window = /** @type {any} */ ({ document, ...(isFirefox && { mozInnerScreenX: 0 }) });
  const send = async (/** @type {any} */ { type }) => {
    sent.push(type);
    return type === MESSAGE.show && isShown ? { spoken: true } : null;
  };
  makeBeside(window, { send, current: () => 7 }).show(["A ferry", { words: "At night" }], { say });
  await new Promise(setImmediate);
  return { notified, opened: sent.includes(MESSAGE.openPanel) };
}

test("a page's own notice says it where that was seen to be spoken, else a window of ours", async () => {
  assert.deepEqual(await told(), { notified: ["A ferry\nAt night"], opened: false });
  assert.deepEqual(await told({ isFirefox: true }), { notified: [], opened: true });
});

test("nothing is said twice: neither what the helper has said, nor what the panel says", async () => {
  assert.deepEqual(await told({ say: null }), { notified: [], opened: false });
  assert.deepEqual(await told({ isShown: true }), { notified: [], opened: false });
});
