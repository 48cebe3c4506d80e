/** The keys as they are set in this browser. */

/** The most wanted first; Chromium has them by the alphabet. */
const ORDER = Object.freeze(["describe", "next-image", "ask", "hush"]);

/**
 * @param {HTMLElement} list a `dl`
 * @param {object} parts
 * @param {import("./constants.js").Api} parts.api
 * @param {import("./i18n.js").Translate} parts.t
 */
export async function showKeys(list, { api, t }) {
  const page = list.ownerDocument;
  const terms = (await api.commands.getAll())
    .filter(({ description }) => description)
    .sort((one, other) => ORDER.indexOf(one.name ?? "") - ORDER.indexOf(other.name ?? ""))
    .flatMap(({ description, shortcut }) => {
      const term = page.createElement("dt");
      term.textContent = description ?? "";
      const keys = page.createElement("dd");
      keys.textContent = shortcut || t("options_no_key");
      return [term, keys];
    });
  list.replaceChildren(...terms);
}
