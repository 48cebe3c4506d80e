/** The keys for the image at hand: described aloud by the helper and as text, or asked about. */

import { wordsFor } from "../shared/i18n.js";
import { MESSAGE } from "../shared/messages.js";
import { paragraphsOf } from "../shared/paragraphs.js";
import { contextOf } from "./context.js";
import { sourceOf } from "./find_images.js";

/** Pressed again within this time, the key asks for the long description, and then moves into the panel. */
const AGAIN_MS = 5000;

/** Who waits longer without a word thinks that nothing happens. */
const SILENT_MS = 1500;

/** @typedef {import("./find_images.js").Picture} Picture */
/** @typedef {ReturnType<typeof import("./show.js").makePanel> | ReturnType<typeof import("./beside.js").makeBeside> | ReturnType<typeof import("./above.js").makeAbove>} Panel */

/**
 * @param {object} parts
 * @param {AbortSignal} parts.signal
 * @param {(image: Element) => string} parts.authorsWords "" for none
 * @param {(image: Element) => string} parts.replacedWords those of the author that ours stand in place of
 * @param {Pick<ReturnType<typeof import("./ask.js").makeAsk>, "about" | "send">} parts.ask
 * @param {ReturnType<typeof import("./known.js").makeKnown>} parts.known
 * @param {(image: Picture, words: string) => void} parts.onOwnWords called with the words that the user gave the image
 * @param {import("../shared/i18n.js").Translate} parts.t
 * @param {() => number} parts.now milliseconds
 * @param {() => void} parts.onAnswer called when the helper answered
 */
