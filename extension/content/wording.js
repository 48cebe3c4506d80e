/** Which attributes say a description, so that every screen reader says it, in its language. */

import { disguiseOf, wordsAttribute } from "./find_images.js";
import { languageOf } from "./context.js";

/** What has no role by itself, or one that takes no name in some browser. */
const WITHOUT_ROLE = new Set(["drawing", "canvas", "box"]);

/** In characters: longer is no alternative text. */
const LONGEST_WORDS = 1000;

/**
 * @param {import("./find_images.js").Picture} picture
 * @param {{alt: string | null, language: string}} description
 * @returns {Record<string, string> | null} attributes and values, the one with the words first; null for silence
 */
export function wording(picture, { alt, language }) {
  const words = alt?.trim().slice(0, LONGEST_WORDS) ?? "";
  if (words === "") return null;
  /** @type {Record<string, string>} */
  const attributes = { [wordsAttribute(picture)]: words };
  const needsRole = WITHOUT_ROLE.has(disguiseOf(picture) ?? "") && !picture.hasAttribute("role") && !picture.hasAttribute("tabindex");
  if (needsRole) attributes.role = "img";
  const page = languageOf(picture);
  // Text in it keeps the page's language, also where it is only a sign: its font may depend on it.
  const mayDiffer = !picture.hasAttribute("lang") && !picture.textContent?.trim();
  if (mayDiffer && page && language && primary(page) !== primary(language)) attributes.lang = language;
  return attributes;
}

/** @param {string} language */
function primary(language) {
  return language.toLowerCase().split("-")[0];
}
