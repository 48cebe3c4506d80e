/**
 * Where a page's pictures are, in every disguise, and which element would take the words for each.
 *
 * In a link or button that holds nothing but a drawing, a background or a sign of an icon font, it is the control
 * that lacks a name, so the control is the picture. An `img` keeps its words to itself, wherever it stands.
 */

import { closest, parentOf, SOUNDLESS } from "./names.js";
import { imageOfArea, showing, signatureOf } from "./showing.js";

/** Controls that are named by what stands in them, or by their value. */
export const CONTROLS =
  "a[href], area[href], button, summary, input[type=button i], input[type=submit i][value='']," +
  "[role=link], [role=button], [role=menuitem], [role=menuitemcheckbox], [role=menuitemradio]," +
  "[role=option], [role=radio], [role=checkbox], [role=switch], [role=tab], [role=treeitem]";

/** What authors make pictures of with CSS; only where it is empty, and something tells a style sheet which it is. */
const BOX_NAMES = Object.freeze(["div", "span", "figure", "section", "article", "p", "li", "td", "i", "b", "em"]);

/** All that `disguiseOf` needs to look at: one query, in the order of the page, and as short as it can be. */
const WORTH_A_LOOK = `img, svg, canvas, video, area, a, button, summary, input, [role], :is(${BOX_NAMES.join(", ")}):is([class], [style], [id])`;

/** Whether it is one needs no selector but for these; asked of every element that changes, that counts. */
const CONTROL_NAMES = new Set(["a", "button", "summary", "input"]);

/** An image in a control that has words of its own or gets them, and so names the control. */
const TAKES_WORDS = "img:not([alt=''], [role=none], [role=presentation]), input[type=image i]";

/** Text in these is read by nobody, or names something else. */
const UNREAD = "style, script, template, noscript, [aria-hidden=true i]";

/**
 * An element that shows a picture and can take the words for it.
 *
 * @typedef {Element} Picture
 */

/** @typedef {"image" | "area" | "drawing" | "canvas" | "video" | "role" | "control" | "box"} Disguise */

/**
 * Judged by markup alone, so it costs next to nothing and finds too many; `isPicture` looks closer.
 *
 * @param {Element} element
 * @returns {Disguise | null} null for what cannot be a picture
 */
export function disguiseOf(element) {
  switch (element.localName) {
    case "img":
      return "image";
    case "area":
      return element.hasAttribute("href") ? "area" : null;
    case "svg":
      return /** @type {SVGElement} */ (element).ownerSVGElement ? null : "drawing";
    case "canvas":
      return "canvas";
    case "video":
      return element.hasAttribute("poster") ? "video" : null;
    default:
      return ofOther(element);
  }
}

/**
 * @param {Element} element
 * @returns {Disguise | null}
 */
function ofOther(element) {
  const { localName } = element;
  const role = element.getAttribute("role");
  if (role !== null && /^im(g|age)$/i.test(role)) return "role";
  if ((role !== null || CONTROL_NAMES.has(localName)) && element.matches(CONTROLS)) return hasOwnText(element) ? null : "control";
  if (localName === "input") return element.matches("input[type=image i]") ? "image" : null;
  return BOX_NAMES.includes(localName) && isBare(element) ? "box" : null;
}

/**
 * @param {Element} element
 * @returns {boolean} whether it has words that are not in another element within, where they could be hidden
 */
function hasOwnText(element) {
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === 3 && !SOUNDLESS.test(node.nodeValue ?? "")) return true;
  }
  return false;
}

/** @param {Element} element something that only a style sheet could make a picture of */
function isBare(element) {
  if (element.firstElementChild !== null || !isWordless(element)) return false;
  return element.hasAttribute("class") || element.hasAttribute("style") || element.id !== "";
}

/** @param {Element | ShadowRoot} element */
function isWordless(element) {
  return SOUNDLESS.test(element.textContent ?? "");
}

/**
 * @param {Element} element
 * @returns {boolean} whether it could be a picture
 */
export function isCandidate(element) {
  return disguiseOf(element) !== null;
}

/**
 * @param {ParentNode & Node} root
 * @returns {Picture[]} what could be a picture, in document order, `root` itself included
 */
