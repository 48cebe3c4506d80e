/**
 * What assistive technology knows of an element: its name, and whether it is there at all.
 *
 * The name is computed by dom-accessibility-api, which main.js hands over; here are the cases it leaves open.
 * Rules: https://www.w3.org/TR/accname-1.2/ and https://www.w3.org/TR/html-aam-1.0/
 */

/** @typedef {(element: Element, options: object) => string} ComputeName */

/** Signs of an icon font and invisible ones say nothing. */
export const SOUNDLESS = /^[\s\p{Cf}\p{Co}]*$/u;

/** What may give an element a name, beside text, labels and generated content. */
const TELLING =
  "[aria-label], [aria-labelledby], [aria-owns], [aria-valuenow], [aria-valuetext], [title], [alt]:not([alt='']), [value]," +
  "[label], input, select, textarea, slot";

/** Where the attribute stands without ids, a script may have set elements: `ariaLabelledByElements`. */
const REFERRING = "[aria-labelledby='']";

export const DRAWING = "http://www.w3.org/2000/svg";

/** Elements in one that are looked at one by one; beyond them the library is as fast. */
const MAX_PARTS = 20;

/**
 * @typedef {object} Names
 * @property {(element: Element) => string} of the accessible name; "" for none
 * @property {(element: Element) => boolean} isMute whether nothing in it could name it: much quicker to know than the name
 * @property {(element: Element) => boolean} isHidden
 * @property {(element: Element) => ShadowRoot | null} shadowOf closed ones too, where the browser allows
 */

/**
 * @param {Window & typeof globalThis} window
 * @param {ComputeName} computeAccessibleName
 * @param {{pseudoElements?: boolean, shadowOf?: (element: Element) => ShadowRoot | null}} [options] `pseudoElements`: whether
 *   getComputedStyle knows ::before and ::after
 * @returns {Names}
 */
export function makeNames(window, computeAccessibleName, { pseudoElements = true, shadowOf = openRootOf } = {}) {
  const options = {
    computedStyleSupportsPseudoElements: pseudoElements,
    // Unbound, it throws in Firefox's content scripts.
    getComputedStyle: window.getComputedStyle.bind(window),
  };
  const pseudos = pseudoElements ? ["::before", "::after"] : [];

  /** @param {Element} part */
  function tells(part) {
    if (part.matches(TELLING)) return true;
    // Within a drawing nothing is labelled or generated, nor in an image.
    if (part.namespaceURI === DRAWING || part.localName === "img") return false;
    if (shadowOf(part) !== null) return true;
    if (/** @type {HTMLButtonElement} */ (part).labels?.length) return true;
    return pseudos.some((pseudo) => /^["']/.test(window.getComputedStyle(part, pseudo).content));
  }

  return {
    shadowOf,

    of(element) {
      // For an image button the library answers the browser's own "Submit Query", which says nothing.
      if (element.matches("input[type=image i], area")) return nameByAttributes(element);
      const name = referredWords(element) || computeAccessibleName(element, options).trim();
      // Nor does it know of elements in there to which scripts refer.
      return name || ([...element.querySelectorAll(REFERRING)].map(referredWords).find(Boolean) ?? "");
    },
    isMute(element) {
      if (!SOUNDLESS.test(element.textContent ?? "")) return false;
      const parts = element.querySelectorAll("*");
      return parts.length <= MAX_PARTS && ![element, ...parts].some(tells);
    },
    isHidden(element) {
      // One that is not laid out at all, or not to be seen; the browser knows this without our computing styles.
      if (!element.checkVisibility({ visibilityProperty: true })) return true;
      return closest(element, "[aria-hidden=true i], [inert]") !== null;
    },
  };
}

/**
 * Whether a script has given it elements themselves for a label, of which no id tells.
 *
 * @param {Element} element
 */
export function isReferring(element) {
  return referredBy(element).length > 0;
}

/**
 * Firefox keeps what it gives to us and gives it to the page as well, whose process then crashes (153); there they
 * cannot be seen. What we write in vain is not heard, for the label comes first.
 *
 * @param {Element} element
 * @returns {readonly Element[]}
 */
function referredBy(element) {
  if (!element.matches(REFERRING) || isFirefox(element)) return [];
  return /** @type {{ariaLabelledByElements?: readonly Element[] | null}} */ (element).ariaLabelledByElements ?? [];
}

/**
 * Whether something in it may have a name that cannot be seen, over which ours for the whole would come.
 *
 * @param {Element} element
 */
export function mayHideName(element) {
  return isFirefox(element) && element.querySelector(REFERRING) !== null;
}

/** @param {Element} element */
function isFirefox(element) {
  return "mozInnerScreenX" in /** @type {Window} */ (element.ownerDocument.defaultView);
}

/** @param {Element} element @returns {string} */
function referredWords(element) {
  const words = referredBy(element).map((label) => label.getAttribute("aria-label") || label.getAttribute("alt") || label.textContent);
  return words.join(" ").replace(/\s+/g, " ").trim();
}

/** @param {Element} element */
function openRootOf(element) {
  return element.shadowRoot;
}

/** @param {Element} element */
function nameByAttributes(element) {
  const root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
  const labels = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
  const labelled = labels.map((id) => root.getElementById?.(id)?.textContent ?? "").join(" ");
  const told = (/** @type {string} */ name) => element.getAttribute(name) ?? "";
  const outer = [.../** @type {HTMLInputElement} */ (element).labels ?? []].map((label) => label.textContent ?? "").join(" ");
  const words = [referredWords(element), labelled, told("aria-label"), outer, told("alt"), told("title")];
  return words.map((word) => word.trim()).find(Boolean) ?? "";
}

/**
 * `Element.closest`, out of shadow roots and through slots. The browser looks much faster than our steps would.
 *
 * @param {Element} element
 * @param {string} selector
 * @returns {Element | null}
 */
export function closest(element, selector) {
  const found = element.closest(selector);
  if (found) return found;
  for (let one = element; ; ) {
    const slot = one.assignedSlot;
    if (slot) return closest(slot, selector);
    const parent = one.parentElement;
    if (!parent) {
      const host = hostOf(one);
      return host && closest(host, selector);
    }
    one = parent;
  }
}

/**
 * An element and all around it as laid out: through slots, and out of shadow roots.
 *
 * @param {Element} element
 * @returns {Generator<Element>}
 */
export function* lineage(element) {
  /** @type {Element | null} */
  let one = element;
  while (one) {
    yield one;
    one = parentOf(one);
  }
}

/**
 * @param {Element} element
 * @returns {Element | null}
 */
export function parentOf(element) {
  return element.assignedSlot ?? element.parentElement ?? hostOf(element);
}

/**
 * @param {Element} element
 * @returns {Element | null} what has the shadow root that it stands in with nothing around it
 */
function hostOf(element) {
  return /** @type {Partial<ShadowRoot> | null} */ (element.parentNode)?.host ?? null;
}
