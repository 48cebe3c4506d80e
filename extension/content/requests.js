/** What the panel beside the page asks of the page: of one image that it was told of, by its number. */

import { MARKS } from "../shared/constants.js";
import { MESSAGE } from "../shared/messages.js";
import { wording } from "./wording.js";

/** Of a thumbnail; for sighted people who help. */
const THUMBNAIL_PX = 96;

/** @typedef {import("./find_images.js").Picture} Picture */

/**
 * @param {object} parts
 * @param {ReturnType<typeof import("./listing.js").makeListing>} parts.listing
 * @param {ReturnType<typeof import("./hotkey.js").makeHotkey>} parts.hotkey
 * @param {ReturnType<typeof import("./stepping.js").makeStepping>} parts.stepping
 * @param {ReturnType<typeof import("./write.js").makeLedger>} parts.ledger
 * @param {ReturnType<typeof import("./known.js").makeKnown>} parts.known
 */
export function makeRequests({ listing, hotkey, stepping, ledger, known }) {
  /**
   * @param {Picture} image
   * @param {string} words
   */
  function write(image, words) {
    const { language = "" } = known.of(image)?.description ?? {};
    const attributes = wording(image, { alt: words, language });
    if (attributes) ledger.write(image, attributes, MARKS.done);
    listing.changed();
    return {};
  }

  /** @type {Record<string, (image: Picture, message: any) => unknown>} */
  const table = {
    [MESSAGE.describeImage]: (image) => hotkey.describeAtLength(image).finally(listing.changed),
    [MESSAGE.askImage]: (image, { question }) => hotkey.askAbout(image, question),
    [MESSAGE.correctImage]: async (image, { words }) => (await hotkey.actionsFor(image).correct?.(words)) ?? { gone: true },
    [MESSAGE.useWords](image, { words }) {
      const description = known.of(image)?.description;
      if (description) known.learn(image, { description: { ...description, alt: words } });
      if (ledger.isOurs(image)) return write(image, words);
      listing.changed();
      return {};
    },
    [MESSAGE.addWords]: (image, { words }) => write(image, words),
    [MESSAGE.goTo](image, { mayChange }) {
      stepping.go(image, { mayChange });
      return {};
    },
    [MESSAGE.thumbnail]: thumbnail,
  };

  return {
    /**
     * @param {any} message
     * @returns {unknown} an answer or the promise of one; null for what is not for us
     */
    hear(message) {
      if (message?.type === MESSAGE.watchImages) {
        listing.watch();
        return {};
      }
      if (!Object.hasOwn(table, message?.type)) return null;
      const image = listing.image(message.id);
      return image ? table[message.type]?.(image, message) : { gone: true };
    },
  };
}

/**
 * Drawn from what the page has loaded already.
 *
 * @param {Picture} image
 * @returns {Promise<{drawn?: string, url?: string}>} `url` where the page must not be read from another site's image
 */
async function thumbnail(image) {
  const shown = /** @type {HTMLImageElement} */ (/** @type {Element} */ (image));
  const isDrawable = ["img", "canvas", "video"].includes(image.localName) && (!("complete" in shown) || shown.naturalWidth > 0);
  if (!isDrawable) return {};
  try {
    return { drawn: await drawn(shown) };
  } catch {
    const url = shown.currentSrc || shown.src || "";
    return /^https?:/.test(url) ? { url } : {};
  }
}

/** @param {HTMLImageElement} image */
async function drawn(image) {
  const bitmap = await createImageBitmap(image);
  const scale = Math.min(1, THUMBNAIL_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.max(1, bitmap.width * scale), Math.max(1, bitmap.height * scale));
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const bytes = await canvas.convertToBlob({ type: "image/webp", quality: 0.7 });
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(bytes);
  });
}
