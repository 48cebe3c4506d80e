/** Giving the focus to what can have it, and for a while to what cannot. */

/**
 * An image takes no focus by itself; it is made to for as long as the focus stays there, which changes the page.
 *
 * @param {HTMLElement} element
 * @param {AbortSignal} signal when it aborts, the page is as it was
 */
export function focusForNow(element, signal) {
  element.focus({ preventScroll: true });
  if (isFocused(element) || element.hasAttribute("tabindex")) return;
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
