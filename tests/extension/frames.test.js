/** One order of the images of many frames, and the one at hand among them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { imageAtHand, nextImage } from "../../extension/background/frames.js";
import { pathIn, pathOf } from "../../extension/content/frames.js";
import { makePage } from "./dom.js";

/** @typedef {import("../../extension/background/frames.js").Survey} Survey */

/**
 * @param {number} frameId
 * @param {string} path
 * @param {Partial<Survey> & {stops?: (number | string)[], from?: number}} [more]
 * @returns {Survey}
 */
function survey(frameId, path, { stops = [], from = 0, ...more } = {}) {
  return { frameId, path, isEntered: path === "", isShowing: false, isSmall: false, meant: null, inView: [], outline: { stops, from }, ...more };
}

/** Two images, a frame with two and a frame of its own, one image. @param {Record<string, Partial<Survey> & {from?: number}>} [more] by path */
const page = (more = {}) => [
  survey(0, "", { stops: [1, 2, "/1", 3, "/0"], ...more[""] }),
  survey(5, "/1", { stops: [1, "/1/0", 2], ...more["/1"] }),
  survey(6, "/1/0", { stops: [1], ...more["/1/0"] }),
];

/** @param {Survey[]} surveys */
const step = (surveys) => {
  const found = nextImage(surveys);
  return found && `${found.frameId}.${found.id} ${found.place} of ${found.count}`;
};

test("images are counted over all frames, in the order of the page", () => {
  const left = { isEntered: false };
  const inner = (/** @type {string} */ path, /** @type {number} */ from) => page({ "": left, [path]: { isEntered: true, from } });
  assert.deepEqual(
    [
      step(page()), step(page({ "": { from: 1 } })), step(page({ "": { from: 2 } })), // to the frame
      step(inner("/1", 1)), step(inner("/1/0", 1)), step(inner("/1", 3)), // out of it again
      step(page({ "": { from: 4 } })), step(page({ "": { from: 5 } })), // past a frame that nobody answered for, to the beginning
    ],
    [
      "0.1 1 of 6", "0.2 2 of 6", "5.1 3 of 6",
      "6.1 4 of 6", "5.2 5 of 6", "0.3 6 of 6",
      "0.1 1 of 6", "0.1 1 of 6",
    ],
  );
});

test("the focus in a frame of which nothing is known: on from that frame", () => {
  assert.equal(step([survey(0, "", { stops: [1, "/0", 2], from: 2, isEntered: false })]), "0.2 2 of 2");
});

test("frames in shadow roots come at the end of what holds them, and hidden ones not at all", () => {
  const surveys = [survey(0, "", { stops: [1], from: 1 }), survey(7, "/-1", { stops: [1] }), survey(8, "/-1", { stops: [1] }), survey(9, "/0", { stops: [1] })];
  assert.equal(step(surveys), "7.1 2 of 3");
});

test("on from the image in a frame of which our panel speaks, while the focus is in the panel around all frames", () => {
  const spokenOf = (/** @type {number} */ frameId, /** @type {number} */ id) => ({ "": { meant: { way: /** @type {const} */ ("focus"), id, frameId, at: 0 }, from: 5 } });
  assert.deepEqual([step(page(spokenOf(5, 1))), step(page(spokenOf(0, 3)))], ["6.1 4 of 6", "0.1 1 of 6"]);
  assert.deepEqual(imageAtHand(page(spokenOf(5, 1))), { frameId: 5, id: 1 });
});

test("no image, no step", () => {
  assert.equal(nextImage([]), null);
  assert.equal(nextImage(page().map((one) => ({ ...one, outline: { stops: [], from: 0 } }))), null);
});

const meant = (/** @type {import("../../extension/shared/constants.js").Way} */ way, id = 1, at = 0) => ({ meant: { way, id, at } });

test("the surest way counts, in whichever frame; of two alike the innermost", () => {
  assert.deepEqual(imageAtHand(page({ "": meant("pointer"), "/1": meant("focus", 4) })), { frameId: 5, id: 4 });
  assert.deepEqual(imageAtHand(page({ "": meant("selection"), "/1": meant("pointer") })), { frameId: 0, id: 1 });
  assert.deepEqual(imageAtHand(page({ "": meant("pointer"), "/1/0": meant("pointer", 9), "/1": meant("pointer") })), { frameId: 6, id: 9 });
});

test("of what is over, the last counts", () => {
  assert.deepEqual(imageAtHand(page({ "": meant("activity", 2, 300), "/1": meant("activity", 4, 200) })), { frameId: 0, id: 2 });
  assert.deepEqual(imageAtHand(page({ "": meant("activity", 2, 100), "/1": meant("activity", 4, 200) })), { frameId: 5, id: 4 });
  assert.deepEqual(imageAtHand(page({ "": meant("focus", 2, 100), "/1": meant("reached", 4, 200) })), { frameId: 5, id: 4 });
  assert.deepEqual(imageAtHand(page({ "": meant("focus", 2, 300), "/1": meant("reached", 4, 200) })), { frameId: 0, id: 2 });
});

test("the first in view may be in a frame, or in a frame of that", () => {
  const inView = (/** @type {(number | string)[]} */ ...stops) => ({ inView: stops });
  assert.deepEqual(imageAtHand(page({ "": inView("/0", "/1", 3), "/1": inView("/1/0"), "/1/0": inView(7) })), { frameId: 6, id: 7 });
  assert.deepEqual(imageAtHand(page({ "": inView("/0", "/1", 3) })), { frameId: 0, id: 3 });
  assert.equal(imageAtHand(page()), null);
});

test("a frame and the document in it know the same path", () => {
  const { document, window } = makePage('<iframe></iframe><iframe id="second"></iframe>');
  const inner = /** @type {HTMLIFrameElement} */ (document.querySelector("#second")).contentDocument;
  inner?.body.append(inner.createElement("iframe"));
  const innermost = /** @type {HTMLIFrameElement} */ (inner?.querySelector("iframe"));
  assert.equal(pathOf(window), "");
  assert.equal(pathIn(/** @type {Element} */ (document.querySelector("#second"))), "/1");
  assert.equal(pathIn(innermost), "/1/0");
  assert.equal(pathOf(/** @type {Window} */ (innermost.contentWindow)), "/1/0");
});
