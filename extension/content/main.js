/** The content script: bundled into ../content.bundle.js, because a content script cannot import. */

import { computeAccessibleName } from "dom-accessibility-api";

import { makeTranslate } from "../shared/i18n.js";
import { attend } from "./page.js";

/** @type {import("../shared/constants.js").Api} */
const api = /** @type {any} */ (globalThis).browser ?? chrome;

// This world is the extension's own, so the page does not see the name. The script can come in twice: with the
// page, and once more when the extension is installed or a hotkey finds nobody at home.
const world = /** @type {{altaloud?: AbortSignal}} */ (globalThis);
if (!world.altaloud || world.altaloud.aborted) {
  world.altaloud = attend(window, { api, t: makeTranslate(api), computeAccessibleName });
}
