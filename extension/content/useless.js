/** Authors' texts that say nothing: replaced only where the user chose so, and given back by undo. */

import { BESIDE } from "../shared/constants.js";

/** A camera's or a server's name for a file. */
const FILE_NAME = /^[^\s/]+\.(avif|bmp|gif|ico|jpe?g|png|svg|tiff?|webp)$/i;

const CAMERA_NAME = /^(img|dsc|dscn|pict?|image|photo|screenshot|screen shot|unnamed|untitled|mvimg|pxl)[-_ ]*\d*([-_ ]\d+)*$/i;

/** What only says that there is an image, in the languages that we speak. */
const EMPTY_WORDS = new Set(
  (
    "image,img,photo,picture,pic,graphic,graphics,icon,logo,banner,thumbnail,placeholder,alt,alt text,null,undefined," +
    "image description,no description,bild,foto,grafik,abbildung,bild ohne titel,photographie,illustration,vignette," +
    "picto,visuel,sans titre,texte alternatif"
  ).split(","),
);

/** As often as this on different images, a text is a placeholder. */
const REPEATED = 4;

/**
 * @param {Element} image that has a text
 * @returns {boolean}
 */
export function isUselessAlt(image) {
  const alt = (image.getAttribute("alt") ?? "").trim();
  if (alt === "") return false;
  const low = alt.toLowerCase();
  if (EMPTY_WORDS.has(low) || FILE_NAME.test(alt) || CAMERA_NAME.test(alt) || /^[\d\s._#-]+$/.test(alt)) return true;
  return isAddress(alt, image) || isPlaceholder(alt, image);
}

/**
 * @param {string} alt
 * @param {Element} image
 */
function isAddress(alt, image) {
  if (/^(https?:)?\/\/\S+$/i.test(alt)) return true;
  const { location } = image.ownerDocument;
  return alt === location?.hostname || alt === location?.href || alt === image.getAttribute("src");
}

/**
 * @param {string} alt
 * @param {Element} image
 */
function isPlaceholder(alt, image) {
  const root = /** @type {Document | ShadowRoot} */ (image.getRootNode());
  const value = `="${alt.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\a ")}"`;
  // Those that we have replaced count as well, or the last few would stay.
  const alike = root.querySelectorAll?.(`img[alt${value}], img[${BESIDE}alt${value}]`) ?? [];
  return new Set([...alike].map((one) => one.getAttribute("src"))).size >= REPEATED;
}
