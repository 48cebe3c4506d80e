/** What the background answers to each message: the table of `shared/messages.js` from this side. */

import { MAX_DRAWING_BYTES, isMoreUrgent } from "../shared/constants.js";
import { MESSAGE, OWN_PAGES_ONLY, PASSED } from "../shared/messages.js";
import { ownDescription } from "../shared/own_description.js";
import { isPort } from "../shared/settings.js";
import { makeAsking } from "./asking.js";
import { makeBatches } from "./batches.js";
import { openPanel, thumbnail } from "./beside.js";
import { TextureError, cropped } from "./cropping.js";
import { NoImageError, TooLargeError, isDrawing, unpack } from "./images.js";
import { makeProblems } from "./problems.js";
import { ConnectionError, inWords } from "./replies.js";
import { sprite } from "./sprites.js";
import { photograph } from "./view.js";

/** What a page is told where nothing is to be filled in. */
const OFF = Object.freeze({ problem: { state: "off", message: "", advice: "" } });

/** @typedef {import("../shared/constants.js").Problem} Problem */
/** @typedef {chrome.runtime.MessageSender} Sender */

/**
 * @param {object} parts
 * @param {import("../shared/constants.js").Api} parts.api
 * @param {ReturnType<typeof import("./helper.js").makeHelper>} parts.helper
 * @param {ReturnType<typeof import("./connection.js").makeConnection>} parts.connection
 * @param {ReturnType<typeof import("./images.js").makeImages>} parts.images
 * @param {ReturnType<typeof import("./queue.js").makeQueue>} parts.queue
 * @param {ReturnType<typeof import("./toolbar.js").makeToolbar>} parts.toolbar
 * @param {ReturnType<typeof import("./pages.js").makePages>} parts.pages
 * @param {ReturnType<typeof import("./asked_tabs.js").makeAskedTabs>} parts.askedTabs
 * @param {ReturnType<typeof import("./choices.js").makeChoices>} parts.choices
 * @param {import("../shared/i18n.js").Translate} parts.t
 */
