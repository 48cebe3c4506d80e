/** Drawings as text made into pixels. */

/** Of a page, drawings that are kept for others that look the same, as the icons of its buttons do. */
const MOST_KEPT = 50;
const LONGEST_KEPT = 20_000; // characters

/**
 * @callback Paint
 * @param {{width: number, height: number}} size
 * @param {() => Element} made the drawing's root
 * @param {string} [look] what tells it from others, where that is known before it is made
 * @returns {Promise<Blob | null>} a PNG; null for none
 */

/**
 * @param {Window & typeof globalThis} window
 * @returns {Paint} what looks the same is painted once
 */
export function makePaint(window) {
  /** By how it looks, the oldest first. @type {Map<string, Promise<Blob | null>>} */
  const kept = new Map();

  return (size, made, look) => {
    const write = () => written(made(), size, window);
    const key = look === undefined ? write() : `${size.width} ${size.height} ${look}`;
    const known = kept.get(key);
    if (known) return known;
    const painting = paint(look === undefined ? key : write(), size, window);
    if (key.length <= LONGEST_KEPT) {
      kept.set(key, painting);
      const forget = () => void kept.delete(key);
      painting.then((painted) => painted ?? forget(), forget); // The next one tries again.
      if (kept.size > MOST_KEPT) kept.delete([...kept.keys()][0] ?? "");
    }
    return painting;
  };
}

/**
 * @param {Element} root
 * @param {{width: number, height: number}} size
 * @param {Window & typeof globalThis} window
 */
function written(root, { width, height }, window) {
  // Without a size of its own, Firefox draws nothing.
  const own = ownSize(root);
  if (!root.hasAttribute("viewBox") && own) root.setAttribute("viewBox", `0 0 ${own.width} ${own.height}`);
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(height));
  return textOf(root, window);
}

/**
 * @param {Element} root
 * @param {Window & typeof globalThis} window
 */
export function textOf(root, window) {
  return new window.XMLSerializer().serializeToString(root);
}

/**
 * @param {string} svg
 * @param {{width: number, height: number}} size
 * @param {Window & typeof globalThis} window
 * @returns {Promise<Blob | null>}
 */
async function paint(svg, { width, height }, window) {
  // A data: address would cost less, but Firefox gives no pixels of one away.
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new window.Image();
    image.src = address;
    await image.decode();
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
    return await canvas.convertToBlob({ type: "image/png" });
  } catch (error) {
    if (error instanceof DOMException) return null; // Not a drawing after all, or forbidden by the page's policy.
    throw error;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * @param {Element} root
 * @returns {{width: number, height: number} | null} in CSS pixels
 */
export function ownSize(root) {
  const [width = 0, height = 0] = ["width", "height"].map((side) => Number.parseFloat(root.getAttribute(side) ?? ""));
  if (width > 0 && height > 0) return { width, height };
  const [, , across = 0, down = 0] = (root.getAttribute("viewBox") ?? "").split(/[\s,]+/).map(Number);
  return across > 0 && down > 0 ? { width: across, height: down } : null;
}
