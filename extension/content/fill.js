/**
 * Fill in the texts that a page's images lack.
 *
 * The life of an image's mark: none → pending (asked for) → done, silent or failed. While the helper cannot be
 * asked there is no mark, and the image is asked for again when it can. When the image changes, its words are
 * taken away at once, because they are wrong now, and it begins anew.
 */

import { MARKS, isMoreUrgent } from "../shared/constants.js";
import { makeBackdrop } from "./backdrop.js";
import { contextOf } from "./context.js";
import { isLoading, isPartOfControl, sourceOf, wordsAttribute } from "./find_images.js";
import { end, isFresh, jobFor } from "./job.js";
import { authorsVerdict, judge } from "./judge.js";
import { makeRedrawn } from "./redrawn.js";
import { makeRestarts } from "./restarts.js";
import { lookAt } from "./showing.js";
import { watch } from "./watch.js";
import { makeWaking } from "./waking.js";
import { makeWanted } from "./wanted.js";
import { wording } from "./wording.js";

/** A page that takes our words away again and again wants them away. */
const MAX_REWRITES = 3;

/** What says where an image's bytes are, and that they have come. */
const SHOWS_ANOTHER = new Set(["src", "srcset", "load"]);

/** What only a change of its attributes changes, of which we are told. @type {Set<import("./judge.js").Verdict>} */
const SETTLED = new Set(["authored", "decorative", "empty", "named"]);

/** How often an image is asked for again when the helper is busy. */
const MAX_BUSY_ANSWERS = 3;
const MAX_BUSY_SECONDS = 30;

/** @typedef {import("./find_images.js").Picture} Picture */
/** @typedef {import("../shared/constants.js").Priority} Priority */
/** @typedef {import("./job.js").Job} Job */

/**
 * @param {Document} page
 * @param {object} parts
 * @param {AbortSignal} parts.signal ends it, and gives the page its own texts back
 * @param {ReturnType<typeof import("./write.js").makeLedger>} parts.ledger
 * @param {import("./names.js").Names} parts.names
 * @param {{about: import("./ask.js").About}} parts.ask
 * @param {ReturnType<typeof import("./slices.js").makeSlices>} parts.slices
 * @param {ReturnType<typeof import("./stirring.js").makeStirring>} parts.stirring
 * @param {(element: Element) => ShadowRoot | null} parts.shadowRootOf
 * @param {(element: Element) => boolean} parts.isOurs
 * @param {((image: Element) => boolean) | null} parts.isUseless whether an author's text may be replaced; null: none may
 * @param {(problem: import("../shared/constants.js").Problem) => void} parts.onUnreachable the helper, or the leave
 *   to fill in this page; `resume` goes on
 */