export function candidatesIn(root) {
  const found = [...root.querySelectorAll(WORTH_A_LOOK)].filter(isCandidate);
  if (root.nodeType === 1 && isCandidate(/** @type {Element} */ (/** @type {Node} */ (root)))) {
    found.unshift(/** @type {Element} */ (/** @type {Node} */ (root)));
  }
  return found;
}

/**
 * @param {Element} element
 * @returns {boolean} whether it shows a picture
 */
export function isPicture(element) {
  const disguise = disguiseOf(element);
  if (disguise === "control") return isIconOnly(element) && showing(element) !== null;
  if (disguise === "box" || disguise === "role") return showing(element) !== null;
  return disguise !== null && (disguise !== "drawing" || !isIconOnly(controlOf(element)));
}

/**
 * @param {ParentNode & Node} root
 * @returns {Picture[]} in document order, `root` itself included
 */
export function findPictures(root) {
  return candidatesIn(root).filter(isPicture);
}

/**
 * The link or button that an image stands in, if any.
 *
 * @param {Element} image
 * @returns {Element | null}
 */
export function controlOf(image) {
  const outer = parentOf(image);
  return outer && closest(outer, CONTROLS);
}

/**
 * Whether a link or button around it takes the words that it may need, so that nothing is ever written to it. Those
 * are not all found that slots and shadow roots put around it: `judge` looks closer.
 *
 * @param {Picture} picture
 * @returns {boolean} `false` for images, which keep their words to themselves
 */
export function isPartOfControl(picture) {
  if (wordsAttribute(picture) === "alt" || !picture.parentElement?.closest(CONTROLS)) return false;
  return disguiseOf(picture) !== "control";
}

/**
 * Whether nothing in a control can be read, and no picture in it has, or could be given, words of its own.
 *
 * @param {Element | null} control
 */
export function isIconOnly(control) {
  if (!control || hasReadableText(control)) return false;
  const images = [...control.querySelectorAll(TAKES_WORDS)];
  return !images.some((image) => !isUnread(image, control) && image.checkVisibility({ visibilityProperty: true }));
}

/**
 * @param {Element | ShadowRoot} element
 * @returns {boolean} whether it shows text that a screen reader reads
 */
export function hasReadableText(element) {
  if (isWordless(element)) return false;
  const walker = element.ownerDocument.createTreeWalker(element, 4);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    // What stands in a shadow root with nothing around it is its host's.
    const parent = node.parentElement ?? /** @type {Partial<ShadowRoot>} */ (element).host;
    if (!parent || SOUNDLESS.test(node.nodeValue ?? "") || isUnread(parent, element)) continue;
    if (parent.checkVisibility({ visibilityProperty: true })) return true;
  }
  return false;
}

/**
 * @param {Element} inner
 * @param {Element | ShadowRoot} outer
 */
function isUnread(inner, outer) {
  const unread = inner.closest(UNREAD);
  return unread !== null && unread !== outer && outer.contains(unread);
}

/**
 * @param {Picture} picture
 * @returns {"alt" | "aria-label"} the attribute that takes its words
 */
export function wordsAttribute(picture) {
  const { localName } = picture;
  if (localName === "input") return picture.matches("[type=image i]") ? "alt" : "aria-label";
  return localName === "img" || localName === "area" ? "alt" : "aria-label";
}

/**
 * @param {Picture} picture
 * @returns {Element} what is laid out where the picture is seen
 */
export function sightOf(picture) {
  return picture.localName === "area" ? (imageOfArea(picture) ?? picture) : picture;
}

/**
 * @param {Picture} picture
 * @returns {boolean} whether its bytes are still on their way; `load` or `error` will say so
 */
export function isLoading(picture) {
  const sight = sightOf(picture);
  return "complete" in sight && sight.complete === false;
}

/**
 * What the page asks to be shown. A browser's own choice among densities of one picture does not change it.
 *
 * @param {Picture} picture
 * @param {import("./showing.js").Look} [look]
 * @returns {string}
 */
export function sourceOf(picture, look) {
  const sight = sightOf(picture);
  if (sight.localName !== "img" && sight.localName !== "input") return signatureOf(picture, look?.showing);
  const parent = parentOf(sight);
  const sources = parent?.localName === "picture" ? [...parent.querySelectorAll("source")] : [];
  const own = [sight, ...sources].map((one) => [one.getAttribute("src"), one.getAttribute("srcset")]);
  return JSON.stringify(picture === sight ? own : [own, picture.getAttribute("coords")]);
}
