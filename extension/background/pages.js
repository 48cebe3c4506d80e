/** The pages that are open: tell them something, and reach those that were open before the extension was. */

const CONTENT_SCRIPT = "content.bundle.js";

/** @param {import("../shared/constants.js").Api} api */
export function makePages(api) {
  /**
   * @param {number} tabId
   * @param {object} message
   * @param {{frameId?: number}} [options] all frames unless one is named
   * @returns {Promise<any>} null when nobody there listens
   */
  async function tell(tabId, message, options = {}) {
    try {
      return (await api.tabs.sendMessage(tabId, message, options)) ?? null;
    } catch {
      // The browser's own pages, and pages that are just going away.
      return null;
    }
  }

  return {
    tell,

    /** @param {object} message */
    async tellAll(message) {
      for (const tab of await api.tabs.query({})) if (tab.id !== undefined) void tell(tab.id, message);
    },

    /**
     * @param {number} tabId
     * @returns {Promise<boolean>} whether our script is in the page now
     */
    async enter(tabId) {
      try {
        await api.scripting.executeScript({ target: { tabId, allFrames: true }, files: [CONTENT_SCRIPT] });
        return true;
      } catch {
        return false; // A page that the browser keeps from extensions.
      }
    },

    /** Into every page that is open, as after an installation: a reload would lose what the user has typed there. */
    async enterAll() {
      for (const tab of await api.tabs.query({ url: ["http://*/*", "https://*/*", "file:///*"] })) {
        if (tab.id !== undefined && !tab.discarded) void this.enter(tab.id);
      }
    },
  };
}
