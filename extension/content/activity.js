/**
 * Where a person was last who goes through the page without looking at it, though nothing there has the focus now.
 *
 * What a screen reader reads is not told to pages. What it does while reading is: it focuses what can be focused, puts
 * the caret where it reads, presses what is to be pressed, and scrolls what it reads to the top of the view. A page's
 * script can do most of that as well, and nobody can tell which it was; that is why focus and caret of before come
 * after the pointer, and count only while the image is in view. But when no hand scrolled and an image lies exactly at
 * the top now, then focus, caret and pointer were left behind: Orca's keys for images and headings do just that.
 */

import { MARK } from "../shared/constants.js";
import { lineage } from "./names.js";

/** A wheel runs on for a while, and a page answers a key or a click a moment later. */
const OF_THE_HAND_MS = 1000;
/** What scrolls or presses by itself; a screen reader keeps its own keys, and modifiers alone do nothing. */
const KEYS = new Set(["ArrowDown", "ArrowUp", "End", "Enter", "Home", "PageDown", "PageUp", "Tab", " "]);
/** What gets the focus is scrolled to at once. */
const OF_THE_FOCUS_MS = 80;
/** A reader that scrolls to something also takes the caret away from where it was, at about the same time. */
const SAME_MOMENT_MS = 500;

/** @typedef {{node: Node, at: number}} Active */
/** @typedef {ReturnType<typeof makeActivity>} Activity */

/**
 * @param {Document} page
 * @param {object} options
 * @param {AbortSignal} options.signal
 * @param {() => number} options.now milliseconds, the same in all frames
 */
export function makeActivity(page, { signal, now }) {
  /** @type {{node: WeakRef<Node>, at: number} | null} */
  let last = null;
  /** @type {{node: WeakRef<Node>, at: number} | null} */
  let carried = null;
  /** @type {WeakMap<Node, {top: number, at: number, carriedAt: number}>} */
  const scrolls = new WeakMap();
  let focusAt = -Infinity;
  let caretAt = -Infinity;
  let handAt = -Infinity;
  let pointedAt = -Infinity;
  let place = "";

  /** @param {Node | null | undefined} node */
  function note(node) {
    if (!node || node === page || /** @type {Partial<Element>} */ (node).matches?.(`html, body, [${MARK}=panel]`)) return;
    last = { node: new WeakRef(node), at: now() };
  }

  /** A pointer that rests may be told of as well, when the page moves under it. @param {PointerEvent} event */
  function onPointer({ isTrusted, screenX, screenY }) {
    const here = `${screenX} ${screenY}`;
    if (!isTrusted || here === place) return;
    place = here;
    handAt = now();
    pointedAt = handAt;
  }

  /** @param {Event & {key?: string}} event */
  function onHand({ isTrusted, key }) {
    if (isTrusted && (key === undefined || KEYS.has(key))) handAt = now();
  }

  /** At its end: to be called at every step of a smooth scroll costs a page more. @param {Event} event */
  function onScroll({ target }) {
    const at = now();
    const node = /** @type {Node} */ (target);
    const before = scrolls.get(node) ?? { top: 0, carriedAt: -Infinity };
    const { scrollTop: top } = /** @type {Element} */ (node === page ? (page.scrollingElement ?? page.documentElement) : node);
    if (top === before.top) return; // A row of pictures that moves sideways by itself carries nobody anywhere.
    const isCarried = at - handAt > OF_THE_HAND_MS && at - focusAt > OF_THE_FOCUS_MS;
    scrolls.set(node, { top, at, carriedAt: isCarried ? at : before.carriedAt });
    carried = isCarried ? { node: new WeakRef(node), at } : null;
  }

  const options = { capture: true, passive: true, signal };
  page.addEventListener(
    "focusin",
    (event) => {
      if (!event.isTrusted) return;
      focusAt = now();
      note(/** @type {Node | undefined} */ (event.composedPath()[0]));
    },
    options,
  );
  page.addEventListener(
    "selectionchange",
    () => {
      caretAt = now();
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
  page.addEventListener("pointermove", onPointer, options);
  page.addEventListener("scrollend", onScroll, options);
  for (const type of ["keydown", "pointerdown", "touchmove", "wheel"]) page.addEventListener(type, onHand, options);

  /** @param {Element} element */
  const scrollsAround = (element) => [page, ...lineage(element)].flatMap((node) => scrolls.get(node) ?? []);

  /**
   * @param {{node: WeakRef<Node>, at: number} | null} noted
   * @returns {Active | null}
   */
  function still(noted) {
    const node = noted?.node.deref();
    return noted && node?.isConnected ? { node, at: noted.at } : null;
  }

  return {
    /** What scrolls next is our own doing, or a hand's. */
    scrollsByHand() {
      handAt = now();
    },

    focusAt: () => Math.max(0, focusAt),

    /** @returns {Active | null} where focus or caret were last */
    last: () => still(last),

    /** @returns {Active | null} what no hand has scrolled since focus, caret and pointer were anywhere */
    carried: () => (carried && carried.at > Math.max(focusAt, caretAt - SAME_MOMENT_MS, pointedAt) ? still(carried) : null),

    /**
     * Whether somebody may have gone on from what has the focus, or from the caret, too.
     *
     * @param {Element} element
     * @param {"focus" | "caret"} what
     */
    isScrolledSince(element, what) {
      const since = what === "focus" ? focusAt : Math.max(focusAt, caretAt);
      return scrollsAround(element).some(({ at }) => at > since);
    },

    /** Whether something came under the pointer by no hand. @param {Element} element */
    isCarriedUnder: (element) => scrollsAround(element).some(({ carriedAt }) => carriedAt > pointedAt),
  };
}
