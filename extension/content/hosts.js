/**
 * Which elements may have a shadow root.
 *
 * Nothing tells, and to look at every element takes longer than all our other work on a large page. So a browser's
 * own search finds the likely ones: custom elements, and of those others that may have one, the empty ones, those
 * that a script finds by their id, and those with something to put into a slot.
 */

const SNAPSHOT = 7; // XPathResult.ORDERED_NODE_SNAPSHOT_TYPE

const CUSTOM = "descendant-or-self::*[contains(local-name(.), '-')]";

/** https://dom.spec.whatwg.org/#dom-element-attachshadow */
const OTHERS = ":is(article, aside, blockquote, body, div, footer, h1, h2, h3, h4, h5, h6, header, main, nav, p, section, span)";

const LIKELY = `${OTHERS}:empty, ${OTHERS}[id]`;

/**
 * @param {Element | Document | ShadowRoot} root
 * @returns {Element[]} `root` itself included
 */
export function findHosts(root) {
  const found = new Set(root.querySelectorAll(LIKELY));
  for (const slotted of root.querySelectorAll("[slot]")) if (slotted.parentElement) found.add(slotted.parentElement);
  // XPath knows no shadow roots.
  const tops = isElement(root) ? [root] : root.children;
  for (const top of tops) for (const element of customIn(top)) found.add(element);
  if (isElement(root)) found.add(root);
  return [...found];
}

/**
 * @param {Node} node
 * @returns {node is Element}
 */
function isElement(node) {
  return node.nodeType === 1;
}

/**
 * @param {Element} top
 * @returns {Generator<Element>}
 */
function* customIn(top) {
  const result = top.ownerDocument.evaluate(CUSTOM, top, null, SNAPSHOT, null);
  for (let index = 0; index < result.snapshotLength; index += 1) {
    yield /** @type {Element} */ (result.snapshotItem(index));
  }
}
