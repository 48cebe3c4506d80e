/** What the helper has said of each image of this page, so that it need not be asked to say it again. */

import { sourceOf } from "./find_images.js";

/** @typedef {import("./find_images.js").Picture} Picture */
/** @typedef {import("./ask.js").Answer} Answer */

export function makeKnown() {
  /** @type {WeakMap<Element, {source: string, answer: Answer}>} */
  const answers = new WeakMap();

  return {
    /**
     * @param {Picture} image
     * @param {Answer} answer
     * @param {string} [source] what it showed when it was asked for
     */
    learn(image, answer, source = sourceOf(image)) {
      if (answer.problem?.state === "cancelled") return;
      answers.set(image, { source, answer });
    },

    /**
     * @param {Picture} image
     * @returns {Answer | null} null when it shows something else by now
     */
    of(image) {
      const kept = answers.get(image);
      return kept?.source === sourceOf(image) ? kept.answer : null;
    },
  };
}
