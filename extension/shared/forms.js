/** Two small forms about one image, for the panel in a page and for the panel beside it: a question, and own words. */

import { speechLines } from "./paragraphs.js";

/** @typedef {import("./constants.js").Problem} Problem */

/** @typedef {import("./i18n.js").Paragraph} Paragraph */

/**
 * What the helper says to a question; `spoken` and `speech_error` as with a description.
 *
 * @typedef {object} Reply
 * @property {string} answer
 * @property {number} confidence
 * @property {string} language
 * @property {boolean} [spoken]
 * @property {import("./paragraphs.js").SpeechError | null} [speech_error]
 */

/** @typedef {{answer: Reply, problem?: undefined} | {problem: Problem, answer?: undefined}} Answered */

/** @typedef {{alt: string, problem?: undefined} | {problem: Problem, alt?: undefined}} Kept */

/** What a form of ours is: an element to put somewhere, and a way into it. @typedef {{element: HTMLElement, focus: () => void}} Form */

export const LONGEST_QUESTION = 200;
const LONGEST_WORDS = 2000;

/**
 * @param {Document} page
 * @param {object} parts
 * @param {import("./i18n.js").Translate} parts.t
 * @param {(question: string) => Promise<Answered | null>} parts.ask null: nobody waits for the answer any more
 * @param {(problem: Problem) => Paragraph[]} parts.explain
 * @returns {Form}
 */
export function makeQuestionForm(page, { t, ask, explain }) {
  const input = page.createElement("input");
  const { form, told } = frame(page, t("question_label"), input, [submitButton(page, t("question_send"))]);
  input.type = "text";
  input.maxLength = LONGEST_QUESTION;
  input.autocomplete = "off";
  let count = 0;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const question = input.value.trim();
    input.focus();
    if (question === "") return;
    count += 1;
    const mine = count;
    tell(told, [{ words: t("question_waiting") }], { isSpoken: false });
    const reply = await ask(question);
    if (mine !== count || !reply) return;
    const { problem, answer } = reply;
    tell(told, problem ? explain(problem) : answerLines(answer), { isSpoken: (problem ?? answer).spoken === true });
    input.select(); // The next question takes this one's place.
    bringIntoView(told, form);
  });
  return { element: form, focus: () => input.focus() };
}

/**
 * Scroll to what came, which much enlarged lies below the edge; but not away from where somebody has gone on to.
 *
 * @param {HTMLElement} told
 * @param {HTMLElement} holder of what was asked with
 */
export function bringIntoView(told, holder) {
  const { activeElement } = /** @type {Document | ShadowRoot} */ (told.getRootNode());
  const isElsewhere = activeElement !== null && activeElement !== told.ownerDocument.body && !holder.contains(activeElement);
  if (!isElsewhere) told.scrollIntoView({ block: "nearest", behavior: "instant" });
}

/** @param {Reply} reply @returns {Paragraph[]} */
function answerLines({ answer, language, speech_error: error }) {
  return [{ words: answer, language }, ...speechLines(error)];
}

/**
 * @param {Document} page
 * @param {object} parts
 * @param {import("./i18n.js").Translate} parts.t
 * @param {string} parts.words to begin with
 * @param {(words: string) => Promise<Kept>} parts.keep
 * @param {(words: string) => void} parts.onKept
 * @param {(problem: Problem) => Paragraph[]} parts.explain
 * @returns {Form}
 */
export function makeWordsForm(page, { t, words, keep, onKept, explain }) {
  const input = page.createElement("textarea");
  const { form, told } = frame(page, t("words_label"), input, [submitButton(page, t("words_keep"))]);
  input.rows = 3;
  input.maxLength = LONGEST_WORDS;
  input.value = words;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const own = input.value.trim();
    if (own === "") return input.focus();
    const kept = await keep(own);
    if (kept.problem) tell(told, explain(kept.problem), { isSpoken: false });
    else onKept(kept.alt);
  });
  return { element: form, focus: () => input.focus() };
}

/**
 * @param {Document} page
 * @param {string} label
 * @param {HTMLElement} input
 * @param {HTMLElement[]} buttons
 */
function frame(page, label, input, buttons) {
  const form = page.createElement("form");
  const labelled = page.createElement("label");
  const told = page.createElement("div");
  // It is there before anything comes into it, or that would not be spoken.
  told.setAttribute("role", "status");
  labelled.append(label, input);
  form.append(labelled, ...buttons, told);
  return { form, told };
}

/**
 * @param {Document} page
 * @param {string} label
 */
function submitButton(page, label) {
  const button = page.createElement("button");
  button.type = "submit";
  button.textContent = label;
  return button;
}

/**
 * Put text where it can be read, and where the helper has not said it, have the screen reader say it.
 *
 * @param {HTMLElement} place
 * @param {Paragraph[]} lines
 * @param {{isSpoken: boolean}} options
 */
export function tell(place, lines, { isSpoken }) {
  place.setAttribute("aria-live", isSpoken ? "off" : "polite");
  const paragraphs = lines
    .filter(({ words }) => words)
    .map(({ words, language }) => {
      const paragraph = place.ownerDocument.createElement("p");
      paragraph.textContent = words;
      paragraph.dir = "auto";
      if (language) paragraph.lang = language;
      return paragraph;
    });
  place.replaceChildren(...paragraphs);
}
