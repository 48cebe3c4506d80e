// A whole page and what we do in it: `content/page.js`.
import assert from "node:assert/strict";
import { test } from "node:test";

import { attend } from "../../extension/content/page.js";
import { makeTranslate } from "../../extension/shared/i18n.js";
import { MESSAGE } from "../../extension/shared/messages.js";
import { makeApi } from "./browser_api.js";
import { giveSight, makePage, until } from "./dom.js";
import { descriptionOf } from "./small_helper.js";

/** @param {string} html */
function setUp(html) {
  const page = makePage(html);
  const { window, document } = page;
  giveSight(window);
  // jsdom takes no other's signals, and has no way to join its own.
  globalThis.AbortController = window.AbortController;
  globalThis.AbortSignal = window.AbortSignal;
  window.AbortSignal.any = /** @type {any} */ ((/** @type {AbortSignal[]} */ signals) => signals.at(-1));
  const settings = { uselessAlts: false };
  const { api } = makeApi({
    background(message) {
      if (message.type === MESSAGE.isReady) return { state: "connected", ...settings };
      if (message.type !== MESSAGE.describeAll) return {};
      return { answers: message.questions.map((/** @type {any} */ { id }) => [id, { description: descriptionOf("Summer sale") }]) };
    },
  });
  api.runtime.onMessage = { addListener: () => undefined, removeListener: () => undefined };
  const signal = attend(window, { api, t: makeTranslate(api), computeAccessibleName: () => "" });
  /** As when the user comes back from the settings. */
  const comeBack = () => document.dispatchEvent(new window.Event("visibilitychange"));
  /** As when the extension is turned off, which the script sees by itself. */
  async function end() {
    delete api.runtime.id;
    await until(() => signal.aborted, "the end");
  }
  return { ...page, settings, comeBack, end };
}

test("the choice to replace texts that say nothing counts for a page that is open, in both directions", async () => {
  const { find, settings, comeBack, end } = setUp('<img id="a" src="/a.png" alt="IMG_1.jpg"><img id="b" src="/b.png">');
  await until(() => find("#b").alt === "Summer sale", "the words");
  assert.equal(find("#a").alt, "IMG_1.jpg");
  settings.uselessAlts = true;
  comeBack();
  await until(() => find("#a").alt === "Summer sale", "the replacement");
  settings.uselessAlts = false;
  comeBack();
  await until(() => find("#a").alt === "IMG_1.jpg" && find("#b").alt === "Summer sale", "the author's text");
  await end();
});
