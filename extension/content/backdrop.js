/** The colour that an image stands on, without which a transparent one cannot be told from nothing. */

import { lineage } from "./names.js";
import { sightOf } from "./find_images.js";

/** What no layout nests deeper; most pages say a colour within five. */
const MAX_LEVELS = 60;

/** What most elements have. */
const NONE = "rgba(0, 0, 0, 0)";

/**
 * @param {Element} image
 * @returns {string | null} `#rrggbb`; null where it is not one colour
 */
export function backgroundOf(image) {
  const window = /** @type {Window} */ (image.ownerDocument.defaultView);
  /** Seen through, the uppermost first. @type {Colour[]} */
  const veils = [];
  let level = 0;
  for (const one of lineage(sightOf(image))) {
    const { backgroundColor, backgroundImage } = window.getComputedStyle(one);
    if (level > 0 && backgroundImage && backgroundImage !== "none") return null;
    const colour = parse(backgroundColor);
    if (!colour) return null;
    if (colour.opacity === 1) return over(veils, colour);
    if (colour.opacity > 0) veils.push(colour);
    level += 1;
    if (level > MAX_LEVELS) return null;
  }
  const root = image.ownerDocument.documentElement;
  // A page that may be dark has a ground of the browser's own choosing.
  const isPlain = !window.getComputedStyle(root).colorScheme?.includes("dark");
  return isPlain ? over(veils, { red: 255, green: 255, blue: 255, opacity: 1 }) : null;
}

/** @typedef {{red: number, green: number, blue: number, opacity: number}} Colour */

/**
 * @param {string} colour as computed
 * @returns {Colour | null} null for one of the newer colour spaces
 */
function parse(colour) {
  if (colour === "" || colour === "transparent" || colour === NONE) return { red: 0, green: 0, blue: 0, opacity: 0 };
  const numbers = /^rgba?\(([\d.]+)[,\s]+([\d.]+)[,\s]+([\d.]+)(?:[,\s/]+([\d.]+))?\)$/.exec(colour)?.slice(1);
  if (!numbers) return null;
  const [red = 0, green = 0, blue = 0, opacity = 1] = numbers.map((part) => (part === undefined ? 1 : Number(part)));
  return { red, green, blue, opacity };
}

/**
 * @param {Colour[]} veils
 * @param {Colour} ground
 */
function over(veils, ground) {
  let { red, green, blue } = ground;
  for (const veil of veils.reverse()) {
    red += (veil.red - red) * veil.opacity;
    green += (veil.green - green) * veil.opacity;
    blue += (veil.blue - blue) * veil.opacity;
  }
  return `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}
