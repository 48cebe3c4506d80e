/** Where an image stands: what its surroundings say already, and what it is there for. */

import { CONTROLS, controlOf, hasReadableText } from "./find_images.js";
import { closest, parentOf } from "./names.js";
import { roleOf } from "./roles.js";
import { makeBackdrop } from "./backdrop.js";
import { lookAt } from "./showing.js";

const MAX_TITLE = 300;
const MAX_CAPTION = 1000;
const MAX_HREF = 8192; // the contract's limit
const NEARBY_EACH_SIDE = 200;
const MAX_NODES = 200; // looked at around one image: a page may be one huge table
const MAX_LEVELS = 5;
const TWIN_LEVELS = 3;
const MAX_TWINS = 20;

/** Text in these is not read by anybody. */
const UNREAD = new Set(["script", "style", "noscript", "template", "head"]);

/** Beyond these begins another subject. */
const BORDER = "body, main, article, section, aside, nav, header, footer, dialog, li, td, th, tr, [role=listitem]";

/**
 * @param {import("./find_images.js").Picture} image
 * @param {ReturnType<typeof makeBackdrop>} [backgroundOf]
 * @param {import("./showing.js").Look} [look]
 * @returns {import("../shared/constants.js").Context}
 */
export function contextOf(image, backgroundOf = makeBackdrop(/** @type {Window} */ (image.ownerDocument.defaultView)), look = lookAt(image)) {
  const page = image.ownerDocument;
  const control = image.matches(CONTROLS) ? image : controlOf(image);
  return {
    role: purposeOf(image, control),
    href: destinationOf(control),
    link_text: control && shortened(readableTextOf(control) || twinTextOf(control), MAX_TITLE),
    title: shortened(image.getAttribute("title") ?? control?.getAttribute("title"), MAX_TITLE),
    caption: captionOf(image),
    nearby: nearbyOf(image),
    page_title: shortened(page.title, MAX_TITLE),
    page_language: languageOf(image),
    file_name: fileNameOf(look.showing?.url ?? ""),
    width: Math.round(look.box.width),
    height: Math.round(look.box.height),
    background: backgroundOf(image),
  };
}

/**
 * @param {Element} image
 * @param {Element | null} control
 */
function purposeOf(image, control) {
  const role = roleOf(image);
  if (role === "button" || role === "link") return role;
  if (image.localName === "input" || (control !== null && !isLink(control))) return "button";
  return control ? "link" : "image";
}

/** @param {Element} control */
function isLink(control) {
  return control.matches("a[href]:not([role]), area[href]:not([role]), [role=link]");
}

/** @param {Element | null} control */
function hrefOf(control) {
  const href = control && "href" in control && typeof control.href === "string" ? control.href : "";
  return href === "" || href.length > MAX_HREF ? null : href;
}

/**
 * Where a link goes: on the page's own site without the site, which tells nothing there, and nowhere if it only
 * goes to a place on the same page, as those do that scripts listen to.
 *
 * @param {Element | null} control
 */
function destinationOf(control) {
  const href = hrefOf(control);
  if (href === null || control === null) return null;
  const { origin, pathname, search } = control.ownerDocument.location;
  if (!href.startsWith(`${origin}/`)) return href;
  const path = href.slice(origin.length);
  return path.startsWith(`${pathname}${search}#`) ? null : path;
}

/**
 * The text of another link to the same place right beside this one, as a shop's picture and title have.
 *
 * @param {Element} control
 */
function twinTextOf(control) {
  const href = hrefOf(control);
  if (href === null) return "";
  let around = parentOf(control);
  for (let level = 0; around && level < TWIN_LEVELS && !around.matches("body, main"); level += 1) {
    const links = [.../** @type {NodeListOf<HTMLAnchorElement>} */ (around.querySelectorAll("a[href]"))].slice(0, MAX_TWINS);
    const twin = links.find((link) => link !== control && link.href === href && readableTextOf(link).trim() !== "");
    if (twin) return readableTextOf(twin);
    around = parentOf(around);
  }
  return "";
}

/** @param {Element} image */
function captionOf(image) {
  const figure = closest(image, "figure");
  return figure && shortened(textOf(figure.querySelector("figcaption")), MAX_CAPTION);
}

/** @param {Element} image */
export function languageOf(image) {
  const language = closest(image, "[lang]:not([lang=''])")?.getAttribute("lang")?.trim();
  return language ? language.slice(0, 64) : null;
}

/**
 * @param {string} address
 * @returns {string | null} the last part of an address' path
 */
export function fileNameOf(address) {
  // The browser has made it whole already; to take it apart once more costs more than all else here.
  const last = /^(?:https?|file):\/\/[^?#]*\/([^/?#]*)/.exec(address)?.[1];
  return last === undefined ? null : shortened(decoded(last), MAX_TITLE);
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/**
 * The text before and after an image, up to the border of its part of the page.
 *
 * @param {Element} image
 */
function nearbyOf(image) {
  let around = image;
  for (let level = 0; level < MAX_LEVELS && !around.matches(BORDER); level += 1) {
    const parent = parentOf(around);
    if (!parent || parent.matches("body, html")) break;
    around = parent;
    if ((around.textContent?.trim().length ?? 0) >= NEARBY_EACH_SIDE) break;
  }
  const before = sideOf(image, around, "previousNode").reverse().join(" ");
  const after = sideOf(image, around, "nextNode").join(" ");
  const text = `${before.slice(-NEARBY_EACH_SIDE)} ${after.slice(0, NEARBY_EACH_SIDE)}`;
  return shortened(text, 2 * NEARBY_EACH_SIDE + 1);
}

/**
 * @param {Element} image
 * @param {Element} around
 * @param {"previousNode" | "nextNode"} step
 * @returns {string[]} pieces of text, the nearest first
 */
function sideOf(image, around, step) {
  const walker = image.ownerDocument.createTreeWalker(around, 4); // text
  walker.currentNode = image;
  /** @type {string[]} */
  const pieces = [];
  let length = 0;
  for (let count = 0; count < MAX_NODES && length < NEARBY_EACH_SIDE; count += 1) {
    const node = walker[step]();
    if (!node) break;
    const text = (node.nodeValue ?? "").trim();
    if (text === "" || UNREAD.has(node.parentElement?.localName ?? "")) continue;
    pieces.push(text);
    length += text.length;
  }
  return pieces;
}

/** @param {Element} control @returns {string} "" where only signs of an icon font are in it */
function readableTextOf(control) {
  return hasReadableText(control) ? textOf(control) : "";
}

/** @param {Element | null} element */
function textOf(element) {
  if (!element) return "";
  const walker = element.ownerDocument.createTreeWalker(element, 4);
  let text = "";
  for (let count = 0; count < MAX_NODES; count += 1) {
    const node = walker.nextNode();
    if (!node) break;
    if (!UNREAD.has(node.parentElement?.localName ?? "")) text += ` ${node.nodeValue ?? ""}`;
  }
  return text;
}

/**
 * @param {string | null | undefined} text
 * @param {number} longest
 * @returns {string | null} on one line; null for none
 */
function shortened(text, longest) {
  const line = (text ?? "").replace(/\s+/g, " ").trim().slice(0, longest).trim();
  // A cut in the middle of a character that takes two code units would not survive JSON in UTF-8.
  return line === "" ? null : line.toWellFormed?.() ?? line;
}
