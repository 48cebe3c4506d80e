/** The options page: the way to the helper, and the user's choices. Every choice is kept as it is made. */

import { makeTranslate, translatePage } from "../shared/i18n.js";
import { showKeys } from "../shared/keys_view.js";
import { MESSAGE } from "../shared/messages.js";
import { withSite } from "../shared/settings.js";
import { byId, onPress, showState } from "../shared/state_view.js";
import { makeFields } from "../shared/fields.js";

/** Where Chromium's users change keys; Firefox has a call for it. */
const CHROMIUM_KEYS = "chrome://extensions/shortcuts";

/** @typedef {import("../shared/state_view.js").Overview} Overview */
/** @typedef {import("../shared/settings.js").Settings} Settings */

/**
 * @param {Document} page
 * @param {import("../shared/constants.js").Api} api
 */
export async function openOptions(page, api) {
  const t = makeTranslate(api);
  translatePage(page, t);
  const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (byId(page, id));
  const saved = byId(page, "saved");

  /** @param {object} message @returns {Promise<Overview>} */
  const ask = (message) => api.runtime.sendMessage(message);

  /** @param {Partial<Settings>} changes */
  async function change(changes) {
    saved.textContent = ""; // The same words once more would not be spoken.
    const { settings } = await ask({ type: MESSAGE.changeSettings, changes });
    showSites(settings);
    saved.textContent = t("options_saved");
  }

  const fields = makeFields(page, change);

  /** @param {Settings} settings */
  function showSites({ siteModes }) {
    const sites = Object.entries(siteModes);
    byId(page, "sites").hidden = sites.length === 0;
    const items = sites.map(([site, mode]) => {
      const item = page.createElement("li");
      const again = page.createElement("button");
      again.type = "button";
      again.textContent = t("options_site_forget", site);
      onPress(again, async () => {
        await change({ siteModes: withSite(siteModes, site, "") });
        byId(page, "pages-heading").focus(); // The button is gone, and the focus must not be lost with it.
      });
      item.append(`${site}: ${modeName(mode)} `, again);
      return item;
    });
    byId(page, "sites-list").replaceChildren(...items);
  }

  /** @param {import("../shared/constants.js").Mode} mode */
  function modeName(mode) {
    return { fill: t("mode_fill"), asked: t("mode_asked"), private: t("mode_private") }[mode];
  }

  function openKeys() {
    const { openShortcutSettings } = /** @type {{openShortcutSettings?: () => Promise<void>}} */ (api.commands);
    return openShortcutSettings ? openShortcutSettings() : api.tabs.create({ url: CHROMIUM_KEYS });
  }

  onPress(byId(page, "connect"), async () => showState(page, await ask({ type: MESSAGE.connect }), t));
  onPress(byId(page, "start"), async () => showState(page, await ask({ type: MESSAGE.start }), t));
  byId(page, "pairing").addEventListener("submit", async (event) => {
    event.preventDefault();
    const code = field("code").value;
    const overview = await ask({ type: MESSAGE.pair, code, port: field("port").valueAsNumber });
    showState(page, overview, t);
    if (overview.state === "connected") field("code").value = "";
  });
  onPress(byId(page, "change-keys"), async () => void (await openKeys()));

  const overview = await ask({ type: MESSAGE.state });
  showState(page, overview, t);
  fields.show(overview.settings);
  field("port").value = String(overview.port);
  showSites(overview.settings);
  await showKeys(byId(page, "keys"), { api, t });
}
