/**
 * The image at hand: what a person means who presses the hotkey.
 *
 * A screen reader's reading position is not the focus, and no page or extension can see it. So: the focused
 * element's image, else the one under the selection (many screen readers carry it along), else the one under
 * the pointer, else where focus or caret were last, else the first one in view. But what was left behind does not
 * count, see `activity.js`: a description of another image than the one that is read would be believed.
 * Each frame of a page looks for itself; `background/frames.js` chooses.
 */

import { CONTROLS, findPictures, isPicture } from "./find_images.js";
import { FRAMES } from "./frames.js";
import { lineage, parentOf } from "./names.js";

/** Smaller on a side is nothing that anybody means. */
const SMALLEST_SIDE_PX = 8;

/** What the pointer may rest on and mean the picture inside. */
const HOLDERS = "a, button, figure, picture, label, [role=link], [role=button], [role=img], [role=figure]";

/** @typedef {import("./find_images.js").Picture} Picture */

/**
 * @param {Document} page
 * @param {object} options
 * @param {(element: Element) => ShadowRoot | null} options.shadowRootOf
 * @param {typeof hoveredElement} options.hovered the innermost element under the pointer
 * @param {import("./activity.js").Activity} options.activity
 * @param {boolean} [options.isEntered] whether the focus is in this document, and in no frame of it
 * @returns {{way: import("../shared/constants.js").Way, image: Picture, at: number} | null} what is in view is not looked at; at, in milliseconds, tells what was the last
 */
export function imageMeant(page, { shadowRootOf, hovered, activity, isEntered = true }) {
  const carried = activity.carried();
  const reached = carried && imageAtTop(carried.node, shadowRootOf);
  if (reached) return { way: "reached", image: reached, at: carried.at };
  const last = activity.last();
  /**
   * @param {Picture | null} image
   * @param {"focus" | "caret"} what it was found by; browsers take the caret along to what gets the focus
   */
  function unlessLeft(image, what) {
    const focused = focusedElement(page, shadowRootOf);
    return image && [image, focused].some((one) => one && (isInView(one) || !activity.isScrolledSince(one, what))) ? image : null;
  }
  const ways = /** @type {const} */ ({
    focus: () => (isEntered ? unlessLeft(focusedImage(page, shadowRootOf), "focus") : null),
    selection: () => (isEntered ? unlessLeft(selectedImage(page), "caret") : null),
    pointer: () => {
      const under = hovered(page, shadowRootOf);
      return under && !activity.isCarriedUnder(under) ? hoveredImage(under, shadowRootOf) : null;
    },
    activity: () => last && activeImage(last.node, shadowRootOf),
  });
  for (const [way, find] of Object.entries(ways)) {
    const image = find();
    const at = { focus: activity.focusAt(), activity: last?.at ?? 0 }[way] ?? 0;
    if (image) return { way: /** @type {keyof ways} */ (way), image, at };
  }
  return null;
}

/**
 * @param {Document} page
 * @param {(element: Element) => ShadowRoot | null} shadowRootOf
 * @returns {Element | null} the focused element, shadow roots looked into; null for none
 */
export function focusedElement(page, shadowRootOf) {
  let focused = page.activeElement;
  for (let inner = focused; inner; inner = shadowRootOf(inner)?.activeElement ?? null) focused = inner;
  return focused === null || focused.matches("body, html") ? null : focused;
}

/**
 * @param {Document} page
 * @param {(element: Element) => ShadowRoot | null} shadowRootOf
 */
function focusedImage(page, shadowRootOf) {
  const focused = focusedElement(page, shadowRootOf);
  if (!focused) return null;
  const active = activeDescendantOf(focused);
  return imageIn(active ?? focused, shadowRootOf);
}

/**
 * @param {Element} focused
 * @returns {Element | null} what has the focus for assistive technology, by the author's word
 */
