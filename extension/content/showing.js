/** What shows a picture's pixels, whatever element it is: a file, a drawing, a canvas, a sign, or words. */

import { cssImageOf, signOf, styled } from "./styles.js";

/** Parts of one control that are looked at. */
const MAX_PARTS = 40;

/** Smaller on a side is no picture. */
const SMALLEST_PART_PX = 4;

/** Of a drawing's text, what tells it from another. */
const MAX_TOLD_APART = 20_000;

/**
 * Exactly one of url, drawing, canvas, sign and words is given.
 *
 * @typedef {object} Showing
 * @property {string} [url]
 * @property {SVGSVGElement} [drawing]
 * @property {HTMLCanvasElement} [canvas]
 * @property {import("./styles.js").Sign} [sign]
 * @property {string} [words] the author's, where only their role was wrong
 * @property {import("../shared/constants.js").Crop} [crop] the part of the file that is seen
 */

/**
 * @param {Element} picture
 * @returns {Showing | null} null when there is nothing to be seen, or not yet
 */
export function showing(picture) {
  switch (picture.localName) {
    case "img":
    case "input":
      return ofFile(picture) ?? ofStyle(picture);
    case "area":
      return ofArea(picture);
    case "svg":
      return ofDrawing(/** @type {SVGSVGElement} */ (picture));
    case "canvas":
      return ofCanvas(/** @type {HTMLCanvasElement} */ (picture));
    case "video":
      return ofUrl(/** @type {HTMLVideoElement} */ (picture).poster);
    default:
      return ofParts(picture);
  }
}

/**
 * What one picture shows and where it stands, each looked up once: for a single pass over it that nothing interrupts.
 *
 * @param {Element} picture
 */
export function lookAt(picture) {
  /** @type {Showing | null | undefined} */
  let shown;
  /** @type {ReturnType<typeof boxOf> | undefined} */
  let box;
  return {
    get showing() {
      if (shown === undefined) shown = showing(picture);
      return shown;
    },
    get box() {
      box ??= boxOf(picture);
      return box;
    },
  };
}

/** @typedef {ReturnType<typeof lookAt>} Look */

/**
 * @param {Element} picture
 * @param {Showing | null} shown what it shows
 * @returns {string} another one is another picture
 */
export function signatureOf(picture, shown = showing(picture)) {
  const { url, crop, drawing, canvas, sign, words } = shown ?? {};
  if (canvas) return `canvas ${canvas.width} ${canvas.height}`;
  if (!drawing) return JSON.stringify([url, crop, sign, words]);
  // Not its own attributes, for ours are among them.
  const serializer = new (/** @type {Window & typeof globalThis} */ (drawing.ownerDocument.defaultView).XMLSerializer)();
  const parts = [...drawing.children].map((part) => serializer.serializeToString(part)).join("");
  return parts.slice(0, MAX_TOLD_APART);
}

/**
 * @param {Element} image
 * @returns {string} where its bytes are; a lazy image has no `currentSrc` yet
 */
export function addressOf(image) {
  const file = /** @type {HTMLImageElement} */ (image);
  return file.currentSrc || file.src || "";
}

/**
 * @param {string} url
 * @param {import("../shared/constants.js").Crop} [crop]
 * @returns {Showing | null}
 */
function ofUrl(url, crop) {
  if (url === "") return null;
  return crop ? { url, crop } : { url };
}

/** @param {Element} image */
function ofFile(image) {
  return image.matches("img, input[type=image i]") ? ofUrl(addressOf(image)) : null;
}

/** @param {SVGSVGElement} drawing @returns {Showing | null} */
function ofDrawing(drawing) {
  return drawing.firstElementChild === null ? null : { drawing };
}

/** @param {HTMLCanvasElement} canvas @returns {Showing | null} */
function ofCanvas(canvas) {
  return canvas.width > 0 && canvas.height > 0 ? { canvas } : null;
}

/** @param {Element} area */
function ofArea(area) {
  const image = imageOfArea(area);
  const part = image && partOf(area, image);
  return image && part ? ofUrl(addressOf(image), { part }) : null;
}

/**
 * @param {Element} area
 * @returns {Element | null} the first image that uses its map
 */
