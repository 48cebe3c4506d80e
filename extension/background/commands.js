/** The hotkeys. */

import { MESSAGE } from "../shared/messages.js";
import { imageAtHand, nextImage } from "./frames.js";

/** @typedef {"describe" | "ask" | "next"} Act what a page is to do with the image at hand */

/**
 * @param {object} parts
 * @param {ReturnType<typeof import("./pages.js").makePages>} parts.pages
 * @param {ReturnType<typeof import("./frames.js").makeFrames>} parts.frames
 * @param {ReturnType<typeof import("./helper.js").makeHelper>} parts.helper
 * @param {ReturnType<typeof import("./choices.js").makeChoices>} parts.choices
 * @param {import("../shared/i18n.js").Translate} parts.t
 */
export function makeCommands({ pages, frames, helper, choices, t }) {
  /**
   * @param {number} tabId
   * @param {{act: Act, mode: import("../shared/constants.js").Mode}} wanted
   * @returns {Promise<boolean>} whether anybody was there
   */
  async function tell(tabId, wanted) {
    const surveys = await frames.survey(tabId, { type: MESSAGE.survey, act: wanted.act });
    const found = wanted.act === "next" ? nextImage(surveys) : imageAtHand(surveys);
    const { frameId = surveys[0]?.frameId, ...image } = found ?? { id: null };
    if (frameId === undefined) return false;
    const isAbove = surveys.some((one) => one.frameId === frameId && one.isSmall) && surveys.some((one) => one.frameId === 0);
    const shownIn = isAbove ? 0 : frameId;
    for (const one of surveys) {
      if (one.isShowing && one.frameId !== shownIn) void pages.tell(tabId, { type: MESSAGE.closePanel }, { frameId: one.frameId });
    }
    return (await pages.tell(tabId, { type: MESSAGE.atHand, ...wanted, ...image, isAbove }, { frameId })) !== null;
  }

  return {
    /**
     * @param {Act} act
     * @param {chrome.tabs.Tab | undefined} tab
     */
    async atHand(act, tab) {
      if (tab?.id === undefined) return;
      const wanted = { act, mode: await choices.modeOf(tab) };
      if (await tell(tab.id, wanted)) return;
      // A page that was open before the extension was.
      if ((await pages.enter(tab.id)) && (await tell(tab.id, wanted))) return;
      await helper.say(t("page_closed_to_us"));
    },

    async hush() {
      await helper.hush();
    },
  };
}
