/** What only a screen can show: drawings, canvases and the signs of fonts, as pixels for the helper. */

import { MAX_DRAWING_BYTES } from "../shared/constants.js";
import { ownSize, textOf } from "./paint.js";

const SMALLEST_SIDE_PX = 128; // below this, text and icons are not recognised
const LARGEST_SIDE_PX = 1024;
const SIGN_PX = 96;

/** A web font that has not come by then is not waited for. */
const FONT_MS = 3000;

/** What a style sheet may say of a drawing's parts; the picture is drawn without the page's own. */
const PAINT = Object.freeze([
  "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap", "stroke-linejoin",
  "stroke-dasharray", "stroke-dashoffset", "stroke-miterlimit", "opacity", "color", "display", "visibility", "transform",
  "transform-origin", "transform-box", "font-family", "font-size", "font-weight", "text-anchor", "stop-color", "stop-opacity",
  "d", "cx", "cy", "r", "rx", "ry", "x", "y",
]);

/** What need not be said, but of those few that a part would else inherit or be shown by. */
const TELLS_NOTHING = new Set(["", "auto", "none"]);
const ALWAYS_SAID = new Set(["fill", "stroke", "display"]);

/** What shows something from elsewhere in the page, or from a file. */
const BORROWS = "use, [fill^='url('], [stroke^='url(']";

/** Of a drawing, parts whose style is looked up: a map of the world has tens of thousands. */
const MAX_PARTS = 500;

/**
 * @param {string} svg
 * @param {Element} shown the picture that shows it, for its size
 * @param {import("./paint.js").Paint} paint
 * @param {import("../shared/constants.js").Crop} [crop] of it, in which case all of it is drawn at its own size
 * @returns {Promise<import("./bytes.js").Sent | null>} a PNG, or null when it cannot be drawn
 */
export async function draw(svg, shown, paint, crop) {
  const window = /** @type {Window & typeof globalThis} */ (shown.ownerDocument.defaultView);
  const root = svg.length > MAX_DRAWING_BYTES ? null : parse(svg, window);
  if (!root) return null;
  const own = ownSize(root);
  const box = crop?.tile && own ? own : shown.getBoundingClientRect();
  const size = fit(box);
  const bytes = await paint(size, () => root);
  if (!bytes || !crop) return bytes && { bytes };
  return { bytes, crop: { ...crop, ...(crop.tile && own && { natural: own }) } };
}

/**
 * A drawing that stands in the page, with the styles that it has there.
 *
 * @param {SVGSVGElement} drawing
 * @param {(file: string) => Promise<Document | null>} spriteAt
 * @param {import("./paint.js").Paint} paint
 */
export async function drawElement(drawing, spriteAt, paint) {
  const window = /** @type {Window & typeof globalThis} */ (drawing.ownerDocument.defaultView);
  const size = fit(drawing.getBoundingClientRect());
  const parts = [...drawing.querySelectorAll("*")];
  const styles = parts.length > MAX_PARTS ? [] : parts.map((part) => styleOf(part, window));
  const { color, fill } = window.getComputedStyle(drawing);
  const own = `color: ${color}; fill: ${fill}`;
  const copied = () => copyOf(drawing, own, styles);
  if (!drawing.querySelector(BORROWS)) {
    const look = parts.length > MAX_PARTS ? undefined : [own, ...styles, textOf(drawing, window)].join("\n");
    return paint(size, copied, look);
  }
  const copy = copied();
  fetchUsed(drawing, copy, await spritesOf(copy, spriteAt));
  return paint(size, () => copy);
}

/**
 * @param {Element} part
 * @param {Window} window
 * @returns {string} what a style attribute would say of it
 */
function styleOf(part, window) {
  const style = window.getComputedStyle(part);
  let said = part.hasAttribute("style") ? `${inlineOf(part)} ` : "";
  for (const name of PAINT) {
    const value = style.getPropertyValue(name);
    if (TELLS_NOTHING.has(value) && !(value && ALWAYS_SAID.has(name))) continue;
    said += `${name}: ${value}; `;
  }
  return said;
}

/** @param {Element} part @returns {string} what follows may say otherwise */
function inlineOf(part) {
  return (/** @type {Partial<SVGElement>} */ (part).style?.cssText ?? "").replaceAll("!important", "");
}

/**
 * @param {SVGSVGElement} drawing
 * @param {string} own the style of the whole
 * @param {string[]} styles of each part
 */
