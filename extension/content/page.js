/** One page and what we do in it, from the day our script comes in until the extension or the page goes. */

import { MARKS } from "../shared/constants.js";
import { MESSAGE } from "../shared/messages.js";
import { makeAbove, makeAloft } from "./above.js";
import { makeActivity } from "./activity.js";
import { makeAsk } from "./ask.js";
import { makeBeside } from "./beside.js";
import { makeFill } from "./fill.js";
import { judge } from "./judge.js";
import { makeHotkey } from "./hotkey.js";
import { makeKnown } from "./known.js";
import { makeListing } from "./listing.js";
import { makeNames } from "./names.js";
import { makeRequests } from "./requests.js";
import { makePanel } from "./show.js";
import { makeSlices } from "./slices.js";
import { makeStepping } from "./stepping.js";
import { makeStirring } from "./stirring.js";
import { makeSurvey } from "./survey.js";
import { isUselessAlt } from "./useless.js";
import { wording } from "./wording.js";
import { makeLedger } from "./write.js";

const FIRST_RETRY_MS = 1000;
/** Somebody who looks at the page shall not wait longer for the helper's return. */
const LONGEST_RETRY_MS = 4000;
const RETRY_GROWTH = 1.3;

/**
 * How often we look whether the extension is still there: turned off, it can tell us nothing any more. Firefox
 * ends this script at the same moment and leaves no time for anything; there our words stay until the page is
 * loaded anew, unless they were taken back before by the option or the toolbar button.
 */
const PULSE_MS = 2000;

/**
 * @param {Window & typeof globalThis} window
 * @param {object} parts
 * @param {import("../shared/constants.js").Api} parts.api
 * @param {import("../shared/i18n.js").Translate} parts.t
 * @param {import("./names.js").ComputeName} parts.computeAccessibleName
 * @returns {AbortSignal} aborted when all is over
 */
