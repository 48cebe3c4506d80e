/**
 * Fill in the texts that a page's images lack.
 *
 * The life of an image's mark: none → pending (asked for) → done, silent or failed. While the helper cannot be
 * asked there is no mark, and the image is asked for again when it can. When the image changes, its words are
 * taken away at once, because they are wrong now, and it begins anew.
 */

import { MARKS } from "../shared/constants.js";
import { contextOf } from "./context.js";
import { judge, sourceOf } from "./find_images.js";
import { watch } from "./watch.js";
import { makeWanted } from "./wanted.js";

/** A page that takes our words away again and again wants them away. */
const MAX_REWRITES = 3;

/** How often an image is asked for again when the helper is busy. */
const MAX_BUSY_ANSWERS = 3;
const MAX_BUSY_SECONDS = 30;

const LONGEST_WORDS = 1000;

const RANK = Object.freeze({ focused: 0, visible: 1, background: 2 });

/** @typedef {import("./find_images.js").Picture} Picture */
/** @typedef {import("../shared/constants.js").Priority} Priority */

/**
 * @typedef {object} Job
 * @property {string} source what the image showed when it was asked for
 * @property {Priority} priority
 * @property {AbortController} controller
 * @property {import("./ask.js").Asked | null} asked null when answered, or waiting to be asked again
 * @property {number} busyAnswers
 * @property {number} rewrites
 */

/**
 * @param {Document} page
 * @param {object} parts
 * @param {AbortSignal} parts.signal ends it, and gives the page its own texts back
 * @param {ReturnType<typeof import("./write.js").makeLedger>} parts.ledger
 * @param {import("./names.js").Names} parts.names
 * @param {Pick<ReturnType<typeof import("./ask.js").makeAsk>, "about">} parts.ask
 * @param {ReturnType<typeof import("./slices.js").makeSlices>} parts.slices
 * @param {(element: Element) => ShadowRoot | null} parts.shadowRootOf
 * @param {(element: Element) => boolean} parts.isOurs
 * @param {(problem: import("../shared/constants.js").Problem) => void} parts.onUnreachable the helper, or the leave
 *   to fill in this page; `resume` goes on
 */
export function makeFill(page, { signal, ledger, names, ask, slices, shadowRootOf, isOurs, onUnreachable }) {
  /** @type {WeakMap<Picture, Job>} */
  const jobs = new WeakMap();
  /** Those on the way now, so that all can be cancelled. @type {Set<Picture>} */
  const underWay = new Set();
  let isPaused = false;

  const wanted = makeWanted(page, {
    signal,
    onWanted: (image, priority) => slices.add(() => consider(image, priority)),
    onUnwanted: (image) => {
      if (jobs.get(image)?.asked) forget(image);
    },
  });
  watch(page, { signal, slices, shadowRootOf, isOurs, onImage: wanted.follow.bind(wanted), onChange: changed });

  /**
   * @param {Picture} image
   * @param {Priority} priority
   */
  function consider(image, priority) {
    if (isPaused || signal.aborted || !image.isConnected) return;
    const job = jobs.get(image);
    if (job) {
      if (job.asked && RANK[priority] < RANK[job.priority]) {
        job.priority = priority;
        job.asked.raise(priority);
      }
      return;
    }
    // What is still loading says so when it has come, by `load` or `error`.
    if ("complete" in image && !image.complete) return;
    if (judge(image, names, ledger.isOurs) !== "needed") return;
    begin(image, {
      source: sourceOf(image),
      priority,
      controller: new AbortController(),
      asked: null,
      busyAnswers: 0,
      rewrites: 0,
    });
  }

  /**
   * @param {Picture} image
   * @param {Job} job
   */
  function begin(image, job) {
    const question = { image, context: contextOf(image), priority: job.priority, detail: /** @type {const} */ ("short") };
    jobs.set(image, job);
    underWay.add(image);
    ledger.mark(image, MARKS.pending);
    job.asked = ask.about({ ...question, byUser: false }, job.controller.signal);
    void job.asked.answer.then((answer) => {
      if (job.controller.signal.aborted || jobs.get(image) !== job) return;
      job.asked = null;
      underWay.delete(image);
      if (answer.description) accept(image, answer.description);
      else refuse(image, job, answer.problem);
    });
  }

  /**
   * @param {Picture} image
   * @param {import("../shared/constants.js").Description} description
   */
  function accept(image, description) {
    // The author may have spoken while we asked.
    if (judge(image, names, ledger.isOurs) !== "needed") return forget(image);
    const words = description.alt?.trim().slice(0, LONGEST_WORDS) ?? "";
    if (words === "") ledger.mark(image, MARKS.silent);
    else ledger.write(image, words, MARKS.done);
    wanted.leave(image);
  }

  /**
   * @param {Picture} image
   * @param {Job} job
   * @param {import("../shared/constants.js").Problem} problem
   */
  function refuse(image, job, problem) {
    if (problem.state === "cancelled") return forget(image);
    if (problem.state !== "connected") {
      forget(image);
      pause();
      onUnreachable(problem);
      return;
    }
    if (problem.retryAfterSeconds !== undefined && job.busyAnswers < MAX_BUSY_ANSWERS) {
      job.busyAnswers += 1;
      const wait = Math.min(problem.retryAfterSeconds, MAX_BUSY_SECONDS) * job.busyAnswers;
      setTimeout(() => {
        if (!job.controller.signal.aborted && image.isConnected) begin(image, job);
      }, wait * 1000);
      return;
    }
    ledger.mark(image, MARKS.failed);
    wanted.leave(image);
  }

  /**
   * Give an image its own attributes back and know nothing of it any more.
   *
   * @param {Picture} image
   */
  function forget(image) {
    jobs.get(image)?.controller.abort();
    jobs.delete(image);
    underWay.delete(image);
    ledger.restore(image);
  }

  /**
   * @param {Picture} image
   * @param {string} attribute
   */
  function changed(image, attribute) {
    if (signal.aborted) return;
    const job = jobs.get(image);
    if (attribute === "alt" && job) return altChanged(image, job);
    const isSame = job !== undefined && job.source === sourceOf(image);
    if (isSame && ["src", "srcset", "load"].includes(attribute)) return;
    if (job) forget(image);
    wanted.follow(image);
  }

  /**
   * @param {Picture} image
   * @param {Job} job
   */
  function altChanged(image, job) {
    const wrote = ledger.wroteTo(image);
    if (image.getAttribute("alt") === wrote) return; // We did it, or we have written nothing yet.
    if (wrote === null || image.hasAttribute("alt") || job.rewrites >= MAX_REWRITES) {
      // The author's word, or a page that will not have ours: it keeps the job, so that we do not ask again.
      job.controller.abort();
      underWay.delete(image);
      ledger.restore(image);
      return;
    }
    job.rewrites += 1;
    ledger.write(image, wrote, MARKS.done);
  }

  function pause() {
    isPaused = true;
    for (const image of [...underWay]) forget(image);
  }

  signal.addEventListener(
    "abort",
    () => {
      pause();
      ledger.restoreAll();
    },
    { once: true },
  );

  return {
    pause,

    resume() {
      isPaused = false;
      wanted.again();
    },
  };
}