function copyOf(drawing, own, styles) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  const parts = copy.querySelectorAll("*");
  // By cssText, which a page's policy has no say in.
  styles.forEach((style, index) => wear(/** @type {Element} */ (parts[index]), style));
  wear(copy, own);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return copy;
}

/**
 * @param {Element} part
 * @param {string} style
 */
function wear(part, style) {
  if ("style" in part) /** @type {SVGElement} */ (part).style.cssText = style;
}

/**
 * The files that a drawing borrows from; from then on it borrows as if they were in the page.
 *
 * @param {SVGSVGElement} copy
 * @param {(file: string) => Promise<Document | null>} spriteAt
 */
async function spritesOf(copy, spriteAt) {
  /** @type {Document[]} */
  const sprites = [];
  for (const use of copy.querySelectorAll("use")) {
    const [file = "", name] = (referenceOf(use) ?? "").split("#");
    const sprite = file && name ? await spriteAt(file) : null;
    if (!sprite) continue;
    if (!sprites.includes(sprite)) sprites.push(sprite);
    use.setAttribute("href", `#${name}`);
  }
  return sprites;
}

/** @param {Element} use */
function referenceOf(use) {
  return use.getAttribute("href") ?? use.getAttribute("xlink:href");
}

/**
 * What the drawing borrows from elsewhere in the page, or from those files, is put into it.
 *
 * @param {SVGSVGElement} drawing
 * @param {SVGSVGElement} copy
 * @param {Document[]} sprites
 */
function fetchUsed(drawing, copy, sprites) {
  const root = /** @type {Document | ShadowRoot} */ (drawing.getRootNode());
  const places = [root, drawing.ownerDocument, ...sprites];
  const borrowed = drawing.ownerDocument.createElementNS("http://www.w3.org/2000/svg", "defs");
  copy.append(borrowed);
  for (let round = 0; round < 3; round += 1) {
    for (const use of copy.querySelectorAll(BORROWS)) {
      const names = [referenceOf(use), use.getAttribute("fill"), use.getAttribute("stroke")];
      for (const name of names.map((value) => /^(?:url\(["']?)?#([^"')]+)/.exec(value ?? "")?.[1])) {
        if (!name || copy.querySelector(`[id="${CSS.escape(name)}"]`)) continue;
        const used = places.map((place) => place.getElementById(name)).find(Boolean);
        if (used) borrowed.append(used.cloneNode(true));
      }
    }
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Promise<Blob | null>} null where the page itself may not read it
 */
export async function drawCanvas(canvas) {
  try {
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  } catch (error) {
    if (error instanceof DOMException) return null; // A picture of another site is in it.
    throw error;
  }
}

/**
 * @param {import("./styles.js").Sign} sign
 * @param {Document} page whose fonts it is set in
 * @returns {Promise<Blob | null>}
 */
export async function drawSign({ text, font, color }, page) {
  const sized = font.replace(" 1px ", ` ${SIGN_PX}px `);
  await Promise.race([page.fonts.load(sized, text), new Promise((resolve) => setTimeout(resolve, FONT_MS))]);
  const canvas = page.createElement("canvas"); // An OffscreenCanvas does not know the page's fonts.
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.font = sized;
  const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right, actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } =
    context.measureText(text);
  if (!(left + right > 0 && up + down > 0)) return null; // A space, or a font that has not come.
  const margin = SIGN_PX / 6;
  canvas.width = Math.min(Math.ceil(left + right + 2 * margin), LARGEST_SIDE_PX);
  canvas.height = Math.min(Math.ceil(up + down + 2 * margin), LARGEST_SIDE_PX);
  context.font = sized;
  context.fillStyle = color;
  context.fillText(text, left + margin, up + margin);
  return drawCanvas(canvas);
}

/**
 * @param {string} svg
 * @param {Window & typeof globalThis} window
 * @returns {Element | null}
 */
function parse(svg, window) {
  const root = new window.DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  return root.localName === "svg" ? root : null;
}

/** @param {{width: number, height: number}} box */
export function fit({ width, height }) {
  const sides = width > 0 && height > 0 ? { width, height } : { width: 256, height: 256 };
  const longer = Math.max(sides.width, sides.height);
  const wanted = Math.min(Math.max(2 * longer, SMALLEST_SIDE_PX), LARGEST_SIDE_PX);
  const scale = wanted / longer;
  return {
    width: Math.max(1, Math.round(sides.width * scale)),
    height: Math.max(1, Math.round(sides.height * scale)),
  };
}
