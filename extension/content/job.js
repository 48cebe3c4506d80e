/** What is known of one image that was asked for. */

import { sourceOf } from "./find_images.js";

/** @typedef {import("./find_images.js").Picture} Picture */
/** @typedef {import("../shared/constants.js").Priority} Priority */

/**
 * @typedef {object} Job
 * @property {string} source what the image showed when it was asked for
 * @property {Priority} priority
 * @property {AbortController} controller
 * @property {import("./ask.js").Asked | null} asked null when answered, or waiting to be asked again
 * @property {number} busyAnswers
 * @property {number} rewrites
 * @property {number} stirred how often the page had stirred when it was found to need words
 * @property {boolean} isBroken the page itself could not show it
 */

/**
 * @param {Picture} image
 * @param {Priority} priority
 * @param {number} [stirred]
 * @returns {Job}
 */
export function jobFor(image, priority, stirred = NaN) {
  const counts = { busyAnswers: 0, rewrites: 0 };
  return { source: sourceOf(image), priority, controller: new AbortController(), asked: null, ...counts, stirred, isBroken: false };
}
