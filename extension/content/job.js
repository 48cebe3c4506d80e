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
 * @property {boolean} isBroken the page itself could not show it
 */

/**
 * @param {Picture} image
 * @param {Priority} priority
 * @returns {Job}
 */
export function jobFor(image, priority) {
  const counts = { busyAnswers: 0, rewrites: 0 };
  return { source: sourceOf(image), priority, controller: new AbortController(), asked: null, ...counts, isBroken: false };
}
