/** Which images somebody may want soon: those in view, then those near it, and first of all the focused one. */

import { findPictures, isPicture, sightOf } from "./find_images.js";

/** How far around the view counts as near: a screen reader's reading position runs screenfuls ahead of the view. */
const NEAR = "300% 25%";

/** Where browsers know this, they look for each image so often at most, and not at every frame of a scroll. */
const PAUSE_MS = 250;

/** What has its words by then need not be followed into view, and most has. */
const PATIENCE_MS = 1000;

/** @typedef {import("./find_images.js").Picture} Picture */
/** @typedef {import("../shared/constants.js").Priority} Priority */

/**
 * @param {Document} page
 * @param {object} options
 * @param {AbortSignal} options.signal
 * @param {(image: Picture, priority: Priority) => void} options.onWanted also when it is wanted more than before
 * @param {(image: Picture) => void} options.onUnwanted out of reach, or out of the page
 */
export function makeWanted(page, { signal, onWanted, onUnwanted }) {
  const view = /** @type {Window & typeof globalThis} */ (page.defaultView);
  const Observer = view.IntersectionObserver;
  /** @type {IntersectionObserverInit & {delay: number}} */
  const pause = { delay: PAUSE_MS };
  /** @type {Map<Picture, Priority>} */
  const near = new Map();
  /** The areas of an image map, which are not laid out themselves. @type {WeakMap<Element, Set<Picture>>} */
  const parts = new WeakMap();

  /** What `nearby` looks at. @type {WeakSet<Element>} */
  const observed = new WeakSet();

  const nearby = new Observer(
    (entries) => {
      /** @type {Picture[]} */
      const soon = [];
      const { innerWidth, innerHeight } = view;
      for (const { target, isIntersecting, boundingClientRect } of entries) {
        const { top, bottom, left, right } = boundingClientRect;
        const isSeen = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
        for (const image of picturesOf(target)) {
          if (!isIntersecting) lose(image);
          else if (near.has(image)) continue;
          else if (isSeen) want(image, "visible");
          else soon.push(image);
        }
      }
      for (const image of soon) want(image, "background");
    },
    { rootMargin: NEAR, ...pause },
  );
  // Looks only at what is near and not done for a while: a browser looks at each of them again and again.
  const inView = new Observer((entries) => {
    for (const { target, isIntersecting } of entries) {
      for (const image of picturesOf(target)) {
        const priority = near.get(image);
        if (isIntersecting && priority === "background") {
          near.set(image, "visible");
          onWanted(image, "visible");
        } else if (!isIntersecting && priority === "visible") near.set(image, "background");
      }
    }
  }, pause);

  /** Wanted since a moment ago. @type {Picture[]} */
  let late = [];
  /** What `inView` looks at. @type {WeakSet<Element>} */
  const followed = new WeakSet();

  /** @param {Element} sight */
  function picturesOf(sight) {
    const areas = parts.get(sight);
    return areas ? [sight, ...areas] : [sight];
  }

  /** @param {Picture} image */
  function lose(image) {
    if (!near.delete(image)) return;
    unfollow(sightOf(image));
    onUnwanted(image);
  }

  /**
   * @param {Picture} image
   * @param {Priority} priority
   */
  function want(image, priority) {
    if (signal.aborted || !observed.has(sightOf(image))) return; // Left since it was seen.
    near.set(image, priority);
    if (late.length === 0) setTimeout(followIntoView, PATIENCE_MS);
    late.push(image);
    onWanted(image, priority);
  }

  function followIntoView() {
    const sights = late.filter((image) => near.has(image)).map(sightOf);
    late = [];
    for (const sight of sights) {
      followed.add(sight);
      inView.observe(sight);
    }
  }

  /** @param {Element} sight */
  function unfollow(sight) {
    if (followed.delete(sight)) inView.unobserve(sight);
  }

  /** @param {Element} sight */
  function unobserve(sight) {
    if (!observed.delete(sight)) return;
    nearby.unobserve(sight);
    unfollow(sight);
  }

  page.addEventListener(
    "focusin",
    (event) => {
      if (!event.isTrusted) return; // A page's script, and not a person.
      const target = event.composedPath()[0];
      if (!isElement(target) || target.matches("body, html")) return;
      const image = isPicture(target) ? target : findPictures(target)[0];
      if (image) onWanted(image, "focused");
    },
    { capture: true, passive: true, signal },
  );
  signal.addEventListener(
    "abort",
    () => {
      nearby.disconnect();
      inView.disconnect();
      near.clear();
    },
    { once: true },
  );

  return {
    /** @param {Picture} image told of at once if it is in reach now */
    follow(image) {
      if (signal.aborted) return;
      const sight = sightOf(image);
      near.delete(image);
      near.delete(sight);
      if (sight !== image) parts.set(sight, (parts.get(sight) ?? new Set()).add(image));
      unobserve(sight); // Observed once more, it is told of once more.
      observed.add(sight);
      nearby.observe(sight);
    },

    /** @param {Picture} image whatever happens to it now, it needs nothing more */
    leave(image) {
      near.delete(image);
      if (!parts.has(image)) unobserve(image);
    },

    /** @param {Picture} image whether it has been told of, and no end of it */
    isNear: (image) => near.has(image),

    /** Say again what is wanted, the most wanted first. */
    again() {
      for (const wanted of /** @type {Priority[]} */ (["visible", "background"])) {
        for (const [image, priority] of [...near]) if (priority === wanted) onWanted(image, priority);
      }
    },
  };
}

/**
 * @param {EventTarget | undefined} target
 * @returns {target is Element}
 */
function isElement(target) {
  return target !== undefined && /** @type {Node} */ (target).nodeType === 1;
}
