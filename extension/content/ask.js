/** One question to the background about one image, in whatever way its bytes can be had. */

import { MESSAGE } from "../shared/messages.js";
import { draw } from "./draw.js";
import { addressOf } from "./find_images.js";

/** @typedef {import("../shared/constants.js").Description} Description */
/** @typedef {import("../shared/constants.js").Problem} Problem */
/**
 * With `speak`, the helper also says whether it could.
 *
 * @typedef {Description & {spoken?: boolean, speech_error?: {message: string, advice: string} | null}} Spoken
 */

/** @typedef {{description: Spoken, problem?: undefined} | {problem: Problem, description?: undefined}} Answer */

/**
 * @typedef {object} Question
 * @property {import("./find_images.js").Picture} image
 * @property {import("../shared/constants.js").Context} context
 * @property {import("../shared/constants.js").Priority} priority
 * @property {import("../shared/constants.js").Detail} detail
 * @property {boolean} byUser asked for with a key, and answered to the user alone
 */

/** @typedef {{answer: Promise<Answer>, raise: (priority: import("../shared/constants.js").Priority) => void}} Asked */

/**
 * @param {object} parts
 * @param {import("../shared/constants.js").Api} parts.api
 * @param {() => void} parts.onGone called when the extension was turned off, updated or removed
 */
export function makeAsk({ api, onGone }) {
  let count = 0;

  /**
   * @param {object} message
   * @returns {Promise<any>} null when there is nobody to answer
   */
  async function send(message) {
    try {
      return (await api.runtime.sendMessage(message)) ?? null;
    } catch {
      // The background worker was ended on the way, or the whole extension is gone.
      if (!api.runtime?.id) onGone();
      return null;
    }
  }

  /**
   * @param {number} id
   * @param {Question} question
   * @returns {Promise<Answer>}
   */
  async function converse(id, { image, context, priority, detail, byUser }) {
    const message = { type: MESSAGE.describe, id, context, priority, detail, speak: byUser, byUser };
    const bytes = await ownBytes(image);
    let reply = await send({ ...message, image: bytes ? { bytes } : { url: addressOf(image) }, canDraw: true });
    if (reply?.resend && bytes) {
      // This browser's messages lose a Blob.
      reply = await send({ ...message, image: { bytes: await toDataUrl(bytes) }, canDraw: true });
    }
    if (typeof reply?.draw === "string") {
      const drawn = await draw(reply.draw, image);
      if (!drawn) return { problem: unusable(api) };
      reply = await send({ ...message, image: { bytes: drawn }, canDraw: false });
      if (reply?.resend) reply = await send({ ...message, image: { bytes: await toDataUrl(drawn) }, canDraw: false });
    }
    if (reply?.description || reply?.problem) return reply;
    return { problem: { state: "stopped", message: "", advice: "" } };
  }

  return {
    send,

    /**
     * @param {Question} question
     * @param {AbortSignal} signal
     * @returns {Asked}
     */
    about(question, signal) {
      count += 1;
      const id = count;
      const stop = () => void send({ type: MESSAGE.cancel, id });
      signal.addEventListener("abort", stop, { once: true });
      const answer = converse(id, question).finally(() => signal.removeEventListener("abort", stop));
      return { answer, raise: (priority) => void send({ type: MESSAGE.raise, id, priority }) };
    },
  };
}

/**
 * @param {import("./find_images.js").Picture} image
 * @returns {Promise<Blob | null>} for what only the page's own process can reach
 */
async function ownBytes(image) {
  const address = addressOf(image);
  if (!address.startsWith("blob:")) return null;
  try {
    return await (await fetch(address)).blob();
  } catch {
    return null; // Revoked since, or forbidden by the page's policy; some browsers' backgrounds can still have it.
  }
}

/**
 * @param {Blob} bytes
 * @returns {Promise<string>}
 */
function toDataUrl(bytes) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(bytes);
  });
}

/**
 * @param {import("../shared/constants.js").Api} api
 * @returns {Problem}
 */
function unusable(api) {
  const t = api.i18n.getMessage;
  return { state: "connected", message: t("no_image_message"), advice: t("no_image_advice") };
}
