/** Giving the focus to what can have it, and for a while to what cannot. */

import { FRAMES } from "./frames.js";

/**
 * An image takes no focus by itself; it is made to for as long as the focus stays there, which changes the page.
 *
 * @param {HTMLElement} element
 * @param {AbortSignal} signal when it aborts, the page is as it was
 */
export function focusForNow(element, signal) {
  element.focus({ preventScroll: true });
  // A frame passes it on to what is in it, in another process a moment later.
  if (isFocused(element) || element.hasAttribute("tabindex") || element.matches(FRAMES)) return;
  const leaving = new AbortController();
  const restore = () => {
    leaving.abort();
    if (element.getAttribute("tabindex") === "-1") element.removeAttribute("tabindex");
  };
  element.setAttribute("tabindex", "-1");
  element.focus({ preventScroll: true });
  if (!isFocused(element)) return restore();
  element.addEventListener("blur", restore, { once: true, signal: leaving.signal });
  signal.addEventListener("abort", restore, { once: true, signal: leaving.signal });
}

/** @param {Element} element */
export function isFocused(element) {
  const root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
  return root.activeElement === element;
}
