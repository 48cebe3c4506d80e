/** One page of many frames: which of its images is at hand, and which is the next. */

import { WAYS } from "../shared/constants.js";
import { inReadingOrder } from "../shared/frame_order.js";

/** A frame whose page does nothing but compute is not waited for longer. */
const PATIENCE_MS = 1000;

/** @typedef {import("../content/survey.js").Survey & {frameId: number}} Survey */
/** @typedef {{frameId: number, id: number}} Found an image, by its number in its frame */

/**
 * @param {object} parts
 * @param {import("../shared/constants.js").Api} parts.api
 * @param {ReturnType<typeof import("./pages.js").makePages>} parts.pages
 */
export function makeFrames({ api, pages }) {
  const patience = () => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));

  /**
   * @param {number} tabId
   * @returns {Promise<number[]>} of all frames that we may enter, whether or not our script is there
   */
  async function idsOf(tabId) {
    const target = { tabId, allFrames: true };
    const asked = api.scripting.executeScript({ target, func: () => true, injectImmediately: true }).catch(() => []);
    /** @type {{frameId: number}[] | null} */
    const entered = await Promise.race([asked, patience()]);
    return entered?.map(({ frameId }) => frameId) ?? [0];
  }

  return {
    /**
     * @param {number} tabId
     * @param {object} message
     * @returns {Promise<Survey[]>}
     */
    async survey(tabId, message) {
      const surveys = (await idsOf(tabId)).map(async (frameId) => {
        const asked = pages.tell(tabId, message, { frameId });
        const answer = await (frameId === 0 ? asked : Promise.race([asked, patience()]));
        return answer && { ...answer, frameId };
      });
      return (await Promise.all(surveys)).filter(Boolean);
    },
  };
}

/**
 * @param {Survey[]} surveys
 * @returns {Found | null}
 */
export function imageAtHand(surveys) {
  for (const way of WAYS) {
    const meant = surveys.filter((one) => one.meant?.way === way && !(way === "reached" && isLeft(one, surveys)));
    // The pointer is on a frame and on what is in it: the innermost is meant. What is over, the last.
    const [best] = meant.sort((one, other) => (other.meant?.at ?? 0) - (one.meant?.at ?? 0) || depthOf(other) - depthOf(one));
    if (best?.meant) return { frameId: best.meant.frameId ?? best.frameId, id: best.meant.id };
  }
  return firstInView(surveys, "");
}

/**
 * @param {Survey[]} surveys
 * @param {string} path
 * @returns {Found | null}
 */
function firstInView(surveys, path) {
  const survey = surveys.find((one) => one.path === path);
  for (const one of survey?.inView ?? []) {
    const found = typeof one === "string" ? firstInView(surveys, one) : { frameId: survey?.frameId ?? 0, id: one };
    if (found) return found;
  }
  return null;
}

/**
 * @param {Survey} survey
 * @param {Survey[]} surveys
 * @returns {boolean} whether another frame has got the focus since
 */
function isLeft({ meant }, surveys) {
  return surveys.some((other) => (other.meant?.at ?? 0) > (meant?.at ?? 0));
}

/** @param {Survey} survey */
function depthOf({ path }) {
  return path.split("/").length;
}

/**
 * @param {Survey[]} surveys with outlines
 * @returns {(Found & {place: number, count: number}) | null} null where there are none
 */
export function nextImage(surveys) {
  const reader = surveys.find(({ path, isEntered }) => isEntered && path !== "") ?? surveys.find(({ path }) => path === "");
  const parts = surveys.map((survey) => ({ survey, path: survey.path, stops: survey.outline?.stops ?? [] }));
  /** @type {Found[]} */
  const images = [];
  let next = 0;
  for (const { part, index, stop } of inReadingOrder(parts)) {
    const { survey, stops } = part;
    if (survey === reader && index === Math.min(survey.outline?.from ?? 0, stops.length)) next = images.length;
    if (typeof stop === "number") images.push({ frameId: survey.frameId, id: stop });
  }
  const spokenOf = surveys.find(({ meant }) => meant?.frameId !== undefined)?.meant;
  const before = images.findIndex(({ frameId, id }) => frameId === spokenOf?.frameId && id === spokenOf.id);
  if (before >= 0) next = before + 1;
  const place = next % (images.length || 1);
  const image = images[place];
  return image ? { ...image, place: place + 1, count: images.length } : null;
}
