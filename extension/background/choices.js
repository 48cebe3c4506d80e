/**
 * What the user has chosen, and for which pages.
 *
 * A choice made for a site in a private window is kept in memory alone (`storage.session`), holds for private
 * windows alone, and goes with the last of them: nothing on the disk tells that the site was visited.
 */

import { MESSAGE } from "../shared/messages.js";
import { changeSettings, modeAt, ownModeOf, readSettings, siteOf, withSite } from "../shared/settings.js";

const PRIVATE_SITES = "privateSiteModes";

/** @typedef {import("../shared/constants.js").Mode} Mode */
/** @typedef {import("../shared/settings.js").Settings} Settings */
/** @typedef {{id?: number | undefined, url?: string | undefined, incognito?: boolean}} Tab */
/** @typedef {{settings: Settings, privateSites: Record<string, Mode>}} Chosen */

/**
 * @param {object} parts
 * @param {import("../shared/constants.js").Api} parts.api
 * @param {ReturnType<typeof import("./asked_tabs.js").makeAskedTabs>} parts.askedTabs
 * @param {ReturnType<typeof import("./pages.js").makePages>} parts.pages
 * @param {() => boolean} [parts.isSavingData] whether the user has asked the browser to load as little as it can
 */
export function makeChoices({ api, askedTabs, pages, isSavingData = () => false }) {
  const settings = () => readSettings(api.storage.local);

  /** @returns {Promise<Record<string, Mode>>} */
  async function privateSites() {
    const stored = await api.storage.session.get(PRIVATE_SITES);
    return /** @type {Record<string, Mode> | undefined} */ (stored[PRIVATE_SITES]) ?? {};
  }

  /** @returns {Promise<Chosen>} */
  async function chosen() {
    return { settings: await settings(), privateSites: await privateSites() };
  }

  /** Tell the pages whose turn it is; the others the user may have had filled in or undone by hand. @param {Chosen} before */
  async function tellPages(before) {
    const now = await chosen();
    for (const tab of await api.tabs.query({})) {
      const mode = modeIn(now, tab);
      if (tab.id === undefined || mode === modeIn(before, tab)) continue;
      const fills = mode === "fill";
      if (!fills) await askedTabs.remove(tab);
      if (fills || modeIn(before, tab) === "fill" || mode === "private") {
        void pages.tell(tab.id, { type: fills ? MESSAGE.fill : MESSAGE.undo });
      }
    }
    return now.settings;
  }

  return {
    settings,
    isSavingData,

    /** @param {Tab | undefined} tab @returns {Promise<Mode>} */
    async modeOf(tab) {
      return modeIn(await chosen(), tab);
    },

    /** @param {Tab | undefined} tab @returns {Promise<Mode | "">} that of its site alone; "" for none */
    async siteModeOf(tab) {
      const { settings: all, privateSites: sites } = await chosen();
      const site = siteOf(tab?.url);
      return (tab?.incognito ? ownModeOf(sites, site) : undefined) ?? ownModeOf(all.siteModes, site) ?? "";
    },

    /** @param {Tab | undefined} tab @returns {Promise<boolean>} whether its pages may be changed unasked */
    async mayFill(tab) {
      const mode = await this.modeOf(tab);
      if (mode === "fill" && !isSavingData()) return true;
      return mode !== "private" && (await askedTabs.has(tab));
    },

    /** @param {Partial<Settings>} changes */
    async change(changes) {
      const before = await chosen();
      await changeSettings(api.storage.local, changes);
      return tellPages(before);
    },

    /**
     * @param {Tab} tab one that shows the site
     * @param {Mode | ""} mode "" for that of all sites
     */
    async chooseSite(tab, mode) {
      const before = await chosen();
      const site = siteOf(tab.url);
      if (site === "") return before.settings;
      if (!tab.incognito) return this.change({ siteModes: withSite(before.settings.siteModes, site, mode) });
      // The mode of all must be said as one here, for it has to cover what was chosen outside private windows.
      const own = mode === "" && ownModeOf(before.settings.siteModes, site) ? before.settings.mode : mode;
      await api.storage.session.set({ [PRIVATE_SITES]: withSite(before.privateSites, site, own) });
      return tellPages(before);
    },

    /** To be called when a window was closed. */
    async forgetPrivate() {
      const windows = await api.windows.getAll({});
      if (!windows.some(({ incognito }) => incognito)) await api.storage.session.remove(PRIVATE_SITES);
    },
  };
}

/**
 * @param {Chosen} chosen
 * @param {Tab | undefined} tab
 * @returns {Mode}
 */
function modeIn({ settings, privateSites }, tab) {
  const own = tab?.incognito ? ownModeOf(privateSites, siteOf(tab.url)) : undefined;
  return own ?? modeAt(settings, tab?.url);
}
