/** A page in memory for the tests, with boxes: jsdom lays nothing out. */

import { computeAccessibleName } from "dom-accessibility-api";
import { JSDOM } from "jsdom";

import { makeActivity } from "../../extension/content/activity.js";
import { lineage, makeNames } from "../../extension/content/names.js";

/** @typedef {Window & typeof globalThis} BrowserWindow */

/**
 * An element's box is its `data-box="left top width height"`, or else what its width and height attributes say.
 *
 * @param {string} html of the body
 * @param {{url?: string, head?: string}} [options]
 */
export function makePage(html, { url = "https://shop.example/new/", head = "" } = {}) {
  const { window: made } = new JSDOM(`<!doctype html><html lang="en"><head>${head}</head><body>${html}</body></html>`, {
    url,
    pretendToBeVisual: true,
  });
  const window = /** @type {BrowserWindow} */ (/** @type {unknown} */ (made));
  /** @this {Element} */
  window.Element.prototype.getBoundingClientRect = function () {
    const given = this.getAttribute("data-box")?.split(" ").map(Number);
    const size = (/** @type {string} */ name) => Number(this.getAttribute(name) ?? 100);
    const [left = 0, top = 0, width = 0, height = 0] = given ?? [0, 0, size("width"), size("height")];
    return { left, top, width, height, right: left + width, bottom: top + height, x: left, y: top, toJSON: () => "" };
  };
  window.Element.prototype.checkVisibility = isShown;
  // jsdom loads no images; here all of them have come.
  Object.defineProperty(window.HTMLImageElement.prototype, "complete", { get: () => true });
  return {
    window,
    document: window.document,
    names: makeNames(window, computeAccessibleName, { pseudoElements: false }),
    /** @param {string} selector */
    find(selector) {
      const found = window.document.querySelector(selector);
      if (!found) throw new Error(`no ${selector}`);
      return /** @type {any} */ (found);
    },
  };
}

/**
 * What browsers know and jsdom does not.
 *
 * @this {Element}
 * @param {CheckVisibilityOptions} [options]
 */
function isShown({ visibilityProperty = false } = {}) {
  const window = /** @type {BrowserWindow} */ (this.ownerDocument.defaultView);
  if (visibilityProperty && window.getComputedStyle(this).visibility !== "visible") return false;
  for (const one of lineage(this)) if (window.getComputedStyle(one).display === "none") return false;
  return this.isConnected;
}

/** @param {Element} element */
export const openRootOf = (element) => element.shadowRoot;

/** What is noted in a page from now on. @param {Document} document */
export const activityOf = (document, now = Date.now) => makeActivity(document, { signal: new (/** @type {any} */ (document.defaultView).AbortController)().signal, now });

/**
 * An IntersectionObserver in whose eyes everything is in view, unless it stands in [data-away].
 *
 * @param {BrowserWindow} window
 */
export function giveSight(window) {
  window.Element.prototype.scrollIntoView = () => undefined;
  window.IntersectionObserver = /** @type {any} */ (
    class {
      /** @param {(entries: Pick<IntersectionObserverEntry, "target" | "isIntersecting" | "boundingClientRect">[]) => void} callback */
      constructor(callback) {
        this.callback = callback;
        /** @type {Set<Element>} */
        this.targets = new Set();
      }
      /** @param {Element} target */
      observe(target) {
        this.targets.add(target);
        queueMicrotask(() => {
          if (!this.targets.has(target)) return;
          const isIntersecting = target.closest("[data-away]") === null;
          this.callback([{ target, isIntersecting, boundingClientRect: target.getBoundingClientRect() }]);
        });
      }
      /** @param {Element} target */
      unobserve(target) {
        this.targets.delete(target);
      }
      disconnect() {
        this.targets.clear();
      }
    }
  );
}

/**
 * @param {() => unknown} check
 * @param {string} what
 */
export async function until(check, what) {
  const end = Date.now() + 5000;
  while (!check()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
