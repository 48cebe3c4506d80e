/** The first page that a new user meets: what this is, whether it runs, and what it shall do in pages. */

import { makeFields } from "../shared/fields.js";
import { makeTranslate, translatePage } from "../shared/i18n.js";
import { showKeys } from "../shared/keys_view.js";
import { MESSAGE } from "../shared/messages.js";
import { byId, onPress, showState } from "../shared/state_view.js";

/**
 * @param {Document} page
 * @param {import("../shared/constants.js").Api} api
 */
export async function openWelcome(page, api) {
  const t = makeTranslate(api);
  translatePage(page, t);
  const saved = byId(page, "saved");

  /** @param {object} message @returns {Promise<import("../shared/state_view.js").Overview>} */
  const ask = (message) => api.runtime.sendMessage(message);

  const fields = makeFields(page, async (changes) => {
    saved.textContent = "";
    await ask({ type: MESSAGE.changeSettings, changes });
    saved.textContent = t("options_saved");
  });

  onPress(byId(page, "connect"), async () => showState(page, await ask({ type: MESSAGE.connect }), t));
  onPress(byId(page, "start"), async () => showState(page, await ask({ type: MESSAGE.start }), t));
  onPress(byId(page, "options"), () => api.runtime.openOptionsPage());

  const overview = await ask({ type: MESSAGE.state });
  showState(page, overview, t);
  fields.show(overview.settings);
  await showKeys(byId(page, "keys"), { api, t });
}
