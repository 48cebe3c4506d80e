/**
 * Put words where a screen reader looks, and take them back again.
 *
 * What stood there before is kept in memory and not in the page. Elements are held weakly, so that what a page
 * throws away is not kept alive by us.
 */

import { MARK } from "../shared/constants.js";

/** @typedef {{alt: string | null, mark: string | null, wrote: string | null}} Entry */

export function makeLedger() {
  /** @type {WeakMap<Element, Entry>} */
  const entries = new WeakMap();
  /** @type {Set<WeakRef<Element>>} */
  const touched = new Set();
  /** @type {FinalizationRegistry<WeakRef<Element>>} */
  const gone = new FinalizationRegistry((reference) => touched.delete(reference));

  /** @param {Element} element */
  function entryOf(element) {
    const known = entries.get(element);
    if (known) return known;
    const entry = { alt: element.getAttribute("alt"), mark: element.getAttribute(MARK), wrote: null };
    const reference = new WeakRef(element);
    entries.set(element, entry);
    touched.add(reference);
    gone.register(element, reference, element);
    return entry;
  }

  /** @param {Element} element */
  function restore(element) {
    const entry = entries.get(element);
    if (!entry) return;
    entries.delete(element);
    gone.unregister(element);
    // If the page has written another text since, that one is the page's own.
    if (entry.wrote !== null && element.getAttribute("alt") === entry.wrote) put(element, "alt", entry.alt);
    put(element, MARK, entry.mark);
  }

  return {
    restore,

    /**
     * @param {Element} element
     * @param {string} mark
     */
    mark(element, mark) {
      entryOf(element);
      put(element, MARK, mark);
    },

    /**
     * @param {Element} element
     * @param {string} words
     * @param {string} mark
     */
    write(element, words, mark) {
      entryOf(element).wrote = words;
      put(element, "alt", words);
      put(element, MARK, mark);
    },

    /** @param {Element} element */
    isOurs(element) {
      const entry = entries.get(element);
      return entry !== undefined && entry.wrote !== null && element.getAttribute("alt") === entry.wrote;
    },

    /**
     * @param {Element} element
     * @returns {string | null} the words that we wrote there last
     */
    wroteTo: (element) => entries.get(element)?.wrote ?? null,

    restoreAll() {
      for (const reference of touched) {
        const element = reference.deref();
        if (element) restore(element);
      }
      touched.clear();
    },

    /** How many elements have words of ours now. */
    count() {
      let count = 0;
      for (const reference of touched) {
        const element = reference.deref();
        if (element?.isConnected && this.isOurs(element)) count += 1;
      }
      return count;
    },
  };
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | null} value null takes the attribute away
 */
function put(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
