/** The hotkeys. */

import { MESSAGE } from "../shared/messages.js";

/** @typedef {"describe" | "ask" | "next"} Act what a page is to do with the image at hand */

/**
 * @param {object} parts
 * @param {ReturnType<typeof import("./pages.js").makePages>} parts.pages
 * @param {ReturnType<typeof import("./helper.js").makeHelper>} parts.helper
 * @param {ReturnType<typeof import("./choices.js").makeChoices>} parts.choices
 * @param {import("../shared/i18n.js").Translate} parts.t
 */
export function makeCommands({ pages, helper, choices, t }) {
  /**
   * @param {number} tabId
   * @param {{act: Act, mode: import("../shared/constants.js").Mode}} wanted
   */
  async function tell(tabId, wanted) {
    const question = { type: MESSAGE.atHand, ...wanted, onlyWithFocus: false };
    const answer = await pages.tell(tabId, question, { frameId: 0 });
    if (answer?.taken) return true;
    if (answer === null) return false;
    // The focus is in a frame; every frame is asked, and only the one that has it answers.
    const inFrame = await pages.tell(tabId, { ...question, onlyWithFocus: true });
    if (inFrame?.taken) return true;
    // A frame that none of our scripts can enter has it: the image at hand in the page itself, then.
    return (await pages.tell(tabId, { ...question, ignoreFrames: true }, { frameId: 0 }))?.taken === true;
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
