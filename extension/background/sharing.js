/** One fetch for all who want the same file at the same time; what comes later finds it in the browser's cache. */

/**
 * @template T
 * @typedef {{result: Promise<T>, controller: AbortController, waiting: number}} Shared
 */

/** @template T */
export function makeSharing() {
  /** @type {Map<string, Shared<T>>} */
  const underWay = new Map();

  /**
   * @param {string} key
   * @param {(signal: AbortSignal) => Promise<T>} begin
   * @returns {Shared<T>}
   */
  function shared(key, begin) {
    const known = underWay.get(key);
    if (known) return known;
    const controller = new AbortController();
    const result = begin(controller.signal).finally(() => {
      if (underWay.get(key)?.controller === controller) underWay.delete(key);
    });
    result.catch(() => undefined); // Whoever waits hears of it; perhaps nobody waits any more.
    const made = { result, controller, waiting: 0 };
    underWay.set(key, made);
    return made;
  }

  return {
    /**
     * @param {string} key
     * @param {AbortSignal} signal ends this waiting, and the work when nobody else waits
     * @param {(signal: AbortSignal) => Promise<T>} begin
     * @returns {Promise<T>}
     */
    async get(key, signal, begin) {
      signal.throwIfAborted();
      const mine = shared(key, begin);
      mine.waiting += 1;
      /** @type {() => void} */
      let stop = () => undefined;
      const aborted = new Promise((_, reject) => {
        stop = () => reject(signal.reason);
        signal.addEventListener("abort", stop, { once: true });
      });
      try {
        return await /** @type {Promise<T>} */ (Promise.race([mine.result, aborted]));
      } finally {
        signal.removeEventListener("abort", stop);
        mine.waiting -= 1;
        if (mine.waiting === 0 && underWay.get(key) === mine) {
          underWay.delete(key);
          mine.controller.abort();
        }
      }
    },
  };
}
