/**
 * Images that have a place on the page and are invisible there, until they are not.
 *
 * A browser tells when something gets a place (`display`), and nothing when its `visibility` changes. So we listen
 * for what may change it, and only near such images: on a page that moves all the time nothing else is looked at.
 */

import { lineage } from "./names.js";

/** Two looks are so far apart at least. */
const PAUSE_MS = 300;

/** What a page's style sheet may hang visibility on, beside attributes. */
const EVENTS = ["change", "transitionend", "animationend", "click", "keyup", "pointerover", "focusin"];

/** @typedef {import("./find_images.js").Picture} Picture */

/**
 * @param {Document} page
 * @param {object} options
 * @param {AbortSignal} options.signal
 * @param {(image: Picture) => void} options.onAwake
 */
export function makeWaking(page, { signal, onAwake }) {
  const view = /** @type {Window & typeof globalThis} */ (page.defaultView);
  /** @type {Set<Picture>} */
  const asleep = new Set();
  /** Everything around them. @type {WeakSet<Node>} */
  let around = new WeakSet();
  /** @type {number | null} */
  let planned = null;
  /** Ends the listening, which is for times only when there is something to wait for. @type {AbortController | null} */
  let listening = null;
  const observer = new view.MutationObserver((records) => {
    // What stands beside may matter too: `.open + .menu`.
    if (records.some(({ target }) => around.has(target) || around.has(target.parentNode ?? target))) plan();
  });

  function listen() {
    if (listening) return;
    listening = new view.AbortController();
    observer.observe(page, { subtree: true, attributeFilter: ["class", "style"] });
    const options = { capture: true, passive: true, signal: listening.signal };
    for (const name of EVENTS) page.addEventListener(name, plan, options);
  }

  function rest() {
    listening?.abort();
    listening = null;
    observer.disconnect();
    around = new WeakSet();
  }

  function plan() {
    planned ??= view.setTimeout(look, PAUSE_MS);
  }

  function look() {
    planned = null;
    for (const image of [...asleep]) if (!image.isConnected) asleep.delete(image);
    const awake = [...asleep].filter((image) => image.checkVisibility({ visibilityProperty: true }));
    for (const image of awake) {
      asleep.delete(image);
      onAwake(image);
    }
    if (asleep.size === 0) rest();
  }

  signal.addEventListener(
    "abort",
    () => {
      asleep.clear();
      rest();
      if (planned !== null) view.clearTimeout(planned);
    },
    { once: true },
  );

  return {
    /** @param {Picture} image */
    add(image) {
      asleep.add(image);
      for (const one of lineage(image)) around.add(one);
      listen();
    },

    /** @param {Picture} image it is far away, or gone */
    remove(image) {
      if (asleep.delete(image) && asleep.size === 0) rest();
    },
  };
}
