/** What is known of one image that was asked for. */

import { sourceOf } from "./find_images.js";

/** A page is believed to have stood still no longer: rules of style that its scripts change are not told of. */
const BELIEVED_MS = 2000;

/** @typedef {import("./find_images.js").Picture} Picture */
/** @typedef {import("../shared/constants.js").Priority} Priority */

/**
 * @typedef {object} Job
 * @property {string} source what the image showed when it was asked for
 * @property {Priority} priority
 * @property {import("./ask.js").Asked | null} asked null when answered, or waiting to be asked again
 * @property {boolean} isOver nothing more is wanted of it
 * @property {number} busyAnswers
 * @property {number} rewrites
 * @property {number} stirred how often the page had stirred when it was found to need words
 * @property {number} lookedAt when that was, in milliseconds
 * @property {boolean} isBroken the page itself could not show it
 */

/**
 * @param {Picture} image
 * @param {Priority} priority
 * @param {number} [stirred]
 * @param {import("./showing.js").Look} [look]
 * @returns {Job}
 */
export function jobFor(image, priority, stirred = NaN, look = undefined) {
  const counts = { busyAnswers: 0, rewrites: 0 };
  const looked = { stirred, lookedAt: performance.now() };
  return { source: sourceOf(image, look), priority, asked: null, isOver: false, ...counts, ...looked, isBroken: false };
}

/** @param {Job | undefined} job whose answer, if it is still on its way, is not wanted any more */
export function end(job) {
  if (!job) return;
  job.isOver = true;
  job.asked?.cancel();
  job.asked = null;
}

/**
 * @param {Job} job
 * @param {number} stirred how often the page has stirred by now
 * @returns {boolean} whether what was found of the image needs no second look
 */
export function isFresh({ stirred: before, lookedAt }, stirred) {
  return before === stirred && performance.now() - lookedAt < BELIEVED_MS;
}
