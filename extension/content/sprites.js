/** Files of many drawings, `<use href="icons.svg#search">`: each is asked for once, and read only where it is drawn. */

import { MESSAGE } from "../shared/messages.js";

/** A page with more sprite files than this has the rest drawn without them. */
const MOST_FILES = 8;

/** @typedef {(file: string, byUser: boolean) => Promise<Document | null>} SpriteAt */

/**
 * @param {Window & typeof globalThis} window
 * @param {(message: object) => Promise<any>} send
 * @returns {SpriteAt}
 */
export function makeSprites(window, send) {
  /** @type {Map<string, Promise<Document | null>>} */
  const files = new Map();

  /**
   * @param {string} url
   * @param {boolean} byUser
   */
  async function read(url, byUser) {
    const reply = await send({ type: MESSAGE.sprite, url, byUser });
    if (typeof reply?.sprite !== "string") {
      files.delete(url); // It may be had later: when the user asks, or when the site answers again.
      return null;
    }
    const sprite = new window.DOMParser().parseFromString(reply.sprite, "image/svg+xml");
    return sprite.documentElement.localName === "svg" ? sprite : null;
  }

  return async (file, byUser) => {
    const { baseURI } = window.document;
    if (!URL.canParse(file, baseURI)) return null;
    const { href, origin, protocol } = new URL(file, baseURI);
    // A browser shows only what is of the page's own site.
    if (!/^https?:$/.test(protocol) || origin !== window.origin) return null;
    const known = files.get(href);
    if (known) return known;
    if (files.size >= MOST_FILES) return null;
    const sprite = read(href, byUser);
    files.set(href, sprite);
    return sprite;
  };
}
