/** A page that is being filled in, for the tests. */

import { makeFill } from "../../extension/content/fill.js";
import { makeSlices } from "../../extension/content/slices.js";
import { makeStirring } from "../../extension/content/stirring.js";
import { makeLedger } from "../../extension/content/write.js";
import { giveSight, makePage, openRootOf } from "./dom.js";
import { descriptionOf } from "./small_helper.js";

/** @typedef {import("../../extension/content/ask.js").Question} Question */

/** @param {Question} question */
const wordsForFile = ({ context }) => ({ description: descriptionOf(`words for ${context.file_name}`) });

/**
 * @param {string} html
 * @param {(question: Question, signal: AbortSignal) => any} [answer]
 * @param {{isUseless?: ((image: Element) => boolean) | null}} [options]
 */
export function setUp(html, answer = wordsForFile, { isUseless = null } = {}) {
  const page = makePage(html);
  giveSight(page.window);
  const controller = new page.window.AbortController(); // jsdom takes no other
  const { signal } = controller;
  /** @type {Question[]} */
  const asked = [];
  /** @type {string[]} */
  const raised = [];
  /** @type {any[]} */
  const unreachable = [];
  const ledger = makeLedger();
  const stirring = makeStirring(page.document, signal);
  const fill = makeFill(page.document, {
    signal,
    stirring,
    ledger,
    names: page.names,
    ask: {
      about(question) {
        const mine = new AbortController();
        asked.push(question);
        return {
          answer: Promise.resolve(answer(question, mine.signal)),
          raise: (priority) => raised.push(priority),
          cancel: () => mine.abort(),
        };
      },
    },
    slices: makeSlices({ signal, now: () => performance.now(), later: (work) => void setTimeout(work, 0), writing: stirring.unnoticed }),
    shadowRootOf: openRootOf,
    isOurs: () => false,
    isUseless,
    onUnreachable: (problem) => unreachable.push(problem),
  });
  const mark = (selector = "img") => page.find(selector).dataset.altaloud ?? null;
  const files = () => asked.map(({ context }) => context.file_name);
  return { ...page, fill, controller, asked, files, raised, unreachable, mark };
}

export const settle = () => new Promise((resolve) => setTimeout(resolve, 30));
