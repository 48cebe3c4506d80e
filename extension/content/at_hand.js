/**
 * The image at hand: what a person means who presses the hotkey.
 *
 * A screen reader's reading position is not the focus, and no page or extension can see it. So: the focused
 * element's image, else the one under the selection (many screen readers carry it along), else the one under
 * the pointer, else the first one in view.
 */

import { CONTROLS, findPictures, isPicture } from "./find_images.js";
import { lineage, parentOf } from "./names.js";

/** Smaller on a side is nothing that anybody means. */
const SMALLEST_SIDE_PX = 8;

/** What the pointer may rest on and mean the picture inside. */
const HOLDERS = "a, button, figure, picture, label, [role=link], [role=button], [role=img], [role=figure]";

/** @typedef {import("./find_images.js").Picture} Picture */

/**
 * @param {Document} page
 * @param {object} options
 * @param {import("./names.js").Names} options.names
 * @param {(element: Element) => ShadowRoot | null} options.shadowRootOf
 * @param {typeof hoveredElement} options.hovered the innermost element under the pointer
 * @returns {Picture | null}
 */
export function imageAtHand(page, { names, shadowRootOf, hovered }) {
  return (
    focusedImage(page, shadowRootOf) ??
    selectedImage(page) ??
    hoveredImage(hovered(page, shadowRootOf), shadowRootOf) ??
    firstInView(page, names, shadowRootOf)
  );
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
  if (isPicture(focused)) return focused;
  const inside = allPictures(focused, shadowRootOf).filter(isShown);
  // Pages focus whole parts of themselves, as after a skip link; that means none of the images in there.
  const isMeant = inside.length === 1 || focused.matches(HOLDERS) || focused.matches(CONTROLS);
  return (isMeant && inside[0]) || null;
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
  if (!under) return null;
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
 * @param {import("./names.js").Names} names
 * @param {(element: Element) => ShadowRoot | null} shadowRootOf
 */
function firstInView(page, names, shadowRootOf) {
  const { innerHeight, innerWidth } = /** @type {Window} */ (page.defaultView);
  const inView = allPictures(page, shadowRootOf)
    .map((image) => ({ image, box: image.getBoundingClientRect() }))
    .filter(({ box }) => box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth)
    .filter(({ image }) => isShown(image))
    .sort((one, other) => inReadingOrder(one.box, other.box));
  // Hidden images are met only here: computing styles is dear, so it is done for the first few.
  const open = inView.filter(({ image }) => image.getAttribute("alt") !== "");
  return [...open, ...inView].find(({ image }) => !names.isHidden(image))?.image ?? null;
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
 * @returns {Picture[]} shadow roots included
 */
function allPictures(root, shadowRootOf) {
  const own = root.nodeType === 1 ? shadowRootOf(/** @type {Element} */ (root)) : null;
  const found = [...findPictures(root), ...(own ? allPictures(own, shadowRootOf) : [])];
  for (const host of root.querySelectorAll("*")) {
    const shadow = shadowRootOf(host);
    if (shadow) found.push(...allPictures(shadow, shadowRootOf));
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
