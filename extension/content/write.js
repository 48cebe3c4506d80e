/**
 * Put words where a screen reader looks, and take them back again.
 *
 * What stood there before is kept in memory and not in the page. Elements are held weakly, so that what a page
 * throws away is not kept alive by us.
 */

import { MARK, MARKS } from "../shared/constants.js";

/** @typedef {{alt: string | null, mark: string | null, wrote: string | null, reference: WeakRef<Element>}} Entry */

/** @type {Set<string | null>} */
const OUR_MARKS = new Set(Object.values(MARKS));

export function makeLedger() {
  /** @type {WeakMap<Element, Entry>} */
  const entries = new WeakMap();
  /** What `entries` cannot list. @type {Set<WeakRef<Element>>} */
  const touched = new Set();
  /** @type {FinalizationRegistry<WeakRef<Element>>} */
  const gone = new FinalizationRegistry((reference) => touched.delete(reference));

  /** @param {Element} element */
  function entryOf(element) {
    const known = entries.get(element);
    if (known) return known;
    const reference = new WeakRef(element);
    const entry = { alt: element.getAttribute("alt"), mark: element.getAttribute(MARK), wrote: null, reference };
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
    touched.delete(entry.reference);
    gone.unregister(element);
    // If the page has written another text since, that one is the page's own.
    if (entry.wrote !== null && element.getAttribute("alt") === entry.wrote) put(element, "alt", entry.alt);
    put(element, MARK, entry.mark);
  }

  return {
    restore,

    /**
     * Take our words off a copy that the page made of an image which had them, or off one from before an update of
     * the extension. They would pass for the author's for ever. We only ever write where there was no text.
     *
     * @param {Element} element
     */
    adopt(element) {
      const mark = element.getAttribute(MARK);
      if (entries.has(element) || !OUR_MARKS.has(mark)) return;
      if (mark === MARKS.done) element.removeAttribute("alt");
      element.removeAttribute(MARK);
    },

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
      for (const reference of [...touched]) {
        const element = reference.deref();
        if (element) restore(element);
      }
      touched.clear();
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
