/**
 * The part of a file that a page shows, and no more pixels of it than anybody can use.
 *
 * Rules for backgrounds: https://www.w3.org/TR/css-backgrounds-3/#backgrounds
 */

import { NoImageError } from "./images.js";

/** The helper looks at no more on a side; text stays readable. */
const MOST_SIDE_PX = 2048;

/** A file below this size is sent as it is sooner than shrunk. */
const LARGE_BYTES = 1_500_000;

/** Decoded, four bytes a pixel. */
const MOST_PIXELS = 50_000_000;

/** @typedef {{width: number, height: number}} Size */
/** @typedef {{left: number, top: number, width: number, height: number}} Rectangle in pixels of the file */

/** A texture shows the same again and again, and says nothing. */
export class TextureError extends NoImageError {
  constructor() {
    super("The picture is repeated as a pattern.");
    this.name = "TextureError";
  }
}

/**
 * @param {Blob} image
 * @param {import("../shared/constants.js").Crop | undefined} crop
 * @param {AbortSignal} signal
 * @returns {Promise<Blob>} the same where nothing needs to change, or where this browser cannot
 * @throws {TextureError}
 */
export async function cropped(image, crop, signal) {
  if (!crop && image.size < LARGE_BYTES) return image;
  /** @type {ImageBitmap} */
  let bitmap;
  try {
    bitmap = await createImageBitmap(image);
  } catch (error) {
    // The helper may read what this browser cannot, and says so if not. A part cannot be cut out of it.
    if (error instanceof DOMException && !crop?.part) return image;
    throw new NoImageError("The image cannot be decoded.", { cause: error });
  }
  try {
    signal.throwIfAborted();
    const whole = { left: 0, top: 0, width: bitmap.width, height: bitmap.height };
    const part = crop ? partOf(bitmap, crop) : whole;
    const size = shrunk(part);
    if (size.width === whole.width && size.height === whole.height) return image;
    return await cut(bitmap, part, size, image.type);
  } finally {
    bitmap.close();
  }
}

/**
 * @param {ImageBitmap} bitmap
 * @param {Rectangle} part
 * @param {Size} size
 * @param {string} type of the file
 */
async function cut(bitmap, { left, top, width, height }, size, type) {
  if (bitmap.width * bitmap.height > MOST_PIXELS) throw new NoImageError("The image has too many pixels to be cut.");
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext("2d");
  if (!context) throw new NoImageError("There is no canvas to cut the image on.");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, left, top, width, height, 0, 0, size.width, size.height);
  // A photograph as PNG would take longer to write than the smaller size saves.
  const isPhotograph = type === "image/jpeg";
  return canvas.convertToBlob(isPhotograph ? { type, quality: 0.92 } : { type: "image/png" });
}

/** @param {Size} size @returns {Size} whole pixels */
function shrunk({ width, height }) {
  const scale = Math.min(1, MOST_SIDE_PX / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * @param {Size} file
 * @param {import("../shared/constants.js").Crop} crop
 * @returns {Rectangle}
 * @throws {TextureError}
 */
export function partOf(file, { part, tile, natural }) {
  if (part) {
    const { left, top, right, bottom } = part;
    const size = { width: Math.max(1, (right - left) * file.width), height: Math.max(1, (bottom - top) * file.height) };
    return { left: left * file.width, top: top * file.height, ...size };
  }
  if (!tile) return { left: 0, top: 0, ...file };
  const own = natural ?? file;
  const laid = laidSize(own, tile);
  if (isTexture(laid, tile)) throw new TextureError();
  const offset = offsetOf(laid, tile);
  const left = Math.max(0, -offset.x);
  const top = Math.max(0, -offset.y);
  const right = Math.min(laid.width, tile.width - offset.x);
  const bottom = Math.min(laid.height, tile.height - offset.y);
  // Out of the box altogether: somebody hides it, or a value that we do not understand. All of it is the best guess.
  if (!(right > left && bottom > top)) return { left: 0, top: 0, ...file };
  const across = file.width / laid.width;
  const down = file.height / laid.height;
  return { left: left * across, top: top * down, width: (right - left) * across, height: (bottom - top) * down };
}

/**
 * @param {Size} laid
 * @param {import("../shared/constants.js").Tile} tile
 */
function isTexture(laid, { repeat, width, height }) {
  const [across = "repeat", down = across] = repeat.split(/\s+/);
  const repeatsAcross = /^(repeat|repeat-x|round|space)$/.test(across) && repeat !== "repeat-y";
  const repeatsDown = repeat === "repeat-y" || (/^(repeat|round|space)$/.test(down) && repeat !== "repeat-x");
  return (repeatsAcross && laid.width * 1.5 <= width) || (repeatsDown && laid.height * 1.5 <= height);
}

/**
 * @param {Size} own
 * @param {import("../shared/constants.js").Tile} tile
 * @returns {Size} in CSS pixels, as it is laid into the box
 */
function laidSize(own, { size, width, height }) {
  if (size === "cover" || size === "contain") {
    const scales = [width / own.width, height / own.height];
    const scale = size === "cover" ? Math.max(...scales) : Math.min(...scales);
    return { width: own.width * scale, height: own.height * scale };
  }
  const [across = "auto", down = "auto"] = size.split(/\s+/);
  const given = { width: lengthOf(across, width), height: lengthOf(down, height) };
  if (given.width !== null && given.height !== null) return { width: given.width, height: given.height };
  if (given.width !== null) return { width: given.width, height: (own.height * given.width) / own.width };
  if (given.height !== null) return { width: (own.width * given.height) / own.height, height: given.height };
  return own;
}

/**
 * @param {string} value
 * @param {number} whole
 * @returns {number | null} null for `auto` and what is not understood
 */
function lengthOf(value, whole) {
  const number = Number.parseFloat(value);
  if (!Number.isFinite(number) || number <= 0) return null;
  return value.endsWith("%") ? (number / 100) * whole : number;
}

/**
 * @param {Size} laid
 * @param {import("../shared/constants.js").Tile} tile
 */
function offsetOf(laid, { position, width, height }) {
  const [across = "0%", down = "50%"] = position.split(/\s+/);
  return { x: offset(across, width - laid.width), y: offset(down, height - laid.height) };
}

/**
 * @param {string} value
 * @param {number} room
 */
function offset(value, room) {
  const number = Number.parseFloat(value);
  if (!Number.isFinite(number)) return 0;
  return value.endsWith("%") ? (number / 100) * room : number;
}
