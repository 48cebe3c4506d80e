/** The background's answers with a real connection, for the tests: what is asked of images and pages is noted. */

import { makeAnswers } from "../../extension/background/answers.js";
import { makeAskedTabs } from "../../extension/background/asked_tabs.js";
import { makeChoices } from "../../extension/background/choices.js";
import { makeConnection } from "../../extension/background/connection.js";
import { makeHelper } from "../../extension/background/helper.js";
import { makeQueue } from "../../extension/background/queue.js";
import { makeToolbar } from "../../extension/background/toolbar.js";
import { makeTranslate } from "../../extension/shared/i18n.js";
import { MESSAGE } from "../../extension/shared/messages.js";
import { makeApi } from "./browser_api.js";

export const PAGE = { id: "altaloud", url: "https://shop.example/new", frameId: 0, tab: { id: 1, url: "https://shop.example/new", incognito: false } };
export const OPTIONS = { id: "altaloud", url: "chrome-extension://altaloud/options/options.html", tab: { id: 2 } };
export const PNG = new Blob([new Uint8Array([137, 80])], { type: "image/png" });
export const CONTEXT = { role: "image", href: null, link_text: null, title: null, caption: null, nearby: null, page_title: null, page_language: "en", file_name: "a.png", width: 1, height: 1 };
export const QUESTION = { type: MESSAGE.describe, id: 1, image: { url: "https://shop.example/a.png" }, context: CONTEXT, priority: "visible", detail: "short", speak: false, byUser: false, canDraw: true };

/** @param {{native?: (question: any) => any, getImage?: (wanted: any) => any, isClosed?: boolean}} [options] */
export function setUp({ native, getImage = () => PNG, isClosed = false } = {}) {
  const { api, toolbar: seen, nativeAsked } = makeApi({ native });
  const t = makeTranslate(api);
  const connection = makeConnection({ api, now: Date.now });
  const helper = makeHelper({ fetch, crypto, connection });
  /** @type {any[]} */
  const told = [];
  /** @type {any[]} */
  const fetched = [];
  const pages = /** @type {any} */ ({
    async tell(/** @type {number} */ id, /** @type {any} */ message) {
      told.push([id, message.type]);
      return isClosed ? null : {};
    },
    enter: async () => !isClosed,
  });
  const askedTabs = makeAskedTabs(api.storage.session);
  const choices = makeChoices({ api, askedTabs, pages });
  const answer = makeAnswers({
    api,
    pages,
    askedTabs,
    choices,
    helper,
    connection,
    images: {
      async fetch(/** @type {any} */ wanted) {
        fetched.push(wanted);
        return getImage(wanted);
      },
    },
    queue: makeQueue(),
    toolbar: makeToolbar({ api, t, onConnected: () => told.push("ready") }),
    t,
  });
  /** @param {any} message @param {any} [sender] @returns {Promise<any>} */
  const ask = async (message, sender = PAGE) => answer(message, sender);
  return { ask, api, choices, connection, seen, told, fetched, nativeAsked };
}
