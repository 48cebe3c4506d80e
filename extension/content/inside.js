/** What is said in the shadow roots of a control. */

import { hasReadableText } from "./find_images.js";
import { DRAWING, SOUNDLESS } from "./names.js";

/**
 * The library does not look into shadow roots, whose words name the control around them as well.
 *
 * @param {Element | ShadowRoot} around
 * @param {import("./names.js").Names} names
 * @param {import("./judge.js").IsOurs} isOurs what we have written says nothing by itself
 * @returns {boolean}
 */
export function speaksInside(around, names, isOurs) {
  return partsOf(around).some((one) => {
    // Firefox has a root of its own for what a drawing borrows.
    const root = one.namespaceURI === DRAWING ? null : names.shadowOf(one);
    if (root === null || names.isHidden(one)) return false;
    return hasReadableText(root) || hasWordsElsewhere(root, isOurs) || speaksInside(root, names, isOurs);
  });
}

/**
 * @param {Element | ShadowRoot} around
 * @returns {Element[]} itself, what is in it, and what is put into its slots
 */
function partsOf(around) {
  const all = [...(around.nodeType === 1 ? [/** @type {Element} */ (around)] : []), ...around.querySelectorAll("*")];
  const slots = /** @type {HTMLSlotElement[]} */ (all.filter(({ localName }) => localName === "slot"));
  const slotted = slots.flatMap((slot) => slot.assignedElements({ flatten: true }));
  return [...all, ...slotted.flatMap((one) => [one, ...one.querySelectorAll("*")])];
}

/**
 * @param {ShadowRoot} root
 * @param {import("./judge.js").IsOurs} isOurs
 */
function hasWordsElsewhere(root, isOurs) {
  return [...root.querySelectorAll("[aria-label], [alt], [title], svg title, slot")].some((one) => {
    if (isOurs(one) || one.closest("[aria-hidden=true i]")) return false;
    const own = one.textContent ?? "";
    // What a slot says where nothing is put into it.
    if (one.localName === "slot") return /** @type {HTMLSlotElement} */ (one).assignedNodes().length === 0 && !SOUNDLESS.test(own);
    const seen = one.localName === "title" ? one.closest("svg") : one;
    const words = one === seen ? ["aria-label", "alt", "title"].map((name) => one.getAttribute(name)) : [own];
    return words.some((said) => said?.trim()) && seen?.checkVisibility({ visibilityProperty: true }) === true;
  });
}
