// Work in slices: `content/slices.js`.
import assert from "node:assert/strict";
import { test } from "node:test";

import { makeSlices } from "../../extension/content/slices.js";

const SLICE_MS = 8;

/** Slices on a clock that stands still unless a job moves it, run one at a time. */
function setUp() {
  let time = 0;
  /** @type {(() => void)[]} */
  const planned = [];
  const controller = new AbortController();
  const slices = makeSlices({ signal: controller.signal, now: () => time, later: (work) => void planned.push(work) });
  /** @type {string[]} */
  const done = [];
  const look = (/** @type {string} */ name) =>
    slices.add(() => {
      done.push(`look ${name}`);
      slices.write(() => done.push(`write ${name}`));
    });
  return { slices, look, done, controller, pass: () => (time += SLICE_MS), run: () => planned.shift()?.() };
}

test("in a slice all looking comes before all writing", () => {
  const { look, done, run } = setUp();
  look("a");
  look("b");
  run();
  assert.deepEqual(done, ["look a", "look b", "write a", "write b"]);
});

test("what a slice has looked at is written before the page goes on", () => {
  const { slices, look, done, pass, run } = setUp();
  look("a");
  slices.add(() => void pass());
  look("b");
  run();
  assert.deepEqual(done, ["look a", "write a"]);
  run();
  assert.deepEqual(done, ["look a", "write a", "look b", "write b"]);
});

test("nothing is written after the end", () => {
  const { slices, look, done, controller, run } = setUp();
  look("a");
  slices.add(() => controller.abort());
  run();
  assert.deepEqual(done, ["look a"]);
});
