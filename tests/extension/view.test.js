/** The last resort: a photograph of what is seen. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { NoImageError } from "../../extension/background/images.js";
import { photograph } from "../../extension/background/view.js";

/** @param {() => Promise<string>} captureVisibleTab */
const api = (captureVisibleTab) => /** @type {any} */ ({ tabs: { captureVisibleTab } });
const never = () => new Promise((resolve) => setTimeout(resolve, 500)); // keeps Node awake
const { signal } = new AbortController();

test("a browser that draws nothing is not waited for", async () => {
  assert.equal(await photograph(api(async () => "data:,"), 1, signal), "data:,");
  await assert.rejects(photograph(api(/** @type {any} */ (never)), 1, signal, 10), NoImageError);
});

test("one that refuses is an image that cannot be had; what was cancelled is cancelled", async () => {
  const refused = async () => {
    throw new Error("image readback failed");
  };
  await assert.rejects(photograph(api(refused), 1, signal), NoImageError);
  const asked = new AbortController();
  const shot = photograph(api(/** @type {any} */ (never)), 1, asked.signal);
  asked.abort();
  await assert.rejects(shot, { name: "AbortError" });
});
