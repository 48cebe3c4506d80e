/** The describe key: the image at hand, aloud from the helper and as text in the page. */

import { wordsFor } from "../shared/i18n.js";
import { contextOf } from "./context.js";

/** Pressed again within this time, the key asks for the long description, and then moves into the panel. */
const AGAIN_MS = 5000;

/** Who waits longer without a word thinks that nothing happens. */
const SILENT_MS = 1500;

/** @typedef {import("./find_images.js").Picture} Picture */

/**
 * @param {object} parts
 * @param {AbortSignal} parts.signal
 * @param {() => Picture | null} parts.imageAtHand
 * @param {(image: Element) => string} parts.authorsWords "" for none
 * @param {Pick<ReturnType<typeof import("./ask.js").makeAsk>, "about">} parts.ask
 * @param {ReturnType<typeof import("./show.js").makePanel>} parts.panel
 * @param {import("../shared/i18n.js").Translate} parts.t
 * @param {() => number} parts.now milliseconds
 * @param {() => void} parts.onAnswer called when the helper answered
 */
export function makeHotkey({ signal, imageAtHand, authorsWords, ask, panel, t, now, onAnswer }) {
  /** @type {{image: WeakRef<Element>, at: number, presses: number} | null} */
  let last = null;
  let asking = new AbortController();

  /**
   * @param {Picture} image
   * @returns {number} how often the key was pressed for this image without a pause
   */
  function count(image) {
    const isAgain = last !== null && last.image.deref() === image && now() - last.at < AGAIN_MS;
    const presses = isAgain && last ? last.presses + 1 : 1;
    last = { image: new WeakRef(image), at: now(), presses };
    return presses;
  }

  /**
   * @param {Picture} image
   * @param {"short" | "long"} detail
   * @param {AbortSignal} mine
   * @returns {Promise<import("./ask.js").Answer | null>} null when nobody waits for it any more
   */
  async function asked(image, detail, mine) {
    panel.show([t("panel_looking")], { say: null, copyable: false });
    const waiting = setTimeout(() => {
      if (!mine.aborted) panel.show([t("panel_looking")], { say: "status", copyable: false });
    }, SILENT_MS);
    const question = { image, context: contextOf(image), priority: /** @type {const} */ ("focused"), detail, byUser: true };
    const answer = await ask.about(question, mine).answer;
    clearTimeout(waiting);
    return mine.aborted || answer.problem?.state === "cancelled" ? null : answer;
  }

  /**
   * @param {Picture} image
   * @param {import("./ask.js").Answer} answer
   */
  function tell(image, { description, problem }) {
    if (problem) {
      const { message, advice } = wordsFor(problem, t);
      panel.show([message, advice], { say: "alert" });
      return;
    }
    const say = description.spoken === true ? null : "alert";
    panel.show(paragraphsOf(description, authorsWords(image), t), { say });
    onAnswer();
  }

  return {
    async press() {
      const before = panel.hasFocus ? last?.image.deref() : null;
      const image = /** @type {Picture | null | undefined} */ (before) ?? imageAtHand();
      if (!image) {
        last = null;
        panel.show([t("no_image_at_hand")], { say: "alert", copyable: false });
        return;
      }
      const presses = count(image);
      if (presses > 2 && panel.isOpen && !panel.hasFocus) {
        panel.focus();
        return;
      }
      asking.abort();
      asking = new AbortController();
      const answer = await asked(image, presses > 1 ? "long" : "short", AbortSignal.any([asking.signal, signal]));
      if (!answer) return;
      if (last?.image.deref() === image) last.at = now(); // "Again" counts from when there was something to hear.
      tell(image, answer);
    },

    /** The panel was closed: the next press begins anew. */
    closed() {
      last = null;
      asking.abort();
    },
  };
}

/**
 * The helper's own words are in its language, all else is in the panel's.
 *
 * @param {import("./ask.js").Spoken} description
 * @param {string} authored
 * @param {import("../shared/i18n.js").Translate} t
 */
export function paragraphsOf(description, authored, t) {
  const words = description.alt ?? t("panel_nothing", description.reason ?? "");
  const { text } = description;
  // The whole text with its lines, where the words above had to be short.
  const isLonger = text && !flat(words).includes(flat(text));
  return [
    description.alt === null ? words : { words, language: description.language },
    authored && t("panel_authored", authored),
    isLonger ? t("panel_text", text) : "",
    description.speech_error ? [description.speech_error.message, description.speech_error.advice].join(" ") : "",
  ].filter(Boolean);
}

/** @param {string} text */
function flat(text) {
  return text.replace(/\s+/g, " ").trim();
}
