/** A picture's bytes, or where the background finds them. */

import { drawCanvas, drawElement, drawSign } from "./draw.js";
import { boxOf, showing } from "./showing.js";

/**
 * What the background is told: either of url and bytes.
 *
 * @typedef {object} Sent
 * @property {string} [url]
 * @property {Blob | string} [bytes] as a data: address where this browser's messages lose a Blob
 * @property {import("../shared/constants.js").Crop} [crop] the part of it that is meant
 * @property {import("../shared/constants.js").Part} [inView] of the view, where the picture can be seen
 * @property {string} [words] where nothing needs to be looked at
 */

/**
 * @param {import("./find_images.js").Picture} picture
 * @param {(file: string) => Promise<Document | null>} spriteAt
 * @param {import("./paint.js").Paint} paint
 * @returns {Promise<Sent | null>} null where nothing can be had
 */
export async function imageOf(picture, spriteAt, paint) {
  const shown = showing(picture);
  if (!shown) return null;
  const { url, crop, drawing, canvas, sign, words } = shown;
  if (words !== undefined) return { words };
  if (url !== undefined) return withUrl(whole(url, picture), crop);
  if (drawing) return sent(await drawElement(drawing, spriteAt, paint));
  if (canvas) return sent(await drawCanvas(canvas));
  return sign ? sent(await drawSign(sign, picture.ownerDocument)) : null;
}

/**
 * Where in the view it is seen: the last resort, for what only the user will hear.
 *
 * @param {import("./find_images.js").Picture} picture
 * @returns {import("../shared/constants.js").Part | null} null where it is not in view, or the view is a frame's
 */
export function partInView(picture) {
  const window = /** @type {Window} */ (picture.ownerDocument.defaultView);
  if (window !== window.top) return null;
  const { innerWidth, innerHeight } = window;
  const box = boxOf(picture);
  const share = (/** @type {number} */ value, /** @type {number} */ whole) => Math.min(1, Math.max(0, value / whole));
  const part = { left: share(box.left, innerWidth), right: share(box.right, innerWidth), top: share(box.top, innerHeight), bottom: share(box.bottom, innerHeight) };
  return part.right > part.left && part.bottom > part.top ? part : null;
}

/**
 * @param {string} url
 * @param {Element} picture
 */
function whole(url, picture) {
  // Browsers have made most of them whole already, and this is quicker to see than to do.
  return /^https?:\/\//.test(url) ? url : new URL(url, picture.ownerDocument.baseURI).href;
}

/**
 * @param {string} url
 * @param {import("../shared/constants.js").Crop | undefined} crop
 * @returns {Promise<Sent>}
 */
async function withUrl(url, crop) {
  const bytes = url.startsWith("blob:") ? await fromPage(url) : null;
  return { ...(bytes ? { bytes } : { url }), ...(crop && { crop }) };
}

/**
 * @param {string} url
 * @returns {Promise<Blob | null>} for what only the page's own process can reach
 */
async function fromPage(url) {
  try {
    return await (await fetch(url)).blob();
  } catch {
    return null; // Revoked since, or forbidden by the page's policy; some browsers' backgrounds can still have it.
  }
}

/** @param {Blob | null} bytes @returns {Sent | null} */
function sent(bytes) {
  return bytes && { bytes };
}
