/** Many questions of one page at once, and their answers a few at a time, as they are there. */

import { MESSAGE } from "../shared/messages.js";

/** Answers that come within this time travel together: each message costs the page something. */
const GATHER_MS = 100;

/** @typedef {[number, unknown]} Answer a question's number, and the reply to it */

/**
 * @param {object} parts
 * @param {Pick<ReturnType<typeof import("./pages.js").makePages>, "tell">} parts.pages
 * @param {(question: any, sender: chrome.runtime.MessageSender) => Promise<unknown>} parts.describe
 */
export function makeBatches({ pages, describe }) {
  /**
   * @param {{page: string, questions: any[]}} message
   * @param {chrome.runtime.MessageSender} sender
   * @returns {Promise<{answers: Answer[]}>} those that have not been told before
   */
  return async function describeAll({ page, questions }, sender) {
    const tab = sender.tab?.id ?? -1;
    /** @type {Answer[]} */
    const ready = [];
    /** @type {Answer[]} */
    const unheard = [];
    /** @type {Promise<void> | null} */
    let telling = null;
    let isOver = false;

    async function tell() {
      while (ready.length > 0) {
        await Promise.race([new Promise((resolve) => setTimeout(resolve, GATHER_MS)), all]);
        if (isOver) return;
        const answers = ready.splice(0);
        const heard = await pages.tell(tab, { type: MESSAGE.answers, page, answers }, { frameId: sender.frameId });
        if (heard === null) unheard.push(...answers);
      }
      telling = null;
    }

    const all = Promise.allSettled(
      questions.map(async (question) => {
        ready.push([question.id, await describe(question, sender)]);
        telling ??= tell();
      }),
    );
    const ended = await all;
    isOver = true;
    await telling;
    const answers = [...unheard, ...ready];
    const fault = ended.find((one) => one.status === "rejected");
    if (!fault) return { answers };
    // The fault becomes the reply, and the others' answers have to go before it.
    await pages.tell(tab, { type: MESSAGE.answers, page, answers }, { frameId: sender.frameId });
    throw fault.reason;
  };
}
