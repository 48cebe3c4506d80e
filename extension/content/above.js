/**
 * The panel of a frame that is too small for one: it opens in the page around all frames, and what is done in it is done
 * here. The two documents talk through the background, for a page would hear what windows say to each other.
 */

import { MESSAGE } from "../shared/messages.js";

/** The panel fits into a page of this size; see its tests for enlarged pages. */
const LEAST_PX = Object.freeze({ width: 320, height: 240 });

const TOP = 0;

/** @param {Window} window */
export function isSmall(window) {
  return window !== window.top && (window.innerWidth < LEAST_PX.width || window.innerHeight < LEAST_PX.height);
}

/** @typedef {ReturnType<typeof import("./show.js").makePanel>} Panel */
/** @typedef {{frameId: number, id: number | null}} Aloft whose image the panel speaks of */

/**
 * In the frame.
 *
 * @param {Window} window
 * @param {object} parts
 * @param {AbortSignal} parts.signal
 * @param {(message: object) => Promise<any>} parts.send
 * @param {() => number | null} parts.current the number of the image that the user asked about last
 * @param {Panel} parts.panel for a page that nobody can enter
 */
export function makeAbove(window, { signal, send, current, panel }) {
  const pass = (/** @type {object} */ message) => send({ type: MESSAGE.pass, frameId: TOP, message });
  /** @type {AbortController | null} */
  let open = null;

  function close() {
    open?.abort();
    open = null;
  }

  /** Keys that are pressed here are not heard there. @param {KeyboardEvent} event */
  function onKey(event) {
    if (!event.isTrusted || event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    close();
    void pass({ type: MESSAGE.closePanel });
  }

  signal.addEventListener("abort", close, { once: true });

  /** @type {Pick<Panel, "show" | "close" | "focus"> & {isOpen: boolean, hasFocus: boolean}} */
  const self = {
    show(paragraphs, { say, copyable = true, actions = null }) {
      if (signal.aborted) return null;
      if (!open) {
        open = new AbortController();
        window.addEventListener("keydown", onKey, { capture: true, signal: open.signal });
      }
      const can = actions && { correct: actions.correct !== null };
      const shown = pass({ type: MESSAGE.showAbove, id: current(), paragraphs, say, copyable, can });
      void shown.then((answer) => {
        if (answer || !open) return;
        close();
        panel.show(paragraphs, { say, copyable, actions });
      });
      return { openQuestion: () => void shown.then(() => pass({ type: MESSAGE.enterAbove, asks: true })) };
    },

    close,
    focus: () => void pass({ type: MESSAGE.enterAbove, asks: false }),
    hasFocus: false,
    get isOpen() {
      return open !== null;
    },
  };
  return self;
}

/**
 * In the page around all frames.
 *
 * @param {object} parts
 * @param {Panel} parts.panel
 * @param {(message: object) => Promise<any>} parts.send
 * @param {import("../shared/i18n.js").Translate} parts.t
 */
export function makeAloft({ panel, send, t }) {
  /** @type {Aloft | null} */
  let of = null;
  /** @type {ReturnType<Panel["show"]>} */
  let shown = null;

  /** @param {number} frameId @param {object} message */
  const pass = (frameId, message) => send({ type: MESSAGE.pass, frameId, message });

  /** @param {any} answer */
  const orGone = (answer) => (answer && !answer.gone ? answer : { problem: { state: "connected", message: t("list_gone"), advice: "" } });

  return {
    /** @returns {Aloft | null} */
    get of() {
      return of;
    },

    /** @param {any} message from a frame */
    show({ from, id, paragraphs, say, copyable, can }) {
      if (of && of.frameId !== from) this.leave();
      // A step to another image takes the focus along; in a frame of another process, that may be a moment later.
      const keepsFocus = of?.id === id;
      of = { frameId: from, id };
      const ask = async (/** @type {string} */ question) => orGone(await pass(from, { type: MESSAGE.askImage, id, question }));
      const correct = async (/** @type {string} */ words) => orGone(await pass(from, { type: MESSAGE.correctImage, id, words }));
      shown = panel.show(paragraphs, { say, copyable, actions: can && { ask, correct: can.correct ? correct : null }, keepsFocus });
      return {};
    },

    /** @param {{asks: boolean}} message */
    enter({ asks }) {
      if (asks) shown?.openQuestion();
      else panel.focus();
      return {};
    },

    /** The panel is closed, or speaks of something else from now on. Firefox lets only a frame itself take the focus back. */
    leave({ givesFocus = false } = {}) {
      if (of) void pass(of.frameId, { type: MESSAGE.closePanel, givesFocus });
      of = null;
    },
  };
}
