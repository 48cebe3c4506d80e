/** What is said in the shadow roots of a control. */

import { hasReadableText } from "./find_images.js";
import { SOUNDLESS } from "./names.js";

/**
 * The library does not look into shadow roots, whose words name the control around them as well.
 *
 * @param {Element | ShadowRoot} around
 * @param {import("./names.js").Names} names
 * @returns {boolean}
 */
export function speaksInside(around, names) {
  const all = [...(around.nodeType === 1 ? [/** @type {Element} */ (around)] : []), ...around.querySelectorAll("*")];
  return all.some((one) => {
    const root = names.shadowOf(one);
    return root !== null && (hasReadableText(root) || hasWordsElsewhere(root) || speaksInside(root, names));
  });
}

/** @param {ShadowRoot} root */
function hasWordsElsewhere(root) {
  return [...root.querySelectorAll("[aria-label], [alt], [title], svg title, slot")].some((one) => {
    if (one.closest("[aria-hidden=true i]")) return false;
    // What a slot says where nothing is put into it.
    if (one.localName === "slot") return /** @type {HTMLSlotElement} */ (one).assignedNodes().length === 0 && !SOUNDLESS.test(one.textContent ?? "");
    const words = ["aria-label", "alt", "title"].map((name) => one.getAttribute(name)).find((said) => said?.trim());
    return words !== undefined ? one.checkVisibility({ visibilityProperty: true }) : one.localName === "title" && !SOUNDLESS.test(one.textContent ?? "");
  });
}
