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

/**
 * What to tell the user when there is no description: first what is the matter, then what to do.
 *
 * @param {import("./constants.js").Problem} problem
 * @param {Translate} t
 * @returns {{message: string, advice: string}}
 */
export function wordsFor(problem, t) {
  switch (problem.state) {
    case "stopped":
      return { message: t("stopped_message"), advice: t("stopped_advice") };
    case "unpaired":
      return { message: t("unpaired_message"), advice: t("unpaired_advice") };
    case "stranger":
      return { message: t("stranger_message"), advice: t("stranger_advice") };
    default:
      return { message: problem.message, advice: problem.advice };
  }
}
