/**
 * Show a description as text, for those who read with their fingers or eyes, and take questions and own words.
 *
 * The panel does not take the focus unless it is entered, which would make a screen reader talk over the helper's
 * voice; when the helper has no voice, it is an alert instead, and the screen reader speaks it.
 */

import { makeQuestionForm, makeWordsForm } from "../shared/forms.js";
import { wordsFor } from "../shared/i18n.js";
import { makeSurface } from "./surface.js";

/** @typedef {import("../shared/i18n.js").Paragraph} Paragraph */

/** @typedef {"alert" | "status" | null} Say how the screen reader shall say it; null: the helper has, or will */

/**
 * What can be done about the image that the panel speaks of.
 *
 * @typedef {object} Actions
 * @property {(question: string) => Promise<import("../shared/forms.js").Answered | null>} ask
 * @property {((words: string) => Promise<import("../shared/forms.js").Kept>) | null} correct null: there is nothing to correct
 */

/**
 * @param {Document} page
 * @param {object} parts
 * @param {AbortSignal} parts.signal
 * @param {import("../shared/i18n.js").Translate} parts.t
 * @param {(how: {hadFocus: boolean}) => void} parts.onClose
 */
export function makePanel(page, { signal, t, onClose }) {
  const surface = makeSurface(page, { signal, t, onClose });
  const explain = (/** @type {import("../shared/constants.js").Problem} */ problem) => wordsFor(problem, t);

  /**
   * @param {(string | Paragraph)[]} paragraphs what to read, the most important first
   * @param {{say: Say, copyable?: boolean, actions?: Actions | null, keepsFocus?: boolean}} options `keepsFocus`: if it was in it
   * @returns {{openQuestion: () => void} | null} null when all is over
   */
  function show(paragraphs, { say, copyable = true, actions = null, keepsFocus = true }) {
    if (signal.aborted) return null;
    const { box, shadow } = surface.current();
    const hadFocus = keepsFocus && shadow.activeElement !== null;
    const text = page.createElement("div");
    if (say) text.setAttribute("role", say);
    const told = paragraphs.map((one) => (typeof one === "string" ? { words: one } : one)).filter(({ words }) => words);
    const filled = told.map(paragraph);
    const space = page.createElement("div");
    const buttons = page.createElement("div");
    if (copyable) buttons.append(copyButton(told.map(({ words }) => words)));
    const openQuestion = () => {
      if (actions) openForm(space, makeQuestionForm(page, { t, ask: actions.ask, explain }));
    };
    if (actions) buttons.append(button(t("panel_ask"), openQuestion));
    if (actions?.correct) buttons.append(wordsButton(space, told[0]?.words ?? "", { ...actions, correct: actions.correct }));
    buttons.append(button(t("panel_close"), surface.close));
    box.replaceChildren(text, space, buttons);
    // What held the focus is gone: it must not fall back to the top of the page.
    if (hadFocus) box.focus();
    // An alert is spoken when something comes into it, not when it comes filled.
    if (say) setTimeout(() => text.append(...filled), 50);
    else text.append(...filled);
    return { openQuestion };
  }

  /** @param {Paragraph} told */
  function paragraph({ words, language }) {
    const element = page.createElement("p");
    element.textContent = words;
    element.dir = "auto";
    if (language) element.lang = language;
    return element;
  }

  /**
   * @param {HTMLElement} space
   * @param {import("../shared/forms.js").Form} form
   */
  function openForm(space, form) {
    space.replaceChildren(form.element);
    surface.enter(form);
  }

  /**
   * @param {HTMLElement} space
   * @param {string} words
   * @param {Actions & {correct: NonNullable<Actions["correct"]>}} actions
   */
  function wordsButton(space, words, actions) {
    const onKept = (/** @type {string} */ own) => {
      show([own, t("words_kept")], { say: "status", actions });
    };
    return button(t("panel_own_words"), () => openForm(space, makeWordsForm(page, { t, words, keep: actions.correct, onKept, explain })));
  }

  /** @param {string[]} lines */
  function copyButton(lines) {
    const copying = button(t("panel_copy"), async () => {
      copying.textContent = t((await copy(lines)) ? "panel_copied" : "panel_not_copied");
    });
    return copying;
  }

  /** @param {string[]} lines */
  async function copy(lines) {
    try {
      await page.defaultView?.navigator.clipboard.writeText(lines.join("\n"));
      return true;
    } catch {
      return false; // Pages without https have no clipboard; the text can be selected.
    }
  }

  /**
   * @param {string} label
   * @param {() => void} press
   */
  function button(label, press) {
    const element = page.createElement("button");
    element.type = "button";
    element.textContent = label;
    element.addEventListener("click", press, { signal });
    return element;
  }

  return {
    show,
    close: surface.close,
    isOurs: surface.isOurs,

    get isOpen() {
      return surface.isOpen;
    },

    get hasFocus() {
      return surface.hasFocus;
    },

    /** Into the panel, for reading at leisure; closing goes back to where the focus was. */
    focus() {
      if (surface.isOpen && !surface.hasFocus) surface.enter();
    },
  };
}