export function makeAnswers({ api, helper, connection, images, queue, toolbar, pages, askedTabs, choices, t }) {
  /**
   * What is on the way now; if the worker ends, so does all of this.
   *
   * @type {Map<string, {controller: AbortController, priority: import("../shared/constants.js").Priority}>}
   */
  const underWay = new Map();
  const problems = makeProblems({ toolbar, t });
  const asking = makeAsking({ helper, settings: choices.settings, t });

  /**
   * @param {any} message
   * @param {Sender} sender
   */
  async function describe(message, sender) {
    const key = keyOf(message, sender);
    // Known before anything is waited for, so that a cancel or a raise that follows at once finds it.
    const mine = { controller: new AbortController(), priority: message.priority };
    const { signal } = mine.controller;
    underWay.get(key)?.controller.abort();
    underWay.set(key, mine);
    try {
      if (!message.byUser && !(await choices.mayFill(sender.tab))) return OFF;
      const unwanted = await asking.unwanted(message);
      if (unwanted) return unwanted;
      signal.throwIfAborted();
      return await queue.run(key, mine.priority, signal, async () => {
        const { image, crop } = await bytesOf(message, sender, signal);
        if (image === null) return { resend: true };
        if (message.canDraw && (await isDrawing(image))) {
          if (image.size > MAX_DRAWING_BYTES) throw new TooLargeError();
          return { draw: await image.text() };
        }
        const shown = await cropped(image, crop, signal);
        const isPrivate = sender.tab?.incognito === true;
        const answer = await asking.about(shown, { message, priority: mine.priority, isPrivate, signal });
        await toolbar.show("connected");
        return answer;
      });
    } catch (error) {
      if (!(error instanceof TextureError)) return { problem: await said(await problems.of(error), message) };
      return { description: ownDescription({ alt: null, reason: t("pattern_reason"), language: t("language_tag") }) };
    } finally {
      if (underWay.get(key) === mine) underWay.delete(key);
    }
  }

  /**
   * Whoever asked with a key hears why there is no answer from where the answer would have come.
   *
   * @param {Problem} problem
   * @param {{speak?: boolean}} message
   * @returns {Promise<Problem>}
   */
  async function said(problem, { speak }) {
    if (!speak || problem.state !== "connected") return problem;
    return { ...problem, ...(await say(`${problem.message} ${problem.advice}`, problem.language ?? t("language_tag"))) };
  }

  /**
   * @param {string} text
   * @param {string | null} language
   */
  async function say(text, language) {
    if ((await choices.settings()).speech !== "helper") return { spoken: false };
    try {
      await helper.say(text, language);
      return { spoken: true };
    } catch (error) {
      await problems.of(error);
      return { spoken: false }; // The words are shown in any case, and the screen reader says them then.
    }
  }

  /**
   * @param {any} message
   * @param {Sender} sender
   * @param {AbortSignal} signal
   * @returns {Promise<{image: Blob | null, crop?: import("../shared/constants.js").Crop}>}
   */
  async function bytesOf(message, sender, signal) {
    const { url, bytes, crop, inView } = message.image;
    try {
      if (bytes !== undefined) return { image: await unpack(bytes), crop };
      if (url === undefined) throw new NoImageError("The page does not give its pixels away.");
      const wanted = { url, page: pageOf(sender), forPage: !message.byUser, isolated: isIsolated(sender.tab), signal };
      return { image: await images.fetch(wanted), crop };
    } catch (error) {
      // What can be seen can be looked at; but only for the user, since it would tell a page what lies over it.
      const maySee = error instanceof NoImageError && message.byUser && inView && sender.frameId === 0 && sender.tab?.active;
      if (!maySee) throw error;
      const shot = await photograph(api, /** @type {chrome.tabs.Tab} */ (sender.tab).windowId, signal);
      return { image: await unpack(shot), crop: { part: inView } };
    }
  }

  /**
   * @param {boolean} eager
   * @returns {Promise<{state: import("../shared/constants.js").State, problem: Problem | null}>}
   */
  async function look(eager) {
    try {
      // A kept session proves nothing about now, so the helper is really asked.
      await helper.status({ eager });
      await toolbar.show("connected");
      return { state: "connected", problem: null };
    } catch (error) {
      const problem = await problems.of(error);
      const state = error instanceof ConnectionError ? error.state : "connected";
      return { state, problem };
    }
  }

  /**
   * @param {Problem | null} [failure] of what the user asked for just now
   * @param {import("./choices.js").Tab} [tab] that the user has in mind
   */
  async function overview(failure = null, tab) {
    const { state, problem } = await look(true);
    const pairing = await connection.pairing();
    return {
      state,
      problem: failure ?? problem,
      port: pairing?.port ?? (await choices.settings()).port,
      canStart: await connection.canStart(),
      settings: await choices.settings(),
      mode: await choices.modeOf(tab),
      siteMode: await choices.siteModeOf(tab),
      savesData: choices.isSavingData(),
    };
  }

  /** @type {Record<string, (message: any, sender: Sender) => Promise<unknown>>} */
  const table = {
    [MESSAGE.describe]: describe,
    [MESSAGE.describeAll]: makeBatches({ pages, describe }),
    async [MESSAGE.cancel]({ ids }, sender) {
      for (const id of ids) underWay.get(keyOf({ id }, sender))?.controller.abort();
    },
    async [MESSAGE.raise]({ priorities }, sender) {
      for (const [id, priority] of priorities) {
        const key = keyOf({ id }, sender);
        const raised = underWay.get(key);
        if (raised && isMoreUrgent(priority, raised.priority)) raised.priority = priority;
        queue.raise(key, priority);
      }
    },
    async [MESSAGE.sprite]({ url, byUser }, sender) {
      if (!byUser && !(await choices.mayFill(sender.tab))) return {};
      return sprite({ images, url, page: pageOf(sender), isolated: isIsolated(sender.tab) });
    },
    async [MESSAGE.correct]({ descriptionId, alt }) {
      try {
        return { alt: String((await helper.correct(descriptionId, alt))?.alt ?? alt) };
      } catch (error) {
        return { problem: await problems.of(error) };
      }
    },
    async [MESSAGE.say]({ text, language }) {
      return say(text, language);
    },
    async [MESSAGE.pass]({ frameId, message }, sender) {
      const isUp = frameId === 0;
      if (isUp === (sender.frameId === 0) || !Number.isInteger(frameId)) return null;
      if (!PASSED[isUp ? "up" : "down"].has(message?.type)) return null;
      return pages.tell(sender.tab?.id ?? -1, { ...message, from: sender.frameId }, { frameId });
    },
    async [MESSAGE.openPanel]({ id, asks }, sender) {
      if ((await choices.modeOf(sender.tab)) === "private") await openPanel(api, { id, asks, sender });
      return {};
    },
    async [MESSAGE.thumbnail]({ url, tab }) {
      return thumbnail({ images, url, page: String(tab.url), isolated: isIsolated(tab) });
    },
    async [MESSAGE.isReady](_, sender) {
      const { uselessAlts } = await choices.settings();
      if (!(await choices.mayFill(sender.tab))) return { state: "off", uselessAlts };
      return { state: (await look(false)).state, uselessAlts };
    },
    async [MESSAGE.state]({ tab }) {
      return overview(null, tab);
    },
    async [MESSAGE.connect]() {
      await connection.forgetSession();
      await connection.askNativeHost({ eager: true });
      return overview();
    },
    async [MESSAGE.pair]({ code, port }) {
      if (!isPort(port)) return overview({ state: "connected", message: t("bad_port"), advice: "" });
      await choices.change({ port });
      try {
        await connection.keepPairing(await helper.pair(String(code).trim(), port));
      } catch (error) {
        const isStranger = error instanceof ConnectionError && error.state === "stranger";
        if (!isStranger) return overview(await problems.of(error));
        // Unlike elsewhere, something was sent to it: the code, which was good for one minute and one use.
        const words = { message: t("pair_stranger_message"), advice: t("pair_stranger_advice") };
        return overview({ state: "connected", ...words });
      }
      return overview();
    },
    async [MESSAGE.start]() {
      const { started, message, advice } = await connection.start();
      const why = message ? inWords({ message, advice }) : { message: t("start_failed"), advice };
      if (!started) return overview({ state: "connected", ...why });
      return overview();
    },
    async [MESSAGE.changeSettings]({ changes }) {
      return { settings: await choices.change(changes) };
    },
    async [MESSAGE.chooseSite]({ tab, mode }) {
      return { settings: await choices.chooseSite(tab, mode) };
    },
    async [MESSAGE.fillTab]({ tab }) {
      if ((await choices.modeOf(tab)) === "private") return { reached: false };
      await askedTabs.add(tab);
      const tell = async () => (await pages.tell(tab.id, { type: MESSAGE.fill, asked: true })) !== null;
      // Nobody there listens: a page that was open before the extension was, or one that is kept from extensions.
      return { reached: (await tell()) || ((await pages.enter(tab.id)) && (await tell())) };
    },
    async [MESSAGE.undoTab]({ tab }) {
      await askedTabs.remove(tab);
      return { reached: (await pages.tell(tab.id, { type: MESSAGE.undo })) !== null };
    },
  };

  /**
   * @param {any} message
   * @param {Sender} sender
   * @returns {Promise<unknown> | null} null for a message that is not ours to answer
   */
  return (message, sender) => {
    const answer = Object.hasOwn(table, message?.type) ? table[message.type] : undefined;
    if (!answer || sender.id !== api.runtime.id) return null;
    const fromOwnPage = sender.url?.startsWith(api.runtime.getURL("")) === true;
    if (OWN_PAGES_ONLY.has(message.type) && !fromOwnPage) return null;
    return answer(message, sender);
  };
}

/**
 * @param {{id: number}} message
 * @param {Sender} sender
 */
function keyOf(message, sender) {
  return `${sender.tab?.id}.${sender.frameId}.${sender.documentId ?? ""}.${message.id}`;
}

/**
 * @param {Sender} sender
 * @returns {string} the address of the page or frame, or of whom it acts for
 */
function pageOf(sender) {
  if (sender.url && /^(https?|file):/.test(sender.url)) return sender.url;
  return sender.origin ?? "null";
}

/**
 * @param {chrome.tabs.Tab | undefined} tab
 * @returns {boolean} whether its cookies are not those that our own requests have: a private window, a container
 */
function isIsolated(tab) {
  const { cookieStoreId = "firefox-default" } = /** @type {{cookieStoreId?: string}} */ (tab ?? {});
  return tab?.incognito === true || cookieStoreId !== "firefox-default";
}
