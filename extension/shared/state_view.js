/** How we stand with the helper, in words, on the options page and behind the toolbar button. */

import { wordsFor } from "./i18n.js";

/** What to type where the helper cannot be started for the user. */
const START_COMMAND = "altaloud start";
const PAIR_COMMAND = "altaloud pair";

/**
 * @typedef {object} Overview the answer to the messages `state`, `connect`, `pair` and `start`
 * @property {import("./constants.js").State} state
 * @property {import("./constants.js").Problem | null} problem
 * @property {number} port
 * @property {boolean} canStart
 * @property {import("./settings.js").Settings} settings
 * @property {import("./constants.js").Mode} mode of the tab that was asked about
 * @property {import("./constants.js").Mode | ""} siteMode of its site alone; "" for none
 * @property {boolean} savesData whether the browser is to load little, so that nothing is filled in unasked
 */

/**
 * @param {Document} page with #state, #start and #connect
 * @param {Overview} overview
 * @param {import("./i18n.js").Translate} t
 */
export function showState(page, { state, problem, port, canStart }, t) {
  const lines = problem ? wordsFor(problem, t) : [{ words: t("connected_message", port) }];
  if (problem && problem.state !== state && state !== "connected") lines.push(...wordsFor({ ...problem, state }, t));
  const paragraphs = lines.map((line) => paragraph(page, line));
  if (state === "stopped" && !canStart) paragraphs.push(command(page, t("state_type"), START_COMMAND));
  if (state === "unpaired") paragraphs.push(command(page, t("state_type"), PAIR_COMMAND));
  const box = byId(page, "state");
  const text = (/** @type {Element[]} */ (paragraphs)).map(({ textContent }) => textContent).join("\n");
  // The same words again would be spoken again.
  if (text !== [...box.children].map(({ textContent }) => textContent).join("\n")) box.replaceChildren(...paragraphs);
  byId(page, "start").hidden = state !== "stopped" || !canStart;
  byId(page, "connect").hidden = state === "connected";
}

/**
 * @param {Document} page
 * @param {import("./i18n.js").Paragraph} line
 */
function paragraph(page, { words, language }) {
  const element = page.createElement("p");
  element.textContent = words;
  if (language) element.lang = language;
  return element;
}

/**
 * @param {Document} page
 * @param {string} before
 * @param {string} typed
 */
function command(page, before, typed) {
  const element = paragraph(page, { words: `${before} ` });
  const code = page.createElement("code");
  code.textContent = typed;
  element.append(code);
  return element;
}

/**
 * @param {Document} page
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(page, id) {
  const element = page.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/**
 * A button that cannot be pressed twice while its work goes on, and keeps the focus.
 *
 * @param {HTMLElement} button
 * @param {() => Promise<void>} work
 */
export function onPress(button, work) {
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    try {
      await work();
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
}