function activeDescendantOf(focused) {
  const root = /** @type {Document | ShadowRoot} */ (focused.getRootNode());
  const { ariaActiveDescendantElement = null } = /** @type {{ariaActiveDescendantElement?: Element | null}} */ (focused);
  return ariaActiveDescendantElement ?? root.getElementById(focused.getAttribute("aria-activedescendant") ?? "");
}

/**
 * @param {Element} element that has or had the focus
 * @param {(element: Element) => ShadowRoot | null} shadowRootOf
 */
function imageIn(element, shadowRootOf) {
  if (isPicture(element)) return element;
  const inside = allPictures(element, shadowRootOf).filter(isShown);
  // Pages focus whole parts of themselves, as after a skip link; that means none of the images in there.
  const isMeant = inside.length === 1 || element.matches(HOLDERS) || element.matches(CONTROLS);
  return (isMeant && inside[0]) || null;
}

/**
 * @param {Node} node
 * @param {(element: Element) => ShadowRoot | null} shadowRootOf
 */
function activeImage(node, shadowRootOf) {
  const element = elementAt(node);
  const image = element && (imageIn(element, shadowRootOf) ?? closestImage(element));
  return image && isShown(image) && isInView(image) ? image : null;
}

/**
 * @param {Node} scroller a document, or an element that scrolls what is in it
 * @param {(element: Element) => ShadowRoot | null} shadowRootOf
 */
function imageAtTop(scroller, shadowRootOf) {
  const isPage = scroller.nodeType === 9;
  const within = /** @type {Document | Element} */ (scroller);
  const edge = isPage ? 0 : /** @type {Element} */ (within).getBoundingClientRect().top + /** @type {Element} */ (within).clientTop;
  const reached = allPictures(within, shadowRootOf)
    .filter((image) => isShown(image) && isInView(image))
    .map((image) => ({ image, box: image.getBoundingClientRect() }))
    .filter(({ image, box }) => Math.abs(box.top - edge) < 1 && image.checkVisibility({ visibilityProperty: true }))
    .filter(({ image }) => !standsStill(image, within));
  return reached.sort((one, other) => one.box.left - other.box.left)[0]?.image ?? null;
}

/**
 * @param {Element} element
 * @param {Document | Element} scroller
 * @returns {boolean} whether it lies at the top whatever is scrolled, as headers and backgrounds do
 */
function standsStill(element, scroller) {
  const view = /** @type {Window} */ (element.ownerDocument.defaultView);
  for (const one of lineage(element)) {
    if (one === scroller) return false;
    if (/^(fixed|sticky)$/.test(view.getComputedStyle(one).position)) return true;
  }
  return false;
}

/** @param {Element} image */
function isInView(image) {
  const { innerWidth, innerHeight } = /** @type {Window} */ (image.ownerDocument.defaultView);
  const { left, top, right, bottom } = image.getBoundingClientRect();
  return bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
}

/** @param {Element} element in a link or figure, perhaps */
function closestImage(element) {
  const holder = element.closest(HOLDERS);
  return holder && findPictures(holder).find(isShown);
}

