/** What the panel beside a page cannot do by itself: come up as a window, and have another site's image in small. */

import { NoImageError } from "./images.js";

const PANEL = "panel/panel.html";
const WINDOW_PX = Object.freeze({ width: 520, height: 640 });
const THUMBNAIL_PX = 96;
const THUMBNAIL_SECONDS = 20;

/**
 * Where a page is never changed and no panel is open, a window takes its place.
 *
 * @param {import("../shared/constants.js").Api} api
 * @param {{id: number | null, asks: boolean, sender: chrome.runtime.MessageSender}} wanted
 */
export async function openPanel(api, { id, asks, sender }) {
  const address = new URL(api.runtime.getURL(PANEL));
  address.searchParams.set("tab", String(sender.tab?.id));
  address.searchParams.set("frame", String(sender.frameId));
  if (id !== null) address.searchParams.set("image", String(id));
  if (asks) address.searchParams.set("asks", "yes");
  await api.windows.create({ url: address.href, type: "popup", ...WINDOW_PX });
}

/**
 * As the page itself may have it: without the cookies of other sites.
 *
 * @param {object} wanted
 * @param {ReturnType<typeof import("./images.js").makeImages>} wanted.images
 * @param {string} wanted.url
 * @param {string} wanted.page
 * @param {boolean} wanted.isolated
 * @returns {Promise<{drawn?: string}>}
 */
export async function thumbnail({ images, url, page, isolated }) {
  try {
    const signal = AbortSignal.timeout(THUMBNAIL_SECONDS * 1000);
    const image = await images.fetch({ url, page, forPage: true, isolated, signal });
    const bitmap = await createImageBitmap(image);
    const scale = Math.min(1, THUMBNAIL_PX / Math.max(bitmap.width, bitmap.height));
    const canvas = new OffscreenCanvas(Math.max(1, bitmap.width * scale), Math.max(1, bitmap.height * scale));
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const small = await canvas.convertToBlob({ type: "image/webp", quality: 0.7 });
    const bytes = new Uint8Array(await small.arrayBuffer());
    return { drawn: `data:image/webp;base64,${btoa(String.fromCharCode(...bytes))}` };
  } catch (error) {
    // A picture that cannot be had or drawn is only left out here.
    if (error instanceof NoImageError || error instanceof DOMException) return {};
    throw error;
  }
}
