/**
 * What was looked up once holds until the page can act again, so much that stands around many images is looked up
 * once for all of them.
 */

/**
 * @template {object} Key
 * @template Value
 * @param {(key: Key) => Value} look
 * @returns {(key: Key) => Value}
 */
export function makeMoment(look) {
  /** @type {Map<Key, Value>} */
  const known = new Map();

  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    // When our work is done, before anybody else's begins.
    if (known.size === 0) queueMicrotask(() => known.clear());
    const value = look(key);
    known.set(key, value);
    return value;
  };
}
