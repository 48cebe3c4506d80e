/** SVG is a drawing; the helper wants pixels. Here is a screen to draw it on. */

const SMALLEST_SIDE_PX = 128; // below this, text and icons are not recognised
const LARGEST_SIDE_PX = 1024;
const MAX_CHARACTERS = 2_000_000;

/**
 * @param {string} svg
 * @param {Element} shown the image that shows it, for its size
 * @returns {Promise<Blob | null>} a PNG, or null when it cannot be drawn
 */
export async function draw(svg, shown) {
  const page = shown.ownerDocument;
  const window = /** @type {Window & typeof globalThis} */ (page.defaultView);
  const root = svg.length > MAX_CHARACTERS ? null : parse(svg, window);
  if (!root) return null;
  const { width, height } = fit(shown.getBoundingClientRect());
  // Without a size of its own, Firefox draws nothing.
  if (!root.hasAttribute("viewBox")) {
    const own = ["width", "height"].map((side) => Number.parseFloat(root.getAttribute(side) ?? ""));
    if (own.every((side) => side > 0)) root.setAttribute("viewBox", `0 0 ${own.join(" ")}`);
  }
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(height));
  const text = new window.XMLSerializer().serializeToString(root);
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
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
 * @param {string} svg
 * @param {Window & typeof globalThis} window
 * @returns {Element | null}
 */
function parse(svg, window) {
  const root = new window.DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  return root.localName === "svg" ? root : null;
}

/** @param {DOMRect} box */
export function fit({ width, height }) {
  const sides = width > 0 && height > 0 ? { width, height } : { width: 256, height: 256 };
  const longer = Math.max(sides.width, sides.height);
  const wanted = Math.min(Math.max(2 * longer, SMALLEST_SIDE_PX), LARGEST_SIDE_PX);
  const scale = wanted / longer;
  return {
    width: Math.max(1, Math.round(sides.width * scale)),
    height: Math.max(1, Math.round(sides.height * scale)),
  };
}
