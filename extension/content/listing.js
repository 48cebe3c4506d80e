/**
 * All images of this page as the panel beside it lists them: described or not, and why.
 *
 * The panel asks once; from then on it is told of changes until it answers no more. Nobody asks again and again.
 */

import { MARK, MARKS } from "../shared/constants.js";
import { MESSAGE } from "../shared/messages.js";
import { controlOf, findPictures } from "./find_images.js";
import { FRAMES, pathIn, pathOf } from "./frames.js";
import { judge } from "./judge.js";
import { deepPictures } from "./stepping.js";

/** However much a page changes, it is not listed more often. */
const PAUSE_MS = 700;

/** A list of more images than this is of no use to anybody. */
const MOST_IMAGES = 500;

/** What an image's name, or its place in the list, depends on. */
const WATCHED = ["src", "srcset", "alt", "role", "aria-label", "aria-hidden", "hidden", MARK];

/** Images of which nobody is told: they are not there, or nothing to look at. @type {ReadonlySet<string>} */
const UNLISTED = new Set(["hidden", "empty", "spacer"]);

/** @typedef {import("./find_images.js").Picture} Picture */

/**
 * One image in the list.
 *
 * @typedef {object} Item
 * @property {number} id
 * @property {"done" | "described" | "authored" | "decorative" | "spoken-for" | "silent" | "failed" | "pending" | "waiting"} state
 * @property {string} words "" for none
 * @property {string} language of the words, where it is known
 * @property {string} reason why there are none
 * @property {string} descriptionId "" for none
 * @property {boolean} isControl in a link or button
 */

/**
 * @param {Window & typeof globalThis} window
 * @param {object} parts
 * @param {AbortSignal} parts.signal
 * @param {import("./names.js").Names} parts.names
 * @param {ReturnType<typeof import("./write.js").makeLedger>} parts.ledger
 * @param {ReturnType<typeof import("./known.js").makeKnown>} parts.known
 * @param {(element: Element) => ShadowRoot | null} parts.shadowRootOf
 * @param {(message: object) => Promise<any>} parts.send
 */
export function makeListing(window, { signal, names, ledger, known, shadowRootOf, send }) {
  const page = window.document;
  /** @type {WeakMap<Picture, number>} */
  const ids = new WeakMap();
  /** @type {Map<number, WeakRef<Picture>>} */
  const images = new Map();
  let count = 0;
  /** @type {AbortController | null} */
  let watching = null;
  let isPlanned = false;

  /** @param {Picture} image */
  function idOf(image) {
    const id = ids.get(image) ?? (count += 1);
    ids.set(image, id);
    images.set(id, new WeakRef(image));
    return id;
  }

  /** @returns {(Item | string)[]} in reading order; a string is the path of a frame */
  function list() {
    for (const [id, reference] of images) if (!reference.deref()?.isConnected) images.delete(id);
    const found = deepPictures(page, shadowRootOf, (root) => [...findPictures(root), ...root.querySelectorAll(FRAMES)]);
    /** @param {Element} one @returns {(Item | string)[]} */
    const stopsOf = (one) => (one.matches(FRAMES) ? [pathIn(one)] : itemOf(one));
    return found.flatMap(stopsOf).slice(0, MOST_IMAGES);
  }

  /**
   * @param {Picture} image
   * @returns {Item[]} none for an image that is not listed
   */
  function itemOf(image) {
    const verdict = judge(image, names, ledger.isOurs);
    if (UNLISTED.has(verdict)) return [];
    const nothing = { words: "", language: "", reason: "", descriptionId: known.of(image)?.description?.id ?? "" };
    return [{ id: idOf(image), isControl: controlOf(image) !== null, ...nothing, ...stateOf(image, verdict) }];
  }

  /**
   * @param {Picture} image
   * @param {string} verdict
   * @returns {Pick<Item, "state"> & Partial<Item>}
   */
  function stateOf(image, verdict) {
    if (ledger.isOurs(image)) {
      return { state: "done", words: ledger.wroteTo(image) ?? "", language: known.of(image)?.description?.language ?? "" };
    }
    if (verdict === "decorative" || verdict === "spoken-for") return { state: verdict };
    if (verdict !== "needed") return { state: "authored", words: names.of(image) };
    return answered(known.of(image)) ?? { state: image.getAttribute(MARK) === MARKS.pending ? "pending" : "waiting" };
  }

  async function push() {
    isPlanned = false;
    if (!watching) return;
    const answer = await send({ type: MESSAGE.images, path: pathOf(window), images: list() });
    if (!answer?.watching) stop();
  }

  function changed() {
    if (!watching || isPlanned) return;
    isPlanned = true;
    window.setTimeout(() => void push(), PAUSE_MS);
  }

  function stop() {
    watching?.abort();
    watching = null;
  }

  /** Tell the panel of all images, now and whenever something changes. */
  function watch() {
    if (signal.aborted) return;
    if (!watching) {
      watching = new AbortController();
      const observer = new window.MutationObserver(changed);
      observer.observe(page, { subtree: true, childList: true, attributeFilter: WATCHED });
      page.addEventListener("load", changed, { capture: true, passive: true, signal: watching.signal });
      watching.signal.addEventListener("abort", () => observer.disconnect(), { once: true });
    }
    void push();
  }

  signal.addEventListener("abort", stop, { once: true });

  return {
    idOf,
    changed,
    watch,

    /** @param {number} id @returns {Picture | null} */
    image: (id) => images.get(id)?.deref() ?? null,

    /** A frame that comes while a panel is open has not been asked yet. */
    async offer() {
      if ((await send({ type: MESSAGE.frameCame }))?.watching) watch();
    },
  };
}

/**
 * @param {import("./ask.js").Answer | null} answer
 * @returns {(Pick<Item, "state"> & Partial<Item>) | null}
 */
function answered(answer) {
  if (!answer) return null;
  const { description, problem } = answer;
  if (problem) return problem.state === "connected" ? { state: "failed", reason: `${problem.message} ${problem.advice}`.trim() } : null;
  if (description.alt === null) return { state: "silent", reason: description.reason ?? "" };
  return { state: "described", words: description.alt, language: description.language };
}
