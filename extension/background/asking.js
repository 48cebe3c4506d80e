/** What the helper is asked of one image, as the user has chosen, and what of its answer a page is told. */

import { ownDescription } from "../shared/own_description.js";
import { inWords } from "./replies.js";

/** Whether a control of that role cannot be used without a name. @type {ReadonlySet<string>} */
const CONTROLS = new Set(["link", "button"]);

/** @typedef {import("../shared/constants.js").Description} Description */
/** @typedef {import("../shared/settings.js").Settings} Settings */

/**
 * @typedef {object} Wish
 * @property {any} message `describe`, as it came
 * @property {import("../shared/constants.js").Priority} priority as it is now
 * @property {boolean} isPrivate
 * @property {AbortSignal} signal
 */

/**
 * @param {object} parts
 * @param {ReturnType<typeof import("./helper.js").makeHelper>} parts.helper
 * @param {() => Promise<Settings>} parts.settings
 * @param {import("../shared/i18n.js").Translate} parts.t
 */
export function makeAsking({ helper, settings, t }) {
  return {
    /**
     * @param {any} message
     * @returns {Promise<{description: object} | null>} for an image too small to be filled in: nothing of it is fetched
     */
    async unwanted({ byUser, context }) {
      const { smallestSide } = await settings();
      const { role, width, height } = context ?? {};
      if (byUser || CONTROLS.has(role) || width === null || height === null) return null;
      return Math.min(width, height) < smallestSide ? { description: ownDescription({ alt: null, reason: t("reason_small"), language: t("language_tag") }) } : null;
    },

    /**
     * @param {Blob} image
     * @param {Wish} wish
     */
    async about(image, { message, priority, isPrivate, signal }) {
      const { language, detail, hedges, speech, kindsOff } = await settings();
      const { context, byUser, question } = message;
      const common = { language: language || null, private: isPrivate, speak: message.speak && speech === "helper" };
      const options = { signal, eager: byUser };
      if (question !== undefined) return { answer: told(await helper.ask(image, { ...common, question }, options)) };
      const wanted = { context, priority, detail: detail === "long" ? detail : message.detail, hedges, ...common };
      const description = told(await helper.describe(image, wanted, options));
      const isUnwanted = !byUser && !CONTROLS.has(context.role) && kindsOff.includes(description?.kind);
      return { description: isUnwanted ? { ...description, alt: null, reason: t("reason_kind_off"), language: t("language_tag") } : description };
    },
  };
}

/** @param {any} answer in which the helper may say why it could not speak */
function told(answer) {
  return answer?.speech_error ? { ...answer, speech_error: inWords(answer.speech_error) } : answer;
}
