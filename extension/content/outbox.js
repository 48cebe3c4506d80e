/**
 * Questions about a page's images go to the background together: each message by itself costs the page a
 * millisecond. Their answers come as they are there, several at a time.
 */

import { MESSAGE } from "../shared/messages.js";

/**
 * Nobody notices that a caption comes later by this, and most of what a page asks comes together in it. What is out
 * of view waits longer: somebody is scrolling there, and more is coming.
 */
const GATHER_MS = Object.freeze({ focused: 25, visible: 25, background: 400 });

/** @type {Readonly<{problem: import("../shared/constants.js").Problem}>} */
export const CANCELLED = Object.freeze({ problem: { state: "cancelled", message: "", advice: "" } });

/** @typedef {{message: any, resolve: (reply: any) => void}} Letter */

/**
 * @param {object} parts
 * @param {(message: object) => Promise<any>} parts.send null when there is nobody to answer
 * @param {(work: () => void, milliseconds: number) => void} parts.later
 */
export function makeOutbox({ send, later }) {
  /** Tells these answers from those to an earlier page in this place, whose numbers were the same. */
  const page = `${Date.now()}.${Math.random()}`;
  /** Not sent yet, by number. @type {Map<number, Letter>} */
  let waiting = new Map();
  /** Sent and not answered. @type {Map<number, Letter>} */
  const sent = new Map();
  /** After how long each of the next ones goes. @type {Set<number>} */
  const planned = new Set();
  /** Wanted more than they were when they were sent. @type {Map<number, import("../shared/constants.js").Priority>} */
  const raised = new Map();
  /** @type {number[]} */
  let cancelled = [];

  /** @param {import("../shared/constants.js").Priority} priority */
  function plan(priority) {
    const wait = GATHER_MS[priority];
    if (planned.has(wait)) return;
    planned.add(wait);
    later(() => {
      planned.delete(wait);
      flush();
    }, wait);
  }

  function flush() {
    const letters = [...waiting.values()];
    waiting = new Map();
    if (letters.length === 0) return;
    for (const letter of letters) sent.set(letter.message.id, letter);
    const questions = letters.map(({ message }) => message);
    void send({ type: MESSAGE.describeAll, page, questions }).then((reply) => {
      hear({ page, answers: reply?.answers ?? [] });
      // Only the background's own end, or a fault in it, leaves some unanswered.
      for (const { id } of questions) settle(id, reply?.problem ? reply : null);
    });
  }

  /**
   * @param {number} id
   * @param {any} reply
   */
  function settle(id, reply) {
    sent.get(id)?.resolve(reply);
    sent.delete(id);
  }

  /** @param {{page: string, answers: [number, any][]}} message */
  function hear(message) {
    if (message.page === page) for (const [id, reply] of message.answers) settle(id, reply);
  }

  return {
    hear,

    /**
     * @param {any} message a `describe`; two of one number are never under way together
     * @returns {Promise<any>} its reply, or null when there is nobody to answer
     */
    ask(message) {
      plan(message.priority);
      return new Promise((resolve) => waiting.set(message.id, { message, resolve }));
    },

    /**
     * @param {number} id
     * @param {import("../shared/constants.js").Priority} priority
     */
    raise(id, priority) {
      const letter = waiting.get(id);
      if (letter) {
        letter.message.priority = priority;
        plan(priority);
      } else if (sent.has(id)) {
        const isPlanned = raised.size > 0;
        raised.set(id, priority);
        if (isPlanned) return;
        queueMicrotask(() => {
          void send({ type: MESSAGE.raise, priorities: [...raised] });
          raised.clear();
        });
      }
    },

    /** @param {number} id */
    cancel(id) {
      const letter = waiting.get(id);
      if (letter) {
        waiting.delete(id);
        letter.resolve(CANCELLED);
        return;
      }
      cancelled.push(id);
      if (cancelled.length > 1) return;
      // Before anything else happens: the page may be on its way out.
      queueMicrotask(() => {
        void send({ type: MESSAGE.cancel, ids: cancelled });
        cancelled = [];
      });
    },
  };
}
