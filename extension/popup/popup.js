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
  const here = { id: tab?.id, url: tab?.url, incognito: tab?.incognito };
  const choice = /** @type {HTMLSelectElement} */ (byId(page, "site"));

  /** @param {string} type @returns {Promise<Overview>} */
  const ask = (type) => api.runtime.sendMessage({ type, tab: here });
  /** @param {string} type */
  const press = async (type) => showState(page, await ask(type), t);

  /**
   * @param {string} type
   * @param {string} done what to say then
   */
  async function tellPage(type, done) {
    const { reached } = await api.runtime.sendMessage({ type, tab: here });
    byId(page, "done").textContent = reached ? done : t("page_closed_to_us");
  }

  onPress(byId(page, "start"), () => press(MESSAGE.start));
  onPress(byId(page, "connect"), () => press(MESSAGE.connect));
  onPress(byId(page, "describe"), () => tellPage(MESSAGE.fillTab, t("popup_describing")));
  // At once: a browser opens its side for a press alone, and forgets the press while something is waited for.
  byId(page, "list").addEventListener("click", () => void openBeside().then(() => page.defaultView?.close()));
  onPress(byId(page, "undo"), () => tellPage(MESSAGE.undoTab, t("popup_undone")));
  onPress(byId(page, "options"), () => api.runtime.openOptionsPage());
  choice.addEventListener("change", () => {
    const mode = /** @type {import("../shared/constants.js").Mode | ""} */ (choice.value);
    showFor(mode || overview.settings.mode);
    // At once and in one message: the popup may be closed the next moment.
    void api.runtime.sendMessage({ type: MESSAGE.chooseSite, tab: here, mode });
  });

  /** @returns {Promise<void>} */
  function openBeside() {
    const { sidebarAction, sidePanel } = /** @type {{sidebarAction?: {open: () => Promise<void>}, sidePanel: typeof chrome.sidePanel}} */ (
      /** @type {unknown} */ (api)
    );
    return sidebarAction ? sidebarAction.open() : sidePanel.open({ windowId: tab?.windowId ?? -1 });
  }

  /** Where pages are never changed, there is nothing to write and to take back. @param {import("../shared/constants.js").Mode} mode */
  function showFor(mode) {
    for (const id of ["describe", "undo"]) byId(page, id).hidden = mode === "private";
  }

  const overview = await ask(MESSAGE.state);
  showState(page, overview, t);
  if (site === "") return;
  choice.value = overview.siteMode;
  showFor(overview.mode);
  byId(page, "site-label").textContent = t("popup_site", site);
  byId(page, "here").hidden = false;
}