export function attend(window, { api, t, computeAccessibleName }) {
  const page = window.document;
  const life = new AbortController();
  const { signal } = life;
  const names = makeNames(window, computeAccessibleName, { shadowOf: shadowRootOf });
  const ledger = makeLedger();
  const ask = makeAsk(window, { api, onGone: () => life.abort() });
  const panel = makePanel(page, { signal, t, onClose });
  const aloft = makeAloft({ panel, send: ask.send, t });
  const known = makeKnown();
  const hotkey = makeHotkey({
    signal,
    authorsWords: (image) => (ledger.isOurs(image) ? "" : names.of(image)),
    replacedWords: (image) => (ledger.isOurs(image) ? ledger.replaced(image) : ""),
    ask,
    known,
    onOwnWords: (image, alt) => {
      const attributes = ledger.isOurs(image) ? wording(image, { alt, language: "" }) : null;
      if (attributes) ledger.write(image, attributes, MARKS.done);
    },
    t,
    now: () => window.performance.now(),
    onAnswer: () => resume(),
  });
  const isDecorative = (/** @type {import("./find_images.js").Picture} */ image) => judge(image, names, ledger.isOurs) === "decorative";
  const listing = makeListing(window, { signal, names, ledger, known, shadowRootOf, send: ask.send });
  const activity = makeActivity(page, { signal, now: Date.now });
  const stepping = makeStepping(page, { signal, names, isDecorative, shadowRootOf, idOf: listing.idOf, onScroll: activity.scrollsByHand });
  const current = () => (hotkey.image ? listing.idOf(hotkey.image) : null);
  const beside = makeBeside(window, { send: ask.send, current });
  const above = makeAbove(window, { signal, send: ask.send, current, panel });
  const imageOfPanel = () => (panel.hasFocus && !aloft.of ? hotkey.image : null);
  const ofFrame = () => (panel.hasFocus ? aloft.of : null);
  const isShowing = () => panel.isOpen;
  const survey = makeSurvey(window, { names, shadowRootOf, stepping, idOf: listing.idOf, imageOfPanel, ofFrame, isShowing, activity });
  const requests = makeRequests({ listing, hotkey, stepping, ledger, known });
  /** @type {{about: import("./ask.js").About}} what is answered to filling in is known to the keys and the panel as well */
  const noted = {
    about(question, source) {
      const asked = ask.about(question);
      void asked.answer.then((answer) => {
        known.learn(question.image, answer, source);
        listing.changed();
      });
      return asked;
    },
  };
  /** @type {{controller: AbortController, fill: ReturnType<typeof makeFill>} | null} */
  let filling = null;
  /** Whether the page may be filled in as far as we know; nothing is touched before the background has said so. */
  let isWanted = true;
  /** Whether authors' texts that say nothing are replaced. */
  let replacesUseless = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retry;
  let retryMs = FIRST_RETRY_MS;

  /** @param {Element} element */
  function shadowRootOf(element) {
    if (typeof api.dom?.openOrClosedShadowRoot === "function" && element instanceof window.HTMLElement) {
      return api.dom.openOrClosedShadowRoot(element) ?? null;
    }
    return /** @type {any} */ (element).openOrClosedShadowRoot ?? element.shadowRoot;
  }

  function fill() {
    isWanted = true;
    if (filling || signal.aborted) return;
    const controller = new AbortController();
    const ends = AbortSignal.any([signal, controller.signal]);
    const stirring = makeStirring(page, ends);
    const slices = makeSlices({
      signal: ends,
      writing: stirring.unnoticed,
      now: () => window.performance.now(),
      later: (work) => void window.setTimeout(work, 0),
    });
    const isUseless = replacesUseless ? (/** @type {Element} */ image) => !ledger.isOurs(image) && isUselessAlt(image) : null;
    const parts = { signal: ends, ledger, names, ask: noted, slices, stirring, shadowRootOf, isOurs: panel.isOurs, isUseless };
    filling = { controller, fill: makeFill(page, { ...parts, onUnreachable }) };
  }

  function stop() {
    filling?.controller.abort();
    filling = null;
  }

  function undo() {
    isWanted = false;
    clearTimeout(retry);
    stop();
    ledger.restoreAll(); // Words that the user had added by hand, too.
    listing.changed();
  }

  /** @param {import("../shared/constants.js").Problem} problem */
  function onUnreachable(problem) {
    if (problem.state === "off") undo();
    else planRetry();
  }

  function planRetry() {
    clearTimeout(retry);
    retry = setTimeout(() => {
      // Becoming visible brings us back here.
      if (page.visibilityState === "visible") void look();
    }, retryMs);
    retryMs = Math.min(retryMs * RETRY_GROWTH, LONGEST_RETRY_MS);
  }

  /** Ask the background whether it is worth asking for descriptions, and begin or go on if it is. */
  async function look() {
    if (!isWanted || signal.aborted) return;
    const answer = await ask.send({ type: MESSAGE.isReady });
    if (!isWanted || signal.aborted) return;
    const replaces = answer?.uselessAlts === true;
    if (replaces !== replacesUseless) stop(); // And fill in anew by the other rule.
    replacesUseless = replaces;
    if (answer?.state === "off") return undo();
    if (answer?.state !== "connected") return planRetry();
    fill();
    resume();
  }

  function resume() {
    clearTimeout(retry);
    retryMs = FIRST_RETRY_MS;
    if (filling) filling.fill.resume();
    else void look();
  }

  /** @param {any} message */
  function hear(message) {
    switch (message?.type) {
      case MESSAGE.survey:
        return survey(message);
      case MESSAGE.atHand:
        return actAtHand(message);
      case MESSAGE.closePanel:
        above.close();
        panel.close();
        hotkey.closed();
        if (message.givesFocus) window.focus();
        return {};
      case MESSAGE.showAbove:
        hotkey.closed(); // Nobody waits for what was asked here before.
        return aloft.show(message);
      case MESSAGE.enterAbove:
        return aloft.enter(message);
      case MESSAGE.undo:
        panel.close();
        undo();
        return {};
      case MESSAGE.fill:
        fill();
        return {};
      case MESSAGE.answers:
        ask.hear(message);
        return {};
      case MESSAGE.ready:
        resume();
        return {};
      default:
        return requests.hear(message);
    }
  }

  /** @param {{hadFocus: boolean}} how */
  function onClose({ hadFocus }) {
    aloft.leave({ givesFocus: hadFocus });
    hotkey.closed();
  }

  /**
   * @param {{act: "describe" | "ask" | "next", mode: string, id: number | null, place: number, count: number, isAbove: boolean}} message
   */
  function actAtHand({ act, mode, id, place, count, isAbove }) {
    const isPrivate = mode === "private";
    const own = isAbove ? above : panel;
    const shown = isPrivate ? beside : own;
    aloft.leave();
    const image = id === null ? null : listing.image(id);
    if (!image) hotkey.nothing(t(act === "next" ? "no_images" : "no_image_at_hand"), shown);
    else if (act === "describe") void hotkey.describe(image, shown);
    else if (act === "ask") hotkey.question(image, shown);
    else {
      stepping.go(image, { mayChange: !isPrivate });
      void hotkey.announce({ image, place, count }, shown);
    }
    return {};
  }

  /**
   * @param {any} message
   * @param {chrome.runtime.MessageSender} sender
   * @param {(answer: unknown) => void} reply
   */
  function onMessage(message, sender, reply) {
    const answer = signal.aborted || sender.id !== api.runtime.id ? null : hear(message);
    if (answer === null) return false;
    if (!(answer instanceof Promise)) reply(answer);
    else void answer.then(reply, () => reply({}));
    return answer instanceof Promise;
  }

  api.runtime.onMessage.addListener(onMessage);
  const pulse = setInterval(() => api.runtime?.id || life.abort(), PULSE_MS);
  // A page in the back/forward cache must have nothing on the way.
  window.addEventListener("pagehide", () => filling?.fill.pause(), { signal });
  window.addEventListener("pageshow", (event) => event.persisted && void look(), { signal });
  page.addEventListener("visibilitychange", () => page.visibilityState === "visible" && void look(), { signal });
  signal.addEventListener("abort", () => {
    clearInterval(pulse);
    undo();
    api.runtime?.onMessage?.removeListener(onMessage);
  });
  void look();
  if (window !== window.top) void listing.offer();
  return signal;
}
