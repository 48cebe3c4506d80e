/** Whose turn it is: at most four images on the way at once, the most wanted first. */

import { RANK, isMoreUrgent } from "../shared/constants.js";

const AT_ONCE = 4;

/** The last place is kept for the image that the user is waiting for. */
const AT_ONCE_UNASKED = AT_ONCE - 1;

/** @typedef {import("../shared/constants.js").Priority} Priority */

/** @typedef {{id: string, priority: Priority, begin: () => void}} Waiting */

export function makeQueue() {
  /** @type {Waiting[]} */
  const waiting = [];
  let running = 0;

  function next() {
    waiting.sort((one, other) => RANK[one.priority] - RANK[other.priority]); // stable: first come, first served
    const first = waiting[0];
    if (!first) return;
    if (running >= (first.priority === "focused" ? AT_ONCE : AT_ONCE_UNASKED)) return;
    waiting.shift();
    running += 1;
    first.begin();
    next();
  }

  return {
    /**
     * @template T
     * @param {string} id
     * @param {Priority} priority
     * @param {AbortSignal} signal aborted before its turn, the work is never begun
     * @param {() => Promise<T>} work
     * @returns {Promise<T>}
     */
    async run(id, priority, signal, work) {
      await new Promise((resolve, reject) => {
        const place = { id, priority, begin: () => resolve(undefined) };
        waiting.push(place);
        signal.addEventListener(
          "abort",
          () => {
            const index = waiting.indexOf(place);
            if (index >= 0) waiting.splice(index, 1);
            reject(signal.reason);
          },
          { once: true },
        );
        next();
      });
      try {
        signal.throwIfAborted();
        return await work();
      } finally {
        running -= 1;
        next();
      }
    },

    /**
     * @param {string} id
     * @param {Priority} priority
     */
    raise(id, priority) {
      const place = waiting.find((one) => one.id === id);
      if (place && isMoreUrgent(priority, place.priority)) place.priority = priority;
      next();
    },
  };
}
