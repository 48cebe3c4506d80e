/** The describe key: the image at hand, aloud from the helper and as text in the page. */

import { wordsFor } from "../shared/i18n.js";
import { contextOf } from "./context.js";

/** Pressed again within this time, the key asks for the long description, and then moves into the panel. */
const AGAIN_MS = 5000;

/**
 * @param {object} parts
 * @param {AbortSignal} parts.signal
 * @param {() => import("./find_images.js").Picture | null} parts.imageAtHand
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

  return {
    async press() {
      const image = imageAtHand();
      if (!image) {
        last = null;
        panel.show([t("no_image_at_hand")], { alert: true, copyable: false });
        return;
      }
      const isAgain = last !== null && last.image.deref() === image && now() - last.at < AGAIN_MS;
      const presses = isAgain && last ? last.presses + 1 : 1;
      last = { image: new WeakRef(image), at: now(), presses };
      if (presses > 2 && panel.isOpen) {
        panel.focus();
        return;
      }
      asking.abort();
      asking = new AbortController();
      const mine = AbortSignal.any([asking.signal, signal]);
      panel.show([t("panel_looking")], { alert: false, copyable: false });
      /** @type {import("./ask.js").Question} */
      const question = {
        image,
        context: contextOf(image),
        priority: "focused",
        detail: presses > 1 ? "long" : "short",
        byUser: true,
      };
      const { description, problem } = await ask.about(question, mine).answer;
      if (mine.aborted) return;
      if (last?.image.deref() === image) last.at = now(); // "Again" counts from when there was something to hear.
      if (problem) {
        if (problem.state === "cancelled") return;
        const { message, advice } = wordsFor(problem, t);
        panel.show([message, advice], { alert: true });
        return;
      }
      panel.show(paragraphsOf(description, authorsWords(image), t), { alert: description.spoken !== true });
      onAnswer();
    },

    /** The panel was closed: the next press begins anew. */
    closed() {
      last = null;
      asking.abort();
    },
  };
}

/**
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
    words,
    authored && t("panel_authored", authored),
    isLonger ? t("panel_text", text) : "",
    description.speech_error ? [description.speech_error.message, description.speech_error.advice].join(" ") : "",
  ].filter(Boolean);
}

/** @param {string} text */
function flat(text) {
  return text.replace(/\s+/g, " ").trim();
}
