/** Small pictures for sighted people who help. They say nothing to a screen reader, and come when they are seen. */

import { MESSAGE } from "../shared/messages.js";

/** @typedef {import("./rows.js").Listed} Listed */

/**
 * @param {Document} page
 * @param {object} parts
 * @param {import("../shared/constants.js").Api} parts.api
 * @param {() => chrome.tabs.Tab | null} parts.tab
 * @param {(item: Listed, type: string) => Promise<any>} parts.tellImage
 * @param {() => boolean} parts.savesData whether nothing is to be loaded for a picture that can be done without
 */
export function makeThumbnails(page, { api, tab, tellImage, savesData }) {
  /** @type {WeakMap<Element, () => Listed>} */
  const items = new WeakMap();
  const Observer = /** @type {Window & typeof globalThis} */ (page.defaultView).IntersectionObserver;
  const seen = new Observer((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      const image = target.querySelector("img");
      if (image) void load(image);
    }
  });

  /** @param {HTMLImageElement} image */
  async function load(image) {
    const item = items.get(image)?.();
    if (!item) return;
    const { drawn, url } = await tellImage(item, MESSAGE.thumbnail);
    const address = drawn ?? (url ? await fetched(url) : undefined);
    if (typeof address !== "string" || !address.startsWith("data:image/")) return;
    image.src = address;
    image.hidden = false;
  }

  /** @param {string} url of another site's image */
  async function fetched(url) {
    if (savesData()) return undefined;
    const { id, url: address, incognito, ...more } = tab() ?? {};
    const { cookieStoreId } = /** @type {{cookieStoreId?: string}} */ (more);
    const answer = await api.runtime.sendMessage({ type: MESSAGE.thumbnail, url, tab: { id, url: address, incognito, cookieStoreId } });
    return answer?.drawn;
  }

  return {
    /** @param {() => Listed} item as it is when the picture is seen */
    make(item) {
      const image = page.createElement("img");
      image.alt = "";
      image.className = "thumbnail";
      image.hidden = true;
      const frame = page.createElement("span");
      frame.className = "frame";
      frame.append(image);
      items.set(image, item);
      seen.observe(frame); // It is seen although the picture in it is not there yet.
      return frame;
    },
  };
}