export function imageOfArea(area) {
  const name = area.closest("map")?.name;
  const root = /** @type {Document | ShadowRoot} */ (area.getRootNode());
  return name ? root.querySelector(`img[usemap="#${name.replace(/["\\]/g, "\\$&")}"]`) : null;
}

/**
 * @param {Element} area
 * @param {Element} image
 * @returns {import("../shared/constants.js").Part | null} shares of the image's width and height
 */
function partOf(area, image) {
  const { width, height } = image.getBoundingClientRect();
  if (width === 0 || height === 0) return null;
  const [left, top, right, bottom] = edgesOf(area, width, height);
  const share = (/** @type {number} */ value, /** @type {number} */ whole) => Math.min(1, Math.max(0, value / whole));
  const part = { left: share(left, width), top: share(top, height), right: share(right, width), bottom: share(bottom, height) };
  return part.right > part.left && part.bottom > part.top ? part : null;
}

/**
 * @param {Element} area
 * @param {number} width
 * @param {number} height
 * @returns {[number, number, number, number]}
 */
function edgesOf(area, width, height) {
  const numbers = (area.getAttribute("coords") ?? "").split(/[\s,;]+/).map(Number.parseFloat).filter(Number.isFinite);
  const shape = (area.getAttribute("shape") ?? "").toLowerCase();
  if (shape === "default" || numbers.length < 3) return [0, 0, width, height];
  const [x = 0, y = 0, radius = 0] = numbers;
  if (shape.startsWith("circ")) return [x - radius, y - radius, x + radius, y + radius];
  const across = numbers.filter((_, index) => index % 2 === 0);
  const down = numbers.filter((_, index) => index % 2 === 1);
  return [Math.min(...across), Math.min(...down), Math.max(...across), Math.max(...down)];
}

/**
 * @param {Element} picture
 * @returns {DOMRect | {left: number, top: number, width: number, height: number, right: number, bottom: number}}
 */
export function boxOf(picture) {
  const image = picture.localName === "area" ? imageOfArea(picture) : null;
  if (!image) return picture.getBoundingClientRect();
  const whole = image.getBoundingClientRect();
  const part = partOf(picture, image) ?? { left: 0, top: 0, right: 1, bottom: 1 };
  const left = whole.left + part.left * whole.width;
  const top = whole.top + part.top * whole.height;
  const width = (part.right - part.left) * whole.width;
  const height = (part.bottom - part.top) * whole.height;
  return { left, top, width, height, right: left + width, bottom: top + height };
}

/**
 * What is seen of a control, of a box, or of what an author calls an image.
 *
 * @param {Element} whole
 * @returns {Showing | null}
 */
function ofParts(whole) {
  const inner = largest([...whole.querySelectorAll("img, svg, canvas")].slice(0, MAX_PARTS));
  const shown = inner && showing(inner);
  return shown ?? ofStyle(whole) ?? ofWords(whole);
}

/**
 * @param {Element[]} elements
 * @returns {Element | null}
 */
function largest(elements) {
  /** @type {Element | null} */
  let found = null;
  let most = SMALLEST_PART_PX * SMALLEST_PART_PX;
  for (const one of elements) {
    if (!one.checkVisibility({ visibilityProperty: true })) continue;
    const { width, height } = one.getBoundingClientRect();
    if (width * height <= most) continue;
    most = width * height;
    found = one;
  }
  return found;
}

/**
 * @param {Element} whole
 * @returns {Showing | null}
 */
function ofStyle(whole) {
  const inside = [whole, ...whole.querySelectorAll("*")].slice(0, MAX_PARTS).filter((one) => !one.closest("svg"));
  const parts = inside.map(styled);
  for (const part of parts) {
    const found = cssImageOf(part);
    if (found) return ofUrl(found.url, { tile: found.tile });
  }
  for (const part of parts) {
    const sign = signOf(part);
    if (sign) return { sign };
  }
  return null;
}

/**
 * Words in what an author calls an image are not read by anybody.
 *
 * @param {Element} whole
 * @returns {Showing | null}
 */
function ofWords(whole) {
  if (!whole.matches("[role=img i], [role=image i]")) return null;
  const words = (whole.textContent ?? "").replace(/\s+/g, " ").trim();
  return words === "" ? null : { words };
}
