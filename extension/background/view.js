/** What is seen of a tab: the last resort, where nobody gives an image's bytes away. */

import { NoImageError } from "./images.js";

const PATIENCE_MS = 5000;

/**
 * @param {import("../shared/constants.js").Api} api
 * @param {number} window whose tab in front is seen
 * @param {AbortSignal} signal
 * @param {number} [patience] milliseconds: a window that is not drawn would keep others waiting for ever
 * @returns {Promise<string>} a data: address
 * @throws {NoImageError | DOMException} the last when the signal was aborted
 */
export async function photograph(api, window, signal, patience = PATIENCE_MS) {
  const end = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const late = new Promise((_, reject) => end.addEventListener("abort", () => reject(end.reason), { once: true }));
  try {
    return await Promise.race([api.tabs.captureVisibleTab(window, { format: "png" }), /** @type {Promise<never>} */ (late)]);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof NoImageError ? error : new NoImageError("The page cannot be photographed.", { cause: error });
  }
}