export function makeHotkey({ signal, authorsWords, replacedWords, ask, known, onOwnWords, t, now, onAnswer }) {
  /** @type {{image: WeakRef<Element>, at: number, presses: number} | null} */
  let last = null;
  let asking = new AbortController();

  /**
   * @param {Picture} image
   * @returns {number} how often the key was pressed for this image without a pause
   */
  function count(image) {
    const isAgain = last !== null && last.image.deref() === image && now() - last.at < AGAIN_MS;
    const presses = isAgain && last ? last.presses + 1 : 1;
    last = { image: new WeakRef(image), at: now(), presses };
    return presses;
  }

  /**
   * @param {import("./ask.js").Question} question
   * @param {AbortSignal} mine
   */
  async function answerTo(question, mine) {
    const source = sourceOf(question.image);
    const { answer, cancel } = ask.about(question);
    mine.addEventListener("abort", cancel, { once: true });
    const found = await answer.finally(() => mine.removeEventListener("abort", cancel));
    if (found.description) known.learn(question.image, found, source);
    return found;
  }

  /**
   * @param {Picture} image
   * @param {"short" | "long"} detail
   * @param {Panel} panel
   * @param {AbortSignal} mine
   * @param {boolean} speak
   * @returns {Promise<import("./ask.js").Answer | null>} null when nobody waits for it any more
   */
  async function asked(image, detail, panel, mine, speak = true) {
    panel.show([t("panel_looking")], { say: null, copyable: false });
    const waiting = setTimeout(() => {
      if (!mine.aborted) panel.show([t("panel_looking")], { say: "status", copyable: false });
    }, SILENT_MS);
    const question = { image, context: contextOf(image), priority: /** @type {const} */ ("focused"), detail, byUser: true, speak };
    const answer = await answerTo(question, mine);
    clearTimeout(waiting);
    return mine.aborted || answer.problem?.state === "cancelled" ? null : answer;
  }

  /**
   * @param {Picture} image
   * @param {import("./ask.js").Answer} answer
   * @param {Panel} panel
   */
  function tell(image, { description, problem }, panel, { atLength = false } = {}) {
    if (problem) {
      panel.show(wordsFor(problem, t), { say: problem.spoken === true ? null : "alert" });
      return;
    }
    const say = description.spoken === true ? null : "alert";
    const paragraphs = paragraphsOf(description, t, { authored: authorsWords(image) || replacedWords(image), atLength });
    panel.show(paragraphs, { say, actions: actionsFor(image) });
    onAnswer();
  }

  /**
   * @param {Picture} image
   * @returns {import("./show.js").Actions}
   */
  function actionsFor(image) {
    const id = known.of(image)?.description?.id;
    return {
      ask: (question) => askAbout(image, question),
      correct: id ? (words) => correct(image, id, words) : null,
    };
  }

  /**
   * @param {Picture} image
   * @param {string} question
   * @returns {Promise<import("../shared/forms.js").Answered | null>}
   */
  async function askAbout(image, question) {
    const mine = begin();
    const context = contextOf(image);
    const wanted = { image, context, priority: /** @type {const} */ ("focused"), detail: /** @type {const} */ ("short"), byUser: true };
    const reply = /** @type {any} */ (await answerTo({ ...wanted, question }, mine));
    if (mine.aborted || reply.problem?.state === "cancelled") return null;
    if (reply.answer) onAnswer();
    return reply;
  }

  /**
   * @param {Picture} image
   * @param {string} descriptionId
   * @param {string} alt
   * @returns {Promise<import("../shared/forms.js").Kept>}
   */
  async function correct(image, descriptionId, alt) {
    const kept = await ask.send({ type: MESSAGE.correct, descriptionId, alt });
    if (kept?.alt) onOwnWords(image, kept.alt);
    return kept ?? { problem: { state: "stopped", message: "", advice: "" } };
  }

  /** @param {import("./ask.js").Answer} answer */
  function toldOf({ description, problem }) {
    return problem ? wordsFor(problem, t) : paragraphsOf(description, t);
  }

  /** @returns {AbortSignal} of what the user asks now; what was asked before is not wanted any more */
  function begin() {
    asking.abort();
    asking = new AbortController();
    return AbortSignal.any([asking.signal, signal]);
  }

  /**
   * @param {string} words of ours
   * @param {Panel} panel
   */
  async function say(words, panel) {
    const said = await ask.send({ type: MESSAGE.say, text: words, language: t("language_tag") });
    panel.show([words], { say: said?.spoken === true ? null : "alert", copyable: false });
  }

  return {
    askAbout,
    actionsFor,

    /** @returns {Picture | null} what a key was pressed for last */
    get image() {
      return /** @type {Picture | undefined} */ (last?.image.deref()) ?? null;
    },

    /**
     * All that can be said of an image, for the panel beside the page.
     *
     * @param {Picture} image
     * @returns {Promise<import("./ask.js").Answer>}
     */
    async describeAtLength(image) {
      const source = sourceOf(image);
      const wish = { context: contextOf(image), priority: /** @type {const} */ ("focused"), detail: /** @type {const} */ ("long") };
      const answer = await answerTo({ image, ...wish, byUser: true }, begin());
      if (answer.description) onAnswer();
      else known.learn(image, answer, source);
      return answer;
    },

    /**
     * @param {Picture} image
     * @param {Panel} panel
     */
    async describe(image, panel) {
      const presses = count(image);
      if (presses > 2 && panel.isOpen && !panel.hasFocus) {
        panel.focus();
        return;
      }
      const atLength = presses > 1;
      const answer = await asked(image, atLength ? "long" : "short", panel, begin());
      if (!answer) return;
      if (last?.image.deref() === image) last.at = now(); // "Again" counts from when there was something to hear.
      tell(image, answer, panel, { atLength });
    },

    /**
     * Open the panel with a question, whether or not the image was described before.
     *
     * @param {Picture} image
     * @param {Panel} panel
     */
    question(image, panel) {
      asking.abort();
      last = { image: new WeakRef(image), at: -Infinity, presses: 0 };
      const description = known.of(image)?.description;
      const authored = authorsWords(image);
      const beside = authored || replacedWords(image);
      const paragraphs = description ? paragraphsOf(description, t, { authored: beside }) : [authored];
      panel.show(paragraphs, { say: null, copyable: description !== undefined, actions: actionsFor(image) })?.openQuestion();
    },

    /**
     * Say an image's place among all, and what it is; what is known already is not asked for again.
     *
     * @param {{image: Picture, place: number, count: number}} step
     * @param {Panel} panel
     */
    async announce({ image, place, count: all }, panel) {
      last = { image: new WeakRef(image), at: -Infinity, presses: 0 };
      const mine = begin();
      const authored = authorsWords(image);
      const answer = authored ? null : (known.of(image) ?? (await asked(image, "short", panel, mine, false)));
      if (mine.aborted || (!answer && !authored)) return;
      const where = t("step_place", place, all);
      const paragraphs = answer ? toldOf(answer) : [authored];
      const { words, language = null } = toldFirst(paragraphs);
      const said = await ask.send({ type: MESSAGE.say, text: `${where} ${words}`, language });
      if (mine.aborted) return;
      panel.show([where, ...paragraphs], { say: said?.spoken === true ? null : "alert", actions: actionsFor(image) });
    },

    /** There is no image. @param {string} words @param {Panel} panel */
    nothing(words, panel) {
      last = null;
      void say(words, panel);
    },

    /** The panel was closed: the next press begins anew. */
    closed() {
      last = null;
      asking.abort();
    },
  };
}

/**
 * @param {(string | import("./show.js").Paragraph)[]} paragraphs
 * @returns {import("./show.js").Paragraph}
 */
function toldFirst([first = ""]) {
  return typeof first === "string" ? { words: first } : first;
}
