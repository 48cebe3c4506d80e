/** One question to the background about one image, in whatever way its bytes can be had. */

import { MESSAGE } from "../shared/messages.js";
import { ownDescription } from "../shared/own_description.js";
import { imageOf, partInView } from "./bytes.js";
import { draw } from "./draw.js";
import { CANCELLED, makeOutbox } from "./outbox.js";
import { makePaint } from "./paint.js";
import { makeSprites } from "./sprites.js";

/** @typedef {import("../shared/constants.js").Description} Description */
/** @typedef {import("../shared/constants.js").Problem} Problem */
/** @typedef {import("../shared/paragraphs.js").Spoken} Spoken */

/** @typedef {{description: Spoken, problem?: undefined} | {problem: Problem, description?: undefined}} Answer */

/**
 * @typedef {object} Question
 * @property {import("./find_images.js").Picture} image
 * @property {import("../shared/constants.js").Context} context
 * @property {import("../shared/constants.js").Priority} priority
 * @property {import("../shared/constants.js").Detail} detail
 * @property {boolean} byUser asked for with a key, and answered to the user alone
 * @property {boolean} [speak] whether the helper shall say it, where it is the one who speaks; as `byUser` if left out
 * @property {string} [question] the user's own, in place of a description
 */

/**
 * @typedef {object} Asked
 * @property {Promise<Answer>} answer
 * @property {(priority: import("../shared/constants.js").Priority) => void} raise
 * @property {() => void} cancel for as long as it is not answered
 */

/**
 * What may change while the bytes are had.
 *
 * @typedef {{priority: import("../shared/constants.js").Priority, isOver: boolean}} Wish
 */

/** @typedef {(question: Question, source: string) => Asked} About `source`: what it shows */

/**
 * @param {Window & typeof globalThis} window
 * @param {object} parts
 * @param {import("../shared/constants.js").Api} parts.api
 * @param {() => void} parts.onGone called when the extension was turned off, updated or removed
 */
export function makeAsk(window, { api, onGone }) {
  let count = 0;
  const spriteAt = makeSprites(window, send);
  const paint = makePaint(window);
  const outbox = makeOutbox({ send, later: (work, milliseconds) => void setTimeout(work, milliseconds) });

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
   * @param {{image: import("./bytes.js").Sent} & Record<string, unknown>} message
   * @param {Wish} wish
   */
  async function tell(message, wish) {
    // What a person waits for goes by itself, and at once.
    const put = message.byUser ? send : outbox.ask;
    const reply = await put({ ...message, priority: wish.priority });
    const { bytes } = message.image;
    if (!reply?.resend || !(bytes instanceof Blob)) return reply;
    // This browser's messages lose a Blob.
    const written = await toDataUrl(bytes);
    return wish.isOver ? CANCELLED : put({ ...message, priority: wish.priority, image: { ...message.image, bytes: written } });
  }

  /**
   * @param {number} id
   * @param {Question} question
   * @param {Wish} wish
   * @returns {Promise<Answer>}
   */
  async function converse(id, { image, ...about }, wish) {
    const inView = about.byUser ? partInView(image) : null;
    /** @type {import("./bytes.js").Sent | null} */
    const lastResort = inView && { inView };
    const own = (await imageOf(image, (file) => spriteAt(file, about.byUser), paint)) ?? lastResort;
    if (wish.isOver) return CANCELLED;
    if (!own) return { problem: unusable(api) };
    if (own.words) return authored(own.words, about);
    const message = { type: MESSAGE.describe, id, speak: about.byUser, ...about };
    let reply = await tell({ ...message, image: { ...own, ...lastResort }, canDraw: true }, wish);
    if (typeof reply?.draw === "string") {
      const drawn = (await draw(reply.draw, image, paint, own.crop)) ?? lastResort;
      if (wish.isOver) return CANCELLED;
      if (!drawn) return { problem: unusable(api) };
      reply = await tell({ ...message, image: { ...drawn, ...lastResort }, canDraw: false }, wish);
    }
    if (isAnswer(reply)) return reply;
    return { problem: { state: "stopped", message: "", advice: "" } };
  }

  return {
    send,
    hear: outbox.hear,

    /**
     * @param {Question} question
     * @returns {Asked}
     */
    about(question) {
      count += 1;
      const id = count;
      const wish = { priority: question.priority, isOver: false };
      return {
        answer: converse(id, question, wish),
        raise(priority) {
          wish.priority = priority;
          outbox.raise(id, priority);
        },
        cancel() {
          wish.isOver = true;
          outbox.cancel(id);
        },
      };
    },
  };
}

/** @param {any} reply */
function isAnswer(reply) {
  return Boolean(reply?.description ?? reply?.answer ?? reply?.problem);
}

/**
 * An author's own words that only were in the wrong place; there is nothing to ask the helper.
 *
 * @param {string} words
 * @param {{context: import("../shared/constants.js").Context, question?: string | undefined}} wish
 * @returns {any}
 */
function authored(words, { context, question }) {
  const language = context.page_language ?? "";
  if (question !== undefined) return { answer: { answer: words, confidence: 1, language } };
  return { description: ownDescription({ alt: words, reason: null, language }) };
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
