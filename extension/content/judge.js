/**
 * Whether a picture leaves a screen reader with nothing to say.
 *
 * An author's word always wins: alt="" means "decorative" and is left alone, and so is any picture that ARIA
 * names or hides, or that stands in a link or button which says by itself what it does.
 */

import { CONTROLS, controlOf, disguiseOf, hasReadableText, isIconOnly, sightOf, wordsAttribute } from "./find_images.js";
import { speaksInside } from "./inside.js";
import { closest, isReferring, mayHideName, parentOf, SOUNDLESS } from "./names.js";
import { roleOf } from "./roles.js";
import { lookAt } from "./showing.js";

/** At most this many CSS pixels on a side: a spacer, a rule or a tracking pixel. */
const SPACER_PX = 3;

/** A line that parts one thing from another. */
const SEPARATOR = Object.freeze({ mostPx: 12, leastRatio: 12 });

/** Smaller, an empty box with a background is a bullet or an ornament. */
const SMALLEST_BOX_PX = 32;

/** Up to this size a drawing beside words repeats them. */
const LARGEST_BULLET_PX = 32;

/** Up to this size a picture beside a name is of who is named. */
const LARGEST_AVATAR_PX = 100;

const LONGEST_NAME = 60;

const AVATAR = /avatar|gravatar|userpic|user-?(photo|image|icon)|profile-?(pic|photo|image)/i;

/** Whose children are never announced by themselves, and which take no name from them. */
const CLOSED = "[role=img], [role=image], [role=math], [role=meter], [role=progressbar], [role=scrollbar], [role=slider]";

const SPEAKERS = `${CLOSED}, ${CONTROLS}`;

/** What an author says within a drawing or a canvas; a name for the whole would silence it. */
const SAYS_SOMETHING = "title, desc, text, foreignObject, a, [aria-label], [aria-labelledby], [tabindex], button, input";

/**
 * Why a picture is left alone, or `needed`.
 *
 * @typedef {"needed" | "authored" | "decorative" | "hidden" | "named" | "spoken-for" | "spacer" | "empty"} Verdict
 */

/** @typedef {import("./find_images.js").Picture} Picture */
/** @typedef {import("./showing.js").Look} Look */

/**
 * @callback IsOurs whether the words that it has are ours
 * @param {Element} element
 * @returns {boolean}
 */

/**
 * @param {Picture} picture
 * @param {import("./names.js").Names} names
 * @param {IsOurs} isOurs
 * @param {(picture: Picture) => boolean} isUseless whether the author's text may be replaced
 * @param {Look} look
 * @returns {Verdict}
 */
export function judge(picture, names, isOurs = () => false, isUseless = () => false, look = lookAt(picture)) {
  const disguise = disguiseOf(picture);
  const first = disguise === null ? "empty" : firstVerdict(picture, disguise, { look, names });
  if (disguise === null || first !== "needed") return first;
  const said = authorsVerdict(picture, isOurs);
  if (said !== "needed" && !isUseless(picture)) return said;
  if (look.showing === null) return "empty";
  if (isSpacer(picture, look)) return "spacer";
  if (names.isHidden(sightOf(picture))) return "hidden";
  if (isNamed(picture, disguise, names, isOurs) && !isUseless(picture)) return "named";
  return isSpokenFor(picture, disguise, names, isOurs, look) ? "spoken-for" : "needed";
}

/**
 * What costs least to know.
 *
 * @param {Picture} picture
 * @param {import("./find_images.js").Disguise} disguise
 * @param {{look: Look, names: import("./names.js").Names}} parts
 * @returns {Verdict}
 */
function firstVerdict(picture, disguise, { look, names }) {
  if (disguise === "box") return boxVerdict(picture, look, names);
  return disguise === "control" && !isIconOnly(picture) ? "named" : "needed";
}

/**
 * What the picture's own attributes say.
 *
 * @param {Picture} picture
 * @param {IsOurs} isOurs
 * @returns {Verdict}
 */
export function authorsVerdict(picture, isOurs) {
  const ours = isOurs(picture);
  if (wordsAttribute(picture) === "alt" && !ours) {
    const alt = picture.getAttribute("alt")?.trim();
    if (alt) return "authored";
    // A link cannot be decorative.
    if (alt === "" && picture.localName !== "area") return "decorative";
  }
  if (["none", "presentation"].includes(roleOf(picture))) return "decorative";
  return "needed";
}

/**
 * @param {Picture} picture
 * @param {import("./find_images.js").Disguise} disguise
 * @param {import("./names.js").Names} names
 * @param {IsOurs} isOurs
 */
function isNamed(picture, disguise, names, isOurs) {
  if (isOurs(picture)) return isLabelled(picture, wordsAttribute(picture)) || (disguise === "control" && speaksInside(picture, names, isOurs));
  if (disguise === "control") return saysName(picture, names, isOurs);
  if (isLabelled(picture)) return names.of(picture) !== "";
  // These have other ways to say something; an `img` or a `role` has none.
  if (disguise === "drawing" || disguise === "canvas") return saysSomething(picture);
  return disguise === "image" && picture.localName === "input" && names.of(picture) !== "";
}

/** @param {Element} picture */
function saysSomething(picture) {
  if (picture.localName === "canvas") return picture.firstElementChild !== null || /\S/.test(picture.textContent ?? "");
  return [...picture.querySelectorAll(SAYS_SOMETHING)].some((one) => one.localName !== "text" || hasReadableText(one));
}

/**
 * Whether an author has named it by an attribute other than `except`.
 *
 * @param {Element} element
 * @param {string} [except]
 */
