/**
 * The background worker: wires the parts together and listens.
 *
 * The browser ends it when it is idle and starts it again for the next event, so every listener is added at
 * once, and nothing in memory is missed when it is gone.
 */

import { makeTranslate, withTexts } from "../shared/i18n.js";
import { MESSAGE } from "../shared/messages.js";
import { makeAnswers } from "./answers.js";
import { makeAskedTabs } from "./asked_tabs.js";
import { makeChoices } from "./choices.js";
import { makeCommands } from "./commands.js";
import { makeConnection } from "./connection.js";
import { makeFrames } from "./frames.js";
import { makeHelper } from "./helper.js";
import { makeImages } from "./images.js";
import { makePages } from "./pages.js";
import { makeQueue } from "./queue.js";
import { makeToolbar } from "./toolbar.js";

/** @type {import("../shared/constants.js").Api} */
const api = /** @type {any} */ (globalThis).browser ?? chrome;
let texts = api;
/** @type {import("../shared/i18n.js").Translate} */
const t = (key, ...substitutions) => makeTranslate(texts)(key, ...substitutions);
const ownFetch = fetch.bind(globalThis);
const connection = makeConnection({ api, now: Date.now });
const helper = makeHelper({ fetch: ownFetch, crypto, connection });
const pages = makePages(api);
const toolbar = makeToolbar({ api, t, onConnected: () => void pages.tellAll({ type: MESSAGE.ready }) });
const images = makeImages({ fetch: ownFetch, requestRules: api.declarativeNetRequest, random });
const askedTabs = makeAskedTabs(api.storage.session);
const choices = makeChoices({ api, askedTabs, pages, isSavingData });
const parts = { api, helper, connection, images, queue: makeQueue(), toolbar, pages, askedTabs, choices, t };
const answer = makeAnswers(parts);
const commands = makeCommands({ pages, frames: makeFrames({ api, pages }), helper, choices, t });

api.runtime.onMessage.addListener((message, sender, reply) => {
  const answered = answer(message, sender);
  if (answered === null) return false;
  const failed = { problem: { state: "connected", message: t("unexpected_message"), advice: t("unexpected_advice") } };
  answered
    .catch((error) => {
      report(error);
      return failed;
    })
    .then(reply)
    // The page has gone, or the answer cannot travel; the first needs no answer, the second has this one.
    .catch((error) => {
      report(error);
      reply(failed);
    })
    .catch(report);
  return true; // the reply comes later
});

api.commands.onCommand.addListener((name, tab) => {
  const atHand = (/** @type {import("./commands.js").Act} */ act) =>
    void currentTab(tab).then((current) => commands.atHand(act, current)).catch(report);
  if (name === "describe") atHand("describe");
  if (name === "ask") atHand("ask");
  if (name === "next-image") atHand("next");
  if (name === "hush") void commands.hush().catch(report);
});

api.windows.onRemoved.addListener(() => void choices.forgetPrivate().catch(report));
api.tabs.onRemoved.addListener((id) => void askedTabs.remove({ id }).catch(report));

api.runtime.onInstalled.addListener(({ reason }) => {
  void pages.enterAll().catch(report);
  if (reason !== "install") return;
  void useContractKeys().catch(report);
  void welcome().catch(report);
});
// Only to be begun with the browser; beginning greets the helper.
api.runtime.onStartup.addListener(() => undefined);

void prepare().catch(report);

async function prepare() {
  texts = await withTexts(api);
  // Content scripts share a process with the page: keep the pairing from them where the browser can.
  await api.storage.local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" }).catch(report);
  // A worker that was ended in the middle of a fetch leaves its rule behind.
  const rules = await api.declarativeNetRequest.getSessionRules();
  await api.declarativeNetRequest.updateSessionRules({ removeRuleIds: rules.map(({ id }) => id) });
  await greet();
}

/** Once: an extension that is loaded from a folder is installed anew with each start of some browsers. */
async function welcome() {
  const { welcomed } = await api.storage.local.get("welcomed");
  if (welcomed) return;
  await api.storage.local.set({ welcomed: true });
  await api.tabs.create({ url: api.runtime.getURL("welcome/welcome.html") });
}

/**
 * Chromium keeps Alt+Shift+N for itself and would leave us without any key, so the manifest asks for another. Where
 * keys can be set, the one that all our documents name is taken.
 */
async function useContractKeys() {
  const { update } = /** @type {{update?: (detail: {name: string, shortcut: string}) => Promise<void>}} */ (api.commands);
  await update?.call(api.commands, { name: "next-image", shortcut: "Alt+Shift+N" });
}

/** Look for the helper, so that the toolbar button tells the truth before the first image does. */
async function greet() {
  try {
    await helper.meet();
    await toolbar.show("connected");
  } catch (error) {
    const state = /** @type {{state?: import("../shared/constants.js").State}} */ (error).state;
    if (!state) throw error;
    await toolbar.show(state);
  }
}

/** @param {chrome.tabs.Tab | undefined} tab given by Chromium and newer Firefox */
async function currentTab(tab) {
  return tab ?? (await api.tabs.query({ active: true, lastFocusedWindow: true }))[0];
}

/** Chromium's own setting; Firefox has none. */
function isSavingData() {
  return /** @type {{connection?: {saveData?: boolean}}} */ (navigator).connection?.saveData === true;
}

/** @param {number} max */
function random(max) {
  return 1 + ((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % max);
}

/**
 * The kind of an error and nothing of what it says: a message could hold an address.
 *
 * @param {unknown} error
 */
function report(error) {
  console.error("Altaloud:", error instanceof Error ? error.name : "unknown error");
}
