/**
 * From image to image with a key: where it is among all, what it is, and the reading position goes along.
 *
 * What can be focused is focused. Else the caret is put before the image, which a screen reader follows where it
 * follows carets. Where the page may be changed, the image can be focused for as long as the focus stays there.
 *
 * Each frame of a page says what is in it and where the reader is; `background/frames.js` makes one order of them.
 */

import { MARK } from "../shared/constants.js";
import { focusedElement } from "./at_hand.js";
import { CONTROLS, controlOf, findPictures } from "./find_images.js";
import { focusForNow, isFocused } from "./focus.js";
import { FRAMES, pathIn } from "./frames.js";

/** Smaller on a side is nothing that anybody steps to. */
const SMALLEST_SIDE_PX = 8;

/** Of `compareDocumentPosition`. */
const FOLLOWING = 4;
const CONTAINED = 16;

/** @typedef {import("./find_images.js").Picture} Picture */
/** @typedef {{node: Node, offset: number}} Position */

/**
 * @typedef {object} Outline
 * @property {(number | string)[]} stops in reading order: an image's number, or the path of a frame
 * @property {number} from where the next step begins: the index in them, or their length for beyond the last
 */

/**
 * Where to begin when focus and caret do not tell.
 *
 * @typedef {object} Begin
 * @property {Element | null} reached the image that a reader has scrolled to, see `activity.js`, or that our panel speaks of
 *   while the focus is in it
 * @property {Element | null} inView the first one in view, when the reader is nowhere
 */

/**
 * @param {Document} page
 * @param {object} parts
 * @param {AbortSignal} parts.signal
 * @param {import("./names.js").Names} parts.names
 * @param {(image: Picture) => boolean} parts.isDecorative
 * @param {(element: Element) => ShadowRoot | null} parts.shadowRootOf
 * @param {(image: Picture) => number} parts.idOf
 * @param {() => void} parts.onScroll called before a step scrolls
 */
export function makeStepping(page, { signal, names, isDecorative, shadowRootOf, idOf, onScroll }) {
  /** The last step, and where the reader was left by it. @type {{image: WeakRef<Picture>, stood: Position | null} | null} */
  let last = null;

  /** @returns {Element[]} images and frames in reading order, decorative and hidden ones left out */
  function all() {
    return deepPictures(page, shadowRootOf, (root) => [...findPictures(root), ...root.querySelectorAll(FRAMES)]).filter((one) => {
      const { width, height } = one.getBoundingClientRect();
      const isStop = Math.min(width, height) >= SMALLEST_SIDE_PX && !names.isHidden(one);
      return isStop && (one.matches(FRAMES) || !isDecorative(one));
    });
  }

  /** @returns {Position | null} of focus or caret, null for none */
  function position() {
    const focused = focusedElement(page, shadowRootOf);
    if (focused) return { node: focused, offset: 0 };
    const selection = page.getSelection();
    return selection?.anchorNode ? { node: selection.anchorNode, offset: selection.anchorOffset } : null;
  }

  /**
   * @param {Element[]} stops
   * @param {Begin} begin
   * @returns {number} the index of the one to go to; stops.length for beyond the last
   */
  function nextOf(stops, { inView, reached }) {
    if (reached && stops.includes(reached)) return stops.indexOf(reached) + 1;
    const here = position();
    const before = last?.image.deref();
    if (before && stops.includes(before) && isSame(here, last?.stood)) return stops.indexOf(before) + 1;
    if (!here) return Math.max(0, inView ? stops.indexOf(inView) : 0);
    const from = outermost(here.node.childNodes[here.offset] ?? here.node, page);
    // Who stands on a link stands on the image in it.
    const isOn = from.nodeType === 1 && /** @type {Element} */ (from).matches(CONTROLS);
    const beyond = stops.findIndex((stop) => {
      const relation = from.compareDocumentPosition(outermost(stop, page));
      return stop !== from && (relation & FOLLOWING) !== 0 && !(isOn && (relation & CONTAINED) !== 0);
    });
    return beyond < 0 ? stops.length : beyond;
  }

  return {
    /**
     * @param {Begin} begin
     * @returns {Outline}
     */
    outline(begin) {
      const stops = all();
      return { stops: stops.map((stop) => (stop.matches(FRAMES) ? pathIn(stop) : idOf(stop))), from: nextOf(stops, begin) };
    },

    /**
     * @param {Picture} image
     * @param {{mayChange: boolean}} options whether the page may be given an attribute for a while
     */
    go(image, { mayChange }) {
      onScroll();
      image.scrollIntoView({ block: "center", behavior: "instant" });
      const target = /** @type {HTMLElement} */ (controlOf(image) ?? image);
      target.focus?.({ preventScroll: true });
      if (!isFocused(target)) {
        leaveFrames();
        placeCaret(image);
        if (mayChange) focusForNow(/** @type {HTMLElement} */ (/** @type {Element} */ (image)), signal);
      }
      last = { image: new WeakRef(image), stood: position() };
    },
  };

  /** The caret of a document counts only where the focus is. */
  function leaveFrames() {
    const focused = /** @type {HTMLElement | null} */ (page.activeElement);
    if (focused?.matches(FRAMES)) focused.blur();
    if (!page.hasFocus()) page.defaultView?.focus();
  }

  /** @param {Element} image */
  function placeCaret(image) {
    const parent = image.parentNode;
    if (!parent || image.getRootNode() !== page) return;
    page.getSelection()?.collapse(parent, [...parent.childNodes].indexOf(image));
  }
}

/**
 * @param {Element | Document | ShadowRoot} root
 * @param {(element: Element) => ShadowRoot | null} shadowRootOf
 * @param {(root: Element | Document | ShadowRoot) => Element[]} find
 * @returns {Element[]} those in shadow roots where their hosts stand
 */
export function deepPictures(root, shadowRootOf, find = findPictures) {
  /** @type {{at: Node, images: Element[]}[]} */
  const groups = find(root).map((image) => ({ at: image, images: [image] }));
  for (const host of root.querySelectorAll("*")) {
    const shadow = host.getAttribute(MARK) === "panel" ? null : shadowRootOf(host);
    if (shadow) groups.push({ at: host, images: deepPictures(shadow, shadowRootOf, find) });
  }
  groups.sort((one, other) => (one.at.compareDocumentPosition(other.at) & FOLLOWING ? -1 : 1));
  const found = groups.flatMap(({ images }) => images);
  // What holds the next one is a control that is named by it.
  return found.filter((one, index) => !one.contains(found[index + 1] ?? null));
}

/**
 * @param {Position | null | undefined} one
 * @param {Position | null | undefined} other
 */
function isSame(one, other) {
  return one?.node === other?.node && one?.offset === other?.offset;
}

/**
 * @param {Node} node
 * @param {Document} page
 * @returns {Node} itself, or what holds it where it is in a shadow root
 */
function outermost(node, page) {
  let one = node;
  for (let root = one.getRootNode(); root !== page && "host" in root; root = one.getRootNode()) {
    one = /** @type {ShadowRoot} */ (root).host;
  }
  return one;
}
