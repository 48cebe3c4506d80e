/** Files of many drawings, for whom they are read. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { NoImageError } from "../../extension/background/images.js";
import { MESSAGE } from "../../extension/shared/messages.js";
import { OPTIONS, setUp } from "./answering.js";

test("a file of drawings is read for a page that may be filled in, and for the user anywhere", async () => {
  const drawing = new Blob(["<svg><symbol/></svg>"], { type: "image/svg+xml" });
  const { ask, fetched } = setUp({ getImage: () => drawing });
  const question = { type: MESSAGE.sprite, url: "https://shop.example/icons.svg", byUser: false };
  assert.deepEqual(await ask(question), { sprite: "<svg><symbol/></svg>" });
  assert.deepEqual([fetched[0].page, fetched[0].forPage], ["https://shop.example/new", true]);
  await ask({ type: MESSAGE.changeSettings, changes: { mode: "asked" } }, OPTIONS);
  assert.deepEqual(await ask(question), {});
  assert.deepEqual(await ask({ ...question, byUser: true }), { sprite: "<svg><symbol/></svg>" });
});

test("what is no file of drawings, or cannot be had, is nothing", async () => {
  const question = { type: MESSAGE.sprite, url: "https://shop.example/icons.svg", byUser: true };
  assert.deepEqual(await setUp().ask(question), {});
  const missing = setUp({
    getImage() {
      throw new NoImageError("The site answered 404.");
    },
  });
  assert.deepEqual(await missing.ask(question), {});
});
