/** Texts in the user's language, from _locales. */

/** @typedef {(key: string, ...substitutions: (string | number)[]) => string} Translate */

/**
 * @param {import("./constants.js").Api} api
 * @returns {Translate}
 */
export function makeTranslate(api) {
  return (key, ...substitutions) => api.i18n.getMessage(key, substitutions.map(String));
}

/**
 * The browser's interface, with texts for certain. A process of ours that begins while Chromium is still installing
 * the extension gets none from it for as long as it lives; then they are read from our own files.
 *
 * @param {import("./constants.js").Api} api
 * @returns {Promise<import("./constants.js").Api>}
 */
export async function withTexts(api) {
  if (api.i18n.getMessage("name")) return api;
  const texts = await readTexts(api);
  const getMessage = (/** @type {string} */ key, /** @type {string[]} */ substitutions = []) =>
    filled(texts[key], substitutions);
  const i18n = Object.create(api.i18n, { getMessage: { value: getMessage } });
  return Object.create(api, { i18n: { value: i18n } });
}

/** @typedef {{message: string, placeholders?: Record<string, {content: string}>}} Text */

/**
 * @param {import("./constants.js").Api} api
 * @returns {Promise<Record<string, Text>>}
 */
async function readTexts(api) {
  const language = api.i18n.getUILanguage().split("-")[0] ?? "";
  for (const folder of [language, "en"]) {
    try {
      return await (await fetch(api.runtime.getURL(`_locales/${folder}/messages.json`))).json();
    } catch {
      // We have no texts in that language.
    }
  }
  return {};
}

/** @param {Text | undefined} text @param {string[]} substitutions @returns {string} */
function filled(text, substitutions) {
  if (!text) return "";
  return text.message
    .replace(/\$(\w+)\$/g, (_, name) => text.placeholders?.[name.toLowerCase()]?.content ?? "")
    .replace(/\$(\d)/g, (_, place) => substitutions[Number(place) - 1] ?? "");
}

/**
 * Put the texts into one of our own pages: `data-i18n` names the text of an element.
 *
 * @param {Document} page
 * @param {Translate} t
 */
export function translatePage(page, t) {
  page.documentElement.lang = t("language_tag");
  for (const element of page.querySelectorAll("[data-i18n]")) {
    element.textContent = t(/** @type {HTMLElement} */ (element).dataset.i18n ?? "");
  }
}

/** @typedef {{words: string, language?: string | undefined}} Paragraph `language`: where it is not that of the panel */

/**
 * What to tell the user when there is no description: first what is the matter, then what to do.
 *
 * @param {import("./constants.js").Problem} problem
 * @param {Translate} t
 * @returns {Paragraph[]}
 */
export function wordsFor({ state, message, advice, language }, t) {
  switch (state) {
    case "stopped":
      return [{ words: t("stopped_message") }, { words: t("stopped_advice") }];
    case "unpaired":
      return [{ words: t("unpaired_message") }, { words: t("unpaired_advice") }];
    case "stranger":
      return [{ words: t("stranger_message") }, { words: t("stranger_advice") }];
    default:
      return [message, advice].filter(Boolean).map((words) => ({ words, language }));
  }
}
