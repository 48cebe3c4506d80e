/**
 * Where a person was last who goes through the page without looking at it, though nothing there has the focus now.
 *
 * What a screen reader reads is not told to pages. What it does while reading is: it focuses what can be focused, puts
 * the caret where it reads, and presses what is to be pressed. A page's script can do the first two as well, and nobody
 * can tell which it was; that is why this comes after the pointer, and counts only while the image is in view.
 */

import { MARK } from "../shared/constants.js";

/**
 * @param {Document} page
 * @param {object} options
 * @param {AbortSignal} options.signal
 * @param {() => number} options.now milliseconds, the same in all frames
 */
export function makeActivity(page, { signal, now }) {
  /** @type {{node: WeakRef<Node>, at: number} | null} */
  let last = null;

  /** @param {Node | null | undefined} node */
  function note(node) {
    if (!node || node === page || /** @type {Partial<Element>} */ (node).matches?.(`html, body, [${MARK}=panel]`)) return;
    last = { node: new WeakRef(node), at: now() };
  }

  const options = { capture: true, passive: true, signal };
  page.addEventListener("focusin", (event) => event.isTrusted && note(/** @type {Node | undefined} */ (event.composedPath()[0])), options);
  page.addEventListener(
    "selectionchange",
    () => {
      const { anchorNode = null, anchorOffset = 0 } = page.getSelection() ?? {};
      note(anchorNode?.childNodes[anchorOffset] ?? anchorNode);
    },
    options,
  );
  page.addEventListener(
    "click",
    (event) => {
      const { isTrusted, detail } = event;
      // A hand on the mouse has clicked once at least; and there is the pointer as well.
      if (isTrusted && detail === 0) note(/** @type {Node | undefined} */ (event.composedPath()[0]));
    },
    options,
  );

  /** @returns {{node: Node, at: number} | null} */
  return () => {
    const node = last?.node.deref();
    return last && node?.isConnected ? { node, at: last.at } : null;
  };
}
