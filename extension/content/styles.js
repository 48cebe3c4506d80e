/** Pictures that a style sheet makes: backgrounds, masks, generated content, and the signs of icon fonts. */

const PSEUDO_ELEMENTS = Object.freeze(["::before", "::after"]);

/** Properties that can hold a picture, with those that say how it is laid. */
const LAYERS = Object.freeze([
  { image: "background-image", size: "background-size", position: "background-position", repeat: "background-repeat" },
  { image: "mask-image", size: "mask-size", position: "mask-position", repeat: "mask-repeat" },
]);

/** Two words or letters: more is text, and no sign. */
const MOST_SIGNS = 2;

/** Icon fonts that turn whole words into signs. */
const LIGATURES = /material|symbol|icon/i;

/** One sign of the private use area, or one that draws more than it says. */
const SIGN = /[\p{Co}\p{S}\p{Extended_Pictographic}←-⇿─-➿⬀-⯿×÷‹›«»+−–—✕]/u;

/**
 * @typedef {object} Sign
 * @property {string} text
 * @property {string} font for a canvas, at 1px
 * @property {string} color
 */

/** @typedef {{url: string, tile: import("../shared/constants.js").Tile}} CssImage */

/**
 * @typedef {object} Styled
 * @property {Element} element
 * @property {CSSStyleDeclaration} own
 * @property {CSSStyleDeclaration[]} made of the pseudo-elements that it has, which take browsers longer to find out
 */

/**
 * @param {Element} element
 * @returns {Styled}
 */
export function styled(element) {
  const window = /** @type {Window} */ (element.ownerDocument.defaultView);
  /** @type {CSSStyleDeclaration[] | undefined} */
  let made;
  return {
    element,
    own: window.getComputedStyle(element),
    get made() {
      made ??= PSEUDO_ELEMENTS.map((pseudo) => window.getComputedStyle(element, pseudo)).filter(isMade);
      return made;
    },
  };
}

/**
 * @param {Styled} styled
 * @returns {CssImage | null} the first picture that its style shows
 */
export function cssImageOf(styled) {
  const own = shownBy(styled.own, styled.element);
  if (own) return own;
  for (const style of styled.made) {
    const found = shownBy(style, styled.element);
    if (found) return found;
  }
  return null;
}

/**
 * @param {CSSStyleDeclaration} style
 * @param {Element} element
 */
function shownBy(style, element) {
  return inLayers(style, element) ?? inContent(style, element);
}

/** @param {CSSStyleDeclaration} style of a pseudo-element */
function isMade({ content, display }) {
  return content !== "" && content !== "none" && content !== "normal" && display !== "none";
}

/**
 * @param {CSSStyleDeclaration} style
 * @param {Element} element
 * @returns {CssImage | null}
 */
function inLayers(style, element) {
  for (const names of LAYERS) {
    const layers = split(style.getPropertyValue(names.image));
    const index = layers.findIndex((layer) => urlIn(layer) !== "");
    if (index < 0) continue;
    const value = (/** @type {string} */ name) => {
      const values = split(style.getPropertyValue(name));
      return values[index % values.length] ?? "";
    };
    const tile = { size: value(names.size), position: value(names.position), repeat: value(names.repeat), ...sidesOf(style, element) };
    return { url: urlIn(layers[index] ?? ""), tile };
  }
  return null;
}

/**
 * @param {CSSStyleDeclaration} style
 * @param {Element} element
 * @returns {CssImage | null}
 */
function inContent(style, element) {
  const url = urlIn(style.content ?? "");
  if (url === "") return null;
  return { url, tile: { size: "100% 100%", position: "0% 0%", repeat: "no-repeat", ...sidesOf(style, element) } };
}

/**
 * @param {CSSStyleDeclaration} style
 * @param {Element} element
 */
function sidesOf(style, element) {
  const box = element.getBoundingClientRect();
  return { width: Number.parseFloat(style.width) || box.width, height: Number.parseFloat(style.height) || box.height };
}

/**
 * @param {string} layer
 * @returns {string} the address in it; a reference to a part of the page itself is none
 */
function urlIn(layer) {
  const found = /url\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^)]*))\s*\)/.exec(layer);
  const url = (found?.[1] ?? found?.[2] ?? found?.[3] ?? "").trim().replace(/\\(.)/g, "$1");
  return url.startsWith("#") ? "" : url;
}

/**
 * @param {string} list
 * @returns {string[]} its parts, split at the commas that stand in no bracket and no quotes
 */
export function split(list) {
  const parts = list.match(/(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()"']|"(?:[^"\\]|\\.)*"|'[^']*'|\([^()]*\))*\)|[^,"'()])+/g);
  return (parts ?? []).map((part) => part.trim()).filter(Boolean);
}

/**
 * A sign that stands for itself: of an icon font, or a single one such as "×" that the author hides from readers.
 *
 * @param {Styled} styled
 * @returns {Sign | null}
 */
export function signOf({ element, own, made }) {
  for (const style of made) {
    const text = /^"((?:[^"\\]|\\.)*)"/s.exec(style.content)?.[1]?.trim() ?? "";
    if (text !== "" && isSign(text, style.fontFamily)) return drawn(text, style);
  }
  if (element.firstElementChild) return null;
  const text = element.textContent?.trim() ?? "";
  return text !== "" && isSign(text, own.fontFamily) ? drawn(text, own) : null;
}

/**
 * @param {string} text
 * @param {string} family
 */
function isSign(text, family) {
  if (LIGATURES.test(family) && /^[\w ]{1,40}$/.test(text)) return true;
  return [...text].length <= MOST_SIGNS && SIGN.test(text);
}

/**
 * @param {string} text
 * @param {CSSStyleDeclaration} style
 * @returns {Sign}
 */
function drawn(text, { fontStyle, fontWeight, fontFamily, color }) {
  return { text, font: `${fontStyle} ${fontWeight} 1px ${fontFamily}`, color };
}
