/** One question about one image: `content/ask.js`. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeAsk } from "../../extension/content/ask.js";
import { MESSAGE } from "../../extension/shared/messages.js";
import { makeApi } from "./browser_api.js";
import { makePage } from "./dom.js";
import { descriptionOf } from "./small_helper.js";

const CONTEXT = /** @type {any} */ ({ page_language: "en" });

function setUp() {
  const { window, find } = makePage('<canvas width="9" height="9"></canvas>');
  /** @type {(blob: Blob) => void} */
  let paint = () => undefined;
  window.HTMLCanvasElement.prototype.toBlob = (/** @type {BlobCallback} */ done) => void (paint = done);
  /** @type {any[]} */
  const sent = [];
  const { api } = makeApi();
  api.runtime.sendMessage = /** @type {any} */ (async (/** @type {any} */ message) => {
    sent.push(message);
    if (message.type !== MESSAGE.describeAll) return {};
    return { answers: message.questions.map((/** @type {any} */ { id }) => [id, { description: descriptionOf("words") }]) };
  });
  const ask = makeAsk(window, { api, onGone: () => undefined });
  const about = () => ask.about({ image: find("canvas"), context: CONTEXT, priority: "background", detail: "short", byUser: false });
  return { about, sent, painted: () => paint(new Blob(["pixels"])) };
}

test("what is wanted more before its picture is painted is asked for as that", async () => {
  const { about, sent, painted } = setUp();
  const { answer, raise } = about();
  raise("focused");
  painted();
  assert.equal((await answer).description?.alt, "words");
  assert.deepEqual(sent.map(({ type, questions }) => [type, questions?.[0].priority]), [[MESSAGE.describeAll, "focused"]]);
});

test("what is not wanted any more before its picture is painted is not asked for", async () => {
  const { about, sent, painted } = setUp();
  const { answer, cancel } = about();
  cancel();
  painted();
  assert.equal((await answer).problem?.state, "cancelled");
  assert.deepEqual(sent.filter(({ type }) => type === MESSAGE.describeAll), []);
});
