/**
 * The pages that the user has asked to be filled in though filling in is off there.
 *
 * It holds for one address in one tab, until the user takes it back or the tab goes elsewhere. Kept in
 * `storage.session`, because the worker may be ended at any time.
 */

const STORED_AS = "askedTabs";
const MOST = 50;

/** @typedef {{id?: number | undefined, url?: string | undefined}} Tab */

/** @param {Pick<chrome.storage.StorageArea, "get" | "set">} area */
export function makeAskedTabs(area) {
  /** @returns {Promise<[number, string][]>} tab and address, the oldest first */
  async function all() {
    const stored = await area.get(STORED_AS);
    return /** @type {[number, string][] | undefined} */ (stored[STORED_AS]) ?? [];
  }

  return {
    /** @param {Tab | undefined} tab */
    async has(tab) {
      if (tab?.id === undefined) return false;
      const address = withoutFragment(tab.url);
      return (await all()).some(([id, asked]) => id === tab.id && asked === address);
    },

    /** @param {Tab} tab */
    async add(tab) {
      if (tab.id === undefined) return;
      const others = (await all()).filter(([id]) => id !== tab.id);
      await area.set({ [STORED_AS]: [...others, [tab.id, withoutFragment(tab.url)]].slice(-MOST) });
    },

    /** @param {Tab} tab */
    async remove(tab) {
      await area.set({ [STORED_AS]: (await all()).filter(([id]) => id !== tab.id) });
    },
  };
}

/** @param {string | undefined} address */
function withoutFragment(address) {
  return (address ?? "").replace(/#.*$/, "");
}
