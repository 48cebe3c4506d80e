import assert from "node:assert/strict";
import { test } from "node:test";

import { makeQueue } from "../../extension/background/queue.js";

/** Work that ends when it is told to. */
function makeWork() {
  /** @type {string[]} */
  const begun = [];
  /** @type {Map<string, () => void>} */
  const ends = new Map();
  const queue = makeQueue();
  const go = (/** @type {string} */ id, /** @type {any} */ priority, signal = new AbortController().signal) =>
    queue.run(id, priority, signal, () => {
      begun.push(id);
      return new Promise((resolve) => ends.set(id, () => resolve(id)));
    });
  const end = async (/** @type {string} */ id) => {
    ends.get(id)?.();
    await new Promise(setImmediate);
  };
  return { queue, go, end, begun };
}

test("three at once, and a fourth only for the focused image", async () => {
  const { go, begun } = makeWork();
  for (const id of ["a", "b", "c", "d"]) void go(id, "visible");
  await new Promise(setImmediate);
  assert.deepEqual(begun, ["a", "b", "c"]);
  void go("e", "focused");
  void go("f", "focused");
  await new Promise(setImmediate);
  assert.deepEqual(begun, ["a", "b", "c", "e"]);
});

test("the most wanted goes first, and among equals the first that came", async () => {
  const { go, end, begun } = makeWork();
  for (const id of ["a", "b", "c"]) void go(id, "visible");
  void go("far", "background");
  void go("near 1", "visible");
  void go("near 2", "visible");
  await new Promise(setImmediate);
  for (const id of ["a", "b", "c"]) await end(id);
  assert.deepEqual(begun, ["a", "b", "c", "near 1", "near 2", "far"]);
});

test("what is wanted more than before goes forward", async () => {
  const { queue, go, end, begun } = makeWork();
  for (const id of ["a", "b", "c"]) void go(id, "visible");
  void go("first", "background");
  void go("second", "background");
  queue.raise("second", "visible");
  await new Promise(setImmediate);
  await end("a");
  assert.deepEqual(begun.at(-1), "second");
});

test("what is cancelled while it waits never begins, and leaves its place", async () => {
  const { go, end, begun } = makeWork();
  const cancel = new AbortController();
  for (const id of ["a", "b", "c"]) void go(id, "visible");
  const cancelled = go("d", "visible", cancel.signal);
  void go("e", "visible");
  cancel.abort();
  await assert.rejects(cancelled, { name: "AbortError" });
  await end("a");
  assert.deepEqual(begun, ["a", "b", "c", "e"]);
});

test("an error gives its place back", async () => {
  const queue = makeQueue();
  const { signal } = new AbortController();
  const fail = () => queue.run("x", "visible", signal, () => Promise.reject(new Error("no")));
  for (let count = 0; count < 8; count += 1) await assert.rejects(fail(), /no/);
});

test("what was cancelled before it came never begins and takes no place", async () => {
  const { go, begun } = makeWork();
  for (let count = 0; count < 8; count += 1) {
    await assert.rejects(go("late", "visible", AbortSignal.abort()), { name: "AbortError" });
  }
  void go("a", "visible");
  await new Promise(setImmediate);
  assert.deepEqual(begun, ["a"]);
});
