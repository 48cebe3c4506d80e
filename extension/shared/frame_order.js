/** One reading order of what stands in the documents of a page: each frame's where the frame stands. */

/**
 * @typedef {object} Part one document
 * @property {string} path see `pathOf` in `content/frames.js`
 * @property {readonly unknown[]} stops what is in it, in reading order; a string is the path of a frame
 */

/**
 * @template {Part} P
 * @typedef {{part: P, index: number, stop: P["stops"][number] | undefined}} Step `index`: in its document's stops; the last
 *   one of each is its end, and no stop
 */

/**
 * @template {Part} P
 * @param {readonly P[]} parts
 * @returns {Generator<Step<P>>} frames in closed parts of a page after the rest of what holds them, for where they stand
 *   is not known; those to which no frame leads are left out
 */
export function* inReadingOrder(parts) {
  /** @type {Set<P>} */
  const seen = new Set();

  /** @param {string} path @returns {Generator<Step<P>>} */
  function* through(path) {
    for (const part of parts.filter((one) => one.path === path && !seen.has(one))) {
      seen.add(part);
      for (const [index, stop] of part.stops.entries()) {
        yield { part, index, stop };
        if (typeof stop === "string") yield* through(stop);
      }
      yield { part, index: part.stops.length, stop: undefined };
      yield* through(`${path}/-1`);
    }
  }

  yield* through("");
}
