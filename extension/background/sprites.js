/** A file of many drawings, as the page has it. */

import { MAX_DRAWING_BYTES } from "../shared/constants.js";
import { NoImageError, isDrawing } from "./images.js";

const SECONDS = 20;

/**
 * @param {object} wanted
 * @param {Pick<ReturnType<typeof import("./images.js").makeImages>, "fetch">} wanted.images
 * @param {string} wanted.url
 * @param {string} wanted.page
 * @param {boolean} wanted.isolated
 * @returns {Promise<{sprite?: string}>}
 */
export async function sprite({ images, url, page, isolated }) {
  try {
    const file = await images.fetch({ url, page, forPage: true, isolated, signal: AbortSignal.timeout(SECONDS * 1000) });
    return file.size <= MAX_DRAWING_BYTES && (await isDrawing(file)) ? { sprite: await file.text() } : {};
  } catch (error) {
    if (error instanceof NoImageError || error instanceof DOMException) return {}; // Drawn without it.
    throw error;
  }
}
