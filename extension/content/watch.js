/** Every image of a page, now and later: those that come late, those that change, those in shadow roots. */

import { candidatesIn, controlOf, isCandidate } from "./find_images.js";
import { findHosts } from "./hosts.js";

/** Elements looked at for a shadow root in one go. */
const AT_ONCE = 300;

/** A custom element may get its shadow root long after it came into the page. */
const SECOND_LOOKS_MS = [500, 3000];

const WATCHED = ["src", "srcset", "alt", "role", "aria-label", "aria-labelledby", "aria-hidden", "title", "hidden", "inert"];

/**
 * @param {Document} page
 * @param {object} options
 * @param {AbortSignal} options.signal
 * @param {ReturnType<typeof import("./slices.js").makeSlices>} options.slices
 * @param {(element: Element) => ShadowRoot | null} options.shadowRootOf closed ones too, where the browser allows
 * @param {(image: import("./find_images.js").Picture) => void} options.onImage for each image that comes
 * @param {(image: import("./find_images.js").Picture, attribute: string) => void} options.onChange also with "load"
 *   and "error"
 * @param {() => void} options.onShadow for each shadow root that comes
 * @param {() => void} options.onStyle for each style sheet that comes late, or is imported by another
 * @param {(element: Element) => boolean} options.isOurs whether it is our own panel
 * @param {(element: Element) => boolean} options.isAwaited whether it matters that it has come
 */
export function watch(page, { signal, slices, shadowRootOf, onImage, onChange, onShadow, onStyle, isOurs, isAwaited }) {
  const Observer = page.defaultView?.MutationObserver;
  if (!Observer) return;
  /** @type {WeakSet<Node>} */
  const roots = new WeakSet();

  /** @param {Document | ShadowRoot} root */
  function enter(root) {
    if (roots.has(root)) return;
    roots.add(root);
    if (root !== page) onShadow();
    // @ts-expect-error: tsc forgets that Observer was found
    const observer = new Observer(hear);
    // Text alone may name a control from within a shadow root.
    const characterData = root !== page;
    observer.observe(root, { childList: true, subtree: true, attributeFilter: WATCHED, attributeOldValue: true, characterData });
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
    // `load` does not bubble, but it can be caught on its way down.
    root.addEventListener("load", loaded, { capture: true, passive: true, signal });
    root.addEventListener("error", loaded, { capture: true, passive: true, signal });
    take(root);
    if (root !== page) speak(/** @type {ShadowRoot} */ (root).host);
  }

  /** A control that was nameless so far may say something now. @param {Element} host */
  function speak(host) {
    const control = isCandidate(host) ? host : controlOf(host);
    if (control && isAwaited(control)) onChange(control, "shadow");
  }

  /** @param {MutationRecord[]} records */
  function hear(records) {
    /** @type {Set<Node>} */
    const added = new Set();
    /** @type {Map<Node, Set<string>>} */
    const compared = new Map();
    /** @type {Set<Node>} */
    const spoke = new Set();
    for (const record of records) {
      if (record.type !== "attributes") spoke.add(record.target.getRootNode());
      for (const node of record.addedNodes) if (node.nodeType === 1) added.add(node);
      if (record.type === "attributes") compare(record, compared);
      else if (/** @type {Element} */ (record.target).localName === "picture") changedSources(record.target);
    }
    for (const root of spoke) if (root !== page && roots.has(root)) speak(/** @type {ShadowRoot} */ (root).host);
    for (const node of added) slices.add(() => node.isConnected && take(/** @type {Element} */ (node)));
  }

  /**
   * Scripts like to set what is set already: only what differs from before all of these records is a change.
   *
   * @param {MutationRecord} record
   * @param {Map<Node, Set<string>>} compared
   */
  function compare({ target, attributeName, oldValue }, compared) {
    const element = /** @type {Element} */ (target);
    const attribute = attributeName ?? "";
    const names = compared.get(element) ?? new Set();
    if (names.has(attribute)) return;
    // Ours may have come and gone in between, and that counts.
    const isWords = attribute === "alt" || attribute === "aria-label";
    if (!isWords) compared.set(element, names.add(attribute));
    const value = element.getAttribute(attribute);
    const mayRefer = attribute === "aria-labelledby" && value === ""; // To other elements than before, by a script.
    if (isWords || mayRefer || value !== oldValue) changed(element, attribute);
  }

  /**
   * @param {Element} element
   * @param {string} attribute
   */
  function changed(element, attribute) {
    // At once: words of the picture before must not stand with the new one for a moment.
    if (isCandidate(element)) onChange(element, attribute);
    else if (element.localName === "source" && element.parentNode) changedSources(element.parentNode);
    else if (attribute !== "title" && attribute !== "alt" && attribute !== "src") {
      slices.add(() => candidatesIn(element).forEach((image) => onChange(image, attribute)));
    }
  }

  /** @param {Node} picture */
  function changedSources(picture) {
    for (const image of candidatesIn(/** @type {Element} */ (picture))) onChange(image, "srcset");
  }

  /** @param {Event} event */
  function loaded(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.nodeType !== 1) return;
    if (target.localName === "link" || target.localName === "style") return onStyle();
    // What a decorative image may be the picture of.
    const picture = event.type === "load" && target.getAttribute("alt") === "" ? controlOf(target) : target;
    if (!picture || (event.type === "load" && !isAwaited(picture))) return;
    if (isCandidate(picture)) slices.add(() => onChange(picture, event.type));
  }

  /** @param {Element | Document | ShadowRoot} root */
  function take(root) {
    if (root.nodeType === 1 && isOurs(/** @type {Element} */ (root))) return;
    for (const image of candidatesIn(root)) onImage(image);
    const hosts = findHosts(root);
    for (let start = 0; start < hosts.length; start += AT_ONCE) {
      slices.add(() => hosts.slice(start, start + AT_ONCE).forEach(look));
    }
  }

  /** @param {Element} element */
  function look(element) {
    if (isOurs(element)) return;
    const shadow = shadowRootOf(element);
    if (shadow) enter(shadow);
    else if (element.localName.includes("-")) lookAgain(element);
  }

  /** @param {Element} element */
  function lookAgain(element) {
    const reference = new WeakRef(element);
    for (const wait of SECOND_LOOKS_MS) {
      setTimeout(() => {
        const late = reference.deref();
        const shadow = late && !signal.aborted ? shadowRootOf(late) : null;
        if (shadow) enter(shadow);
      }, wait);
    }
  }

  enter(page);
}
