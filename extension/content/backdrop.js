/** The colour that an image stands on, without which a transparent one cannot be told from nothing. */

import { sightOf } from "./find_images.js";
import { makeMoment } from "./moment.js";
import { parentOf } from "./names.js";

/** What no layout nests deeper; most pages say a colour within five. */
const MAX_LEVELS = 60;

/** What most elements have. */
const NONE = "rgba(0, 0, 0, 0)";

/**
 * @param {Window} window
 * @returns {(image: Element) => string | null} `#rrggbb`; null where it is not one colour
 */
export function makeBackdrop(window) {
  const layerOf = makeMoment((/** @type {Element} */ element) => {
    const { backgroundColor, backgroundImage } = window.getComputedStyle(element);
    return { colour: parse(backgroundColor), isPictured: Boolean(backgroundImage) && backgroundImage !== "none", around: parentOf(element) };
  });

  return (image) => {
    /** Seen through, the uppermost first. @type {Colour[]} */
    const veils = [];
    /** @type {Element | null} */
    let one = sightOf(image);
    for (let level = 0; one; level += 1) {
      if (level > MAX_LEVELS) return null;
      const { colour, isPictured, around } = layerOf(one);
      if (!colour || (isPictured && level > 0)) return null;
      if (colour.opacity === 1) return over(veils, colour);
      if (colour.opacity > 0) veils.push(colour);
      one = around;
    }
    const root = image.ownerDocument.documentElement;
    // A page that may be dark has a ground of the browser's own choosing.
    const isPlain = !window.getComputedStyle(root).colorScheme?.includes("dark");
    return isPlain ? over(veils, { red: 255, green: 255, blue: 255, opacity: 1 }) : null;
  };
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