export function isLabelled(element, except) {
  const labels = ["aria-label", "aria-labelledby", "title"].filter((name) => name !== except);
  return labels.some((name) => element.getAttribute(name)?.trim()) || isReferring(element);
}

/**
 * Whether something around the picture speaks in its place.
 *
 * @param {Picture} picture
 * @param {import("./find_images.js").Disguise} disguise
 * @param {import("./names.js").Names} names
 * @param {IsOurs} isOurs
 * @param {Look} look
 */
function isSpokenFor(picture, disguise, names, isOurs, look) {
  const outer = parentOf(picture);
  const speaker = outer && closest(outer, SPEAKERS);
  if (speaker?.matches(CLOSED)) return true;
  if (disguise === "control" || disguise === "area") return false; // It is met by itself, whatever is around it.
  // All but images leave the words to the control.
  if (speaker) return disguise !== "image" || isNamedWithout(speaker, names, isOurs);
  if (disguise === "image") return isAvatar(picture, look);
  return (disguise === "drawing" || disguise === "box") && isBullet(picture, look);
}

/**
 * Whether a control says what it does without our words in it.
 *
 * @param {Element} control
 * @param {import("./names.js").Names} names
 * @param {IsOurs} isOurs
 */
function isNamedWithout(control, names, isOurs) {
  if (hasReadableText(control)) return true;
  if (![...control.querySelectorAll("img, input")].some(isOurs)) return saysName(control, names, isOurs);
  // Our own words name it now. Every picture in it was judged alike, before the first of them got words.
  return isLabelled(control) || speaksInside(control, names, isOurs);
}

/**
 * @param {Element} control
 * @param {import("./names.js").Names} names
 * @param {IsOurs} isOurs
 */
function saysName(control, names, isOurs) {
  if (names.isMute(control)) return false;
  let name = flat(names.of(control));
  // The library takes a drawing's style sheet for words; browsers do not.
  for (const style of control.querySelectorAll("style")) name = name.replace(flat(style.textContent ?? ""), "");
  return !SOUNDLESS.test(name) || hasTooltip(control) || mayHideName(control) || speaksInside(control, names, isOurs);
}

/**
 * The library leaves out the tooltips of what is in a control, which name it where nothing else does.
 *
 * @param {Element} control
 */
function hasTooltip(control) {
  return [...control.querySelectorAll("[title]:not(img)")].some((one) => {
    const isRead = one.checkVisibility({ visibilityProperty: true }) && !one.closest("[aria-hidden=true i]");
    return isRead && one.getAttribute("title")?.trim();
  });
}

/** @param {string} text */
function flat(text) {
  return text.replace(/\s+/g, " ").trim();
}

/**
 * @param {Picture} picture
 * @param {Look} look
 */
function isSpacer(picture, look) {
  const { width, height } = look.box;
  const shown = Math.min(width, height);
  const isShown = shown > 0;
  const sides = /** @type {{naturalWidth?: number, naturalHeight?: number}} */ (/** @type {unknown} */ (picture));
  const natural = Math.min(sides.naturalWidth ?? 0, sides.naturalHeight ?? 0);
  // What is loaded later says so, and is judged again.
  if ("naturalWidth" in picture && Math.max(width, height) === 0 && natural === 0) return true;
  if ((isShown && shown <= SPACER_PX) || (natural > 0 && natural <= SPACER_PX)) return true;
  return isShown && shown <= SEPARATOR.mostPx && Math.max(width, height) / shown >= SEPARATOR.leastRatio && !controlOf(picture);
}

/**
 * @param {Picture} box
 * @param {Look} look
 * @param {import("./names.js").Names} names
 * @returns {Verdict}
 */
function boxVerdict(box, look, names) {
  const { width, height } = look.box;
  if (Math.min(width, height) < SMALLEST_BOX_PX) return "spacer";
  if (look.showing === null) return "empty";
  if (names.shadowOf(box) !== null) return "named"; // A name for the whole would silence what is in there.
  return isBackdrop(box) ? "decorative" : "needed";
}

/**
 * Whether it lies behind all that its part of the page says.
 *
 * @param {Element} box
 */
function isBackdrop(box) {
  const parent = parentOf(box);
  if (!parent || !hasReadableText(parent)) return false;
  const inner = box.getBoundingClientRect();
  const outer = parent.getBoundingClientRect();
  return inner.width >= outer.width - 2 && inner.height >= outer.height - 2;
}

/**
 * @param {Picture} image
 * @param {Look} look
 */
function isAvatar(image, look) {
  const { width, height } = look.box;
  if (Math.max(width, height) > LARGEST_AVATAR_PX || width > 1.2 * height || height > 1.2 * width) return false;
  const parent = parentOf(image);
  const told = [image.className, image.id, image.getAttribute("src") ?? "", parent?.className ?? ""].join(" ");
  return AVATAR.test(told) && isBesideWords(image, LONGEST_NAME);
}

/**
 * @param {Picture} picture
 * @param {Look} look
 */
function isBullet(picture, look) {
  const { width, height } = look.box;
  return Math.max(width, height) <= LARGEST_BULLET_PX && isBesideWords(picture, Infinity);
}

/**
 * @param {Element} picture
 * @param {number} longest of the words that stand around it, and in no other part of the page
 */
function isBesideWords(picture, longest) {
  let around = parentOf(picture);
  for (let level = 0; around && level < 2; level += 1) {
    const words = (around.textContent ?? "").trim();
    if (words !== "") return words.length <= longest && hasReadableText(around);
    around = parentOf(around);
  }
  return false;
}
