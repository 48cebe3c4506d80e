/** Names and numbers that more than one part of the extension must agree on. */

/** The native messaging host that the helper's installer registers. */
export const NATIVE_HOST = "org.altaloud.helper";

/** Where the helper listens unless it was told otherwise. */
export const DEFAULT_PORT = 41717;

/** The one attribute by which a page can see which elements we changed. */
export const MARK = "data-altaloud";

/** Before the name of an attribute that we have replaced or added: what it was. */
export const BESIDE = "data-altaloud-";

/** The values of `MARK` on an image. */
export const MARKS = Object.freeze({ pending: "pending", done: "done", silent: "silent", failed: "failed" });

/** The helper accepts no larger file, so there is no point in fetching one. */
export const MAX_IMAGE_BYTES = 64_000_000;

/** A drawing (SVG) with more text than this would keep its page from doing anything else for too long. */
export const MAX_DRAWING_BYTES = 2_000_000;

/**
 * How the extension stands with the helper.
 *
 * @typedef {"connected" | "stopped" | "unpaired" | "stranger"} State
 *   stopped: nothing answers; unpaired: it does not know us yet;
 *   stranger: something answers at its port and could not prove that it is the helper.
 */

/** What we do in a page. @type {readonly Mode[]} */
export const MODES = Object.freeze(["fill", "asked", "private"]);

/**
 * @typedef {"fill" | "asked" | "private"} Mode
 *   fill: write missing texts into pages; asked: only what the user asks for; private: pages are never changed,
 *   and what the user asks for is spoken and shown beside them.
 */

/** @typedef {"focused" | "visible" | "background"} Priority whose turn comes first */

/** @type {Readonly<Record<Priority, number>>} the lower, the sooner */
export const RANK = Object.freeze({ focused: 0, visible: 1, background: 2 });

/**
 * @param {Priority} one
 * @param {Priority} other
 */
export function isMoreUrgent(one, other) {
  return RANK[one] < RANK[other];
}

/**
 * How a person can mean an image, the surest way first.
 *
 * @typedef {"reached" | "focus" | "selection" | "pointer" | "activity"} Way
 * @type {readonly Way[]}
 */
export const WAYS = Object.freeze(["reached", "focus", "selection", "pointer", "activity"]);

/** @typedef {"short" | "long"} Detail */

/**
 * What the helper is told of an image's surroundings; `Context` in the contract.
 *
 * @typedef {object} Context
 * @property {"image" | "link" | "button"} role
 * @property {string | null} href
 * @property {string | null} link_text
 * @property {string | null} title
 * @property {string | null} caption
 * @property {string | null} nearby
 * @property {string | null} page_title
 * @property {string | null} page_language
 * @property {string | null} file_name
 * @property {number | null} width
 * @property {number | null} height
 * @property {string | null} background colour behind it, as `#rrggbb`
 */

/**
 * The part of a file that is seen: a share of it, or what a style sheet lets be seen of it.
 *
 * `natural` is the size of a drawing that was drawn larger.
 *
 * @typedef {{part?: Part, tile?: Tile, natural?: {width: number, height: number}}} Crop
 */

/** @typedef {{left: number, top: number, right: number, bottom: number}} Part from 0 to 1 */

/**
 * How a style sheet lays a picture into a box.
 *
 * @typedef {object} Tile
 * @property {string} size such as `cover`, `auto` or `24px 48px`, as computed
 * @property {string} position such as `-20px 50%`
 * @property {string} repeat
 * @property {number} width of the box, in CSS pixels
 * @property {number} height
 */

/**
 * The helper's answer; `Description` in the contract.
 *
 * @typedef {object} Description
 * @property {string} id
 * @property {string} kind
 * @property {string | null} alt
 * @property {string | null} reason
 * @property {string | null} text
 * @property {string | null} caption
 * @property {string | null} icon
 * @property {number} confidence
 * @property {boolean} hedged
 * @property {string} model
 * @property {string} language
 * @property {boolean} cached
 * @property {number} milliseconds
 */

/**
 * Why there is no description. `state` is "connected" when the helper itself refused.
 *
 * @typedef {object} Problem
 * @property {State | "off" | "cancelled"} state
 * @property {string} message
 * @property {string} advice
 * @property {string | undefined} [language] of the helper's own words
 * @property {boolean} [spoken] whether the helper has said it
 * @property {number | undefined} [retryAfterSeconds] present when it is worth asking again
 */

/** @typedef {typeof chrome} Api the browser's extension interface, `browser` or `chrome` */
