/** The options page: the way to the helper, and the user's choices. Every choice is kept as it is made. */

import { makeTranslate, translatePage } from "../shared/i18n.js";
import { MESSAGE } from "../shared/messages.js";
import { byId, onPress, showState } from "../shared/state_view.js";

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
    const { settings } = await ask({ type: MESSAGE.changeSettings, changes });
    showSites(settings);
    saved.textContent = t("options_saved");
  }

  /** @param {Settings} settings */
  function showSites({ sitesOff }) {
    byId(page, "sites").hidden = sitesOff.length === 0;
    const items = sitesOff.map((site) => {
      const item = page.createElement("li");
      const again = page.createElement("button");
      again.type = "button";
      again.textContent = t("options_site_on", site);
      onPress(again, async () => {
        await change({ sitesOff: sitesOff.filter((one) => one !== site) });
        byId(page, "fill").focus(); // The button is gone, and the focus must not be lost with it.
      });
      item.append(again);
      return item;
    });
    byId(page, "sites-list").replaceChildren(...items);
  }

  async function showKeys() {
    const terms = (await api.commands.getAll())
      .filter(({ description }) => description)
      .flatMap(({ description, shortcut }) => {
        const term = page.createElement("dt");
        term.textContent = description ?? "";
        const keys = page.createElement("dd");
        keys.textContent = shortcut || t("options_no_key");
        return [term, keys];
      });
    byId(page, "keys").replaceChildren(...terms);
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
  field("fill").addEventListener("change", () => change({ fill: field("fill").checked }));
  field("language").addEventListener("change", () => change({ language: field("language").value }));

  const overview = await ask({ type: MESSAGE.state });
  showState(page, overview, t);
  field("fill").checked = overview.settings.fill;
  field("language").value = overview.settings.language;
  field("port").value = String(overview.port);
  showSites(overview.settings);
  await showKeys();
}
