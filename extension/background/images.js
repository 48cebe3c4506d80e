/**
 * An image's bytes, as the page has them.
 *
 * What we write into a page, its scripts can read. So an image whose words go into the page is fetched with the
 * user's cookies only where it is the page's own, and for a public page nothing is read from an address that is
 * written as a private one, nor kept when a redirect led there; otherwise any page could have a picture from
 * another site, where the user is logged in, read out to it. A public name that leads to a private address is
 * not seen here. What only the user will hear is fetched as the browser itself would.
 *
 * This fetch has the cookies of the normal profile. In a private window or a Firefox container they are somebody
 * else's, so there nothing is fetched with cookies, and nothing of it is kept.
 */

import { MAX_IMAGE_BYTES } from "../shared/constants.js";
import { isOwn, isPrivate } from "./addresses.js";
import { makeSharing } from "./sharing.js";

const FETCH_SECONDS = 20;

/** Base64 writes three bytes as four characters; the rest is for the type before them. */
const LONGEST_DATA = Math.ceil(MAX_IMAGE_BYTES / 3) * 4 + 1000;

/** What a site that refuses foreign pages answers. */
const HOTLINK_STATUS = new Set([401, 403, 404]);

/** There are no bytes to be had. */
export class NoImageError extends Error {
  /** @param {string} message @param {ErrorOptions} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = "NoImageError";
  }
}

/** There are more bytes than the helper accepts, or than somebody can draw. */
export class TooLargeError extends NoImageError {
  constructor() {
    super("The image file is too large.");
    this.name = "TooLargeError";
  }
}

/**
 * @typedef {object} Wanted
 * @property {string} url of the image
 * @property {string} page address of the page or frame that shows it
 * @property {boolean} forPage whether its words will be written into the page
 * @property {boolean} isolated whether the page has other cookies than we have
 * @property {AbortSignal} signal
 */

/**
 * @param {object} parts
 * @param {typeof fetch} parts.fetch
 * @param {Pick<typeof chrome.declarativeNetRequest, "updateSessionRules">} parts.requestRules
 * @param {(max: number) => number} parts.random a whole number from 1 to max
 */
export function makeImages({ fetch, requestRules, random }) {
  /** @type {ReturnType<typeof makeSharing<Blob>>} */
  const sharing = makeSharing();

  /**
   * @param {Wanted} wanted
   * @param {"include" | "omit"} credentials
   */
  function get({ url, isolated, signal }, credentials) {
    return fetch(url, {
      credentials: isolated ? "omit" : credentials,
      cache: isolated ? "no-store" : "default",
      signal: AbortSignal.any([signal, AbortSignal.timeout(FETCH_SECONDS * 1000)]),
    });
  }

  /**
   * Ask again with the page as referrer, which a fetch from here cannot send by itself.
   *
   * @param {Wanted} wanted
   * @param {"include" | "omit"} credentials
   */
  async function getAsPage(wanted, credentials) {
    const id = random(1_000_000_000);
    await requestRules.updateSessionRules({
      addRules: [
        {
          id,
          action: {
            type: "modifyHeaders",
            requestHeaders: [{ header: "referer", operation: "set", value: `${new URL(wanted.page).origin}/` }],
          },
          // -1 is no tab: our own request and not the page's.
          condition: { urlFilter: `|${wanted.url}`, tabIds: [-1] },
        },
      ],
    });
    try {
      return await get(wanted, credentials);
    } finally {
      await requestRules.updateSessionRules({ removeRuleIds: [id] });
    }
  }

  /**
   * @param {Wanted} wanted
   * @param {"include" | "omit"} credentials
   */
  async function getSomehow(wanted, credentials) {
    const reply = await get(wanted, credentials);
    if (!HOTLINK_STATUS.has(reply.status) || !/^https?:/.test(wanted.page)) return reply;
    await reply.body?.cancel();
    return getAsPage(wanted, credentials);
  }

  return {
    /**
     * @param {Wanted} wanted
     * @returns {Promise<Blob>}
     * @throws {NoImageError | DOMException} the last when the signal was aborted
     */
    async fetch(wanted) {
      const { url, page, forPage, isolated, signal } = wanted;
      try {
        const key = JSON.stringify([url, page, forPage, isolated]);
        return await sharing.get(key, signal, (all) => load({ ...wanted, signal: all }));
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof NoImageError) throw error;
        throw new NoImageError("The image could not be loaded.", { cause: error });
      }
    },
  };

  /** @param {Wanted} wanted */
  async function load(wanted) {
    const reply = wanted.forPage ? await getForPage(wanted) : await getSomehow(wanted, "include");
    if (!reply.ok) throw new NoImageError(`The site answered ${reply.status}.`);
    return readBounded(reply);
  }

  /** @param {Wanted} wanted */
  async function getForPage(wanted) {
    refusePrivate(wanted.url, wanted.page);
    const own = isOwn(wanted.url, wanted.page);
    let reply = await getSomehow(wanted, own ? "include" : "omit");
    if (own && !isOwn(reply.url || wanted.url, wanted.page)) {
      // The page's own address led elsewhere, with the cookies of that place.
      await reply.body?.cancel();
      reply = await getSomehow(wanted, "omit");
    }
    refusePrivate(reply.url, wanted.page);
    return reply;
  }
}

/**
 * @param {string} url
 * @param {string} page
 */
function refusePrivate(url, page) {
  if (isPrivate(url) && !isPrivate(page)) throw new NoImageError("A public page shows an image from a private address.");
}

/** @param {Response} reply */
async function readBounded(reply) {
  const type = reply.headers.get("content-type") ?? "";
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let size = 0;
  const reader = reply.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > MAX_IMAGE_BYTES) {
      await reader?.cancel();
      throw new TooLargeError();
    }
    parts.push(/** @type {Uint8Array<ArrayBuffer>} */ (part.value));
  }
  if (size === 0) throw new NoImageError("The image file is empty.");
  return new Blob(parts, { type });
}

/**
 * @param {unknown} bytes a Blob, or a data: address from a browser whose messages cannot carry one
 * @returns {Promise<Blob | null>} null when the Blob was lost on the way
 * @throws {TooLargeError} before anything of it is unpacked
 */
export async function unpack(bytes) {
  if (bytes instanceof Blob) return bounded(bytes);
  if (typeof bytes !== "string" || !bytes.startsWith("data:")) return null;
  if (bytes.length > LONGEST_DATA) throw new TooLargeError();
  return bounded(await (await fetch(bytes)).blob());
}

/** @param {Blob} image */
function bounded(image) {
  if (image.size > MAX_IMAGE_BYTES) throw new TooLargeError();
  return image;
}

/**
 * SVG is a drawing, not a picture: somebody with a screen has to draw it first.
 *
 * @param {Blob} image
 */
export async function isDrawing(image) {
  if (image.type.startsWith("image/svg")) return true;
  if (/^image\/(?!svg)/.test(image.type)) return false;
  const start = await image.slice(0, 300).text();
  return /^\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(start);
}
