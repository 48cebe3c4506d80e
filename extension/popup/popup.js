/** Behind the toolbar button: how things stand, and what to do on this page. */

import { makeTranslate, translatePage } from "../shared/i18n.js";
import { MESSAGE } from "../shared/messages.js";
import { siteOf } from "../shared/settings.js";
import { byId, onPress, showState } from "../shared/state_view.js";

/** @typedef {import("../shared/state_view.js").Overview} Overview */

/**
 * @param {Document} page
 * @param {import("../shared/constants.js").Api} api
 */
export async function openPopup(page, api) {
  const t = makeTranslate(api);
  translatePage(page, t);
  const [tab] = await api.tabs.query({ active: true, currentWindow: true });
  const site = siteOf(tab?.url);
  const choice = /** @type {HTMLInputElement} */ (byId(page, "site"));

  /** @param {string} type @returns {Promise<Overview>} */
  const ask = (type) => api.runtime.sendMessage({ type });
  /** @param {string} type */
  const press = async (type) => showState(page, await ask(type), t);

  /** @param {string} type */
  async function tellPage(type) {
    if (tab?.id !== undefined) await api.tabs.sendMessage(tab.id, { type });
  }

  onPress(byId(page, "start"), () => press(MESSAGE.start));
  onPress(byId(page, "connect"), () => press(MESSAGE.connect));
  onPress(byId(page, "describe"), async () => {
    await tellPage(MESSAGE.fill);
    byId(page, "done").textContent = t("popup_describing");
  });
  onPress(byId(page, "undo"), async () => {
    await tellPage(MESSAGE.undo);
    byId(page, "done").textContent = t("popup_undone");
  });
  onPress(byId(page, "options"), () => api.runtime.openOptionsPage());
  choice.addEventListener("change", async () => {
    const { settings } = await ask(MESSAGE.state);
    const others = settings.sitesOff.filter((one) => one !== site);
    const changes = { sitesOff: choice.checked ? others : [...others, site] };
    await api.runtime.sendMessage({ type: MESSAGE.changeSettings, changes });
  });

  const overview = await ask(MESSAGE.state);
  showState(page, overview, t);
  if (site === "") return;
  choice.checked = !overview.settings.sitesOff.includes(site);
  byId(page, "site-label").textContent = t("popup_site", site);
  byId(page, "here").hidden = false;
}
