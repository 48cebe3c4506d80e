/** Pages that will not have it: how often one has made us begin anew with one and the same picture. */

const MOST = 10;

/** @typedef {import("./find_images.js").Picture} Picture */

export function makeRestarts() {
  /** @type {WeakMap<Picture, {source: string, count: number}>} */
  const known = new WeakMap();

  /**
   * @param {Picture} image
   * @param {string} source what it shows now
   * @returns {boolean} whether that is once too often
   */
  return (image, source) => {
    const before = known.get(image);
    const count = before?.source === source ? before.count + 1 : 1;
    known.set(image, { source, count });
    return count > MOST;
  };
}
