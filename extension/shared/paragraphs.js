/** What is told of an image, the most important first. */

/** @typedef {import("./i18n.js").Paragraph} Paragraph */
/** @typedef {{message: string, advice: string, language?: string}} SpeechError why the helper could not say it */
/**
 * With `speak`, the helper also says whether it could.
 *
 * @typedef {import("./constants.js").Description & {spoken?: boolean, speech_error?: SpeechError | null}} Spoken
 */

/**
 * The helper's own words are in its language, all else is in the panel's.
 *
 * @param {Spoken} description
 * @param {import("./i18n.js").Translate} t
 * @param {{authored?: string, atLength?: boolean}} [more] `authored`: the author's text, if any
 * @returns {Paragraph[]}
 */
export function paragraphsOf(description, t, { authored = "", atLength = false } = {}) {
  const { alt, reason, text, language } = description;
  const told = alt ?? reason ?? "";
  // The whole text with its lines, where the words above had to be short.
  const isLonger = text && !flat(told).includes(flat(text));
  const paragraphs = [
    told ? { words: told, language } : { words: t("panel_nothing") },
    // What keeps the words from saying more.
    { words: atLength && alt && reason ? reason : "", language },
    { words: authored && t("panel_authored", authored) },
    { words: isLonger ? t("panel_text", text) : "" },
    ...speechLines(description.speech_error),
  ];
  return paragraphs.filter(({ words }) => words);
}

/** @param {SpeechError | null | undefined} error @returns {Paragraph[]} */
export function speechLines(error) {
  return error ? [{ words: `${error.message} ${error.advice}`, language: error.language }] : [];
}

/** @param {string} text */
function flat(text) {
  return text.replace(/\s+/g, " ").trim();
}
