/**
 * Put words where a screen reader looks, and take them back again.
 *
 * What stood there before is kept in memory, and beside our words only what they replaced. Elements are held
 * weakly, so that what a page throws away is not kept alive by us.
 */

import { BESIDE, MARK, MARKS } from "../shared/constants.js";

/** What we may write, beside the mark. */
const OURS = Object.freeze(["alt", "aria-label", "role", "lang"]);

/**
 * @typedef {object} Entry
 * @property {Map<string, string | null>} before of each attribute that we have touched
 * @property {Map<string, string>} wrote
 * @property {string | null} words the attribute that has our words
 * @property {WeakRef<Element>} reference
 */

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
    /** @type {Entry} */
    const entry = { before: new Map(), wrote: new Map(), words: null, reference };
    entries.set(element, entry);
    touched.add(reference);
    gone.register(element, reference, element);
    return entry;
  }

  /**
   * @param {Element} element
   * @param {Entry} entry
   * @param {string} name
   * @param {string} value
   */
  function set(element, entry, name, value) {
    if (!entry.before.has(name)) entry.before.set(name, element.getAttribute(name));
    entry.wrote.set(name, value);
    put(element, name, value);
  }

  /**
   * @param {Element} element
   * @param {Entry} entry
   * @param {string} name
   */
  function takeBack(element, entry, name) {
    // If the page has written another value since, that one is the page's own.
    if (element.getAttribute(name) === entry.wrote.get(name)) put(element, name, entry.before.get(name) ?? null);
    entry.before.delete(name);
    entry.wrote.delete(name);
  }

  /** @param {Element} element */
  function restore(element) {
    const entry = entries.get(element);
    if (!entry) return;
    entries.delete(element);
    touched.delete(entry.reference);
    gone.unregister(element);
    for (const name of [...entry.wrote.keys()].reverse()) takeBack(element, entry, name);
  }

  return {
    restore,

    /**
     * Take our words off a copy that the page made of an image which had them, or off one from before an update of
     * the extension. They would pass for the author's for ever.
     *
     * @param {Element} element
     * @param {string} attribute that would hold its words
     */
    adopt(element, attribute) {
      const mark = element.getAttribute(MARK);
      if (entries.has(element) || !OUR_MARKS.has(mark)) return;
      if (mark === MARKS.done && !element.hasAttribute(BESIDE + attribute)) element.removeAttribute(attribute);
      for (const name of OURS) {
        const old = element.getAttribute(BESIDE + name);
        if (old === null) continue;
        put(element, name, old === "" ? null : old);
        element.removeAttribute(BESIDE + name);
      }
      element.removeAttribute(MARK);
    },

    /**
     * @param {Element} element
     * @param {string} mark
     */
    mark(element, mark) {
      set(element, entryOf(element), MARK, mark);
    },

    /**
     * @param {Element} element
     * @param {Record<string, string>} attributes the one with the words first
     * @param {string} mark
     */
    write(element, attributes, mark) {
      const entry = entryOf(element);
      const [words = null] = Object.keys(attributes);
      for (const [name, value] of Object.entries(attributes)) {
        set(element, entry, name, value);
        const old = entry.before.get(name) ?? "";
        // What a copy of the element needs to have its own back; see `adopt`.
        if (name !== words || old !== "") set(element, entry, BESIDE + name, old);
      }
      entry.words = words;
      set(element, entry, MARK, mark);
    },

    /** @param {Element} element */
    isOurs(element) {
      const entry = entries.get(element);
      return entry !== undefined && entry.words !== null && element.getAttribute(entry.words) === entry.wrote.get(entry.words);
    },

    /**
     * @param {Element} element
     * @returns {string | null} the words that we wrote there last
     */
    wroteTo(element) {
      const entry = entries.get(element);
      return entry?.words ? (entry.wrote.get(entry.words) ?? null) : null;
    },

    /**
     * @param {Element} element
     * @returns {string} the author's words that ours stand in place of; "" for none
     */
    replaced(element) {
      const { words = null, before } = entries.get(element) ?? {};
      return (words !== null && before?.get(words)) || "";
    },

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
  if (name === "aria-label") beHeard(element);
}

/**
 * Firefox tells assistive technology of a new label only where no `aria-labelledby` finds an element, although what
 * it finds may be empty and the label its name: `LocalAccessible::DOMAttributeChanged`. Of a new reference it tells.
 *
 * @param {Element} element
 */
function beHeard(element) {
  const references = element.getAttribute("aria-labelledby");
  if (!references?.trim()) return; // Where a script refers to elements themselves, writing would undo it.
  element.setAttribute("aria-labelledby", `${references} `);
  element.setAttribute("aria-labelledby", references);
}