/** @param {Document} page */
function selectedImage(page) {
  const selection = page.getSelection();
  if (!selection || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const { startContainer, startOffset, commonAncestorContainer } = range;
  if (!range.collapsed) {
    const within = elementAt(commonAncestorContainer);
    return (within && findPictures(within).find((image) => range.intersectsNode(image) && isShown(image))) ?? null;
  }
  // A caret: the element that it stands before, or the link or figure that it stands in.
  const next = startContainer.childNodes[startOffset];
  if (next?.nodeType === 1) {
    const image = findPictures(/** @type {Element} */ (next)).find(isShown);
    if (image && !next.textContent?.trim()) return image;
  }
  const holder = elementAt(startContainer)?.closest(HOLDERS);
  return (holder && findPictures(holder).find(isShown)) ?? null;
}

/** @param {Node} node */
function elementAt(node) {
  return node.nodeType === 1 ? /** @type {Element} */ (node) : node.parentElement;
}

/**
 * @param {Element | null} under
 * @param {(element: Element) => ShadowRoot | null} shadowRootOf
 */
function hoveredImage(under, shadowRootOf) {
  if (!under || under.matches(FRAMES)) return null;
  for (const one of lineage(under)) {
    if (isPicture(one)) return one;
    const inside = allPictures(one, shadowRootOf).filter(isShown);
    // One image alone under a transparent cover is meant as well.
    if (inside[0] && (inside.length === 1 || one.matches(HOLDERS))) return inside[0];
    if (inside.length > 1) return null;
    if (parentOf(one)?.matches("body, html")) return null;
  }
  return null;
}

/**
 * @param {Document} page
 * @param {object} options
 * @param {import("./names.js").Names} options.names
 * @param {(element: Element) => ShadowRoot | null} options.shadowRootOf
 * @param {import("./frames.js").Box} options.view what is seen of this document
 * @returns {Element[]} the frames that come before the first image, and that image, if there is one
 */
export function firstInView(page, { names, shadowRootOf, view }) {
  const inView = allPictures(page, shadowRootOf, (root) => [...findPictures(root), ...root.querySelectorAll(FRAMES)])
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.bottom > view.top && box.right > view.left && box.top < view.bottom && box.left < view.right)
    .filter(({ element }) => isShown(element))
    .sort((one, other) => inReadingOrder(one.box, other.box))
    .map(({ element }) => element);
  // Hidden images are met only here: computing styles is dear, so it is done for the first few.
  const open = inView.filter((element) => !element.matches(FRAMES) && element.getAttribute("alt") !== "");
  const image = [...open, ...inView.filter((element) => !element.matches(FRAMES))].find((one) => !names.isHidden(one));
  const isOpen = image !== undefined && image === open[0];
  const before = isOpen ? inView.slice(0, inView.indexOf(image)) : inView;
  return [...before.filter((element) => element.matches(FRAMES)), ...(image ? [image] : [])];
}

/**
 * Line by line: what overlaps by half its height stands on the same line.
 *
 * @param {DOMRect} one
 * @param {DOMRect} other
 */
function inReadingOrder(one, other) {
  const overlap = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  const isSameLine = overlap >= Math.min(one.height, other.height) / 2;
  return isSameLine ? one.left - other.left : one.top - other.top;
}

/** @param {Picture} image */
function isShown(image) {
  const { width, height } = image.getBoundingClientRect();
  return Math.min(width, height) >= SMALLEST_SIDE_PX;
}

/**
 * @param {Element | Document | ShadowRoot} root
 * @param {(element: Element) => ShadowRoot | null} shadowRootOf
 * @param {(root: Element | Document | ShadowRoot) => Element[]} find
 * @returns {Element[]} shadow roots included
 */
function allPictures(root, shadowRootOf, find = findPictures) {
  const own = root.nodeType === 1 ? shadowRootOf(/** @type {Element} */ (root)) : null;
  const found = [...find(root), ...(own ? allPictures(own, shadowRootOf, find) : [])];
  for (const host of root.querySelectorAll("*")) {
    const shadow = shadowRootOf(host);
    if (shadow) found.push(...allPictures(shadow, shadowRootOf, find));
  }
  return found;
}

/**
 * @param {Document} page
 * @param {(element: Element) => ShadowRoot | null} shadowRootOf
 * @returns {Element | null} the innermost element under the pointer, shadow roots looked into
 */
export function hoveredElement(page, shadowRootOf) {
  /** @type {Document | ShadowRoot | null} */
  let root = page;
  /** @type {Element | null} */
  let hovered = null;
  while (root) {
    /** @type {Element | null} */
    const inner = [...root.querySelectorAll(":hover")].at(-1) ?? null;
    hovered = inner ?? hovered;
    root = inner && shadowRootOf(inner);
  }
  return hovered;
}
