/**
 * Which images on a page leave a screen reader with nothing to say.
 *
 * An author's word always wins: alt="" means "decorative" and is left alone, and so is any image that ARIA
 * names or hides, or that stands in a link or button which says by itself what it does.
 */

import { lineage, parentOf } from "./names.js";
import { roleOf } from "./roles.js";

/** What can hold a picture and take an `alt`. */
export const IMAGES = "img, input[type=image i]";

/** At most this many CSS pixels on a side: a spacer, a rule or a tracking pixel. */
const SPACER_PX = 3;

/** Controls that are named by what stands in them. */
export const CONTROLS =
  "a[href], area[href], button, summary, [role=link], [role=button], [role=menuitem], [role=menuitemcheckbox]," +
  "[role=menuitemradio], [role=option], [role=radio], [role=checkbox], [role=switch], [role=tab], [role=treeitem]";

/** Signs of an icon font and invisible ones say nothing. */
const SOUNDLESS = /^[\s\p{Cf}\p{Co}]*$/u;

/** Whose children are never announced by themselves, and which take no name from them. */
const CLOSED = "[role=img], [role=image], [role=math], [role=meter], [role=progressbar], [role=scrollbar], [role=slider]";

/**
 * Why an image is left alone, or `needed`.
 *
 * @typedef {"needed" | "authored" | "decorative" | "hidden" | "named" | "spoken-for" | "spacer" | "empty"} Verdict
 */

/** @typedef {HTMLImageElement | HTMLInputElement} Picture */

/**
 * @param {Element} element
 * @returns {element is Picture}
 */
export function isPicture(element) {
  return element.matches(IMAGES);
}

/**
 * @param {ParentNode & Node} root
 * @returns {Picture[]} in document order, `root` itself included
 */
export function findPictures(root) {
  /** @type {Picture[]} */
  const found = [...root.querySelectorAll(/** @type {"img"} */ (IMAGES))];
  if (root.nodeType === 1 && isPicture(/** @type {Element} */ (/** @type {Node} */ (root)))) {
    found.unshift(/** @type {Picture} */ (/** @type {Node} */ (root)));
  }
  return found;
}

/**
 * @param {Picture} image
 * @param {import("./names.js").Names} names
 * @param {(image: Element) => boolean} isOurs whether the words in that image's `alt` are ours
 * @returns {Verdict}
 */
export function judge(image, names, isOurs = () => false) {
  if (addressOf(image) === "") return "empty";
  const ours = isOurs(image);
  if (image.hasAttribute("alt") && !ours) return image.alt.trim() === "" ? "decorative" : "authored";
  if (["none", "presentation"].includes(roleOf(image))) return "decorative";
  if (isSpacer(image)) return "spacer";
  if (names.isHidden(image)) return "hidden";
  if (!ours && names.of(image) !== "") return "named";
  return isSpokenFor(image, names, isOurs) ? "spoken-for" : "needed";
}

/**
 * Whether something around the image speaks in its place.
 *
 * @param {Picture} image
 * @param {import("./names.js").Names} names
 * @param {(image: Element) => boolean} isOurs
 */
function isSpokenFor(image, names, isOurs) {
  for (const one of lineage(image)) {
    if (one === image) continue;
    if (one.matches(CLOSED)) return true;
    if (one.matches(CONTROLS)) return isNamedWithout(one, names, isOurs);
  }
  return false;
}

/**
 * Whether a control says what it does without our words in it.
 *
 * @param {Element} control
 * @param {import("./names.js").Names} names
 * @param {(image: Element) => boolean} isOurs
 */
function isNamedWithout(control, names, isOurs) {
  if (!findPictures(control).some(isOurs)) return !SOUNDLESS.test(names.of(control));
  // Our own words name it now. Every picture in it was judged alike, before the first of them got words.
  return isLabelled(control);
}

/**
 * Whether an author has named it by an attribute other than `alt`.
 *
 * @param {Element} element
 */
export function isLabelled(element) {
  return ["aria-label", "aria-labelledby", "title"].some((name) => element.getAttribute(name)?.trim());
}

/** @param {Picture} image */
function isSpacer(image) {
  const { width, height } = image.getBoundingClientRect();
  const shown = Math.min(width, height);
  const natural = "naturalWidth" in image ? Math.min(image.naturalWidth, image.naturalHeight) : 0;
  // What is loaded later says so, and is judged again.
  const isNothing = "naturalWidth" in image && Math.max(width, height) === 0 && natural === 0;
  return isNothing || (shown > 0 && shown <= SPACER_PX) || (natural > 0 && natural <= SPACER_PX);
}

/**
 * @param {Picture} image
 * @returns {string} where its bytes are; a lazy image has no `currentSrc` yet
 */
export function addressOf(image) {
  return ("currentSrc" in image && image.currentSrc) || image.src;
}

/**
 * What the page asks to be shown. A browser's own choice among densities of one picture does not change it.
 *
 * @param {Picture} image
 */
export function sourceOf(image) {
  const parent = parentOf(image);
  const sources = parent?.localName === "picture" ? [...parent.querySelectorAll("source")] : [];
  return JSON.stringify([image, ...sources].map((one) => [one.getAttribute("src"), one.getAttribute("srcset")]));
}

/**
 * The link or button that an image stands in, if any.
 *
 * @param {Element} image
 * @returns {Element | null}
 */
export function controlOf(image) {
  for (const one of lineage(image)) if (one !== image && one.matches(CONTROLS)) return one;
  return null;
}