export function makeFill(page, { signal, ledger, names, ask, slices, stirring, shadowRootOf, isOurs, isUseless, onUnreachable }) {
  /** @type {WeakMap<Picture, Job>} */
  const jobs = new WeakMap();
  /** Those on the way now, or waiting to be asked for again, so that all can be cancelled. @type {Set<Picture>} */
  const underWay = new Set();
  const isOnceTooOften = makeRestarts();
  const backgroundOf = makeBackdrop(/** @type {Window} */ (page.defaultView));
  let isPaused = false;

  const wanted = makeWanted(page, {
    signal,
    onWanted: (image, priority) => slices.add(() => consider(image, priority)),
    onUnwanted: (image) => {
      waking.remove(image);
      if (underWay.has(image)) forget(image);
    },
  });
  const waking = makeWaking(page, { signal, onAwake: follow });
  const isAwaited = (/** @type {Picture} */ image) => jobs.has(image) || wanted.isNear(image) || redrawn.isWatching(image);
  const onStir = { onShadow: stirring.giveUp, onStyle: stirring.stir };
  watch(page, { signal, slices, shadowRootOf, isOurs, isAwaited, onImage: follow, onChange: changed, ...onStir });
  const redrawn = makeRedrawn(/** @type {Window & typeof globalThis} */ (page.defaultView), {
    signal,
    onChange(image) {
      const job = jobs.get(image);
      if (!job) return true; // What showed nothing may show something now: looked at when it has come to rest.
      const isOther = job.source !== sourceOf(image) || verdictOn(image) !== "needed";
      if (isOther) forget(image);
      return isOther;
    },
    onRest: follow,
  });

  const verdictOn = (/** @type {Picture} */ image, look = lookAt(image)) => judge(image, names, ledger.isOurs, isUseless ?? undefined, look);

  /** @param {Picture} image */
  function follow(image) {
    ledger.adopt(image, wordsAttribute(image));
    // Where it is need not be known when it will get no words, and browsers look for each image at every frame.
    if (isPartOfControl(image) || (!isUseless && authorsVerdict(image, ledger.isOurs) !== "needed")) wanted.leave(image);
    else wanted.follow(image);
  }

  /**
   * @param {Picture} image
   * @param {Priority} priority
   */
  function consider(image, priority) {
    if (isPaused || signal.aborted || !image.isConnected) return;
    const job = jobs.get(image);
    if (job) {
      if (job.asked && isMoreUrgent(priority, job.priority)) {
        job.priority = priority;
        job.asked.raise(priority);
      }
      return;
    }
    // What is still loading says so when it has come, by `load` or `error`.
    if (isLoading(image)) return;
    const look = lookAt(image);
    const verdict = verdictOn(image, look);
    if (verdict === "needed") return begin(image, jobFor(image, priority, stirring.now(), look), look);
    // A class or a style of its own may bring it a picture: that costs nothing until one changes.
    if ((verdict === "empty" || verdict === "spacer") && wordsAttribute(image) !== "alt") redrawn.watch(image);
    if (SETTLED.has(verdict)) wanted.leave(image);
    else if (verdict === "hidden") waking.add(image);
  }

  /**
   * @param {Picture} image
   * @param {Job} job
   * @param {import("./showing.js").Look} [look]
   */
  function begin(image, job, look) {
    const question = { image, context: contextOf(image, backgroundOf, look), priority: job.priority, detail: /** @type {const} */ ("short") };
    jobs.set(image, job);
    underWay.add(image);
    slices.write(() => jobs.get(image) === job && job.asked && ledger.mark(image, MARKS.pending));
    if (wordsAttribute(image) !== "alt") redrawn.watch(image);
    job.asked = ask.about({ ...question, byUser: false }, job.source);
    const hear = (/** @type {import("./ask.js").Answer} */ { description, problem }) => {
      if (job.isOver || jobs.get(image) !== job) return;
      job.asked = null;
      if (description) accept(image, job, description);
      else refuse(image, job, problem);
    };
    void job.asked.answer.then((answer) => slices.add(() => hear(answer))); // many come at once
  }

  /**
   * @param {Picture} image
   * @param {Job} job
   * @param {import("../shared/constants.js").Description} description
   */
  function accept(image, job, description) {
    // The author may have spoken while we asked.
    if (!isFresh(job, stirring.now()) && !isStillRight(image)) return forget(image);
    const attributes = wording(image, description);
    finish(image);
    slices.write(() => {
      if (jobs.get(image) !== job) return; // Something else of this slice has forgotten it.
      if (attributes === null) ledger.mark(image, MARKS.silent);
      else ledger.write(image, attributes, MARKS.done);
    });
  }

  /** @param {Picture} image */
  function finish(image) {
    underWay.delete(image);
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
      pause(); // It is forgotten with the others.
      onUnreachable(problem);
      return;
    }
    if (problem.retryAfterSeconds !== undefined && job.busyAnswers < MAX_BUSY_ANSWERS) {
      job.busyAnswers += 1;
      const wait = Math.min(problem.retryAfterSeconds, MAX_BUSY_SECONDS) * job.busyAnswers;
      setTimeout(() => {
        const isWaiting = () => jobs.get(image) === job && !job.isOver && image.isConnected;
        slices.add(() => isWaiting() && begin(image, job));
      }, wait * 1000);
      return;
    }
    ledger.mark(image, MARKS.failed);
    finish(image);
  }

  /** Give an image its own attributes back and know nothing of it any more. @param {Picture} image */
  function forget(image) {
    end(jobs.get(image));
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
    if (attribute === "error") return broke(image, job);
    if (!job) return follow(image);
    if (attribute === wordsAttribute(image)) return wordsChanged(image, job);
    if (SHOWS_ANOTHER.has(attribute)) {
      if (job.source !== sourceOf(image) || (attribute === "load" && job.isBroken)) restart(image, job);
    } else if (!isStillRight(image)) restart(image, job);
  }

  /**
   * Whether what the page changed around an image leaves our work with it as it is.
   *
   * @param {Picture} image
   */
  function isStillRight(image) {
    const verdict = verdictOn(image);
    // Words on a hidden image are heard by nobody, and right when it is shown again, as in a slide show.
    return verdict === "needed" || verdict === "hidden";
  }

  /**
   * The page could not show it: there is nothing to fetch once more.
   *
   * @param {Picture} image
   * @param {Job | undefined} job
   */
  function broke(image, job) {
    if (job && job.source !== sourceOf(image)) forget(image);
    else if (job) return;
    // What came since, or is coming now, is another try.
    if (isLoading(image) || /** @type {HTMLImageElement} */ (image).naturalWidth > 0) return follow(image);
    ledger.adopt(image, wordsAttribute(image));
    if (verdictOn(image) !== "needed") return;
    jobs.set(image, { ...jobFor(image, "background"), isBroken: true });
    ledger.mark(image, MARKS.failed);
    finish(image);
  }

  /** @param {Picture} image @param {Job} job */
  function restart(image, job) {
    if (isOnceTooOften(image, sourceOf(image))) return letBe(image, job);
    forget(image);
    follow(image);
  }

  /**
   * It keeps the job, so that we do not ask again for what it shows now.
   * @param {Picture} image
   * @param {Job} job
   */
  function letBe(image, job) {
    end(job);
    underWay.delete(image);
    ledger.restore(image);
    job.source = sourceOf(image);
  }

  /**
   * @param {Picture} image
   * @param {Job} job
   */
  function wordsChanged(image, job) {
    const wrote = ledger.wroteTo(image);
    const now = image.getAttribute(wordsAttribute(image));
    if (now === wrote) return; // We did it, or we have written nothing yet.
    // The author's word; it may be taken away again.
    if (wrote === null || now !== null) return restart(image, job);
    if (job.rewrites >= MAX_REWRITES) return letBe(image, job); // A page that will not have ours.
    job.rewrites += 1;
    ledger.write(image, { [wordsAttribute(image)]: wrote }, MARKS.done);
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
